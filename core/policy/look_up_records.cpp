// The look-ups that need more than one question: DMARC's walk, DKIM's selectors, MTA-STS with its file.
#include <algorithm>
#include <utility>

#include "core/async/when_all.h"
#include "core/model/text.h"
#include "core/names/names.h"
#include "core/policy/dkim.h"
#include "core/policy/dmarc.h"
#include "core/policy/fields.h"
#include "core/policy/look_up.h"
#include "core/policy/mta_sts.h"
#include "core/policy/web_file.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr std::size_t max_walk_labels = 7;  // after the domain itself (DMARCbis section 4.10)

std::size_t label_count(const HostName& name) {
    return static_cast<std::size_t>(std::ranges::count(name.text(), '.')) + 1;
}

/// The domain itself and those above it up to the registered one; long names skip to seven labels.
std::vector<HostName> walk_of(const HostName& domain) {
    std::vector<HostName> walk{domain};
    const auto registered = names::registered_domain(domain);
    if (!registered) return walk;
    HostName at = domain;
    while (at != *registered) {
        auto parent = at.parent();
        if (!parent) break;
        at = std::move(*parent);
        if (label_count(at) <= max_walk_labels) walk.push_back(at);
    }
    return walk;
}

Task<DmarcFacts> dmarc_at(Ask ask, HostName domain) {
    const std::string name = "_dmarc." + domain.text();
    DmarcFacts facts = read_dmarc(co_await ask(name, RecordType::txt));
    facts.record.place = name + " TXT";
    co_return facts;
}

/// Which domain of the walk is the organisational one (DMARCbis section 4.10.2). Where the walk ends at the
/// registered domain and finds no record, it is that one.
std::size_t organisational_of(const std::vector<DmarcFacts>& found) {
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].record.is_read()) continue;
        if (found[i].psd == "n") return i;
        if (found[i].psd == "y" && i > 0) return i - 1;
    }
    for (std::size_t i = found.size(); i-- > 0;) {
        if (found[i].record.is_read()) return i;
    }
    return found.size() - 1;
}

Task<DmarcFacts::Consent> consent_of(Ask ask, HostName owner, HostName destination) {
    DmarcFacts::Consent consent{.destination = destination.text(),
                                .name = owner.text() + "._report._dmarc." + destination.text()};
    const DnsFacts answer = co_await ask(consent.name, RecordType::txt);
    if (answer.status == DnsStatus::found) {
        consent.given = !claiming(answer, "v=DMARC1", true).empty();
    } else if (answer.status == DnsStatus::no_data || answer.status == DnsStatus::no_such_name) {
        consent.given = false;
    }
    co_return consent;
}

Task<DnsFacts> key_at(Ask ask, HostName domain, std::string selector) {
    co_return co_await ask(selector + "._domainkey." + domain.text(), RecordType::txt);
}

bool is_selector(std::string_view selector) {
    return !selector.empty() && HostName::from(selector).has_value();
}

void judge_file(const http::Answer& got, MtaStsFacts& facts) {
    facts.tls = got.tls;
    if (got.response) {
        facts.status = got.response->status;
        facts.content_type = shown(got.response->content_type);
    }
    if (!file_came(got, facts.file)) return;
    const http::Response& response = *got.response;
    read_mta_sts_file(response.body, facts);
    const std::string type =
        upper_case(without_wsp(response.content_type.substr(0, response.content_type.find(';'))));
    if (type != "TEXT/PLAIN")
        facts.file.faults.push_back(
            fault(Weight::weak, "content-type",
                  "the file comes as \"" + response.content_type +
                      "\"; it should come as text/plain, or careful senders refuse it"));
}

}  // namespace

Task<DmarcFacts> look_up_dmarc(Ask ask, HostName domain) {
    const std::vector<HostName> walk = walk_of(domain);
    std::vector<Task<DmarcFacts>> questions;
    for (const HostName& name : walk)
        questions.push_back(dmarc_at(ask, name));
    std::vector<DmarcFacts> found = co_await async::when_all(std::move(questions));
    const std::size_t organisational = organisational_of(found);
    // The own record counts, else the organisational domain's. A faulty or unknown own record is what there
    // is to tell about.
    std::size_t chosen = 0;
    if (!found[0].record.is_read() && found[organisational].record.is_read()) chosen = organisational;
    if (found[0].record.state == PolicyRecord::State::absent && !found[chosen].record.is_read()) {
        for (std::size_t i = 0; i <= organisational; ++i) {
            if (found[i].record.state != PolicyRecord::State::absent) chosen = i;
        }
    }
    DmarcFacts facts = std::move(found[chosen]);
    if (chosen != 0 && found[0].record.state == PolicyRecord::State::found) {
        facts.record.faults.insert(facts.record.faults.begin(), found[0].record.faults.begin(),
                                   found[0].record.faults.end());
        facts.record.found.insert(facts.record.found.begin(), found[0].record.found.begin(),
                                  found[0].record.found.end());
        facts.record.place = found[0].record.place;
        facts.record.better = found[0].record.better;
    }
    facts.organisational = walk[organisational].text();
    if (facts.record.state == PolicyRecord::State::found) facts.domain = walk[chosen].text();
    facts.policy = effective_policy(facts, chosen == 0);
    constexpr std::size_t max_consents = 10;
    std::vector<Task<DmarcFacts::Consent>> consents;
    for (const HostName& destination : foreign_destinations(facts, walk[organisational])) {
        if (consents.size() < max_consents) consents.push_back(consent_of(ask, walk[chosen], destination));
    }
    facts.consents = co_await async::when_all(std::move(consents));
    co_return facts;
}

Task<std::vector<DkimFacts>> look_up_dkim(Ask ask, HostName domain, std::vector<std::string> given) {
    constexpr std::size_t max_given = 50;
    std::vector<std::string> selectors{"maildoctor-no-such-selector"};
    for (std::string& selector : given) {
        if (is_selector(selector) && selectors.size() <= max_given) selectors.push_back(std::move(selector));
    }
    const std::size_t named = selectors.size();
    for (const std::string_view selector : usual_selectors) {
        if (std::ranges::find(selectors, selector) == selectors.end()) selectors.emplace_back(selector);
    }
    std::vector<Task<DnsFacts>> questions;
    for (const std::string& selector : selectors)
        questions.push_back(key_at(ask, domain, selector));
    const std::vector<DnsFacts> answers = co_await async::when_all(std::move(questions));
    std::vector<DkimFacts> keys;
    for (std::size_t i = 1; i < selectors.size(); ++i) {
        const bool is_given = i < named;
        const bool from_wildcard = !answers[i].texts.empty() && answers[i].texts == answers[0].texts;
        DkimFacts key = read_dkim(answers[i], selectors[i], is_given);
        key.record.place = selectors[i] + "._domainkey." + domain.text() + " TXT";
        if (is_given || (key.record.state == PolicyRecord::State::found && !from_wildcard))
            keys.push_back(std::move(key));
    }
    co_return keys;
}

Task<MtaStsFacts> look_up_mta_sts(Ask ask, Web web, HostName domain, bool search_file, Deadline deadline) {
    const std::string name = "_mta-sts." + domain.text();
    MtaStsFacts facts = read_mta_sts(co_await ask(name, RecordType::txt));
    facts.record.place = name + " TXT";
    facts.file.place = "https://mta-sts." + domain.text() + "/.well-known/mta-sts.txt";
    facts.file.state = PolicyRecord::State::absent;
    const bool published = facts.record.state == PolicyRecord::State::found;
    if (!published && !search_file) co_return facts;
    facts.file.state = PolicyRecord::State::unknown;
    if (!web) {
        facts.file.because = "web servers are not asked in this run";
        co_return facts;
    }
    http::Query query{.url = facts.file.place, .follow_redirects = false};
    judge_file(co_await http::fetch(std::move(web), std::move(query), deadline), facts);
    if (published) co_return facts;
    // Without a record only a real policy is worth a word: the name may lead to any web site.
    if (facts.file.is_read()) {
        facts.record.faults.push_back(
            fault(Weight::discarded, "no-record",
                  "the policy file is there, but without this record nobody asks for it"));
        facts.record.better = "v=STSv1; id=1;";
    } else {
        facts.file = {.place = facts.file.place, .state = PolicyRecord::State::absent};
    }
    co_return facts;
}

}  // namespace maildoctor::policy
