#include "core/diagnose/offers.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>

#include "core/diagnose/evidence.h"
#include "core/model/dialog.h"
#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

/// The mechanisms that serve a published login method.
struct Method {
    std::string_view published;
    std::array<std::string_view, 7> mechanisms;
};
constexpr std::array<Method, 5> methods = {{{"PASSWORD-CLEARTEXT", {"PLAIN", "LOGIN"}},
                                            {"PASSWORD-ENCRYPTED",
                                             {"CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
                                              "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"}},
                                            {"OAUTH2", {"XOAUTH2", "OAUTHBEARER"}},
                                            {"GSSAPI", {"GSSAPI", "GSS-SPNEGO"}},
                                            {"NTLM", {"NTLM", "GSS-SPNEGO"}}}};

bool needs_no_login(std::string_view published) {
    return published == "none" || published == "client-IP-address" || published == "smtp-after-pop";
}

bool offered(std::string_view published, const Observation& dialog) {
    const MailFacts& mail = *dialog.mail;
    const auto method = std::ranges::find(methods, upper_case(published), &Method::published);
    if (method == methods.end()) return true;  // nothing is known about it
    // IMAP's LOGIN and POP3's USER are no SASL mechanisms.
    if (method == methods.begin() && dialog.subject.protocol != Protocol::smtp && !mail.login_disabled)
        return true;
    if (published == "password-encrypted" && !mail.apop_stamp.empty()) return true;
    return std::ranges::any_of(method->mechanisms, [&](std::string_view mechanism) {
        return !mechanism.empty() &&
               std::ranges::find(mail.auth_mechanisms, mechanism) != mail.auth_mechanisms.end();
    });
}

std::string list_of(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ", ") + item;
    return text.empty() ? "none" : text;
}

Draft about(Cause cause, const ServerSetting& setting, const Observation& dialog, std::string rule) {
    Draft draft = draft_about(cause, dialog, std::move(rule));
    draft.subject.security = setting.security;
    draft.subject.role = role_of(setting.protocol);
    return draft;
}

/// Why the certificate is not good.
std::string distrust(const TlsFacts& tls) {
    if (tls.faults.empty()) return "not trusted";
    switch (tls.faults.front()) {
        case ChainFault::expired:
            return "expired";
        case ChainFault::not_yet_valid:
            return "not valid yet";
        case ChainFault::name_mismatch:
            return "not valid for the name";
        case ChainFault::self_signed:
            return "self-signed";
        case ChainFault::incomplete_chain:
            return "its issuer's certificate is not sent";
        case ChainFault::revoked:
            return "revoked";
        default:
            return "not trusted";
    }
}

/// What one dialog came to, so that equal machines look equal and odd ones stand out.
std::string answer_of(const Observation& seen) {
    if (!connected(seen)) return seen.failure ? std::string(word(seen.failure->kind)) : "no connection";
    std::string text;
    if (seen.tls && seen.tls->completed) {
        text = seen.tls->version;
        if (!seen.tls->chain.empty()) {
            const CertificateFacts& leaf = seen.tls->chain.front();
            text += ", certificate for " + names_of(leaf) + " until " + date_of(leaf.not_after);
        }
        if (!seen.tls->verified) text += ", " + distrust(*seen.tls);
    } else if (seen.tls) {
        text = "the TLS handshake fails";
    } else {
        text = "no encryption";
    }
    if (seen.mail && seen.mail->greeting_ok) text += ", logins: " + list_of(seen.mail->auth_mechanisms);
    if (!greeted(seen)) text += ", no greeting";
    if (seen.failure) text += ", " + std::string(word(seen.failure->kind));
    return text;
}

}  // namespace

std::vector<Draft> judge_offers(const ServerSetting& setting, const Observation& dialog) {
    std::vector<Draft> drafts;
    if (!greeted(dialog) || !dialog.mail->capabilities_known) return drafts;
    const MailFacts& mail = *dialog.mail;
    const bool secured = encrypted(dialog) || setting.security == Security::none;
    const bool without_login = std::ranges::any_of(setting.auth, needs_no_login);
    if (secured && !without_login) {
        const bool smtp_without = setting.protocol == Protocol::smtp && mail.auth_mechanisms.empty() &&
                                  setting.port.number() != 25 && setting.security != Security::none;
        const bool common =
            setting.auth.empty() ||
            std::ranges::any_of(setting.auth, [&](const std::string& name) { return offered(name, dialog); });
        if (smtp_without || !common) {
            Draft draft = about(Cause::auth_mechanism_unsupported, setting, dialog, "published-methods");
            draft.evidence.push_back({.kind = "reply",
                                      .text = place(dialog.subject) +
                                              ": published login methods: " + list_of(setting.auth) +
                                              "; offered: " + list_of(mail.auth_mechanisms)});
            drafts.push_back(std::move(draft));
        }
    }
    if (setting.security == Security::starttls && encrypted(dialog) && plain_login_offered(dialog)) {
        Draft draft = about(Cause::auth_plaintext_allowed, setting, dialog, "login-before-tls");
        draft.severity = Severity::warning;
        draft.evidence.push_back({.kind = "reply",
                                  .text = place(dialog.subject) + " offers logins before STARTTLS: " +
                                          list_of(mail.auth_mechanisms_plain)});
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

std::vector<AnswerGroup> grouped_answers(const std::vector<Observation>& seen) {
    std::map<std::tuple<std::string, Port, std::string>, AnswerGroup> groups;
    for (const Observation& dialog : seen) {
        if (!is_dialog(dialog) || !dialog.subject.host || !dialog.subject.port) continue;
        std::string answer = answer_of(dialog);
        auto& group =
            groups
                .try_emplace({*dialog.subject.host, *dialog.subject.port, answer},
                             AnswerGroup{.host = *dialog.subject.host, .port = *dialog.subject.port})
                .first->second;
        group.answer = std::move(answer);
        ++group.count;
        const std::string address = dialog.subject.address ? dialog.subject.address->text() : "";
        if (!address.empty() && std::ranges::find(group.addresses, address) == group.addresses.end())
            group.addresses.push_back(address);
    }
    std::vector<AnswerGroup> sorted;
    for (auto& [key, group] : groups)
        sorted.push_back(std::move(group));
    std::ranges::sort(sorted, [](const AnswerGroup& a, const AnswerGroup& b) {
        return std::tie(a.host, a.port, b.count, a.answer) < std::tie(b.host, b.port, a.count, b.answer);
    });
    return sorted;
}

}  // namespace maildoctor::diagnose
