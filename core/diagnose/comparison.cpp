#include "core/diagnose/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

using Outcome = SourceAnswer::Outcome;

constexpr std::array protocols = {Protocol::imap, Protocol::pop3, Protocol::smtp};
constexpr std::size_t many_targets = 20;  // of one SRV service; programs look at the first few
constexpr std::size_t max_shown = 200;    // octets of a name from a record

const std::vector<ServerSetting>& side_of(const SourceAnswer& source, Protocol protocol) {
    return protocol == Protocol::smtp ? source.document.settings.outgoing : source.document.settings.incoming;
}

std::vector<ServerSetting> servers_of(const SourceAnswer& source, Protocol protocol) {
    std::vector<ServerSetting> out;
    if (source.outcome != Outcome::settings) return out;
    std::ranges::copy_if(side_of(source, protocol), std::back_inserter(out),
                         [&](const ServerSetting& s) { return s.protocol == protocol; });
    return out;
}

template <class Key>
auto keys_of(const std::vector<ServerSetting>& servers, Key key) {
    std::set<decltype(key(servers.front()))> keys;
    for (const ServerSetting& server : servers)
        keys.insert(key(server));
    return keys;
}

template <class Set>
bool meet(const Set& a, const Set& b) {
    return std::ranges::any_of(a, [&](const auto& item) { return b.contains(item); });
}

std::string says(const SourceAnswer& source, const std::vector<ServerSetting>& servers) {
    std::string line = source.place + ": ";
    for (std::size_t i = 0; i < servers.size() && i < 4; ++i) {
        const ServerSetting& s = servers[i];
        line += fmt::format("{}{} {} port {} ({})", i == 0 ? "" : ", ", word(s.protocol), s.host.text(),
                            s.port.number(), word(s.security));
        if (s.username_form) line += " as " + *s.username_form;
    }
    return line;
}

Draft disagreement(Protocol protocol, std::string detail, Severity severity, std::vector<std::string> lines) {
    Draft draft{.cause = Cause::settings_contradictory,
                .severity = severity,
                .detail = std::move(detail),
                .rule = "sources-disagree"};
    draft.subject.protocol = protocol;
    draft.subject.role = role_of(protocol);
    for (std::string& line : lines)
        draft.evidence.push_back({.kind = "document", .text = std::move(line)});
    return draft;
}

/// What two sources that both name servers for the protocol differ in; nothing when they agree.
std::optional<Draft> difference(Protocol protocol, const SourceAnswer& a, const SourceAnswer& b) {
    const auto left = servers_of(a, protocol), right = servers_of(b, protocol);
    if (left.empty() || right.empty()) return std::nullopt;
    const auto host = [](const ServerSetting& s) { return s.host; };
    const auto door = [](const ServerSetting& s) { return std::tuple(s.host, s.port); };
    const auto whole = [](const ServerSetting& s) { return std::tuple(s.host, s.port, s.security); };
    const auto make = [&](const char* detail, Severity severity) {
        return disagreement(protocol, detail, severity, {says(a, left), says(b, right)});
    };
    if (!meet(keys_of(left, host), keys_of(right, host))) return make("servers", Severity::warning);
    if (meet(keys_of(left, whole), keys_of(right, whole))) return std::nullopt;
    if (meet(keys_of(left, door), keys_of(right, door))) return make("modes", Severity::warning);
    return make("ports", Severity::info);
}

/// Forms of the user name that two sources give for one and the same server.
std::optional<Draft> other_user_name(Protocol protocol, const SourceAnswer& a, const SourceAnswer& b) {
    for (const ServerSetting& left : servers_of(a, protocol)) {
        for (const ServerSetting& right : servers_of(b, protocol)) {
            if (left.host != right.host || !left.username || !right.username) continue;
            // A document may be made for one account: the form counts, not the name.
            const auto whole_address = [](const std::string& name) {
                return name.find('@') != std::string::npos;
            };
            if (whole_address(*left.username) == whole_address(*right.username)) continue;
            return disagreement(protocol, "user-name", Severity::warning,
                                {says(a, {left}), says(b, {right})});
        }
    }
    return std::nullopt;
}

/// One source says that the service is not offered, another names a server for it.
std::optional<Draft> offered_after_all(Protocol protocol, const SourceAnswer& a, const SourceAnswer& b) {
    if (!says_not_offered(a, protocol)) return std::nullopt;
    const auto servers = servers_of(b, protocol);
    if (servers.empty()) return std::nullopt;
    return disagreement(
        protocol, "not-offered", Severity::warning,
        {fmt::format("{}: {} is not offered (target \".\")", a.place, word(protocol)), says(b, servers)});
}

/// The service's protocol, from the name "_imaps._tcp.example.org".
std::optional<Protocol> protocol_of(std::string_view name) {
    if (name.starts_with("_imap")) return Protocol::imap;
    if (name.starts_with("_pop3")) return Protocol::pop3;
    if (name.starts_with("_submission")) return Protocol::smtp;
    return std::nullopt;
}

class SrvJudge {
public:
    explicit SrvJudge(const SourceAnswer& source) : source_(source) {}

    std::vector<Draft> judge() {
        for (const DnsFacts& facts : source_.records)
            if (!facts.srv.empty()) judge_service(facts);
        return std::move(drafts_);
    }

private:
    void add(const DnsFacts& facts, std::string detail, Severity severity, std::string words) {
        Draft draft{.cause = Cause::settings_malformed,
                    .severity = severity,
                    .detail = std::move(detail),
                    .evidence = {{.kind = "dns", .text = facts.name + " SRV: " + std::move(words)}},
                    .rule = "srv-records"};
        draft.subject = {.host = facts.name, .protocol = protocol_of(facts.name), .source = source_.source};
        drafts_.push_back(std::move(draft));
    }

    static std::string shown(const SrvRecord& record) {
        return fmt::format("{} {} {} {}", record.priority, record.weight, record.port,
                           record.target.empty() ? "." : cleaned(record.target, max_shown));
    }

    void judge_service(const DnsFacts& facts) {
        const auto unavailable =
            std::ranges::count_if(facts.srv, [](const SrvRecord& r) { return r.target.empty(); });
        if (unavailable > 0 && facts.srv.size() > 1)
            add(facts, "not-offered-among-others", Severity::error,
                "target \".\" says that the service is not offered, and must stand alone (RFC 2782)");
        if (facts.srv.size() > many_targets)
            add(facts, "too-many", Severity::warning,
                fmt::format("{} records; programs look at the first few", facts.srv.size()));
        for (const SrvRecord& record : facts.srv) {
            if (record.target.empty()) continue;
            const auto host = HostName::from(record.target);
            if (!host || host->is_literal()) {
                add(facts, "no-host-name", Severity::error, shown(record) + ": the target is no host name");
                return;
            }
            if (record.port == 0) {
                add(facts, "port-zero", Severity::error, shown(record) + ": there is no port 0");
                return;
            }
        }
        judge_weights(facts);
    }

    /// Among equals the weight is a share: one of 0 beside others is hardly ever chosen (RFC 2782).
    void judge_weights(const DnsFacts& facts) {
        for (const SrvRecord& record : facts.srv) {
            const bool heavier_equal = std::ranges::any_of(facts.srv, [&](const SrvRecord& other) {
                return other.priority == record.priority && other.weight > 0 && record.weight == 0;
            });
            if (!heavier_equal) continue;
            add(facts, "weight-zero", Severity::info,
                shown(record) +
                    ": weight 0 beside heavier ones of the same priority is hardly ever chosen; a spare "
                    "server has a higher priority number");
            return;
        }
    }

    const SourceAnswer& source_;
    std::vector<Draft> drafts_{};
};

}  // namespace

bool says_not_offered(const SourceAnswer& source, Protocol protocol) {
    bool said = false;
    for (const DnsFacts& facts : source.records) {
        if (protocol_of(facts.name) != protocol || facts.srv.empty()) continue;
        if (facts.srv.size() > 1 || !facts.srv.front().target.empty())
            return false;  // another mode is offered
        said = true;
    }
    return said;
}

std::vector<PublishedServer> published_servers(const std::vector<SourceAnswer>& sources) {
    std::vector<PublishedServer> servers;
    for (const SourceAnswer& source : sources) {
        if (source.outcome != Outcome::settings) continue;
        for (const auto* side : {&source.document.settings.incoming, &source.document.settings.outgoing}) {
            for (const ServerSetting& setting : *side) {
                const auto known = std::ranges::find_if(servers, [&](const PublishedServer& s) {
                    return std::tie(s.setting.protocol, s.setting.host, s.setting.port, s.setting.security) ==
                           std::tie(setting.protocol, setting.host, setting.port, setting.security);
                });
                if (known == servers.end()) {
                    servers.push_back({.setting = setting, .sources = {source.source}});
                } else {
                    if (std::ranges::find(known->sources, source.source) == known->sources.end())
                        known->sources.push_back(source.source);
                    if (known->setting.auth.empty()) known->setting.auth = setting.auth;
                    if (!known->setting.username_form) {
                        known->setting.username = setting.username;
                        known->setting.username_form = setting.username_form;
                    }
                }
            }
        }
    }
    return servers;
}

std::vector<Draft> judge_agreement(const std::vector<SourceAnswer>& sources) {
    std::vector<Draft> drafts;
    for (const Protocol protocol : protocols) {
        std::set<std::string> said;  // one pair shows each kind of difference
        const auto keep = [&](std::optional<Draft> draft) {
            if (draft && said.insert(draft->detail).second) drafts.push_back(std::move(*draft));
        };
        for (std::size_t i = 0; i < sources.size(); ++i) {
            for (std::size_t k = i + 1; k < sources.size(); ++k) {
                keep(difference(protocol, sources[i], sources[k]));
                keep(other_user_name(protocol, sources[i], sources[k]));
                keep(offered_after_all(protocol, sources[i], sources[k]));
                keep(offered_after_all(protocol, sources[k], sources[i]));
            }
        }
    }
    return drafts;
}

std::vector<Draft> judge_srv(const std::vector<SourceAnswer>& sources) {
    std::vector<Draft> drafts;
    for (const SourceAnswer& source : sources) {
        if (source.source != "srv") continue;
        for (Draft& draft : SrvJudge(source).judge())
            drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace maildoctor::diagnose
