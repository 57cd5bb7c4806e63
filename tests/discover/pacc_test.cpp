#include "core/discover/pacc.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/discover/document.h"

using namespace maildoctor;
using discover::check_pacc_digest;
using discover::PaccDigest;

namespace {

const EmailAddress email{.local = "user", .domain = *HostName::from("example.test")};

std::string good() {
    std::ifstream file(MAILDOCTOR_SOURCE_DIR "/tests/corpus/pacc/good.json", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("pacc: hosts at their usual ports for TLS, with the login methods", "[discover]") {
    const auto document = discover::read_document(DocumentFormat::pacc, good(), email);
    CHECK(document.readable);
    CHECK(document.faults.empty());
    REQUIRE(document.settings.incoming.size() == 1);
    const ServerSetting& server = document.settings.incoming.front();
    CHECK(server.host.text() == "imap.example.test");
    CHECK(server.port.number() == 993);
    CHECK(server.security == Security::tls);
    CHECK(server.username == "user@example.test");
    CHECK(server.auth == std::vector<std::string>{"OAuth2", "password-cleartext"});
    REQUIRE(document.settings.outgoing.size() == 1);
    CHECK(document.settings.outgoing.front().port.number() == 465);
    CHECK(document.oauth2_issuer == "https://id.example.test/");
    REQUIRE(document.skipped.size() == 1);
    CHECK(document.skipped.front().type == "jmap");
}

TEST_CASE("pacc: the digest is that of exactly these octets", "[discover]") {
    const std::string body = good();
    const std::string record = discover::pacc_record(body);
    CHECK(record.starts_with("v=UAAC1; a=sha256; d="));
    CHECK(check_pacc_digest({record}, body) == PaccDigest::matches);
    CHECK(check_pacc_digest({record}, body + "\n") == PaccDigest::differs);
    CHECK(check_pacc_digest({record}, "\xEF\xBB\xBF" + body) == PaccDigest::differs);
    CHECK(check_pacc_digest({discover::pacc_record("old"), record}, body) == PaccDigest::matches);
    CHECK(check_pacc_digest({"d=" + record.substr(21) + ";x=1;a=SHA256;v=UAAC1"}, body) ==
          PaccDigest::matches);
}

TEST_CASE("pacc: the digest of the empty document is the published one", "[discover]") {
    CHECK(discover::pacc_record("") == "v=UAAC1; a=sha256; d=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("pacc: records of another kind are no digest", "[discover]") {
    const char* const text = GENERATE("", "v=spf1 -all", "v=UAAC1", "v=UAAC1; a=sha512; d=AAAA",
                                      "v=UAAC1; a=sha256; d=!", "v=UAAC1; a=sha256; d=AAAA", ";;;=;",
                                      "v=UAAC2; a=sha256; d=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    CAPTURE(text);
    CHECK(check_pacc_digest({text}, "") == PaccDigest::missing);
}

TEST_CASE("pacc: what is no document says so", "[discover]") {
    CHECK(discover::read_document(DocumentFormat::pacc, "<xml/>", email).faults.front().kind ==
          "not-well-formed");
    CHECK(discover::read_document(DocumentFormat::pacc, "{}", email).faults.front().kind ==
          "missing-element");
    CHECK(
        discover::read_document(DocumentFormat::pacc, std::string(2 << 20, ' '), email).faults.front().kind ==
        "too-large");
    const auto odd = discover::read_document(DocumentFormat::pacc,
                                             R"({"protocols":{"imap":{"host":"a b"},"smtp":{}}})", email);
    CHECK(odd.settings.incoming.empty());
    CHECK(odd.skipped.size() == 2);
}

TEST_CASE("autodiscover in JSON: an address, or an error, without regard to case", "[discover]") {
    using discover::read_autodiscover_pointer;
    CHECK(read_autodiscover_pointer(R"({"Protocol":"AutodiscoverV1","Url":"https://a.test/x"})").url ==
          "https://a.test/x");
    CHECK(read_autodiscover_pointer(R"({"protocol":"Autodiscoverv1","url":"https://a.test/x"})").url ==
          "https://a.test/x");
    CHECK(read_autodiscover_pointer(R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"No."})").error ==
          "InvalidProtocol: No.");
    CHECK_FALSE(read_autodiscover_pointer(R"({"Protocol":"Ews","Url":"https://a.test/x"})").error.empty());
    CHECK_FALSE(read_autodiscover_pointer("<html>").error.empty());
}
