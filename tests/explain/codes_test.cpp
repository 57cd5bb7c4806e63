#include <algorithm>
#include <catch2/catch.hpp>

#include "core/explain/scan_codes.h"

using maildoctor::explain::scan_codes;

namespace {

bool finds(std::string_view text, std::string_view canonical) {
    const auto codes = scan_codes(text);
    return std::ranges::any_of(codes, [&](const auto& code) { return code.canonical == canonical; });
}

}  // namespace

TEST_CASE("codes: one HRESULT in every spelling", "[explain]") {
    for (const char* const text : {"0x800CCC0D", "0x800ccc0d", "800CCC0D", "0X800CCC0D", "0×800CCC0D",
                                   "0x800CCCOD", "-2146644979", "2148322317"}) {
        INFO(text);
        CHECK(finds(text, "0x800CCC0D"));
    }
}

TEST_CASE("codes: socket errors, negative numbers, replies and enhanced codes", "[explain]") {
    CHECK(finds("Socket Error: 10060", "10060"));
    CHECK(finds("error code 10060", "10060"));
    CHECK(finds("the -3260 error", "-3260"));
    CHECK(finds("550-5.7.1 text", "5.7.1"));
    CHECK(finds("550-5.7.1 text", "550"));
    CHECK(finds("550 5.7.1 text", "550 5.7.1"));
    CHECK(finds("-ERR [IN-USE] locked", "[IN-USE]"));
    CHECK(finds("[NO, ALERT], Too many", "[ALERT]"));
    CHECK(finds("error:0A00010B:SSL routines", "error:0A00010B"));
    CHECK(finds("verify error:num=18:self", "X509_V_ERR 18"));
    CHECK(finds("Connection refused (111)", "errno 111"));
}

TEST_CASE("codes: other numbers are none", "[explain]") {
    CHECK_FALSE(finds("192.168.5.550", "550"));
    CHECK_FALSE(finds("at 2016-01-03 22:09:43", "-01"));
    CHECK_FALSE(finds("port 587", "587"));
    CHECK(scan_codes("").empty());
    CHECK(scan_codes(std::string(100000, '5')).size() <= 200);
}
