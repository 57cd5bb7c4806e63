// Asking all places where an account's settings may be published.
#pragma once

#include <functional>
#include <memory>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/resolver.h"
#include "core/http/fetch.h"
#include "core/model/discovery.h"

namespace maildoctor::discover {

struct SearchOptions {
    std::size_t srv_targets{4};  ///< servers that are taken of each SRV service, the preferred ones
    bool third_parties{true};    ///< may the central database and the MX host's domain be told the domain?
    bool follow_any_redirect{false};  ///< also a redirect over plain HTTP to a foreign domain, which is then
                                      ///< told the account: for accounts that are nobody's
    std::function<void(const SourceAnswer&)> on_answer{};  ///< called as answers come, on the loop's thread
};

/// Asks side by side: SRV records (RFC 6186, RFC 8314), autoconfig at the domain's own addresses over HTTPS,
/// and over HTTP without the e-mail address, Autodiscover at the domain's own addresses and where its SRV
/// record, its JSON form or a redirect over plain HTTP leads, and PACC with its digest in DNS. Third parties
/// (the central database, autoconfig of the MX host's domain) are told the domain only, and only when the own
/// places publish nothing. Sends no credential; a 401 is an answer.
Task<Discovery> search(std::shared_ptr<dns::Resolver> resolver,
                       std::shared_ptr<const http::Transport> transport, EmailAddress email,
                       SearchOptions options, Deadline deadline);

/// The question of Autodiscover in plain old XML ([MS-OXDSCLI] section 2.2.3).
std::string autodiscover_question(const EmailAddress& email);

}  // namespace maildoctor::discover
