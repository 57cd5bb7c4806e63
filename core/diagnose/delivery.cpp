#include "core/diagnose/delivery.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/model/dialog.h"
#include "core/names/names.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::size_t max_visited = 4;

/// How one exchanger does.
enum class Exchanger : std::uint8_t { good, bad, untold };

class Delivery {
public:
    Delivery(const Picture& picture, const HostName& domain)
        : picture_(picture), domain_(domain), port_(*Port::from(25)) {}

    Judgement judge() {
        const Observation* mx = picture_.dns(domain_.text(), RecordType::mx);
        if (mx == nullptr) return std::move(result_);
        switch (mx->dns->status) {
            case DnsStatus::found:
                judge_records(*mx);
                break;
            case DnsStatus::no_data:
                judge_without_mx(*mx);
                break;
            default: {
                result_.tested = true;
                if (auto fault = dns_fault(*mx)) error(std::move(*fault));
                break;
            }
        }
        result_.works = result_.tested && std::ranges::none_of(result_.drafts, [](const Draft& d) {
                            return d.severity == Severity::error;
                        });
        return std::move(result_);
    }

private:
    void error(Draft draft) {
        draft.subject.role = Role::mx;
        result_.drafts.push_back(std::move(draft));
    }

    Draft no_mail_server(const Observation& seen, std::string detail, std::string words) const {
        Draft draft = draft_about(Cause::dns_no_mail_server, seen, "no-exchanger");
        draft.subject = {.host = domain_.text()};
        draft.detail = detail;
        draft.variant = std::move(detail);
        draft.evidence.push_back({.kind = "dns", .text = std::move(words)});
        return draft;
    }

    void judge_records(const Observation& mx) {
        result_.tested = true;
        const std::vector<MxRecord>& records = mx.dns->mx;
        if (records.size() == 1 && records.front().exchange.empty())
            return error(no_mail_server(
                mx, "null-mx",
                domain_.text() + " MX: \".\" (the domain says that it takes no mail, RFC 7505)"));
        std::vector<Draft> faults;
        std::size_t good = 0, untold = 0, visited = 0;
        for (const MxRecord& record : records) {
            const auto host = HostName::from(record.exchange);
            if (!host || host->is_literal()) {
                faults.push_back(invalid(mx, record.exchange,
                                         record.exchange.empty() ? "null-mx-among-others" : "mx-is-address"));
                continue;
            }
            if (visited++ == max_visited) break;
            if (names::means_this_computer(*host)) {
                faults.push_back(invalid(mx, host->text(), "mx-is-localhost"));
                continue;
            }
            switch (judge_exchanger(mx, host->text(), faults)) {
                case Exchanger::good:
                    ++good;
                    break;
                case Exchanger::untold:
                    ++untold;
                    break;
                case Exchanger::bad:
                    break;
            }
        }
        settle(mx, std::move(faults), good, untold);
    }

    /// One working exchanger makes the faults of the others warnings.
    void settle(const Observation& mx, std::vector<Draft> faults, std::size_t good, std::size_t untold) {
        if (good > 0 || untold > 0) {
            for (Draft& fault : faults) {
                fault.severity = Severity::warning;
                error(std::move(fault));
            }
            if (good == 0) result_.tested = false;
            return;
        }
        const bool all_net = !faults.empty() && std::ranges::all_of(faults, [](const Draft& d) {
            return cause_id(d.cause).starts_with("net.");
        });
        if (!all_net) {
            for (Draft& fault : faults)
                error(std::move(fault));
            return;
        }
        Draft whole =
            no_mail_server(mx, "all-dead", "none of the domain's mail exchangers accepts connections");
        for (Draft& fault : faults) {
            whole.evidence.insert(whole.evidence.end(), fault.evidence.begin(), fault.evidence.end());
            whole.observations.insert(whole.observations.end(), fault.observations.begin(),
                                      fault.observations.end());
        }
        error(std::move(whole));
    }

    Draft invalid(const Observation& mx, const std::string& exchange, std::string detail) const {
        Draft draft = draft_about(Cause::dns_mx_invalid, mx, "bad-exchanger");
        draft.subject = {.host = domain_.text()};
        draft.detail = detail;
        draft.variant = std::move(detail);
        draft.values["server"] = exchange;
        draft.evidence.push_back(
            {.kind = "dns",
             .text = fmt::format("{} MX: {}", domain_.text(), exchange.empty() ? "." : exchange)});
        return draft;
    }

    Exchanger judge_exchanger(const Observation& mx, const std::string& host, std::vector<Draft>& faults) {
        const HostPicture names = picture_.host(host);
        if (!names.asked()) return Exchanger::untold;
        if (!names.has_address()) {
            auto fault = dns_fault(*names.telling());
            if (!fault) return Exchanger::untold;
            if (fault->cause == Cause::dns_host_not_found) {
                Draft draft =
                    invalid(mx, host, fault->detail == "nxdomain" ? "mx-name-missing" : "mx-no-address");
                draft.evidence.push_back(dns_evidence(*names.telling()));
                faults.push_back(std::move(draft));
            } else {
                fault->evidence.push_back(
                    {.kind = "dns", .text = fmt::format("{} MX: {}", domain_.text(), host)});
                faults.push_back(std::move(*fault));
            }
            return Exchanger::bad;
        }
        const Observation* address =
            names.v4 != nullptr && !names.v4->dns->addresses.empty() ? names.v4 : names.v6;
        if (!address->dns->aliases.empty()) {
            Draft draft = invalid(mx, host, "mx-is-cname");
            draft.severity = Severity::warning;
            draft.evidence.push_back(
                {.kind = "dns",
                 .text =
                     host + " is only an alias (CNAME), which an MX must not name (RFC 2181 section 10.3)"});
            error(std::move(draft));
        }
        return judge_visit(host, faults);
    }

    Exchanger judge_visit(const std::string& host, std::vector<Draft>& faults) {
        const Observation* seen = picture_.dialog(host, port_, Protocol::smtp, false);
        if (seen == nullptr) return Exchanger::untold;
        if (greeted(*seen)) {
            note_broken_starttls(*seen);
            return Exchanger::good;
        }
        if (!connected(*seen)) return judge_unconnected(host, *seen, faults);
        if (!seen->mail || seen->mail->refusal.empty()) return judge_odd_answer(host, *seen, faults);
        not_tested(host,
                   "it turned this computer away, which says nothing about others: " + seen->mail->refusal);
        return Exchanger::untold;
    }

    /// Most senders then deliver without encryption, some hold the mail back.
    void note_broken_starttls(const Observation& seen) {
        if (!seen.mail->starttls_offered || encrypted(seen)) return;
        const bool refused = !seen.mail->starttls_accepted && !seen.mail->refusal.empty();
        const bool broken =
            seen.mail->starttls_accepted && seen.failure && seen.failure->kind != FailureKind::cancelled &&
            seen.failure->kind != FailureKind::timed_out && seen.failure->kind != FailureKind::out_of_time;
        if (!refused && !broken) return;
        Draft draft = draft_about(Cause::tls_handshake_failed, seen, "exchanger-starttls");
        draft.severity = Severity::warning;
        draft.variant = "mx";
        draft.actor = Actor::operator_;
        draft.evidence.push_back(refused ? reply_evidence(seen, seen.mail->refusal) : tls_evidence(seen));
        error(std::move(draft));
    }

    Exchanger judge_unconnected(const std::string& host, const Observation& seen,
                                std::vector<Draft>& faults) {
        const FailureKind kind = seen.failure ? seen.failure->kind : FailureKind::cancelled;
        Cause cause = Cause::net_refused;
        if (kind == FailureKind::timed_out) {
            // Silence on port 25 is usual in home networks: it speaks against the host only when nothing else
            // answers there.
            if (picture_.other_port_that_answers(host, port_) != nullptr || !other_host_answers_25(host)) {
                not_tested(host,
                           "port 25 does not answer from here; many networks block it, so this says nothing "
                           "about the server");
                return Exchanger::untold;
            }
            cause = Cause::net_timeout;
        } else if (kind == FailureKind::reset) {
            cause = Cause::net_dropped;
        } else if (kind == FailureKind::unreachable) {
            cause = Cause::net_unreachable;
        } else if (kind != FailureKind::refused) {
            not_tested(host, seen.failure ? seen.failure->text : "not asked");
            return Exchanger::untold;
        }
        Draft draft = draft_about(cause, seen, "exchanger-dead");
        draft.variant = "mx";
        draft.actor = Actor::operator_;
        for (const ConnectAttempt& attempt : seen.connects)
            draft.evidence.push_back(attempt_evidence(seen, attempt));
        if (draft.evidence.empty()) draft.evidence.push_back(connect_evidence(seen));
        faults.push_back(std::move(draft));
        return Exchanger::bad;
    }

    bool other_host_answers_25(const std::string& host) const {
        return std::ranges::any_of(picture_.all(), [&](const Observation& o) {
            return (is_dialog(o) || is_connect(o)) && o.subject.port == port_ && o.subject.host != host &&
                   connected(o);
        });
    }

    Exchanger judge_odd_answer(const std::string& host, const Observation& seen, std::vector<Draft>& faults) {
        const FailureKind kind = seen.failure ? seen.failure->kind : FailureKind::bad_syntax;
        if (kind == FailureKind::timed_out || kind == FailureKind::out_of_time ||
            kind == FailureKind::cancelled) {
            not_tested(host, "it accepted the connection but did not greet within the time limit");
            return Exchanger::untold;
        }
        const bool closed = kind == FailureKind::reset || kind == FailureKind::peer_closed;
        Draft draft =
            draft_about(closed ? Cause::net_dropped : Cause::net_wrong_service, seen, "exchanger-odd");
        draft.variant = "mx";
        draft.actor = Actor::operator_;
        draft.confidence = Confidence::likely;
        draft.evidence.push_back(
            closed ? Evidence{.kind = "connect", .text = host + " port 25: closed without a greeting"}
                   : reply_evidence(seen, seen.mail ? seen.mail->greeting : ""));
        faults.push_back(std::move(draft));
        return Exchanger::bad;
    }

    void judge_without_mx(const Observation& mx) {
        result_.tested = true;
        const HostPicture names = picture_.host(domain_.text());
        if (!names.has_address())
            return error(no_mail_server(mx, "no-mx",
                                        domain_.text() + ": neither an MX record nor an address of its own"));
        std::vector<Draft> faults;
        const Exchanger own = judge_visit(domain_.text(), faults);
        settle(mx, std::move(faults), own == Exchanger::good ? 1 : 0, own == Exchanger::untold ? 1 : 0);
    }

    void not_tested(const std::string& host, std::string because) {
        result_.not_tested.push_back(
            {.what = "delivery to " + host + " (port 25)", .because = std::move(because)});
    }

    const Picture& picture_;
    const HostName& domain_;
    Port port_;
    Judgement result_{};
};

}  // namespace

Judgement judge_delivery(const Picture& picture, const HostName& domain) {
    return Delivery(picture, domain).judge();
}

}  // namespace maildoctor::diagnose
