// The clients of rules/tls: every name in them is one that can be sent.
#include <catch2/catch.hpp>

#include "core/knowledge/pack.h"
#include "core/knowledge/texts.h"
#include "core/tls/cipher_suites.h"

using namespace maildoctor;
using knowledge::Section;

TEST_CASE("tls clients: suites and groups have the names of the registry", "[tls][rules]") {
    const knowledge::Pack& pack = knowledge::built_in();
    const auto clients = pack.all<knowledge::TlsClientRecord>(Section::tls_clients);
    CHECK(clients.size() >= 20);
    for (const auto& client : clients) {
        INFO(pack.text(client.id));
        for (const std::string& name : pack.strings(client.ciphers)) {
            INFO(name);
            CHECK(tls::suite_code(name) != 0);
        }
        for (const std::string& name : pack.strings(client.groups)) {
            INFO(name);
            CHECK(tls::group_code(name) != 0);
        }
    }
}

TEST_CASE("tls interceptors: known by issuer or organisation, and no public authority is one",
          "[tls][rules]") {
    const knowledge::Pack& pack = knowledge::built_in();
    const auto id = [&](std::string_view issuer, std::string_view organization) {
        const auto* found = knowledge::interceptor(pack, issuer, organization);
        return found == nullptr ? std::string_view("none") : pack.text(found->id);
    };
    CHECK(id("avast! Web/Mail Shield Root", "") == "avast");
    CHECK(id("ESET SSL Filter CA", "ESET, spol. s r. o.") == "eset");
    CHECK(id("FGT60D", "Fortinet") == "none");
    CHECK(id("Zscaler Intermediate Root CA (zscaler.net)", "Zscaler Inc.") == "zscaler");
    CHECK(id("Sophos SSL CA_C320ABPCBJ8BQ6B", "Sophos") == "sophos");
    for (const char* const authority :
         {"R11", "DigiCert Global G2 TLS RSA SHA256 2020 CA1",
          "Sectigo RSA Domain Validation Secure Server CA", "GTS CA 1D4", "GlobalSign RSA OV SSL CA 2018",
          "Telekom Security ServerID OV Class 2 CA", ""})
        CHECK(id(authority, "Let's Encrypt") == "none");
}

TEST_CASE("tls interceptors: each says when its issuer was checked, or that it never was", "[tls][rules]") {
    const knowledge::Pack& pack = knowledge::built_in();
    int never = 0;
    for (const auto& one : pack.all<knowledge::InterceptorRecord>(Section::interceptors)) {
        INFO(pack.text(one.id));
        const std::string_view checked = pack.text(one.checked);
        if (checked == "never") ++never;
        CHECK((checked == "never" || (checked.size() == 10 && checked.starts_with("20"))));
    }
    CHECK(never <= 6);  // look them up before more are added
}
