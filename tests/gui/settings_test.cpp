// gui::Settings that are remembered, and the command line.
#include "gui/model/settings.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/platform/file.h"
#include "gui/model/app.h"
#include "gui/model/options.h"

using namespace maildoctor;
using namespace maildoctor::gui;

TEST_CASE("settings come back as they were written", "[gui][settings]") {
    const gui::Settings written{.theme = Theme::contrast,
                                .text_percent = 170,
                                .language = "de",
                                .width = 900,
                                .height = 700,
                                .keep_runs = true};
    CHECK(parse_settings(settings_text(written)) == written);
}

TEST_CASE("what the user configured holds until something else is chosen", "[gui][settings]") {
    const gui::Settings usual{.theme = Theme::contrast, .language = "de"};
    CHECK(parse_settings("text_percent = 120\n", usual).theme == Theme::contrast);
    CHECK(parse_settings("theme = light\n", usual).theme == Theme::light);
    const std::string kept =
        settings_text({.theme = Theme::contrast, .text_percent = 120, .language = "de"}, usual);
    CHECK(kept.find("theme") == std::string::npos);
    CHECK(kept.find("language") == std::string::npos);
    CHECK(parse_settings(settings_text({.theme = Theme::light}, usual), usual).theme == Theme::light);
}

TEST_CASE("the configuration of the whole program holds for the window", "[gui][options]") {
    auto config = config::load_config([](const char* name) -> std::optional<std::string> {
        const std::string_view asked = name;
        if (asked == "MAILDOCTOR_THEME") return "dark";
        if (asked == "MAILDOCTOR_RESOLVER") return "192.0.2.1,192.0.2.2";
        if (asked == "MAILDOCTOR_STORE") return "/tmp/runs.sqlite";
        if (asked == "MAILDOCTOR_THIRD_PARTIES") return "no";
        if (asked == "MAILDOCTOR_CONTROL_HOSTS") return "mx.example.net";
        return std::nullopt;
    });
    REQUIRE(config);
    const auto line = configured(*config);
    REQUIRE(line);
    CHECK(line->usual.theme == Theme::dark);
    CHECK(line->options.resolvers.size() == 2);
    CHECK_FALSE(line->options.third_parties);
    CHECK(line->control_hosts.size() == 1);
    const auto typed = read_command_line({"--resolver", "192.0.2.9"}, *line);
    REQUIRE(typed);
    CHECK(typed->options.resolvers == std::vector<std::string>{"192.0.2.9"});
    const App app({}, *typed, {});
    CHECK(app.history.store == "/tmp/runs.sqlite");
    CHECK(app.check.options.resolvers == std::vector<std::string>{"192.0.2.9"});
}

TEST_CASE("a damaged settings file changes nothing", "[gui][settings]") {
    CHECK(parse_settings("") == gui::Settings{});
    CHECK(parse_settings("theme\n = \n=5\ntheme = pink\ntext_percent = many\nlanguage = fr\n\x01\xff") ==
          gui::Settings{});
    CHECK(parse_settings("text_percent = 100000").text_percent == largest_text);
    CHECK(parse_settings("text_percent = -3").text_percent == smallest_text);
    CHECK(parse_settings("width = 1").width == 320);
}

TEST_CASE("settings are private and their folder is made", "[gui][settings]") {
    const auto folder = std::filesystem::temp_directory_path() / "maildoctor-gui-settings-test";
    std::filesystem::remove_all(folder);
    const auto file = folder / "deeper" / "window.conf";
    REQUIRE(save_settings(file, {.theme = Theme::dark}));
    CHECK(load_settings(file).theme == Theme::dark);
    CHECK(std::filesystem::status(file).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    const auto blocked = save_settings(file / "below-a-file" / "window.conf", {});
    REQUIRE_FALSE(blocked);
    CHECK(blocked.error().find('\n') == std::string::npos);
    CHECK_FALSE(save_settings({}, {}));
    std::filesystem::remove_all(folder);
}

TEST_CASE("the command line is read, and complaints are one line", "[gui][options]") {
    const auto line =
        read_command_line({"--screenshot", "a.png", "--scene=fix", "--size", "800x600", "--theme", "dark",
                           "--text-size", "150", "--language", "de", "--resolver", "192.0.2.1:5353"});
    REQUIRE(line);
    CHECK(line->screenshot == "a.png");
    CHECK(line->scene == "fix");
    CHECK((line->width == 800 && line->height == 600));
    CHECK(line->theme == Theme::dark);
    CHECK(line->text_percent == 150);
    CHECK(line->options.resolvers == std::vector<std::string>{"192.0.2.1:5353"});
    const std::vector<std::vector<std::string>> wrong = {
        {"--scene", "nonsense"}, {"--size", "big"},    {"--theme", "pink"},
        {"--text-size", "5"},    {"--language", "fr"}, {"--resolver", "x"},
        {"--screenshot"},        {"--nonsense"},       {"stray"}};
    for (const auto& arguments : wrong) {
        const auto refused = read_command_line(arguments);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().find('\n') == std::string::npos);
        CHECK_FALSE(refused.error().empty());
    }
}
