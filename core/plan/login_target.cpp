#include "core/plan/login_target.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/model/dialog.h"
#include "core/plan/candidates.h"

namespace maildoctor::plan {
namespace {

using Target = std::variant<LoginTarget, NoTarget>;

bool is_dialog_of(const ServerSetting& setting, const Observation& seen) {
    return is_dialog(seen) && seen.source != address_source && seen.subject.host == setting.host.text() &&
           seen.subject.port == setting.port && seen.subject.protocol == setting.protocol &&
           (seen.subject.security == Security::tls) == (setting.security == Security::tls);
}

/// Whether a login can be tried over this dialog with this protection.
bool ready(const Observation& seen, Security security, bool insecure) {
    if (!seen.subject.address) return false;
    // What came after the plain start, STARTTLS and all, does not matter to a program that does without.
    if (security == Security::none) return insecure && plain_login_offered(seen);
    if (seen.failure) return false;
    if (usable_securely(seen)) return true;
    return insecure && greeted(seen) && encrypted(seen) && seen.mail->capabilities_known;
}

/// Whether the host plainly belongs to the account: a name that somebody forged in DNS must not get the
/// password.
bool may_have_password(const Observation& seen, const Request& request, const std::vector<Observation>& all) {
    if (seen.source == "provider") return true;
    const auto typed_here = [&](const std::optional<ServerSetting>& typed) {
        return typed && seen.subject.host == typed->host.text();
    };
    if (typed_here(request.incoming) || typed_here(request.outgoing)) return true;
    if (!request.email) return false;
    const std::string& domain = request.email->domain.text();
    const std::string& host = *seen.subject.host;
    if (host == domain || host.ends_with("." + domain)) return true;
    if (seen.source != "srv") return false;
    return std::ranges::any_of(all, [&](const Observation& o) {
        return o.dns && o.dns->type == RecordType::srv && o.dns->dnssec == Dnssec::secure &&
               std::ranges::any_of(o.dns->srv, [&](const SrvRecord& srv) { return srv.target == host; });
    });
}

auto preference(const Observation& seen) {
    return std::tuple(seen.source == "srv" || seen.source == "provider" ? 0 : 1,
                      seen.subject.protocol == Protocol::pop3 ? 1 : 0,
                      seen.subject.port == Port::from(25) ? 1 : 0,
                      seen.subject.security == Security::tls ? 0 : 1, seen.subject.port->number());
}

Target best_found(Role role, const Request& request, const std::vector<Observation>& seen) {
    const Observation* best = nullptr;
    bool somebody_elses = false;
    for (const Observation& o : seen) {
        if (!is_dialog(o) || o.subject.role != role || o.source == address_source || o.source == "typo" ||
            !ready(o, Security::tls, false))
            continue;
        if (!may_have_password(o, request, seen)) {
            somebody_elses = true;
        } else if (best == nullptr || preference(o) < preference(*best)) {
            best = &o;
        }
    }
    const std::string option = role == Role::incoming ? "--incoming" : "--outgoing";
    if (best == nullptr)
        return NoTarget{somebody_elses
                            ? "the server that was found is not plainly the account's own: give it with " +
                                  option + " to log in there"
                            : "no server was found that works and keeps the password safe"};
    const auto host = HostName::from(*best->subject.host);
    const Security security = best->subject.security == Security::tls ? Security::tls : Security::starttls;
    return LoginTarget{.setting = {.protocol = *best->subject.protocol,
                                   .host = *host,
                                   .port = *best->subject.port,
                                   .security = security,
                                   .source = best->source},
                       .address = *best->subject.address};
}

}  // namespace

std::optional<Target> login_target(Role role, const Request& request, const std::vector<Observation>& seen,
                                   bool insecure, bool idle) {
    const auto& typed = role == Role::incoming ? request.incoming : request.outgoing;
    if (typed) {
        const auto dialog = std::ranges::find_if(seen, [&](const Observation& o) {
            return is_dialog_of(*typed, o) && ready(o, typed->security, insecure);
        });
        if (dialog != seen.end()) return LoginTarget{.setting = *typed, .address = *dialog->subject.address};
        const bool unencrypted =
            typed->security == Security::none && std::ranges::any_of(seen, [&](const Observation& o) {
                return is_dialog_of(*typed, o) && plain_login_offered(o);
            });
        if (unencrypted)
            return NoTarget{
                "the connection is not encrypted, so the password was not sent "
                "(--allow-insecure-login sends it all the same)"};
    }
    if (!idle) return std::nullopt;
    Target found = best_found(role, request, seen);
    if (typed && std::holds_alternative<NoTarget>(found))
        return NoTarget{"the connection has to work and be safe first, so the password was not sent"};
    return found;
}

std::vector<std::string> user_forms(const std::string& given, const std::optional<EmailAddress>& email) {
    std::vector<std::string> forms;
    if (!given.empty()) forms.push_back(given);
    if (!email) return forms;
    if (given.empty() || given == email->local) forms.push_back(email->text());
    if (given.empty() || given == email->text()) forms.push_back(email->local);
    return forms;
}

}  // namespace maildoctor::plan
