// Old programs get their verdict; details of a text choose the variant of what is said.
#include <catch2/catch.hpp>
#include <string>

#include "core/explain/explain.h"

using namespace maildoctor;

namespace {

/// The verdict stands right behind the first cause.
bool says_too_old(const Clues& clues) {
    return clues.causes.size() > 1 && clues.causes[1].cause == Cause::client_too_old;
}

}  // namespace

TEST_CASE("old programs: a failed handshake of one without TLS 1.2 has its verdict",
          "[explain][client.too-old]") {
    const std::string text =
        "Outlook Express: A secure connection to the server could not be established. Protocol: POP3, Port: "
        "995, "
        "Secure(SSL): Yes, Error Number: 0x800CCC1A";
    const Clues old = explain::explain(text);
    REQUIRE(old.causes.size() > 1);
    CHECK(old.program == "outlook-express");
    CHECK(old.causes[0].cause == Cause::tls_handshake_failed);
    CHECK(old.causes[1].cause == Cause::client_too_old);
    CHECK_FALSE(old.causes[1].matched.empty());

    CHECK_FALSE(says_too_old(explain::explain(text, {.program = "thunderbird"})));
    CHECK_FALSE(says_too_old(explain::explain("Outlook Express: 535 authentication failed")));
}

TEST_CASE("old programs: OAuth is beyond those that have only passwords", "[explain][client.too-old]") {
    const char* const text = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.";
    const Clues eudora = explain::explain(text, {.program = "eudora"});
    REQUIRE(eudora.causes.size() > 1);
    CHECK(eudora.causes[0].cause == Cause::auth_oauth_required);
    CHECK(eudora.causes[1].cause == Cause::client_too_old);
    CHECK_FALSE(says_too_old(explain::explain(text, {.program = "thunderbird"})));
}

TEST_CASE("details: choose the variant and are no evidence", "[explain]") {
    const auto [text, variant] = GENERATE(table<std::string, std::string>({
        {"The host could not be found. Socket Error: 11004, Error Number: 0x800CCC0D", "winsock-11004"},
        {"The host could not be found. Socket Error: 11001, Error Number: 0x800CCC0D", "winsock-11001"},
        {"550 Virus Detected; Content Rejected", "virus"},
        {"I can send messages, but my pictures won't go out.", "outgoing-pictures"},
        {"Error: connect ECONNREFUSED 127.0.0.1:587", "local-proxy"},
        {"550 5.1.1 user unknown", ""},
    }));
    INFO(text);
    const Clues clues = explain::explain(text);
    REQUIRE_FALSE(clues.causes.empty());
    CHECK(clues.causes.front().variant == variant);
}
