#include "core/policy/fields.h"

#include <algorithm>

#include "core/model/text.h"

namespace maildoctor::policy {
namespace {

bool is_wsp(char c) noexcept {
    return c == ' ' || c == '\t';
}

std::string_view status_words(const DnsFacts& answer) {
    switch (answer.status) {
        case DnsStatus::server_failure:
            return "the name servers failed (SERVFAIL)";
        case DnsStatus::refused:
            return "the name server refused the question";
        case DnsStatus::bogus:
            return "its DNSSEC signatures are not valid";
        case DnsStatus::no_answer:
            return "no name server answered";
        case DnsStatus::alias_loop:
            return "its aliases (CNAME) lead in a circle";
        default:
            return "the answer cannot be read";
    }
}

}  // namespace

std::string shown(std::string_view text) {
    return cleaned(trimmed(text), max_shown);
}

PolicyFault fault(PolicyFault::Weight weight, std::string kind, std::string text) {
    return {.kind = std::move(kind), .weight = weight, .text = cleaned(text, max_shown)};
}

void add_fault(std::vector<PolicyFault>& faults, PolicyFault made) {
    constexpr std::size_t most = 20;
    const auto discards = [](const PolicyFault& known) {
        return known.weight == PolicyFault::Weight::discarded;
    };
    const bool first = discards(made) && std::ranges::none_of(faults, discards);
    if (faults.size() < most || first) faults.push_back(std::move(made));
}

std::string_view without_wsp(std::string_view text) noexcept {
    while (!text.empty() && is_wsp(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_wsp(text.back()))
        text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> pieces;
    while (true) {
        const std::size_t end = text.find(at);
        pieces.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
}

std::vector<Field> fields_of(std::string_view record) {
    std::vector<Field> fields;
    for (const std::string_view piece : split(record.substr(0, max_record), ';')) {
        Field field;
        field.whole = without_wsp(piece);
        const std::size_t equals = field.whole.find('=');
        field.has_value = equals != std::string_view::npos;
        field.name = without_wsp(field.whole.substr(0, equals));
        if (field.has_value) field.value = without_wsp(field.whole.substr(equals + 1));
        fields.push_back(field);
    }
    return fields;
}

bool is_alpha(char c) noexcept {
    return is_upper(c) || is_lower(c);
}

std::optional<std::int64_t> number_of(std::string_view digits, std::int64_t limit) {
    if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits) {
        if (value > (limit - (c - '0')) / 10) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool is_extension_name(std::string_view name) noexcept {
    constexpr std::size_t longest = 32;
    if (name.empty() || name.size() > longest || !is_alnum(name.front())) return false;
    return std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; });
}

bool is_extension_value(std::string_view value) noexcept {
    return !value.empty() &&
           std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7f && c != '=' && c != ';'; });
}

bool is_uri(std::string_view text) noexcept {
    const std::size_t colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || !is_alpha(text.front())) return false;
    const auto scheme_octet = [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; };
    if (!std::ranges::all_of(text.substr(0, colon), scheme_octet)) return false;
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=";
    const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    std::string_view rest = text.substr(colon + 1);
    if (rest.empty()) return false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '%') {
            if (i + 2 >= rest.size() || !hex(rest[i + 1]) || !hex(rest[i + 2])) return false;
            i += 2;
        } else if (!is_alnum(rest[i]) && marks.find(rest[i]) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

std::string scheme_of(std::string_view uri) {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos) return {};
    std::string scheme(uri.substr(0, colon));
    std::ranges::transform(scheme, scheme.begin(), lower);
    return scheme;
}

std::optional<HostName> mailto_domain(std::string_view uri) {
    if (scheme_of(uri) != "mailto") return std::nullopt;
    std::string_view address = uri.substr(uri.find(':') + 1);
    address = address.substr(0, address.find('?'));
    const std::size_t at = address.rfind('@');
    if (at == 0 || at == std::string_view::npos) return std::nullopt;
    auto domain = HostName::from(address.substr(at + 1));
    if (!domain || domain->is_literal()) return std::nullopt;
    return domain;
}

PolicyRecord select_records(const DnsFacts& answer, const std::vector<std::string>& claiming) {
    PolicyRecord record;
    switch (answer.status) {
        case DnsStatus::found:
            record.state = claiming.empty() ? PolicyRecord::State::absent : PolicyRecord::State::found;
            break;
        case DnsStatus::no_such_name:
        case DnsStatus::no_data:
            record.state = PolicyRecord::State::absent;
            break;
        default:
            record.because = answer.name + ": " + std::string(status_words(answer));
            break;
    }
    constexpr std::size_t most = 10;
    for (const std::string& text : claiming) {
        if (record.found.size() < most) record.found.push_back(shown(text));
    }
    return record;
}

std::vector<std::string> claiming(const DnsFacts& answer, std::string_view version, bool any_case) {
    std::vector<std::string> found;
    for (const std::string& text : answer.texts) {
        std::string_view begin = text;
        bool begins = begin.starts_with(version);
        std::size_t length = version.size();
        if (any_case && !begins) {
            const Field field = fields_of(text).front();
            const std::size_t blank = field.value.find_first_of(" \t");
            const std::string said =
                std::string(field.name) + "=" + std::string(field.value.substr(0, blank));
            begins = field.has_value && same_word(said, version);
            length = begin.size();
        }
        if (!begins) continue;
        const bool ends = length >= begin.size() || begin[length] == ';' || is_wsp(begin[length]);
        if (ends) found.push_back(text);
    }
    return found;
}

}  // namespace maildoctor::policy
