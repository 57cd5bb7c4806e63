#include "core/diagnose/candidates.h"

#include <algorithm>
#include <array>

#include "core/model/dialog.h"

namespace maildoctor::diagnose {

int source_rank(const std::string& source) {
    static constexpr std::array<std::string_view, 15> order = {
        "typed",    "error-text", "srv",           "autoconfig",      "autodiscover",      "pacc",
        "provider", "ispdb",      "mx-autoconfig", "autoconfig-http", "autodiscover-http", "other-name",
        "guess",    "typo",       "mx-host"};
    const auto found = std::ranges::find(order, source);
    return static_cast<int>(found - order.begin());
}

bool is_published(const std::string& source) {
    static constexpr std::array<std::string_view, 9> published = {
        "srv",   "provider",      "autoconfig",      "autodiscover",     "pacc",
        "ispdb", "mx-autoconfig", "autoconfig-http", "autodiscover-http"};
    return std::ranges::find(published, source) != published.end();
}

std::vector<ServerSetting> candidates(const Picture& picture, Role role) {
    std::vector<ServerSetting> settings;
    for (const Observation& seen : picture.all()) {
        if (!is_dialog(seen) || seen.subject.role != role || seen.source == address_source) continue;
        const auto host = HostName::from(*seen.subject.host);
        if (!host) continue;
        Security security = *seen.subject.security;
        if (security != Security::tls) security = Security::starttls;
        settings.push_back({.protocol = *seen.subject.protocol,
                            .host = *host,
                            .port = *seen.subject.port,
                            .security = security,
                            .auth = seen.mail ? seen.mail->auth_mechanisms : std::vector<std::string>{},
                            .source = seen.source});
    }
    return settings;
}

std::vector<ServerSetting> published_without_dialog(const std::vector<SourceAnswer>& sources, Role role,
                                                    const std::vector<ServerSetting>& met) {
    std::vector<ServerSetting> lost;
    for (const SourceAnswer& source : sources) {
        if (source.outcome != SourceAnswer::Outcome::settings) continue;
        const Settings& settings = source.document.settings;
        for (const ServerSetting& setting : role == Role::incoming ? settings.incoming : settings.outgoing) {
            const bool known = std::ranges::any_of(
                met, [&](const ServerSetting& other) { return other.host == setting.host; });
            if (!known) lost.push_back(setting);
        }
    }
    return lost;
}

Preference preference(const ServerSetting& s) {
    const bool plain_25 = s.port.number() == 25 || s.port.number() == 26 || s.port.number() == 2525;
    return Preference(is_published(s.source) ? 0 : 1, s.security == Security::none ? 1 : 0,
                      s.protocol == Protocol::pop3 ? 1 : 0, plain_25 ? 1 : 0,
                      s.security == Security::tls ? 0 : 1, source_rank(s.source), s.port.number(),
                      s.host.text());
}

}  // namespace maildoctor::diagnose
