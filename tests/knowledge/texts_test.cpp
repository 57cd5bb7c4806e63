#include "core/knowledge/texts.h"

#include <catch2/catch.hpp>

using namespace maildoctor;
using namespace maildoctor::knowledge;

TEST_CASE("texts: every cause has a title in every language", "[knowledge]") {
    for (std::size_t i = 0; i < cause_count; ++i) {
        for (const char* const language : {"en", "de", "xx"}) {
            INFO(cause_id(static_cast<Cause>(i)) << " " << language);
            CHECK_FALSE(text_for(static_cast<Cause>(i), "", "", "", language).title.empty());
        }
    }
}

TEST_CASE("texts: placeholders are filled, and read as words where nothing is known", "[knowledge]") {
    CHECK(fill("ask {server} now", {{"server", "mail.example.org"}}) == "ask mail.example.org now");
    CHECK(fill("ask {server} now", {}) == "ask the mail server now");
    CHECK(fill("`dig {server}`", {}) == "`dig SERVER`");
    CHECK(fill("{unknown} {", {}) == "{unknown} {");
}

TEST_CASE("texts: steps for a program come instead of the general ones", "[knowledge][dns.host-not-found]") {
    const Text general = text_for(Cause::dns_host_not_found, "", "", "", "en");
    const Text thunderbird = text_for(Cause::dns_host_not_found, "", "thunderbird", "", "en");
    REQUIRE_FALSE(general.fixes.empty());
    REQUIRE_FALSE(thunderbird.fixes.empty());
    CHECK(general.fixes.front().steps != thunderbird.fixes.front().steps);
}

TEST_CASE("providers: known by host, domain and what is below", "[knowledge]") {
    const auto* const gmail = provider_of(built_in(), "smtp.gmail.com");
    REQUIRE(gmail);
    CHECK(built_in().text(gmail->id) == "gmail");
    CHECK(provider_of(built_in(), "SMTP.GMAIL.COM") == gmail);
    CHECK_FALSE(provider_of(built_in(), "mail.example.test"));
    CHECK_FALSE(provider_of(built_in(), ""));
}

TEST_CASE("programs and glossary: found however they are written", "[knowledge]") {
    const auto* const oe = program(built_in(), "Outlook Express");
    REQUIRE(oe);
    CHECK(built_in().text(oe->id) == "outlook-express");
    CHECK(glossary(built_in(), "POP 3", "en") != nullptr);
    CHECK(glossary(built_in(), "pop3", "de") != nullptr);
    CHECK(glossary(built_in(), "no such thing at all", "en") == nullptr);
}

TEST_CASE("guides: there is one for the old programs and the new", "[knowledge]") {
    for (const char* const id : {"outlook-express", "windows-live-mail", "thunderbird", "apple-mail"}) {
        INFO(id);
        CHECK(guide(built_in(), id, "en") != nullptr);
    }
}

TEST_CASE("texts: editions of a program and national branches of a provider share what is said",
          "[knowledge]") {
    const auto title = [](Cause cause, std::string_view program) {
        return text_for(cause, "", program, "", "en").title;
    };
    const std::string older = title(Cause::client_too_old, "outlook-2010");
    CHECK(older != title(Cause::client_too_old, ""));
    CHECK(title(Cause::client_too_old, "outlook-2007") == older);
    CHECK(title(Cause::client_too_old, "outlook-2003") == older);
    CHECK(title(Cause::client_too_old, "outlook-express") != older);

    const auto steps = [](std::string_view program) {
        const Text text = text_for(Cause::dns_host_not_found, "", program, "", "en");
        return text.fixes.empty() ? std::vector<std::string>{} : text.fixes.front().steps;
    };
    CHECK(steps("outlook-2016") == steps("outlook"));
    CHECK(steps("outlook") != steps(""));
}

TEST_CASE("providers: what was checked more than two years ago is old", "[knowledge]") {
    CHECK(knowledge::is_old("2024-11-21", "2026-11-22"));
    CHECK_FALSE(knowledge::is_old("2024-11-22", "2026-11-22"));
    CHECK_FALSE(knowledge::is_old("2026-03-12", "2026-11-22"));
    CHECK(knowledge::is_old("2012-01-01", "2026-11-22"));
    for (const std::string_view no_date : {"never", "", "2012"})
        CHECK_FALSE(knowledge::is_old(no_date, "2026-11-22"));
    CHECK_FALSE(knowledge::is_old("2012-01-01", "someday ok"));
}
