#include <catch2/catch.hpp>

#include "core/knowledge/compile.h"

using namespace maildoctor::knowledge;

namespace {

constexpr std::string_view good = R"(
source = { url = "https://example.org/", checked = 2026-11-21 }
[[rule]]
id = "relay"
cause = "smtp.relay-denied"
[rule.match]
phrases = ["relay* access denied"]
[rule.examples]
match = ["Relay access denied"]
no_match = ["User unknown"]
)";

}  // namespace

TEST_CASE("pack: a good rule file compiles", "[knowledge]") {
    const LoadedPack loaded = load_rules(good);
    for (const Complaint& complaint : loaded.complaints)
        INFO(complaint.text);
    REQUIRE(loaded.pack);
    REQUIRE(loaded.pack->rules().size() == 1);
    CHECK(loaded.pack->text(loaded.pack->rules().front().id) == "relay");
}

TEST_CASE("pack: a fault is reported with its line and column", "[knowledge]") {
    const auto faults = [](const char* text) { return load_rules(text).complaints; };
    const auto unknown_key = faults(
        "[[rule]]\nid = \"a\"\ncause = \"smtp.relay-denied\"\ncolour = 1\n[rule.match]\nphrases = [\"x "
        "y\"]\n");
    REQUIRE_FALSE(unknown_key.empty());
    CHECK(unknown_key.front().line == 4);
    CHECK(unknown_key.front().text.find("colour") != std::string::npos);
    CHECK_FALSE(faults("[[rule]]\nid = \"a\"\ncause = \"no.such-cause\"\n[rule.match]\nphrases = [\"x y\"]\n")
                    .empty());
    CHECK_FALSE(
        faults("[[rule]]\nid = \"a\"\ncause = \"smtp.relay-denied\"\n[rule.match]\nphrases = [\"{x\"]\n")
            .empty());
    CHECK_FALSE(faults("[[rule]]\nid = \"a\"\ncause = \"smtp.relay-denied\"\n").empty());
    CHECK_FALSE(faults("this is = not [ toml").empty());
}

TEST_CASE("pack: the same sources give the same block", "[knowledge]") {
    const LoadedPack first = load_rules(good), second = load_rules(good);
    REQUIRE(first.block);
    CHECK(*first.block == *second.block);
    CHECK_FALSE(Pack::from(std::span(*first.block).first(3)));
}

TEST_CASE("pack: the built-in pack knows codes by any spelling", "[knowledge]") {
    REQUIRE(built_in().code("0x800CCC0D"));
    CHECK_FALSE(built_in().code("0x12345678"));
    CHECK(built_in().rules().size() > 100);
}

TEST_CASE("pack: the rules in the tree carry no fault", "[knowledge]") {
    for (const Complaint& complaint : load_pack(MAILDOCTOR_SOURCE_DIR "/rules").complaints) {
        INFO(complaint.file << ":" << complaint.line << ": " << complaint.text);
        CHECK(complaint.grade != Complaint::Grade::fault);
    }
}
