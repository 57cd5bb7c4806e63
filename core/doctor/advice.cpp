#include "core/doctor/advice.h"

#include <algorithm>
#include <utility>

#include "core/discover/publish.h"

namespace maildoctor::doctor {
namespace {

/// The first server of each protocol and mode; none without encryption.
std::vector<ServerSetting> best_of(const std::vector<ServerSetting>& works) {
    std::vector<ServerSetting> best;
    for (const ServerSetting& server : works) {
        const bool known = std::ranges::any_of(best, [&](const ServerSetting& other) {
            return other.protocol == server.protocol && other.security == server.security;
        });
        if (!known && server.security != Security::none) best.push_back(server);
    }
    return best;
}

}  // namespace

void add_publication(const HostName& domain, Report& report) {
    const bool advised = std::ranges::any_of(report.findings, [](const Finding& finding) {
        return finding.cause == Cause::settings_not_published && finding.severity == Severity::info;
    });
    if (!advised) return;
    auto parts = discover::make_publication({.domain = domain,
                                             .servers = {.incoming = best_of(report.settings.incoming),
                                                         .outgoing = best_of(report.settings.outgoing)}});
    if (parts) report.publication = std::move(*parts);
}

}  // namespace maildoctor::doctor
