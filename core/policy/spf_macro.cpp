#include "core/policy/spf_macro.h"

#include <algorithm>
#include <vector>

#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

constexpr std::string_view delimiters = ".-+,/_=";
constexpr std::size_t max_domain = 253, max_expansion = 4096;

/// "%{" letter digits "r" delimiters "}".
struct Macro {
    char letter{};
    int keep{0};  ///< labels from the right; 0: all
    bool reverse{false};
    std::string_view split_at{"."};
    std::size_t length{};  ///< of the whole macro
};

std::optional<Macro> read_macro(std::string_view text) noexcept {
    if (!text.starts_with("%{") || text.size() < 4) return std::nullopt;
    Macro macro{.letter = text[2]};
    std::size_t at = 3;
    const std::size_t digits = at;
    while (at < text.size() && is_digit(text[at]))
        ++at;
    if (at > digits) {
        const auto keep = number_of(text.substr(digits, at - digits), 1'000'000);
        if (!keep || *keep == 0) return std::nullopt;
        macro.keep = static_cast<int>(*keep);
    }
    if (at < text.size() && lower(text[at]) == 'r') {
        macro.reverse = true;
        ++at;
    }
    const std::size_t marks = at;
    while (at < text.size() && delimiters.find(text[at]) != std::string_view::npos)
        ++at;
    if (at > marks) macro.split_at = text.substr(marks, at - marks);
    if (at >= text.size() || text[at] != '}') return std::nullopt;
    macro.length = at + 1;
    return macro;
}

bool is_letter(char letter, bool explanation) noexcept {
    constexpr std::string_view everywhere = "slodiphv", explaining = "crt";
    const char small = lower(letter);
    return everywhere.find(small) != std::string_view::npos ||
           (explanation && explaining.find(small) != std::string_view::npos);
}

/// Dotted address for %{i}: nibbles for IPv6, in capitals as the RFC writes them.
std::string dotted(const IpAddress& address) {
    if (address.is_v4()) return address.text();
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : address.bytes()) {
        const auto octet = static_cast<unsigned char>(c);
        text += text.empty() ? "" : ".";
        text += digits[octet >> 4U];
        text += '.';
        text += digits[octet & 0xfU];
    }
    return text;
}

std::string value_of(char letter, const MacroValues& values) {
    const std::size_t at = values.sender.rfind('@');
    switch (lower(letter)) {
        case 's':
            return values.sender;
        case 'l':
            return values.sender.substr(0, at);
        case 'o':
            return values.sender.substr(at + 1);
        case 'd':
            return values.domain;
        case 'i':
            return dotted(values.address);
        case 'p':
            return values.validated;
        case 'v':
            return values.address.is_v4() ? "in-addr" : "ip6";
        case 'h':
            return values.helo;
        case 'c':
            return values.address.text();
        case 'r':
            return values.receiver;
        case 't':
            return std::to_string(values.now);
        default:
            return {};
    }
}

std::string transformed(const std::string& value, const Macro& macro) {
    std::vector<std::string> parts(1);
    for (const char c : value) {
        if (macro.split_at.find(c) != std::string_view::npos) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    if (macro.reverse) std::ranges::reverse(parts);
    std::size_t first = 0;
    if (macro.keep > 0 && static_cast<std::size_t>(macro.keep) < parts.size())
        first = parts.size() - static_cast<std::size_t>(macro.keep);
    std::string joined;
    for (std::size_t i = first; i < parts.size(); ++i)
        joined += (i == first ? "" : ".") + parts[i];
    return joined;
}

/// Percent-encoded but for the unreserved octets of RFC 3986: for capital macro letters.
std::string url_escaped(const std::string& text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char c : text) {
        if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            escaped += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            escaped += '%';
            escaped += digits[octet >> 4U];
            escaped += digits[octet & 0xfU];
        }
    }
    return escaped;
}

bool is_top_label(std::string_view label) noexcept {
    if (label.empty() || !is_alnum(label.front()) || !is_alnum(label.back())) return false;
    const bool ldh = std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; });
    const bool numeric = std::ranges::all_of(label, is_digit);
    return ldh && !numeric;
}

}  // namespace

bool is_macro_string(std::string_view text, bool explanation) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '%') {
            if (c < (explanation ? ' ' : '!') || c > '~') return false;
            continue;
        }
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("%%") || rest.starts_with("%_") || rest.starts_with("%-")) {
            ++i;
        } else {
            const auto macro = read_macro(rest);
            if (!macro || !is_letter(macro->letter, explanation)) return false;
            i += macro->length - 1;
        }
    }
    return true;
}

bool is_domain_spec(std::string_view text) noexcept {
    if (text.empty() || !is_macro_string(text, false)) return false;
    // domain-end: a macro, or a dot with a top-level label and maybe one more dot.
    std::size_t end_of_macro = std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') continue;
        const auto macro = read_macro(text.substr(i));
        i += macro ? macro->length - 1 : 1;
        end_of_macro = i + 1;
    }
    if (end_of_macro == text.size()) return true;
    if (text.ends_with('.')) text.remove_suffix(1);
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) return false;
    return is_top_label(text.substr(dot + 1));
}

bool uses_macro(std::string_view text, char letter) noexcept {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != '%') continue;
        const auto macro = read_macro(text.substr(i));
        if (macro && lower(macro->letter) == letter) return true;
        i += macro ? macro->length - 1 : 1;
    }
    return false;
}

std::string expand_macros(std::string_view text, const MacroValues& values) {
    std::string out;
    for (std::size_t i = 0; i < text.size() && out.size() < max_expansion; ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const std::string_view rest = text.substr(i);
        if (const auto macro = read_macro(rest)) {
            std::string value = transformed(value_of(macro->letter, values), *macro);
            const bool capital = macro->letter >= 'A' && macro->letter <= 'Z';
            out += capital ? url_escaped(value) : value;
            i += macro->length - 1;
        } else {
            out += rest.starts_with("%_") ? " " : rest.starts_with("%-") ? "%20" : "%";
            ++i;
        }
    }
    return out;
}

std::string shortened(std::string domain) {
    while (!domain.empty() && domain.back() == '.')
        domain.pop_back();
    while (domain.size() > max_domain) {
        const std::size_t dot = domain.find('.');
        if (dot == std::string::npos) return {};
        domain.erase(0, dot + 1);
    }
    return domain;
}

}  // namespace maildoctor::policy
