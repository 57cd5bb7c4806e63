#include "core/policy/spf_publisher.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "core/model/text.h"
#include "core/policy/fields.h"
#include "core/policy/spf_check.h"
#include "core/policy/spf_record.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr std::size_t max_records = 50, max_hosts = 40, max_mx_names = 10;
constexpr std::size_t comfortable = 450;  // octets that fit one DNS answer over UDP everywhere (section 3.4)
constexpr int wide_prefix4 = 8, wide_prefix6 = 16;

std::string word_of_all(const SpfTerm& term) {
    return std::string(1, term.qualifier) + "all";
}

const SpfTerm* all_of(const SpfRecord& record) {
    const auto all = std::ranges::find(record.mechanisms, SpfKind::all, &SpfTerm::kind);
    return all == record.mechanisms.end() ? nullptr : &*all;
}

/// Reads records recursively and adds up what they cost.
class Walk {
public:
    Walk(Ask ask, SpfFacts& facts) : ask_(std::move(ask)), facts_(facts) {}

    /// @return look-ups that the record of `domain` needs at most
    Task<int> cost_of(SpfRecord record, std::string domain, bool own) {
        int sum = 0;
        for (const SpfTerm& term : record.mechanisms) {
            if (term.kind == SpfKind::all) break;
            const int cost = co_await cost_of_term(term, domain);
            if (own && needs_lookup(term.kind))
                facts_.costs.push_back({.term = shown(term.text), .lookups = cost});
            sum += cost;
        }
        if (record.redirect && all_of(record) == nullptr) {
            const int cost = co_await cost_of_term(*record.redirect, domain);
            if (own) facts_.costs.push_back({.term = shown(record.redirect->text), .lookups = cost});
            sum += cost;
        }
        co_return sum;
    }

    void add(Weight weight, std::string kind, const std::string& text) {
        std::vector<PolicyFault>& faults = facts_.record.faults;
        PolicyFault made = fault(weight, std::move(kind), text);
        if (std::ranges::find(faults, made) == faults.end()) add_fault(faults, std::move(made));
    }

private:
    Task<int> cost_of_term(SpfTerm term, std::string domain) {
        if (!needs_lookup(term.kind)) co_return 0;
        const std::string target = term.domain.empty() ? domain : term.domain;
        if (has_macros(target)) co_return 1;
        switch (term.kind) {
            case SpfKind::include:
            case SpfKind::redirect:
                co_return 1 + co_await cost_of_domain(target, term);
            case SpfKind::a:
                co_await look_for_host(target, term.text);
                break;
            case SpfKind::mx:
                co_await look_for_exchangers(target, term.text);
                break;
            default:
                break;
        }
        co_return 1;
    }

    Task<int> cost_of_domain(std::string domain, SpfTerm term) {
        const std::string text = term.text;
        const auto host = HostName::from(domain);
        if (!host) {
            add(Weight::discarded, "bad-include", "\"" + text + "\" leads to no domain name");
            leave_out(text);
            co_return 0;
        }
        if (std::ranges::find(path_, host->text()) != path_.end()) {
            add(Weight::discarded, "include-loop", "\"" + text + "\" leads back to " + host->text());
            leave_out(text);
            co_return max_spf_lookups;
        }
        if (const auto known = known_.find(host->text()); known != known_.end()) co_return known->second;
        if (facts_.asked.size() >= max_records) co_return 0;
        facts_.asked.push_back(host->text());
        const DnsFacts answer = co_await ask_(host->text(), RecordType::txt);
        const bool nothing = answer.status == DnsStatus::no_such_name || answer.status == DnsStatus::no_data;
        if (answer.status != DnsStatus::found && !nothing) {
            add(Weight::weak, "include-unreachable",
                "\"" + text + "\": " + host->text() + " could not be looked up");
            co_return 0;
        }
        std::vector<std::string> records;
        std::ranges::copy_if(answer.texts, std::back_inserter(records), is_spf_record);
        if (records.size() != 1) {
            add(Weight::discarded, "include-without-record",
                "\"" + text + "\": " + host->text() +
                    (records.empty()
                         ? " has no SPF record, which makes the whole record invalid"
                         : " has more than one SPF record, which makes the whole record invalid"));
            leave_out(text);
            co_return 0;
        }
        SpfReading reading = read_spf(records.front());
        if (!reading.valid())
            add(Weight::discarded, "include-invalid",
                "\"" + text + "\": the record of " + host->text() +
                    " is invalid: " + reading.faults.front().text);
        const SpfTerm* all = all_of(reading.record);
        if (all != nullptr && all->qualifier == '+')
            add(Weight::weak, "plus-all",
                "\"" + text + "\": " + host->text() +
                    " ends in \"+all\" and so allows every server in the world");
        if (term.kind == SpfKind::redirect && all != nullptr) facts_.all = word_of_all(*all);
        path_.push_back(host->text());
        const int cost = co_await cost_of(std::move(reading.record), host->text(), false);
        path_.pop_back();
        known_.emplace(host->text(), cost);
        co_return cost;
    }

    /// A term of the domain's own record that makes all of it invalid.
    void leave_out(const std::string& term) {
        if (path_.size() == 1) broken_.insert(term);
    }

    /// A name without any address is a look-up that finds nothing, for every receiver.
    Task<void> look_for_host(std::string name, std::string text) {
        if (hosts_.size() >= max_hosts || !hosts_.insert(name).second) co_return;
        const DnsFacts v4 = co_await ask_(name, RecordType::a), v6 = co_await ask_(name, RecordType::aaaa);
        const auto nothing = [](const DnsFacts& answer) {
            return answer.status == DnsStatus::no_such_name || answer.status == DnsStatus::no_data;
        };
        if (nothing(v4) && nothing(v6)) void_term(text, cleaned(name, 300) + " has no address");
    }

    Task<void> look_for_exchangers(std::string domain, std::string text) {
        if (hosts_.size() >= max_hosts || !hosts_.insert("mx " + domain).second) co_return;
        const DnsFacts answer = co_await ask_(domain, RecordType::mx);
        if (answer.status == DnsStatus::no_such_name || answer.status == DnsStatus::no_data)
            void_term(text, cleaned(domain, 300) + " has no mail exchanger");
        if (answer.mx.size() > max_mx_names)
            add(Weight::discarded, "too-many-exchangers",
                "\"" + text + "\": " + cleaned(domain, 300) + " has more than ten mail exchangers");
    }

    void void_term(const std::string& text, const std::string& why) {
        ++facts_.void_lookups;
        add(Weight::weak, "void-lookup", "\"" + text + "\" finds nothing: " + why);
    }

    Ask ask_;
    SpfFacts& facts_;
    std::vector<std::string> path_;
    std::map<std::string, int> known_;
    std::set<std::string> hosts_;
    std::set<std::string> broken_;

public:
    const std::set<std::string>& broken() const noexcept { return broken_; }

    void begin_at(std::string domain) {
        facts_.asked.push_back(domain);
        path_.push_back(std::move(domain));
    }
};

/// What a term was meant to be where a common slip is known; empty otherwise.
std::string mended(std::string_view term) {
    struct Slip {
        std::string_view wrong, right;
    };
    static constexpr std::array<Slip, 12> slips = {{{"ipv4:", "ip4:"},
                                                    {"ipv4=", "ip4:"},
                                                    {"ip4=", "ip4:"},
                                                    {"ipv6:", "ip6:"},
                                                    {"ipv6=", "ip6:"},
                                                    {"ip6=", "ip6:"},
                                                    {"include=", "include:"},
                                                    {"includes:", "include:"},
                                                    {"exists=", "exists:"},
                                                    {"mx=", "mx:"},
                                                    {"a=", "a:"},
                                                    {"redirect:", "redirect="}}};
    for (const Slip& slip : slips) {
        if (term.size() > slip.wrong.size() && same_word(term.substr(0, slip.wrong.size()), slip.wrong))
            return std::string(slip.right) + std::string(term.substr(slip.wrong.size()));
    }
    std::string_view bare = term.starts_with("ip:") ? term.substr(3) : term;
    if (const auto address = IpAddress::from(bare.substr(0, bare.find('/'))))
        return (address->is_v4() ? "ip4:" : "ip6:") + std::string(bare);
    return {};
}

/// The terms of all records with slips mended, each once; "ptr", broken terms and what nobody understands
/// left out, one "all" at the end.
std::string rewritten(const std::vector<std::string>& records, const std::set<std::string>& broken) {
    std::vector<std::string> terms;
    std::string all, redirect, exp;
    for (const std::string& record : records) {
        for (const std::string_view piece :
             split(std::string_view(record).substr(std::min<std::size_t>(record.size(), 6)), ' ')) {
            const std::string repaired = mended(piece);
            const std::string term = repaired.empty() ? std::string(piece) : repaired;
            const SpfReading reading = read_spf("v=spf1 " + term);
            if (term.empty() || !reading.valid() || broken.contains(term)) continue;
            if (reading.record.redirect) {
                redirect = term;
            } else if (reading.record.exp) {
                exp = term;
            } else if (!reading.record.mechanisms.empty()) {
                const SpfTerm& read = reading.record.mechanisms.front();
                if (read.kind == SpfKind::all) {
                    if (all.empty()) all = read.qualifier == '+' || read.qualifier == '?' ? "~all" : term;
                } else if (read.kind != SpfKind::ptr && std::ranges::find(terms, term) == terms.end()) {
                    terms.push_back(term);
                }
            }
        }
    }
    std::string text = "v=spf1";
    for (const std::string& term : terms)
        text += " " + term;
    if (!all.empty() || redirect.empty()) {
        text += " " + (all.empty() ? std::string("~all") : all);
    } else {
        text += " " + redirect;
    }
    return exp.empty() ? text : text + " " + exp;
}

void judge_terms(const SpfRecord& record, Walk& walk) {
    const SpfTerm* all = all_of(record);
    if (all == nullptr && !record.redirect)
        walk.add(Weight::weak, "no-all",
                 "neither \"-all\" or \"~all\" nor redirect= is at the end, so servers that are not named "
                 "are not refused");
    if (all != nullptr && all->qualifier == '+')
        walk.add(Weight::weak, "plus-all",
                 "\"" + all->text + "\" allows every server in the world to send for the domain");
    if (all != nullptr && all->qualifier == '?')
        walk.add(Weight::weak, "neutral-all", "\"?all\" says nothing about servers that are not named");
    if (all != nullptr && (record.redirect || all != &record.mechanisms.back()))
        walk.add(Weight::note, "after-all", "what stands behind \"" + all->text + "\" is never looked at");
    std::set<std::string> seen;
    for (const SpfTerm& term : record.mechanisms) {
        if (term.kind == SpfKind::ptr)
            walk.add(
                Weight::weak, "ptr",
                "\"" + term.text + "\": this mechanism is slow and not to be used (RFC 7208 section 5.5)");
        if (!seen.insert(upper_case(term.text)).second)
            walk.add(Weight::note, "repeated-term", "\"" + term.text + "\" stands there more than once");
        const bool wide = (term.kind == SpfKind::ip4 && term.prefix4 < wide_prefix4) ||
                          (term.kind == SpfKind::ip6 && term.prefix6 < wide_prefix6);
        if (wide && term.qualifier == '+')
            walk.add(Weight::weak, "wide-network",
                     "\"" + term.text + "\" allows a large part of the Internet");
        if (term.network && term.network->is_private())
            walk.add(Weight::note, "private-network",
                     "\"" + term.text + "\" is an address of a private network, which receivers never see");
    }
    for (const std::string& term : record.ignored) {
        if (!mended(term).empty())
            walk.add(Weight::weak, "mechanism-with-equals",
                     "\"" + term + "\" is ignored: \"" + mended(term) + "\" is meant");
    }
}

/// Records that mean to be SPF, those with a slip in the version as well.
std::vector<std::string> meant_records(const DnsFacts& answer) {
    std::vector<std::string> meant;
    for (const std::string& text : answer.texts) {
        const std::string_view begin = trimmed(text);
        const bool close =
            begin.size() >= 4 && (same_word(begin.substr(0, 4), "spf1") ||
                                  (begin.size() >= 6 && same_word(begin.substr(0, 6), "v=spf1")) ||
                                  (begin.size() >= 6 && same_word(begin.substr(0, 6), "v spf1")));
        if (is_spf_record(text) || close) meant.push_back(text);
    }
    return meant;
}

Task<SpfFacts> examine(Ask ask, HostName domain, DnsFacts answer) {
    std::vector<std::string> records;
    std::ranges::copy_if(answer.texts, std::back_inserter(records), is_spf_record);
    const std::vector<std::string> meant = meant_records(answer);
    SpfFacts facts{.record = select_records(answer, records.empty() ? meant : records)};
    facts.record.place = domain.text() + " TXT";
    if (meant.empty()) co_return facts;
    Walk walk(ask, facts);
    walk.begin_at(domain.text());
    if (records.empty())
        walk.add(Weight::discarded, "bad-version",
                 "the record has to begin with \"v=spf1\" and a blank, so receivers see none");
    if (records.size() > 1)
        walk.add(Weight::discarded, "multiple",
                 "there is more than one SPF record, which makes all of them invalid");
    if (!records.empty()) {
        SpfReading reading = read_spf(records.front());
        for (const PolicyFault& found : reading.faults)
            walk.add(found.weight, found.kind, found.text);
        judge_terms(reading.record, walk);
        if (records.front().size() > comfortable)
            walk.add(Weight::note, "long",
                     "the record has " + std::to_string(records.front().size()) +
                         " octets; up to 450 fit every DNS answer");
        if (const SpfTerm* all = all_of(reading.record)) facts.all = word_of_all(*all);
        facts.sends_nothing = reading.valid() && facts.all == "-all" && reading.record.mechanisms.size() == 1;
        facts.lookups = co_await walk.cost_of(std::move(reading.record), domain.text(), true);
    }
    if (facts.lookups > max_spf_lookups)
        walk.add(Weight::discarded, "too-many-lookups",
                 "the record needs " + std::to_string(facts.lookups) + " look-ups; receivers stop after ten");
    if (facts.void_lookups > max_spf_void_lookups)
        walk.add(Weight::strict, "too-many-void-lookups",
                 "more than two look-ups find nothing, and receivers stop there");
    const bool worth = std::ranges::any_of(facts.record.faults, [](const PolicyFault& found) {
        return found.weight != Weight::note && found.kind != "include-unreachable";
    });
    if (worth) facts.record.better = shown(rewritten(records.empty() ? meant : records, walk.broken()));
    if (!facts.record.found.empty() && facts.record.better == facts.record.found.front())
        facts.record.better.clear();
    co_return facts;
}

}  // namespace

Task<SpfFacts> look_up_spf(Ask ask, HostName domain) {
    DnsFacts answer = co_await ask(domain.text(), RecordType::txt);
    co_return co_await examine(std::move(ask), std::move(domain), std::move(answer));
}

Task<SpfFacts> examine_spf(Ask ask, HostName domain, std::string text) {
    DnsFacts answer{.name = domain.text(),
                    .type = RecordType::txt,
                    .status = DnsStatus::found,
                    .texts = {std::move(text)}};
    co_return co_await examine(std::move(ask), std::move(domain), std::move(answer));
}

}  // namespace maildoctor::policy
