#include "core/config/config.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

using namespace maildoctor;
using config::load_config;
using config::Origin;
using config::read_config;

namespace {

config::Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    };
}

}  // namespace

TEST_CASE("config: a file gives its values, the environment wins", "[config]") {
    const std::string good = MAILDOCTOR_SOURCE_DIR "/tests/corpus/config/good.toml";
    const auto loaded = load_config(environment({{"MAILDOCTOR_CONFIG", good},
                                                 {"MAILDOCTOR_LANGUAGE", "en"},
                                                 {"MAILDOCTOR_CONTROL_HOSTS", "a.example, b.example"}}));
    REQUIRE(loaded);
    CHECK(loaded->file_exists);
    CHECK(loaded->text("language") == "en");
    CHECK(loaded->values("resolver") == std::vector<std::string>{"192.0.2.53", "[2001:db8::53]:5353"});
    CHECK(loaded->values("control_hosts") == std::vector<std::string>{"a.example", "b.example"});
    CHECK(loaded->text("third_parties") == "false");
    CHECK(loaded->text("store").empty());
    CHECK(loaded->settings.front().origin == Origin::environment);
    CHECK(loaded->settings[1].origin == Origin::file);
    CHECK(loaded->settings.size() == config::keys().size());
}

TEST_CASE("config: an unknown key is named with the nearest right one", "[config]") {
    const auto [text, line] = GENERATE(table<const char*, const char*>(
        {{"resolvers = \"192.0.2.53\"", "c:1:13: 'resolvers' is no key; did you mean 'resolver'?"},
         {"\n\nlanguag = \"de\"", "c:3:11: 'languag' is no key; did you mean 'language'?"},
         {"thrid_parties = false", "c:1:17: 'thrid_parties' is no key; did you mean 'third_parties'?"}}));
    REQUIRE_FALSE(read_config(text, "c"));
    CHECK(read_config(text, "c").error() == line);
    CHECK(read_config("xyzzy_plugh = 1", "c").error().find("the keys are language, resolver") !=
          std::string::npos);
}

TEST_CASE("config: wrong values are refused with their place", "[config]") {
    const auto [text, words] = GENERATE(table<const char*, const char*>(
        {{"language = \"fr\"", "language: 'fr' is not en or de"},
         {"language = 5", "language: the value is not a text in quotes"},
         {"third_parties = \"no\"", "third_parties: the value is not true or false"},
         {"resolver = [1]", "resolver: a value is not a text in quotes"},
         {"resolver = \"\"", "resolver: the value is empty"},
         {"theme = [\"dark\"]", "theme: the value is not a text in quotes"},
         {"colour = \"sometimes\"", "colour: 'sometimes' is not auto, always or never"},
         {"language = ", "c:1:"},
         {"\xff", "c:1:"}}));
    CAPTURE(text);
    const auto read = read_config(text, "c");
    REQUIRE_FALSE(read);
    CHECK(read.error().starts_with("c:1:"));
    CHECK(read.error().find(words) != std::string::npos);
    CHECK(read.error().find('\n') == std::string::npos);
}

TEST_CASE("config: wrong words in the environment are refused with the name of the variable", "[config]") {
    CHECK(load_config(environment({{"MAILDOCTOR_LANGUAGE", "fr"}})).error() ==
          "MAILDOCTOR_LANGUAGE: 'fr' is not en or de");
    CHECK(load_config(environment({{"MAILDOCTOR_THIRD_PARTIES", "perhaps"}})).error() ==
          "MAILDOCTOR_THIRD_PARTIES: 'perhaps' is not yes or no");
    CHECK(load_config(environment({{"MAILDOCTOR_THIRD_PARTIES", "Off"}}))->text("third_parties") == "false");
}

TEST_CASE("config: a file that was named must exist, the usual one need not", "[config]") {
    CHECK_FALSE(load_config(environment({{"MAILDOCTOR_CONFIG", "/no/such/file"}})));
    CHECK(load_config(environment({})));
}
