#include <memory>
#include <utility>

#include "core/async/when_all.h"
#include "core/names/names.h"
#include "core/policy/bimi.h"
#include "core/policy/bimi_files.h"
#include "core/policy/look_up.h"
#include "core/policy/web_file.h"

namespace maildoctor::policy {
namespace {

/// The domain whose certificate is good for its subdomains, too.
HostName registered(const HostName& domain) {
    return names::registered_domain(domain).value_or(domain);
}

Task<http::Answer> fetch(Web web, std::string url, Deadline deadline) {
    http::Query query{.url = std::move(url)};
    co_return co_await http::fetch(std::move(web), std::move(query), deadline);
}

/// Whether the file may be asked for; else says why not.
bool may_ask(const Web& web, const HostName& domain, bool third_parties, PolicyRecord& file) {
    file.state = PolicyRecord::State::unknown;
    if (!web) {
        file.because = "web servers are not asked in this run";
        return false;
    }
    const auto url = http::parse_url(file.place);
    if (!third_parties && url && !url->host.is_within(registered(domain))) {
        file.because = "its web server belongs to somebody else, and third parties are not asked";
        return false;
    }
    return true;
}

}  // namespace

Task<BimiFacts> look_up_bimi(Ask ask, Web web, HostName domain, LookUpOptions options, Deadline deadline) {
    const std::string name = options.bimi_selector + "._bimi." + domain.text();
    BimiFacts facts = read_bimi(co_await ask(name, RecordType::txt), options.bimi_selector);
    facts.record.place = name + " TXT";
    facts.picture.place = facts.location;
    facts.certificate.place = facts.authority;
    const bool picture =
        !facts.location.empty() && may_ask(web, domain, options.third_parties, facts.picture);
    const bool certificate =
        !facts.authority.empty() && may_ask(web, domain, options.third_parties, facts.certificate);
    std::vector<Task<http::Answer>> questions;
    if (picture) questions.push_back(fetch(web, facts.location, deadline));
    if (certificate) questions.push_back(fetch(web, facts.authority, deadline));
    std::vector<http::Answer> answers = co_await async::when_all(std::move(questions));
    if (picture && file_came(answers.front(), facts.picture))
        read_bimi_picture(answers.front().response->body, answers.front().response->content_type,
                          facts.picture);
    if (certificate && file_came(answers.back(), facts.certificate))
        read_bimi_certificate(answers.back().response->body, {domain.text(), registered(domain).text(), name},
                              options.now, facts);
    co_return facts;
}

}  // namespace maildoctor::policy
