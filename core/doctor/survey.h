// One domain from its name to the judged validation, on one event loop. For validation.cpp and bulk runs.
#pragma once

#include <memory>

#include "core/async/task.h"
#include "core/doctor/doctor.h"
#include "core/doctor/server_book.h"
#include "core/http/fetch.h"
#include "core/knowledge/pack.h"
#include "core/model/isp_policy.h"
#include "core/model/validation.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

struct SurveyInput {
    EmailAddress email;  ///< stands for the domain's accounts in what is asked
    probe::ContextPtr context{};
    std::shared_ptr<const http::Transport> web{};
    std::shared_ptr<ServerBook> book{};
    std::vector<ServerSetting> provider_servers{};
    knowledge::Pack pack;
    std::string language{"en"};
    std::vector<IpAddress> resolver_addresses{};
    Sink sink{};
    bool third_parties{true};
    bool thorough{true};  ///< tries the usual names also where they only matter to programs that read no SRV
    int connections{1};
    std::shared_ptr<const IspPolicy> policy{};
    std::vector<std::string> selectors{};  ///< of DKIM keys, beside the usual ones
};

/// The versions of TLS that a policy forbids, for VisitOptions::versions.
std::vector<TlsVersion> versions_to_ask(const std::shared_ptr<const IspPolicy>& policy);

/// Asks all sources, visits every server that they name, and judges. Ends by the context's deadline;
/// cancelled, it ends at once with what is known. Never logs in.
Task<Validation> survey(SurveyInput input);

}  // namespace maildoctor::doctor
