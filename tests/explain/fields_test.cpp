#include <catch2/catch.hpp>

#include "core/explain/explain.h"

using namespace maildoctor;

namespace {

TextFields fields_of(std::string_view text) {
    return explain::explain(text).fields;
}

}  // namespace

TEST_CASE("fields: Outlook Express in six languages", "[explain]") {
    struct Case {
        const char* text;
        const char* server;
        int port;
        bool ssl;
    };
    const Case c = GENERATE(
        Case{"Account: 'x', Server: 'mail.example.org', Protocol: POP3, Port: 110, Secure(SSL): No, Socket "
             "Error: 11004",
             "mail.example.org", 110, false},
        Case{"Konto: 'x', Server: 'mail.example.org', Protokoll: POP3, Port: 995, Sicher (SSL): Ja, "
             "Fehlernummer: 0x800CCC0F",
             "mail.example.org", 995, true},
        Case{"Compte : 'x', Serveur : 'mail.example.org', Protocole : POP3, Port : 110, Sécurisé (SSL) : Non",
             "mail.example.org", 110, false},
        Case{"Cuenta: 'x', Servidor: 'mail.example.org', Protocolo: POP3, Puerto: 995, Seguridad (SSL): Sí",
             "mail.example.org", 995, true},
        Case{"Conta: 'x', Servidor: 'mail.example.org', Protocolo: POP3, Porta: 465, Secure(SSL): Sim",
             "mail.example.org", 465, true},
        Case{"Account: 'x', Server: 'mail.example.org', Protocollo: POP3, Porta: 110, Protetto (SSL): No",
             "mail.example.org", 110, false},
        Case{"account: 'x', server: 'mail.example.org', protocol: POP3, poort: 110, beveiligd (SSL): Nee",
             "mail.example.org", 110, false},
        Case{"Account: 'x', Server: 'mail.example.org', Protocol: POP3, Port: 25, Secure(SSL); No",
             "mail.example.org", 25, false});
    INFO(c.text);
    const TextFields fields = fields_of(c.text);
    CHECK(fields.server == c.server);
    CHECK(fields.port == c.port);
    CHECK(fields.ssl == c.ssl);
    CHECK(fields.protocol == Protocol::pop3);
}

TEST_CASE("fields: host and port of libraries and sentences", "[explain]") {
    CHECK(fields_of("unable to connect to smtp.gmail.com:587 (Network is unreachable)").server ==
          "smtp.gmail.com");
    CHECK(fields_of("unable to connect to smtp.gmail.com:587 (Network is unreachable)").port == 587);
    CHECK(fields_of("Connection: opening to ssl://mail.example.nl:465, timeout=300").port == 465);
    CHECK(fields_of("Could not connect to SMTP host: smtp.example.org, port: 465;").port == 465);
    CHECK(fields_of("connect ECONNREFUSED ::1:587").server == "::1");
    CHECK_FALSE(fields_of("javax.mail.MessagingException: error in javax.mail.internet").server);
}

TEST_CASE("fields: names as libraries print them", "[explain]") {
    CHECK(fields_of("poplib.error_proto: b'-ERR try again later'").protocol == Protocol::pop3);
    CHECK(fields_of("altnames: Host: mail.example.org. is not in the cert's altnames").server ==
          "mail.example.org");
}
