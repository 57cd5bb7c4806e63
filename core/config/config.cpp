#include "core/config/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "core/model/text.h"
#include "core/names/typos.h"
#include "core/platform/file.h"
#include "core/platform/folders.h"
#include "core/platform/process.h"

namespace maildoctor::config {
namespace {

constexpr std::size_t file_limit = std::size_t{64} << 10U;  // octets
constexpr std::size_t value_limit = 1000;                   // octets
constexpr std::size_t list_limit = 32;                      // values

constexpr std::array<Key, 11> all_keys = {{
    {"language", "MAILDOCTOR_LANGUAGE", Kind::text, "en|de",
     "Language of the answers; else that of the environment"},
    {"resolver", "MAILDOCTOR_RESOLVER", Kind::list, "",
     "DNS servers to ask instead of this computer's: ADDRESS or ADDRESS:PORT"},
    {"control_hosts", "MAILDOCTOR_CONTROL_HOSTS", Kind::list, "",
     "Hosts that may be asked on port 25, to tell a blocked port from a dead server"},
    {"third_parties", "MAILDOCTOR_THIRD_PARTIES", Kind::truth, "",
     "Whether others than the domain's own servers may be told the domain"},
    {"ca_file", "MAILDOCTOR_CA_FILE", Kind::text, "",
     "Certificate authorities (PEM) to trust instead of this computer's"},
    {"trust_anchor", "MAILDOCTOR_TRUST_ANCHOR", Kind::text, "",
     "File with the DNSSEC keys to start from instead of the root's"},
    {"store", "MAILDOCTOR_STORE", Kind::text, "", "File in which every run is kept"},
    {"rules", "MAILDOCTOR_RULES", Kind::text, "", "Folder, .zip or .toml whose rules join the built-in ones"},
    {"colour", "MAILDOCTOR_COLOUR", Kind::text, "auto|always|never", "Colours in the text"},
    {"theme", "MAILDOCTOR_THEME", Kind::text, "auto|light|dark|contrast", "Look of the window"},
    {"pages", "MAILDOCTOR_PAGES", Kind::text, "",
     "Address under which this documentation is published; answers name the cause's page there"},
}};

const Key* find_key(std::string_view name) {
    const auto* const found =
        std::ranges::find_if(all_keys, [&](const Key& key) { return key.name == name; });
    return found == all_keys.end() ? nullptr : found;
}

/// " did you mean 'resolver'?", or the list of all keys when none is near.
std::string suggestion(std::string_view name) {
    const Key* best = nullptr;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const Key& key : all_keys) {
        const std::size_t distance = names::edit_distance(name, key.name);
        if (distance >= least) continue;
        least = distance;
        best = &key;
    }
    if (best != nullptr) return std::string("did you mean '") + best->name + "'?";
    std::string all = "the keys are ";
    for (const Key& key : all_keys)
        all += (&key == all_keys.data() ? "" : ", ") + std::string(key.name);
    return all;
}

/// Whether the value is one that the key takes. @return nothing, or what is wrong
std::optional<std::string> refusal(const Key& key, const std::string& value) {
    if (value.size() > value_limit) return "the value is too long";
    if (value.empty()) return "the value is empty";
    const std::string_view choices = key.choices;
    if (choices.empty()) return std::nullopt;
    std::string readable;
    for (std::size_t at = 0; at <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', at), choices.size());
        const std::string_view choice = choices.substr(at, end - at);
        if (choice == value) return std::nullopt;
        readable += (readable.empty() ? "" : end == choices.size() ? " or " : ", ") + std::string(choice);
        at = end + 1;
    }
    return "'" + cleaned(value, 100) + "' is not " + readable;
}

/// What a value of the file says.
std::expected<std::vector<std::string>, std::string> values_of(const Key& key, const toml::node& node) {
    std::vector<std::string> values;
    if (key.kind == Kind::truth) {
        const auto truth = node.value_exact<bool>();
        if (!truth) return std::unexpected("the value is not true or false");
        return std::vector<std::string>{*truth ? "true" : "false"};
    }
    if (const toml::array* const array = node.as_array(); array != nullptr && key.kind == Kind::list) {
        if (array->size() > list_limit) return std::unexpected("more than 32 values");
        for (const toml::node& each : *array) {
            const auto text = each.value_exact<std::string>();
            if (!text) return std::unexpected("a value is not a text in quotes");
            values.push_back(*text);
        }
    } else if (const auto text = node.value_exact<std::string>()) {
        values.push_back(*text);
    } else {
        return std::unexpected(key.kind == Kind::list ? "the value is not a text in quotes or a list of them"
                                                      : "the value is not a text in quotes");
    }
    for (const std::string& value : values)
        if (auto wrong = refusal(key, value)) return std::unexpected(std::move(*wrong));
    return values;
}

std::string place(const std::string& name, const toml::source_region& where) {
    return name + ":" + std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column) + ": ";
}

/// The environment has lists separated by commas, and yes or no in the usual spellings.
std::expected<std::vector<std::string>, std::string> values_in(const Key& key, const std::string& text) {
    std::vector<std::string> values;
    if (key.kind == Kind::truth) {
        for (const char* yes : {"true", "yes", "on", "1"})
            if (same_word(text, yes)) return std::vector<std::string>{"true"};
        for (const char* no : {"false", "no", "off", "0"})
            if (same_word(text, no)) return std::vector<std::string>{"false"};
        return std::unexpected("'" + cleaned(text, 100) + "' is not yes or no");
    }
    std::string_view rest = text;
    while (key.kind == Kind::list && rest.contains(',') && values.size() < list_limit) {
        values.emplace_back(trimmed(rest.substr(0, rest.find(','))));
        rest.remove_prefix(rest.find(',') + 1);
    }
    values.emplace_back(trimmed(rest));
    for (const std::string& value : values)
        if (auto wrong = refusal(key, value)) return std::unexpected(std::move(*wrong));
    return values;
}

}  // namespace

std::span<const Key> keys() {
    return all_keys;
}

const std::vector<std::string>& Config::values(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found =
        std::ranges::find_if(settings, [&](const Setting& setting) { return setting.key->name == name; });
    return found == settings.end() ? none : found->values;
}

std::string Config::text(std::string_view name) const {
    const auto& found = values(name);
    return found.empty() ? std::string() : found.front();
}

std::expected<std::vector<Setting>, std::string> read_config(std::string_view bytes,
                                                             const std::string& name) {
    toml::table root;
    try {
        root = toml::parse(bytes);
    } catch (const toml::parse_error& error) {
        return std::unexpected(place(name, error.source()) + cleaned(error.description(), 300));
    }
    std::vector<Setting> settings;
    for (const auto& [written, node] : root) {
        const std::string_view key_name = written.str();
        const auto complain = [&, region = node.source()](const std::string& what) {
            return std::unexpected(place(name, region) + what);
        };
        const Key* const key = find_key(key_name);
        if (key == nullptr)
            return complain("'" + cleaned(key_name, 100) + "' is no key; " + suggestion(key_name));
        auto values = values_of(*key, node);
        if (!values) return complain(std::string(key->name) + ": " + values.error());
        settings.push_back({.key = key, .values = std::move(*values), .origin = Origin::file});
    }
    return settings;
}

std::expected<Config, std::string> load_config(const Environment& environment) {
    Config config;
    for (const Key& key : all_keys)
        config.settings.push_back({.key = &key});
    const auto named = environment("MAILDOCTOR_CONFIG");
    const auto folder = platform::user_folders().config;
    const std::filesystem::path file = named && !named->empty() ? std::filesystem::path(*named)
                                       : folder.empty()         ? std::filesystem::path()
                                                                : folder / "config.toml";
    const std::u8string file_name = file.u8string();  // UTF-8 on every system
    config.file.assign(file_name.begin(), file_name.end());
    std::error_code ignored;
    config.file_exists = !file.empty() && std::filesystem::exists(file, ignored);
    if (config.file_exists || (named && !named->empty())) {
        const auto bytes = platform::read_file(file, file_limit);
        if (!bytes) return std::unexpected(bytes.error());
        auto settings = read_config(*bytes, config.file);
        if (!settings) return std::unexpected(std::move(settings).error());
        for (Setting& setting : *settings)
            *std::ranges::find(config.settings, setting.key, &Setting::key) = std::move(setting);
    }
    for (Setting& setting : config.settings) {
        const auto value = environment(setting.key->variable);
        if (!value || value->empty()) continue;
        auto values = values_in(*setting.key, *value);
        if (!values) return std::unexpected(std::string(setting.key->variable) + ": " + values.error());
        setting.values = std::move(*values);
        setting.origin = Origin::environment;
    }
    return config;
}

std::expected<Config, std::string> load_config() {
    return load_config([](const char* name) { return platform::environment(name); });
}

}  // namespace maildoctor::config
