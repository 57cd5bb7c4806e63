// What the window remembers between two starts.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace maildoctor::gui {

enum class Theme : std::uint8_t { light, dark, contrast };
std::string_view word(Theme theme) noexcept;

inline constexpr int smallest_text = 80, largest_text = 250;  ///< percent

struct Settings {
    Theme theme{Theme::light};
    int text_percent{100};
    std::string language{};  ///< "en", "de"; empty: that of the environment
    int width{1280}, height{800};
    bool keep_runs{false};

    friend bool operator==(const Settings&, const Settings&) = default;
};

/// Reads lines "key = value"; what it does not understand keeps its default, so that a file of another
/// version or a damaged one never stops the window.
/// @param usual what holds where the file says nothing
Settings parse_settings(std::string_view text, Settings usual = {});
/// Theme and language are left out where they are the usual ones, so that they follow these.
std::string settings_text(const Settings& settings, const Settings& usual = {});

/// Where they lie: window.conf in the user's folder for settings; empty when the user has no home.
std::filesystem::path settings_file();
/// The usual ones when there is no file or it cannot be read.
Settings load_settings(const std::filesystem::path& file, const Settings& usual = {});
/// Writes the file with mode 0600, making its folder. @return one line that says why it is not possible
std::expected<void, std::string> save_settings(const std::filesystem::path& file, const Settings& settings,
                                               const Settings& usual = {});

/// The language of the environment (LC_ALL, LC_MESSAGES, LANG): "de" or "en".
std::string environment_language();

}  // namespace maildoctor::gui
