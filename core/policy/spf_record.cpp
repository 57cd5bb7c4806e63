#include "core/policy/spf_record.h"

#include <algorithm>
#include <array>

#include "core/model/text.h"
#include "core/policy/fields.h"
#include "core/policy/spf_macro.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr std::string_view version = "v=spf1";
constexpr std::size_t max_terms = 500;

struct Mechanism {
    std::string_view name;
    SpfKind kind;
};
constexpr std::array<Mechanism, 8> mechanisms = {{{"all", SpfKind::all},
                                                  {"include", SpfKind::include},
                                                  {"a", SpfKind::a},
                                                  {"mx", SpfKind::mx},
                                                  {"ptr", SpfKind::ptr},
                                                  {"ip4", SpfKind::ip4},
                                                  {"ip6", SpfKind::ip6},
                                                  {"exists", SpfKind::exists}}};

bool is_name_octet(char c) noexcept {
    return is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/// A prefix length without leading zeros, at most `most`.
std::optional<int> prefix_of(std::string_view digits, int most) {
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    const auto value = number_of(digits, most);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

/// Whether the text ends in "/" and digits; takes them off.
std::optional<std::string_view> take_digits(std::string_view& text, std::string_view slashes) {
    std::size_t at = text.size();
    while (at > 0 && is_digit(text[at - 1]))
        --at;
    if (at == text.size() || !text.substr(0, at).ends_with(slashes)) return std::nullopt;
    const std::string_view digits = text.substr(at);
    text = text.substr(0, at - slashes.size());
    return digits;
}

class Reader {
public:
    SpfReading read(std::string_view text) {
        if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
            bad("not-ascii", "there are characters outside ASCII or control characters in it", {});
        std::size_t count = 0;
        for (const std::string_view term : split(text.substr(std::min(text.size(), version.size())), ' ')) {
            if (term.empty()) continue;
            if (++count > max_terms) {
                bad("too-long", "there are more than 500 terms", {});
                break;
            }
            read_term(term);
        }
        return std::move(reading_);
    }

private:
    void bad(std::string kind, std::string_view why, std::string_view term) {
        constexpr std::size_t most = 20;
        if (reading_.faults.size() >= most) return;
        const std::string quoted = term.empty() ? "" : "\"" + std::string(term) + "\": ";
        reading_.faults.push_back(fault(Weight::discarded, std::move(kind), quoted + std::string(why)));
    }

    void read_term(std::string_view term) {
        const auto end = std::ranges::find_if_not(term, is_name_octet);
        const auto length = static_cast<std::size_t>(end - term.begin());
        if (length > 0 && is_alpha(term.front()) && end != term.end() && *end == '=')
            return read_modifier(term, term.substr(0, length), term.substr(length + 1));
        read_mechanism(term);
    }

    void read_modifier(std::string_view term, std::string_view name, std::string_view value) {
        const bool redirect = same_word(name, "redirect"), exp = same_word(name, "exp");
        if (!redirect && !exp) {
            if (!is_macro_string(value, false)) bad("bad-macro", "the macro is not complete", term);
            reading_.record.ignored.emplace_back(term);
            return;
        }
        if (!is_domain_spec(value)) return bad("bad-domain", "after \"=\" a domain name has to follow", term);
        std::optional<SpfTerm>& slot = redirect ? reading_.record.redirect : reading_.record.exp;
        if (slot) return bad("repeated-modifier", std::string(name) + "= stands there more than once", term);
        slot = SpfTerm{.kind = redirect ? SpfKind::redirect : SpfKind::exp,
                       .domain = std::string(value),
                       .text = std::string(term)};
    }

    void read_mechanism(std::string_view term) {
        SpfTerm read{.text = std::string(term)};
        std::string_view rest = term;
        constexpr std::string_view qualifiers = "+-~?";
        if (qualifiers.find(rest.front()) != std::string_view::npos) {
            read.qualifier = rest.front();
            rest.remove_prefix(1);
        }
        const std::string_view name = rest.substr(0, rest.find_first_of(":/"));
        const auto known =
            std::ranges::find_if(mechanisms, [&](const Mechanism& m) { return same_word(m.name, name); });
        if (known == mechanisms.end()) return bad("unknown-mechanism", "there is no such mechanism", term);
        read.kind = known->kind;
        std::string_view value = rest.substr(name.size());
        if (read_value(read, value, term)) reading_.record.mechanisms.push_back(std::move(read));
    }

    bool read_value(SpfTerm& read, std::string_view value, std::string_view term) {
        switch (read.kind) {
            case SpfKind::all:
                if (!value.empty()) bad("bad-term", "\"all\" takes nothing behind it", term);
                return value.empty();
            case SpfKind::ip4:
            case SpfKind::ip6:
                return read_network(read, value, term);
            case SpfKind::a:
            case SpfKind::mx:
                return read_prefixes(read, value, term) && read_domain(read, value, term, false);
            case SpfKind::include:
            case SpfKind::exists:
                return read_domain(read, value, term, true);
            default:
                return read_domain(read, value, term, false);
        }
    }

    bool read_domain(SpfTerm& read, std::string_view value, std::string_view term, bool required) {
        if (value.empty() && !required) return true;
        if (!value.starts_with(':') || !is_domain_spec(value.substr(1))) {
            bad("bad-domain", "after the colon a domain name has to follow", term);
            return false;
        }
        read.domain = value.substr(1);
        return true;
    }

    /// "/24", "//64" or "/24//64" at the end.
    bool read_prefixes(SpfTerm& read, std::string_view& value, std::string_view term) {
        const auto digits6 = take_digits(value, "//");
        const auto digits4 = take_digits(value, "/");
        const auto prefix6 = digits6 ? prefix_of(*digits6, 128) : std::optional(128);
        const auto prefix4 = digits4 ? prefix_of(*digits4, 32) : std::optional(32);
        if (!prefix6 || !prefix4) {
            bad("bad-network", "the number behind \"/\" is not right: up to 32 for IPv4, up to 128 for IPv6",
                term);
            return false;
        }
        read.prefix4 = *prefix4;
        read.prefix6 = *prefix6;
        return true;
    }

    bool read_network(SpfTerm& read, std::string_view value, std::string_view term) {
        const bool v4 = read.kind == SpfKind::ip4;
        std::string_view text = value.starts_with(':') ? value.substr(1) : std::string_view{};
        const auto digits = take_digits(text, "/");
        const int most = v4 ? 32 : 128;
        const auto prefix = digits ? prefix_of(*digits, most) : std::optional(most);
        auto network = IpAddress::from(text);
        if (!network || network->is_v4() != v4 || !prefix) {
            bad("bad-network",
                v4 ? "this is no IPv4 address or network" : "this is no IPv6 address or network", term);
            return false;
        }
        read.network = network;
        (v4 ? read.prefix4 : read.prefix6) = *prefix;
        return true;
    }

    SpfReading reading_;
};

}  // namespace

bool is_spf_record(std::string_view text) noexcept {
    return text.size() >= version.size() && same_word(text.substr(0, version.size()), version) &&
           (text.size() == version.size() || text[version.size()] == ' ');
}

SpfReading read_spf(std::string_view text) {
    return Reader().read(text);
}

bool needs_lookup(SpfKind kind) noexcept {
    switch (kind) {
        case SpfKind::include:
        case SpfKind::a:
        case SpfKind::mx:
        case SpfKind::ptr:
        case SpfKind::exists:
        case SpfKind::redirect:
            return true;
        default:
            return false;
    }
}

bool has_macros(std::string_view domain_spec) noexcept {
    return domain_spec.find("%{") != std::string_view::npos;
}

}  // namespace maildoctor::policy
