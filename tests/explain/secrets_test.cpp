#include "core/explain/secrets.h"

#include <catch2/catch.hpp>

#include "core/explain/explain.h"
#include "core/explain/share.h"

using namespace maildoctor;

TEST_CASE("secrets: every place where one stands is emptied", "[explain]") {
    const std::string text = GENERATE(
        std::string("AUTH PLAIN AGtpbQBTM2NyZXRIdW50ZXIy"),
        std::string("C: AUTH LOGIN S2ltU3VwZXJTM2NyZXRIdW50ZXIy"),
        std::string("334 UGFzc3dvcmQ6\nUzNjcmV0SHVudGVyMg=="), std::string("PASS S3cretHunter2"),
        std::string("a1 LOGIN kim S3cretHunter2"), std::string("A1 LOGIN \"kim\" \"S3cretHunter2\""),
        std::string("password=S3cretHunter2"), std::string("\"password\": \"S3cretHunter2\""),
        std::string("Passwort: S3cretHunter2"), std::string("Authorization: Basic a2ltOlMzY3JldEh1bnRlcjI="),
        std::string("imaps://kim:S3cretHunter2@mail.example.org"),
        std::string("auth: { user: 'kim', pass: 'S3cretHunter2' }"),
        std::string("+ \r\nAGtpbQBTM2NyZXRIdW50ZXIy\r\n"), std::string("Bearer ya29.A0ARrdaM8S3cretHunter2"));
    INFO(text);
    const Clues clues = explain::explain(text);
    CHECK(clues.secret_removed);
    CHECK(clues.text.find("[secret removed]") != std::string::npos);
    for (const char* const secret : {"S3cretHunter2", "UzNjcmV0SHVudGVyMg", "AGtpbQBTM2NyZXRIdW50ZXIy",
                                     "S2ltU3VwZXJTM2NyZXRIdW50ZXIy", "a2ltOlMzY3JldEh1bnRlcjI"})
        CHECK(clues.text.find(secret) == std::string::npos);
    std::string again = clues.text;
    CHECK_FALSE(explain::remove_secrets(again));
}

TEST_CASE("secrets: words about passwords stay", "[explain]") {
    for (const char* const text :
         {"A1 NO LOGIN failed.", "Your password: incorrect", "250-AUTH LOGIN PLAIN CRAM-MD5",
          "535 user name or password rejected", "the login failed"}) {
        std::string copy = text;
        INFO(text);
        CHECK_FALSE(explain::remove_secrets(copy));
    }
}

TEST_CASE("share: the same name is always replaced the same way", "[explain]") {
    const std::string shared = explain::anonymised(
        "kim@firma.example wrote to lee@firma.example via mail.firma.example [203.0.113.9], "
        "kim@firma.example");
    CHECK(shared ==
          "user1@domain1.example wrote to user2@domain1.example via mail.domain1.example [192.0.2.1], "
          "user1@domain1.example");
    CHECK(explain::anonymised("smtp.gmail.com:587").find("gmail.com") != std::string::npos);
}
