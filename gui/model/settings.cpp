#include "gui/model/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/model/text.h"
#include "core/platform/file.h"
#include "core/platform/folders.h"
#include "core/platform/process.h"

namespace maildoctor::gui {
namespace {

constexpr std::size_t file_limit = 65536;  // octets
constexpr int smallest_side = 320, largest_side = 16384;

std::optional<int> number_in(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void take(Settings& settings, std::string_view key, std::string_view value) {
    const auto number = number_in(value);
    const auto side = [&](int& into) {
        if (number) into = std::clamp(*number, smallest_side, largest_side);
    };
    if (key == "theme") {
        for (const Theme theme : {Theme::light, Theme::dark, Theme::contrast})
            if (word(theme) == value) settings.theme = theme;
    } else if (key == "text_percent" && number) {
        settings.text_percent = std::clamp(*number, smallest_text, largest_text);
    } else if (key == "language" && (value == "en" || value == "de")) {
        settings.language = value;
    } else if (key == "width") {
        side(settings.width);
    } else if (key == "height") {
        side(settings.height);
    } else if (key == "keep_runs") {
        settings.keep_runs = value == "yes";
    }
}

}  // namespace

std::string_view word(Theme theme) noexcept {
    switch (theme) {
        case Theme::light:
            return "light";
        case Theme::dark:
            return "dark";
        case Theme::contrast:
            break;
    }
    return "contrast";
}

Settings parse_settings(std::string_view text, Settings settings) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        take(settings, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
    }
    return settings;
}

std::string settings_text(const Settings& settings, const Settings& usual) {
    std::string text = "# What the window of maildoctor remembers.\n";
    const auto line = [&](std::string_view key, std::string_view value) {
        text += std::string(key) + " = " + std::string(value) + "\n";
    };
    if (settings.theme != usual.theme) line("theme", word(settings.theme));
    line("text_percent", std::to_string(settings.text_percent));
    if (settings.language != usual.language) line("language", settings.language);
    line("width", std::to_string(settings.width));
    line("height", std::to_string(settings.height));
    line("keep_runs", settings.keep_runs ? "yes" : "no");
    return text;
}

std::filesystem::path settings_file() {
    const auto folder = platform::user_folders().config;
    return folder.empty() ? folder : folder / "window.conf";
}

Settings load_settings(const std::filesystem::path& file, const Settings& usual) {
    if (file.empty()) return usual;
    const auto bytes = platform::read_file(file, file_limit);
    return bytes ? parse_settings(*bytes, usual) : usual;
}

std::expected<void, std::string> save_settings(const std::filesystem::path& file, const Settings& settings,
                                               const Settings& usual) {
    if (file.empty()) return std::unexpected("there is no home folder");
    std::error_code error;
    const auto folder = file.parent_path();
    if (std::filesystem::create_directories(folder, error) && !error)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return std::unexpected(folder.string() + ": " + error.message());
    return platform::write_private_file(file, settings_text(settings, usual));
}

std::string environment_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const auto value = platform::environment(name);
        if (value && !value->empty()) return value->starts_with("de") ? "de" : "en";
    }
    return "en";
}

}  // namespace maildoctor::gui
