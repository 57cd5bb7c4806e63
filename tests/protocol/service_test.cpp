// Which service the first octets show.
#include "core/protocol/service.h"

#include <catch2/catch.hpp>
#include <string>

using namespace maildoctor;
using namespace maildoctor::protocol;
using namespace std::string_literals;

TEST_CASE("service: told from the first octets", "[protocol][net.wrong-service][tls.wrong-mode]") {
    const auto [octets, service] = GENERATE(table<std::string, Service>({
        {"220 mail.example.org ESMTP Postfix\r\n", Service::smtp},
        {"220-mail.example.org\r\n220 ESMTP\r\n", Service::smtp},
        {"554 no SMTP service here\r\n", Service::smtp},
        {"421 4.7.0 Too many connections\r\n", Service::smtp},
        {"220 ********************\r\n", Service::smtp},
        {"220 ProFTPD Server ready.\r\n", Service::ftp},
        {"220 (vsFTPd 3.0.3)\r\n", Service::ftp},
        {"220 ftp.example.org ESMTP\r\n", Service::smtp},
        {"200 news.example.org InterNetNews\r\n", Service::nntp},
        {"+OK Dovecot ready.\r\n", Service::pop3},
        {"-ERR too many connections\r\n", Service::pop3},
        {"* OK IMAP4rev1\r\n", Service::imap},
        {"* BYE no\r\n", Service::imap},
        {"* PREAUTH\r\n", Service::imap},
        {"HTTP/1.1 400 Bad Request\r\n", Service::http},
        {"<!DOCTYPE html><html>", Service::http},
        {"SSH-2.0-OpenSSH_9.2\r\n", Service::ssh},
        {"\x15\x03\x01\x00\x02\x02\x16"s, Service::tls},
        {"\x16\x03\x03\x00\x7A\x02"s, Service::tls},
        {"\x16\x03\x03"s, Service::unknown},
        {"\x16\x09\x03\x00\x01"s, Service::unknown},
        {"", Service::unknown},
        {"\xFF\xFB\x01"s, Service::unknown},
        {"hello", Service::unknown},
    }));
    CHECK(recognise_service(octets) == service);
}

TEST_CASE("tls record: alerts are told from other records", "[protocol][tls.wrong-mode]") {
    CHECK(is_tls_alert("\x15\x03\x01\x00\x02\x02\x46"s));
    CHECK_FALSE(is_tls_alert("\x16\x03\x01\x00\x02"s));
    CHECK_FALSE(is_tls_record("\x15\x03\x05\x00\x02"s));
    CHECK(service_of(Protocol::imap) == Service::imap);
}
