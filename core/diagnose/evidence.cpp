#include "core/diagnose/evidence.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

#include "core/model/record_name.h"

namespace maildoctor::diagnose {
namespace {

std::string outcome(const DnsFacts& dns) {
    switch (dns.status) {
        case DnsStatus::found:
            return "found";
        case DnsStatus::no_such_name:
            return "the name does not exist (NXDOMAIN)";
        case DnsStatus::no_data:
            return "the name exists, but has no such record";
        case DnsStatus::server_failure:
            return dns.detail == "lame" ? "the zone's own name servers do not answer for it (SERVFAIL)"
                                        : "the name servers failed (SERVFAIL)";
        case DnsStatus::refused:
            return fmt::format("the name server refused (RCODE {})", dns.rcode);
        case DnsStatus::bogus:
            return "the DNSSEC signatures are not valid" +
                   (dns.dnssec_link.empty() ? "" : ": " + dns.dnssec_link);
        case DnsStatus::no_answer:
            return "no name server answered";
        case DnsStatus::alias_loop:
            return "its aliases (CNAME) lead in a circle";
        case DnsStatus::malformed:
            return "the answer cannot be read";
    }
    return "?";
}

std::string failure_words(const Failure& failure) {
    switch (failure.kind) {
        case FailureKind::refused:
            return "connection refused";
        case FailureKind::timed_out:
            return "no answer within the time limit";
        case FailureKind::out_of_time:
            return "no answer before the whole time limit ran out";
        case FailureKind::unreachable:
            return "no route: " + failure.text;
        default:
            return failure.text.empty() ? std::string(word(failure.kind)) : failure.text;
    }
}

}  // namespace

std::string place(const Subject& subject) {
    return place(subject, false);
}

std::string place(const Subject& subject, bool german) {
    std::string text = subject.host.value_or("");
    if (subject.port) text += fmt::format(" {} {}", german ? "Port" : "port", subject.port->number());
    return text;
}

std::string date_of(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::string names_of(const CertificateFacts& certificate) {
    std::vector<std::string> names = certificate.dns_names;
    names.insert(names.end(), certificate.ip_names.begin(), certificate.ip_names.end());
    if (names.empty()) return certificate.subject.empty() ? "no name at all" : certificate.subject;
    constexpr std::size_t shown = 4;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < shown; ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

Evidence dns_evidence(const Observation& seen) {
    std::string text =
        fmt::format("{} {}: {}", seen.dns->name, record_name(seen.dns->type), outcome(*seen.dns));
    for (const ExtendedError& error : seen.dns->extended_errors)
        text += fmt::format("; the name server says: {} (extended error {})",
                            error.text.empty() ? "no words" : error.text, error.code);
    if (seen.dns->from_hosts_file) text += " (from this computer's hosts file)";
    return {.kind = "dns", .text = std::move(text)};
}

Evidence attempt_evidence(const Observation& seen, const ConnectAttempt& attempt) {
    return {.kind = "connect",
            .text = fmt::format("{} ({}): {}", place(seen.subject), attempt.address.text(),
                                attempt.failure ? failure_words(*attempt.failure) : "open")};
}

Evidence connect_evidence(const Observation& seen) {
    return {.kind = "connect",
            .text = fmt::format("{}: {}", place(seen.subject),
                                seen.failure ? failure_words(*seen.failure) : "open")};
}

Evidence certificate_evidence(const Observation& seen) {
    if (!seen.tls || seen.tls->chain.empty())
        return {.kind = "certificate", .text = place(seen.subject) + ": no certificate"};
    const CertificateFacts& leaf = seen.tls->chain.front();
    return {.kind = "certificate",
            .text = fmt::format("{}: certificate for {}, valid {} to {}, issued by {}", place(seen.subject),
                                names_of(leaf), date_of(leaf.not_before), date_of(leaf.not_after),
                                leaf.self_signed ? "itself" : leaf.issuer)};
}

Evidence tls_evidence(const Observation& seen) {
    if (!seen.tls) return connect_evidence(seen);
    std::string text = place(seen.subject) + ": ";
    if (seen.tls->completed) {
        text += fmt::format("{} with {}", seen.tls->version, seen.tls->cipher);
        if (seen.tls->weak) text += " (" + seen.tls->weak_reason + ")";
    } else if (seen.tls->text_answer) {
        text += "answered the TLS greeting with plain text: " + seen.tls->peer_text;
    } else if (seen.tls->alert) {
        text += fmt::format("TLS alert {} ({})", *seen.tls->alert, seen.tls->error);
    } else {
        text += seen.tls->error;
    }
    return {.kind = "tls", .text = std::move(text)};
}

Evidence reply_evidence(const Observation& seen, const std::string& words) {
    return {.kind = "reply", .text = place(seen.subject) + " says: " + words};
}

}  // namespace maildoctor::diagnose
