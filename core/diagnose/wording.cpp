#include "core/diagnose/wording.h"

#include <algorithm>

#include "core/knowledge/texts.h"

namespace maildoctor::diagnose {
namespace {

std::string protocol_name(Protocol protocol) {
    return protocol == Protocol::smtp ? "SMTP" : protocol == Protocol::pop3 ? "POP3" : "IMAP";
}

std::string security_name(Security security) {
    return security == Security::tls ? "SSL/TLS" : security == Security::starttls ? "STARTTLS" : "none";
}

/// Whether a setting may be recommended. Port 25 without a login takes mail for its own users only, and an
/// exchanger (MX) that also takes submissions may belong to somebody with whom the user has no account.
bool for_users(const ServerSetting& setting) {
    const bool exchanger = setting.port.number() == 25 && setting.auth.empty();
    return setting.protocol != Protocol::smtp || (!exchanger && setting.source != "mx-host");
}

/// The best working setting for the role that the draft is about, the same protocol first.
const ServerSetting* alternative(const Draft& draft, const Settings& works) {
    if (!draft.subject.role || draft.subject.role == Role::mx) return nullptr;
    const auto& list = *draft.subject.role == Role::incoming ? works.incoming : works.outgoing;
    const auto same = std::ranges::find_if(
        list, [&](const ServerSetting& s) { return s.protocol == draft.subject.protocol && for_users(s); });
    if (same != list.end()) return &*same;
    return list.empty() || !for_users(list.front()) ? nullptr : &list.front();
}

knowledge::Values values_for(const Draft& draft, const Case& seen, const ServerSetting* instead,
                             const knowledge::Pack& pack) {
    knowledge::Values values(draft.values.begin(), draft.values.end());
    const auto set = [&](const char* key, std::string value) {
        if (!value.empty()) values.try_emplace(key, std::move(value));
    };
    set("server", draft.subject.host.value_or(""));
    if (draft.subject.port) set("port", std::to_string(draft.subject.port->number()));
    if (draft.subject.protocol) set("protocol", protocol_name(*draft.subject.protocol));
    if (draft.subject.security) set("security", security_name(*draft.subject.security));
    if (seen.request.email) {
        set("address", seen.request.email->text());
        set("account", seen.request.email->text());
        set("domain", seen.request.email->domain.text());
    } else if (seen.request.domain) {
        set("domain", seen.request.domain->text());
    }
    if (instead != nullptr) {
        set("other_port", std::to_string(instead->port.number()));
        set("other_server", instead->host.text());
        set("other_security", security_name(instead->security));
    }
    if (const auto* program = knowledge::program(pack, seen.request.program))
        set("program", std::string(pack.text(program->name)));
    return values;
}

/// One line that says what to type instead, ahead of the general steps.
std::string type_this(const Draft& draft, const ServerSetting& instead, const std::string& language) {
    const std::string kind = protocol_name(instead.protocol), port = std::to_string(instead.port.number()),
                      mode = security_name(instead.security);
    const bool other_host = draft.subject.host != instead.host.text();
    if (language == "de")
        return "Das funktioniert von hier aus: " + kind +
               (other_host ? "-Server " + instead.host.text() + "," : ",") + " Port " + port +
               ", Verschlüsselung " + mode + ". Tragen Sie es so in Ihr Mailprogramm ein.";
    return "This works from here: " + kind + (other_host ? " server " + instead.host.text() + "," : ",") +
           " port " + port + ", encryption " + mode + ". Type it like this into your mail program.";
}

}  // namespace

Finding worded(const Draft& draft, const Case& seen, const Settings& works, const knowledge::Pack& pack) {
    const ServerSetting* instead =
        draft.severity == Severity::error && !draft.settings_work ? alternative(draft, works) : nullptr;
    const auto* provider = draft.subject.host ? knowledge::provider_of(pack, *draft.subject.host) : nullptr;
    if (provider == nullptr && seen.request.email)
        provider = knowledge::provider_of(pack, seen.request.email->domain.text());
    knowledge::Text text =
        knowledge::text_for(pack, draft.cause,
                            {.variant = draft.variant,
                             .program = seen.request.program,
                             .provider = provider == nullptr ? std::string_view{} : pack.text(provider->id),
                             .language = seen.request.language});
    knowledge::Values values = values_for(draft, seen, instead, pack);
    if (provider != nullptr) values.try_emplace("provider", pack.text(provider->name));
    knowledge::fill(text, values, seen.request.language);
    if (instead != nullptr) {
        const auto user = std::ranges::find(text.fixes, Audience::user, &Fix::audience);
        const std::string line = type_this(draft, *instead, seen.request.language);
        if (user != text.fixes.end()) {
            user->steps.insert(user->steps.begin(), line);
        } else {
            text.fixes.insert(text.fixes.begin(), Fix{.audience = Audience::user, .steps = {line}});
        }
    }
    // A server that does not exist, while another one works: the settings are wrong, not the DNS.
    const bool mistyped = instead != nullptr && draft.cause == Cause::dns_host_not_found;
    Finding finding{.cause = draft.cause,
                    .severity = draft.severity,
                    .confidence = draft.confidence,
                    .subject = draft.subject,
                    .detail = draft.detail,
                    .variant = draft.variant,
                    .title = std::move(text.title),
                    .explanation = std::move(text.meaning),
                    .why = std::move(text.why),
                    .actor = draft.actor.value_or(mistyped ? Actor::user : text.actor),
                    .fixes = std::move(text.fixes),
                    .evidence = draft.evidence,
                    .observations = draft.observations,
                    .references = std::move(text.references),
                    .rule = draft.rule};
    return finding;
}

}  // namespace maildoctor::diagnose
