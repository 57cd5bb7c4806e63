#include "core/diagnose/publishing.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/model/server_url.h"

namespace maildoctor::diagnose {
namespace {

using Outcome = SourceAnswer::Outcome;

Draft draft_of(Cause cause, const SourceAnswer& answer, std::string text) {
    Draft draft{.cause = cause, .severity = Severity::warning, .rule = "published-settings"};
    if (!answer.host.empty()) draft.subject.host = answer.host;
    draft.subject.source = answer.source;
    draft.evidence.push_back({.kind = "document", .text = answer.place + ": " + std::move(text)});
    return draft;
}

Cause cause_of(ChainFault fault) {
    switch (fault) {
        case ChainFault::expired:
            return Cause::tls_certificate_expired;
        case ChainFault::not_yet_valid:
            return Cause::tls_certificate_not_yet_valid;
        case ChainFault::self_signed:
            return Cause::tls_self_signed;
        case ChainFault::incomplete_chain:
            return Cause::tls_incomplete_chain;
        case ChainFault::name_mismatch:
            return Cause::tls_name_mismatch;
        default:
            return Cause::tls_untrusted_issuer;
    }
}

/// The document is there, but nobody can use it.
Draft faulty(const SourceAnswer& answer) {
    if (answer.leaves_https) return draft_of(Cause::settings_insecure_source, answer, answer.detail);
    if (!answer.tls || answer.tls->verified || answer.tls->faults.empty())
        return draft_of(Cause::settings_malformed, answer, answer.detail);
    Draft draft = draft_of(cause_of(answer.tls->faults.front()), answer, answer.detail);
    std::string names;
    if (!answer.tls->chain.empty()) {
        for (const std::string& name : answer.tls->chain.front().dns_names)
            names += (names.empty() ? "" : ", ") + name;
    }
    if (!names.empty())
        draft.evidence.push_back({.kind = "certificate", .text = "the certificate is for: " + names});
    draft.values["names"] = names;
    draft.subject.port = Port::from(443);
    return draft;
}

bool same_host_somewhere(const std::vector<ServerSetting>& a, const std::vector<ServerSetting>& b,
                         Protocol protocol) {
    return std::ranges::any_of(a, [&](const ServerSetting& left) {
        return left.protocol == protocol && std::ranges::any_of(b, [&](const ServerSetting& right) {
                   return right.protocol == protocol && right.host == left.host;
               });
    });
}

const ServerSetting* first_of(const std::vector<ServerSetting>& servers, Protocol protocol) {
    const auto found = std::ranges::find(servers, protocol, &ServerSetting::protocol);
    return found == servers.end() ? nullptr : &*found;
}

/// Two sources that both name servers for a protocol, and none in common.
std::optional<Draft> contradiction(const SourceAnswer& a, const SourceAnswer& b) {
    for (const Protocol protocol : {Protocol::imap, Protocol::pop3, Protocol::smtp}) {
        const bool outgoing = protocol == Protocol::smtp;
        const auto& left = outgoing ? a.document.settings.outgoing : a.document.settings.incoming;
        const auto& right = outgoing ? b.document.settings.outgoing : b.document.settings.incoming;
        const ServerSetting *one = first_of(left, protocol), *other = first_of(right, protocol);
        if (one == nullptr || other == nullptr || same_host_somewhere(left, right, protocol)) continue;
        const auto line = [](const SourceAnswer& answer, const ServerSetting& server) {
            return Evidence{.kind = "document",
                            .text = answer.place + ": " + std::string(word(server.protocol)) + " " +
                                    server.host.text() + " port " + std::to_string(server.port.number())};
        };
        Draft draft{.cause = Cause::settings_contradictory,
                    .severity = Severity::warning,
                    .confidence = Confidence::likely,
                    .evidence = {line(a, *one), line(b, *other)},
                    .rule = "published-settings"};
        draft.subject.protocol = protocol;
        return draft;
    }
    return std::nullopt;
}

/// Whether plain HTTP gave the settings, or the address where they are.
bool over_http(const SourceAnswer& answer) {
    return answer.source.ends_with("-http");
}

bool is_own(const SourceAnswer& answer) {
    return !answer.third_party && answer.outcome == Outcome::settings;
}

}  // namespace

std::vector<Draft> judge_sources(const std::vector<SourceAnswer>& sources) {
    std::vector<Draft> drafts;
    const bool securely = std::ranges::any_of(sources, [](const SourceAnswer& answer) {
        return answer.outcome == Outcome::settings && !over_http(answer);
    });
    bool insecure_said = false;
    for (const SourceAnswer& answer : sources) {
        if (answer.third_party) continue;
        if (answer.outcome == Outcome::faulty) drafts.push_back(faulty(answer));
        if (answer.outcome == Outcome::settings && over_http(answer) && !securely &&
            !std::exchange(insecure_said, true))
            drafts.push_back(draft_of(Cause::settings_insecure_source, answer,
                                      answer.source == "autoconfig-http"
                                          ? "published over plain HTTP only"
                                          : "found by a redirect over plain HTTP only"));
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        for (std::size_t k = i + 1; k < sources.size(); ++k) {
            if (!is_own(sources[i]) || !is_own(sources[k])) continue;
            if (auto draft = contradiction(sources[i], sources[k])) {
                drafts.push_back(std::move(*draft));
                return drafts;  // one pair shows it
            }
        }
    }
    return drafts;
}

Draft not_published(const HostName& domain, const std::vector<SourceAnswer>& sources) {
    Draft draft{.cause = Cause::settings_not_published,
                .severity = Severity::info,
                .subject = {.host = domain.text()},
                .actor = Actor::operator_,
                .rule = "gaps"};
    for (const SourceAnswer& source : sources)
        if (!source.third_party && source.outcome != Outcome::settings)
            draft.evidence.push_back({.kind = "document",
                                      .text = source.place + ": " + std::string(word(source.outcome)) +
                                              (source.detail.empty() ? "" : ": " + source.detail)});
    return draft;
}

std::optional<Draft> judge_unpublished(const HostName& domain, const std::vector<SourceAnswer>& sources,
                                       const std::vector<ServerSetting>& incoming,
                                       const std::vector<ServerSetting>& outgoing) {
    const bool silent = !sources.empty() && std::ranges::all_of(sources, [](const SourceAnswer& source) {
        return source.outcome == Outcome::nothing;
    });
    const auto found_by_name = [](const ServerSetting& server) {
        return server.source != "typed" && server.source != "provider" && server.source != "error-text";
    };
    if (!silent || incoming.empty() || outgoing.empty() || !std::ranges::all_of(incoming, found_by_name) ||
        !std::ranges::all_of(outgoing, found_by_name))
        return std::nullopt;
    Draft draft = not_published(domain, sources);
    for (const auto* side : {&incoming, &outgoing})
        draft.evidence.push_back(
            {.kind = "source", .text = server_url(side->front()) + " works, and no source names it"});
    return draft;
}

std::vector<Draft> judge_documents(const std::vector<SourceAnswer>& sources) {
    std::vector<Draft> drafts;
    std::set<std::pair<std::string, std::string>> said;  // the same file over HTTP and HTTPS
    for (const SourceAnswer& answer : sources) {
        if (!is_own(answer)) continue;
        const auto add = [&](Severity severity, std::string detail, const std::string& text) {
            if (!said.emplace(answer.host, text).second) return;
            Draft draft = draft_of(Cause::settings_malformed, answer, text);
            draft.severity = severity;
            draft.detail = std::move(detail);
            drafts.push_back(std::move(draft));
        };
        for (const DocumentFault& fault : answer.document.faults) {
            if (fault.dropped_by.empty()) continue;
            std::string programs;
            for (const std::string& program : fault.dropped_by)
                programs += (programs.empty() ? "" : ", ") + program;
            add(Severity::error, fault.kind,
                (fault.line == 0 ? "" : "line " + std::to_string(fault.line) + ": ") + fault.text +
                    " (thrown away by: " + programs + ")");
        }
        for (const SkippedServer& server : answer.document.skipped)
            add(Severity::warning, "skipped-server",
                server.type + " " + server.host + ": this server can't be used: " + server.reason);
    }
    return drafts;
}

std::vector<Draft> judge_unreachable(const std::vector<SourceAnswer>& sources) {
    std::vector<Draft> drafts;
    std::set<std::string> said;
    for (const SourceAnswer& answer : sources) {
        const bool own_host = answer.host.starts_with("autoconfig.") ||
                              answer.host.starts_with("autodiscover.") ||
                              answer.host.starts_with("ua-auto-config.");
        if (answer.outcome != Outcome::unreachable || answer.third_party || !own_host || !answer.failure)
            continue;
        // A host that redirects Outlook over plain HTTP needs no HTTPS of its own.
        const bool answers_otherwise = std::ranges::any_of(sources, [&](const SourceAnswer& other) {
            if (other.source == "autodiscover-http")
                return answer.source == "autodiscover" && other.outcome == Outcome::settings;
            return other.host == answer.host && other.outcome != Outcome::unreachable;
        });
        if (answers_otherwise || !said.insert(answer.host).second) continue;
        Cause cause = Cause::net_connect_failed;
        switch (answer.failure->kind) {
            case FailureKind::refused:
                cause = Cause::net_refused;
                break;
            case FailureKind::timed_out:
                cause = Cause::net_timeout;
                break;
            case FailureKind::unreachable:
                cause = Cause::net_unreachable;
                break;
            case FailureKind::reset:
            case FailureKind::peer_closed:
                cause = Cause::net_dropped;
                break;
            case FailureKind::out_of_time:
            case FailureKind::cancelled:
            case FailureKind::not_possible:
                continue;
            default:
                if (answer.failure->stage == Stage::dns_lookup) cause = Cause::dns_lookup_failed;
                break;
        }
        Draft draft = draft_of(cause, answer, answer.detail);
        draft.subject.port = Port::from(answer.place.starts_with("http://") ? 80 : 443);
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace maildoctor::diagnose
