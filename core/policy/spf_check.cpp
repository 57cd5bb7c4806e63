#include "core/policy/spf_check.h"

#include <algorithm>
#include <expected>
#include <utility>

#include "core/model/text.h"
#include "core/policy/fields.h"
#include "core/policy/spf_macro.h"
#include "core/policy/spf_record.h"

namespace maildoctor::policy {
namespace {

constexpr std::size_t max_mx_names = 10, max_ptr_names = 10;

/// What ends a check before a mechanism decides.
struct Abort {
    SpfResult result{};
    std::string problem{};
};
template <class T>
using Outcome = std::expected<T, Abort>;

std::unexpected<Abort> permanent(std::string problem) {
    return std::unexpected(Abort{.result = SpfResult::permerror, .problem = std::move(problem)});
}

/// Names that DNS can hold, with at least two labels (section 4.3).
bool is_askable(std::string_view domain) {
    if (domain.ends_with('.')) domain.remove_suffix(1);
    if (domain.empty() || domain.size() > 253 || domain.find('\\') != std::string_view::npos) return false;
    return std::ranges::all_of(split(domain, '.'),
                               [](std::string_view label) { return !label.empty() && label.size() <= 63; });
}

bool is_initial_domain(std::string_view domain) {
    if (domain.ends_with('.')) domain.remove_suffix(1);
    return is_askable(domain) && domain.find('.') != std::string_view::npos && !domain.starts_with('[');
}

/// IPv4-mapped IPv6 addresses are IPv4 (section 5).
IpAddress plain(const IpAddress& address) {
    static constexpr std::string_view prefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    const std::string_view bytes = address.bytes();
    if (address.is_v4() || !bytes.starts_with(prefix)) return address;
    std::array<std::uint8_t, 4> v4{};
    std::ranges::transform(bytes.substr(12), v4.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return IpAddress::v4(v4);
}

bool in_network(const IpAddress& address, const IpAddress& network, int prefix) {
    if (address.is_v4() != network.is_v4()) return false;
    const std::string_view a = address.bytes(), b = network.bytes();
    const auto whole = static_cast<std::size_t>(prefix) / 8;
    if (a.substr(0, whole) != b.substr(0, whole)) return false;
    const unsigned rest = static_cast<unsigned>(prefix) % 8;
    if (rest == 0) return true;
    const unsigned differing = static_cast<unsigned char>(a[whole]) ^ static_cast<unsigned char>(b[whole]);
    return differing >> (8U - rest) == 0;
}

bool same_or_below(std::string_view name, std::string_view domain) {
    if (same_word(name, domain)) return true;
    return name.size() > domain.size() && name[name.size() - domain.size() - 1] == '.' &&
           same_word(name.substr(name.size() - domain.size()), domain);
}

SpfResult result_of(char qualifier) {
    switch (qualifier) {
        case '-':
            return SpfResult::fail;
        case '~':
            return SpfResult::softfail;
        case '?':
            return SpfResult::neutral;
        default:
            return SpfResult::pass;
    }
}

bool nothing_there(DnsStatus status) {
    return status == DnsStatus::no_such_name || status == DnsStatus::no_data;
}

/// One check. Its coroutines end before it does.
class Check {
public:
    Check(Ask ask, SpfQuestion question) : ask_(std::move(ask)), question_(std::move(question)) {
        values_.address = plain(question_.address);
        values_.helo = question_.helo;
        values_.receiver = question_.receiver;
        values_.now = question_.now;
    }

    Task<SpfVerdict> run() {
        std::string sender = question_.mail_from.empty() ? question_.helo : question_.mail_from;
        const std::size_t at = sender.rfind('@');
        const std::string domain = at == std::string::npos ? sender : sender.substr(at + 1);
        if (at == std::string::npos || at == 0) sender = "postmaster@" + domain;
        values_.sender = sender;
        if (is_initial_domain(domain)) {
            auto outcome = co_await evaluate(domain, true);
            if (outcome) {
                verdict_.result = *outcome;
            } else {
                verdict_.result = outcome.error().result;
                verdict_.problem = std::move(outcome.error().problem);
                verdict_.term.clear();
            }
        }
        if (verdict_.result != SpfResult::fail) verdict_.explanation.clear();
        co_return std::move(verdict_);
    }

private:
    /// The record of a domain; nothing when there is none.
    Task<Outcome<std::optional<SpfRecord>>> record_of(std::string domain) {
        const DnsFacts answer = co_await ask_(domain, RecordType::txt);
        if (nothing_there(answer.status)) co_return std::nullopt;
        if (answer.status != DnsStatus::found) co_return temporary(domain, "TXT");
        std::vector<std::string> records;
        std::ranges::copy_if(answer.texts, std::back_inserter(records), is_spf_record);
        if (records.empty()) co_return std::nullopt;
        if (records.size() > 1) co_return permanent(domain + " has more than one SPF record");
        SpfReading reading = read_spf(records.front());
        if (!reading.valid()) co_return permanent(domain + ": " + reading.faults.front().text);
        co_return std::move(reading.record);
    }

    static std::unexpected<Abort> temporary(const std::string& name, std::string_view type) {
        return std::unexpected(
            Abort{.result = SpfResult::temperror,
                  .problem = cleaned(name, 300) + " " + std::string(type) + " could not be looked up"});
    }

    Task<Outcome<SpfResult>> evaluate(std::string domain, bool outermost) {
        auto record = co_await record_of(domain);
        if (!record) co_return std::unexpected(std::move(record).error());
        if (!*record) co_return SpfResult::none;
        for (const SpfTerm& term : (*record)->mechanisms) {
            if (needs_lookup(term.kind) && ++verdict_.lookups > max_spf_lookups)
                co_return permanent("more than ten terms need look-ups");
            auto fits = co_await matches(term, domain);
            if (!fits) co_return std::unexpected(std::move(fits).error());
            if (!*fits) continue;
            const SpfResult result = result_of(term.qualifier);
            if (outermost) {
                verdict_.term = term.text;
                if (result == SpfResult::fail && (*record)->exp)
                    co_await explain((*record)->exp->domain, domain);
            }
            co_return result;
        }
        if (!(*record)->redirect) co_return SpfResult::neutral;
        if (++verdict_.lookups > max_spf_lookups) co_return permanent("more than ten terms need look-ups");
        const std::string target = co_await target_of((*record)->redirect->domain, domain);
        if (!is_askable(target)) co_return permanent("redirect= leads to no domain name");
        auto result = co_await evaluate(target, outermost);
        if (result && *result == SpfResult::none)
            co_return permanent("redirect= leads to " + cleaned(target, 300) + ", which has no SPF record");
        co_return result;
    }

    /// A domain-spec with its macros replaced.
    Task<std::string> target_of(std::string spec, std::string domain) {
        values_.domain = domain;
        values_.validated = "unknown";
        if (uses_macro(spec, 'p')) values_.validated = co_await validated_name(domain);
        values_.domain = domain;
        co_return shortened(expand_macros(spec, values_));
    }

    Task<Outcome<bool>> matches(SpfTerm term, std::string domain) {
        if (term.kind == SpfKind::all) co_return true;
        if (term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6)
            co_return in_network(values_.address, *term.network,
                                 term.kind == SpfKind::ip4 ? term.prefix4 : term.prefix6);
        std::string target = domain;
        if (!term.domain.empty()) target = co_await target_of(term.domain, domain);
        if (!is_askable(target)) {
            if (term.kind == SpfKind::include) co_return permanent("include: leads to no domain name");
            co_return false;
        }
        switch (term.kind) {
            case SpfKind::include:
                co_return co_await match_include(target);
            case SpfKind::a:
                co_return co_await match_host(target, term.prefix4, term.prefix6);
            case SpfKind::mx:
                co_return co_await match_mx(target, term.prefix4, term.prefix6);
            case SpfKind::ptr:
                co_return co_await match_ptr(target);
            default:
                co_return co_await match_exists(target);
        }
    }

    Task<Outcome<bool>> match_include(std::string target) {
        auto result = co_await evaluate(target, false);
        if (!result) co_return std::unexpected(std::move(result).error());
        if (*result == SpfResult::none)
            co_return permanent("include:" + cleaned(target, 300) + " leads to a domain without SPF record");
        co_return *result == SpfResult::pass;
    }

    /// A look-up on behalf of a mechanism: failures end the check, empty answers are counted.
    Task<Outcome<DnsFacts>> ask_counted(std::string name, RecordType type) {
        DnsFacts answer = co_await ask_(name, type);
        if (answer.status == DnsStatus::found) co_return answer;
        if (!nothing_there(answer.status))
            co_return temporary(name, type == RecordType::mx ? "MX" : type == RecordType::a ? "A" : "AAAA");
        if (++verdict_.void_lookups > max_spf_void_lookups)
            co_return permanent("more than two look-ups found nothing");
        co_return answer;
    }

    RecordType address_type() const { return values_.address.is_v4() ? RecordType::a : RecordType::aaaa; }

    Task<Outcome<bool>> match_host(std::string host, int prefix4, int prefix6) {
        auto answer = co_await ask_counted(host, address_type());
        if (!answer) co_return std::unexpected(std::move(answer).error());
        const int prefix = values_.address.is_v4() ? prefix4 : prefix6;
        co_return std::ranges::any_of(answer->addresses, [&](const IpAddress& address) {
            return in_network(values_.address, address, prefix);
        });
    }

    Task<Outcome<bool>> match_mx(std::string domain, int prefix4, int prefix6) {
        auto answer = co_await ask_counted(domain, RecordType::mx);
        if (!answer) co_return std::unexpected(std::move(answer).error());
        if (answer->mx.size() > max_mx_names)
            co_return permanent("mx: " + cleaned(domain, 300) + " has more than ten mail exchangers");
        for (const MxRecord& record : answer->mx) {
            if (!is_askable(record.exchange)) continue;
            auto fits = co_await match_host(record.exchange, prefix4, prefix6);
            if (!fits) co_return std::unexpected(std::move(fits).error());
            if (*fits) co_return true;
        }
        co_return false;
    }

    Task<Outcome<bool>> match_exists(std::string name) {
        auto answer = co_await ask_counted(name, RecordType::a);
        if (!answer) co_return std::unexpected(std::move(answer).error());
        co_return !answer->addresses.empty();
    }

    /// The names of the client's address that lead back to it; what fails is left out (section 5.5).
    Task<std::vector<std::string>> validated_names() {
        if (names_) co_return *names_;
        names_.emplace();
        const DnsFacts answer = co_await ask_(values_.address.reverse_name(), RecordType::ptr);
        std::size_t asked = 0;
        for (const std::string& name : answer.names) {
            if (asked++ == max_ptr_names) break;
            if (!is_askable(name)) continue;
            const DnsFacts back = co_await ask_(name, address_type());
            if (std::ranges::find(back.addresses, values_.address) != back.addresses.end())
                names_->push_back(name);
        }
        co_return *names_;
    }

    Task<Outcome<bool>> match_ptr(std::string target) {
        const std::vector<std::string> names = co_await validated_names();
        co_return std::ranges::any_of(names,
                                      [&](const std::string& name) { return same_or_below(name, target); });
    }

    Task<std::string> validated_name(std::string domain) {
        const std::vector<std::string> names = co_await validated_names();
        for (const std::string& name : names) {
            if (same_word(name, domain)) co_return name;
        }
        for (const std::string& name : names) {
            if (same_or_below(name, domain)) co_return name;
        }
        co_return names.empty() ? std::string("unknown") : names.front();
    }

    /// Any fault of the explanation leaves it away (section 6.2).
    Task<void> explain(std::string spec, std::string domain) {
        const std::string target = co_await target_of(spec, domain);
        if (!is_askable(target)) co_return;
        const DnsFacts answer = co_await ask_(target, RecordType::txt);
        if (answer.status != DnsStatus::found || answer.texts.size() != 1) co_return;
        const std::string& text = answer.texts.front();
        if (!is_macro_string(text, true)) co_return;
        if (uses_macro(text, 'p')) values_.validated = co_await validated_name(domain);
        values_.domain = domain;
        verdict_.explanation = expand_macros(text, values_);
    }

    Ask ask_;
    SpfQuestion question_;
    MacroValues values_{.address = IpAddress::v4({})};
    SpfVerdict verdict_{};
    std::optional<std::vector<std::string>> names_;
};

}  // namespace

std::string_view word(SpfResult value) noexcept {
    switch (value) {
        case SpfResult::none:
            return "none";
        case SpfResult::neutral:
            return "neutral";
        case SpfResult::pass:
            return "pass";
        case SpfResult::fail:
            return "fail";
        case SpfResult::softfail:
            return "softfail";
        case SpfResult::temperror:
            return "temperror";
        case SpfResult::permerror:
            break;
    }
    return "permerror";
}

Task<SpfVerdict> check_host(Ask ask, SpfQuestion question) {
    Check check(std::move(ask), std::move(question));
    co_return co_await check.run();
}

}  // namespace maildoctor::policy
