// gui::Settings that are remembered, and the command line.
#include "gui/model/settings.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/platform/file.h"
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
