// Defaults that the user chose: a configuration file and the environment. Command line options win over both.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::config {

enum class Kind : std::uint8_t { text, list, truth };

/// One thing that can be configured.
struct Key {
    const char* name;      ///< in the file
    const char* variable;  ///< in the environment
    Kind kind;
    const char* choices;      ///< separated by '|'; empty: anything
    const char* description;  ///< one line for people
};

/// All keys, in the order in which they are shown.
std::span<const Key> keys();

/// Where a value comes from, the weakest first.
enum class Origin : std::uint8_t { built_in, file, environment };

struct Setting {
    const Key* key{};
    std::vector<std::string> values{};  ///< a text or truth value ("true", "false") has one; empty: not set
    Origin origin{Origin::built_in};
};

/// One Setting a key, in the order of keys().
struct Config {
    std::string file{};  ///< that was looked for; empty when the user has no home
    bool file_exists{false};
    std::vector<Setting> settings{};

    /// The values of a key that keys() lists; none when it is not set.
    const std::vector<std::string>& values(std::string_view name) const;
    /// The value of a text key; empty when it is not set.
    std::string text(std::string_view name) const;
};

/// How the environment is asked: a name gives a value or nothing.
using Environment = std::function<std::optional<std::string>(const char*)>;

/// Reads a configuration from memory.
/// @param name of the file, for messages
/// @return the values of the file, or one line: "NAME:3:1: 'resolvers' is no key; did you mean 'resolver'?"
std::expected<std::vector<Setting>, std::string> read_config(std::string_view toml, const std::string& name);

/// The configuration of this user: $MAILDOCTOR_CONFIG or config.toml in the folder for settings, then the
/// environment. A file that does not exist is no error unless $MAILDOCTOR_CONFIG names it.
/// @return the configuration, or one line that says what is wrong and where
std::expected<Config, std::string> load_config(const Environment& environment);
std::expected<Config, std::string> load_config();

}  // namespace maildoctor::config
