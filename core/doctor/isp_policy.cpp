#include "core/doctor/isp_policy.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "core/model/text.h"
#include "core/names/typos.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t max_shown = 100;  // octets
constexpr int most_days = 3650;

std::string at(const std::string& name, const toml::source_region& place) {
    return name + ":" + std::to_string(place.begin.line) + ": ";
}

/// The key that was probably meant.
std::string_view nearest_key(std::string_view typed) {
    return std::ranges::min_element(
               isp_rules, {}, [&](const IspRuleInfo& info) { return names::edit_distance(typed, info.key); })
        ->key;
}

std::optional<bool> flag_of(const toml::node& node) {
    if (const auto value = node.value_exact<bool>()) return value;
    const auto word = node.value_exact<std::string>();
    if (word == "on") return true;
    if (word == "off") return false;
    return std::nullopt;
}

std::optional<std::vector<std::string>> texts_of(const toml::node& node) {
    if (const auto one = node.value_exact<std::string>()) return std::vector<std::string>{*one};
    const toml::array* const array = node.as_array();
    if (array == nullptr || array->empty()) return std::nullopt;
    std::vector<std::string> out;
    for (const toml::node& item : *array) {
        const auto text = item.value_exact<std::string>();
        if (!text) return std::nullopt;
        out.push_back(*text);
    }
    return out;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "" : ", ") + text;
    return out;
}

std::string choice_of(const IspRuleInfo& info) {
    std::string out;
    for (const std::string_view word : info.words)
        if (!word.empty()) out += (out.empty() ? "\"" : ", \"") + std::string(word) + "\"";
    return "one of " + out;
}

/// Reads a value into the demand. @return what is expected instead; empty when it fits
std::string read_value(const toml::node& node, const IspRuleInfo& info, IspDemand& demand) {
    const IspValue kind = info.value;
    switch (kind) {
        case IspValue::flag: {
            const auto flag = flag_of(node);
            if (!flag) return "true or false";
            demand.flag = *flag;
            demand.wanted = *flag ? "true" : "false";
            return {};
        }
        case IspValue::tls_version: {
            const auto text = node.value_exact<std::string>();
            if (!text || (*text != "1.0" && *text != "1.1" && *text != "1.2" && *text != "1.3"))
                return "\"1.0\", \"1.1\", \"1.2\" or \"1.3\"";
            demand.number = text->back() - '0';
            demand.wanted = *text;
            return {};
        }
        case IspValue::days: {
            const auto days = node.value_exact<std::int64_t>();
            if (!days || *days < 0 || *days > most_days) return "a number of days from 0 to 3650";
            demand.number = static_cast<int>(*days);
            demand.wanted = std::to_string(*days);
            return {};
        }
        case IspValue::text:
        case IspValue::texts: {
            auto texts = texts_of(node);
            if (!texts || (kind == IspValue::text && texts->size() > 1)) return "a text, or a list of texts";
            demand.wanted = joined(*texts);
            demand.texts = std::move(*texts);
            return {};
        }
        case IspValue::word: {
            const auto text = node.value_exact<std::string>();
            const auto found = text ? std::ranges::find(info.words, *text) : info.words.end();
            if (!text || text->empty() || found == info.words.end()) return choice_of(info);
            demand.number = static_cast<int>(found - info.words.begin());
            demand.wanted = *text;
            return {};
        }
    }
    return {};
}

}  // namespace

std::expected<IspPolicy, std::string> read_isp_policy(std::string_view text, const std::string& name) {
    toml::table table;
    try {
        table = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        return std::unexpected(at(name, error.source()) + std::string(error.description()));
    }
    IspPolicy policy;
    for (const auto& [key, node] : table) {
        const auto info = std::ranges::find(isp_rules, key.str(), &IspRuleInfo::key);
        const std::string shown = cleaned(key.str(), max_shown);
        if (info == isp_rules.end())
            return std::unexpected(at(name, key.source()) + "unknown key '" + shown + "'; did you mean '" +
                                   std::string(nearest_key(key.str())) + "'?");
        IspDemand demand{.rule = info->rule, .key = shown};
        if (const std::string expected = read_value(node, *info, demand); !expected.empty())
            return std::unexpected(at(name, node.source()) + shown + ": expected " + expected);
        policy.demands.push_back(std::move(demand));
    }
    if (policy.demands.empty()) return std::unexpected(name + ": it demands nothing");
    // The table is sorted by name: people read their own order.
    const auto line_of = [&](const IspDemand& demand) { return table.get(demand.key)->source().begin.line; };
    std::ranges::sort(policy.demands, {}, line_of);
    return policy;
}

}  // namespace maildoctor::doctor
