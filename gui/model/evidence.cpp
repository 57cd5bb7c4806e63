#include "gui/model/evidence.h"

#include <string_view>

#include "core/model/record_name.h"
#include "core/report/clean.h"
#include "core/report/document.h"
#include "core/report/facts_words.h"
#include "core/report/times.h"

namespace maildoctor::gui {
namespace {

using report::cleaned;

/// Collects lines; empty texts are left out.
class Lines {
public:
    explicit Lines(SeenFacts& into, Language language) : into_(into), language_(language) {}

    void add(Text label, std::string_view text, bool fault = false) {
        if (!text.empty()) into_.facts.push_back({label.in(language_), cleaned(text), fault});
    }

private:
    SeenFacts& into_;
    Language language_;
};

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

void tell_dns(const DnsFacts& dns, Lines& lines) {
    lines.add({"Question", "Frage"}, dns.name + " " + record_name(dns.type));
    lines.add({"Answer", "Antwort"}, report::word(dns.status),
              dns.status != DnsStatus::found && dns.status != DnsStatus::no_data);
    std::vector<std::string> values;
    for (const IpAddress& address : dns.addresses)
        values.push_back(address.text());
    for (const MxRecord& mx : dns.mx)
        values.push_back(std::to_string(mx.preference) + " " + (mx.exchange.empty() ? "." : mx.exchange));
    for (const SrvRecord& srv : dns.srv)
        values.push_back((srv.target.empty() ? "." : srv.target) + ":" + std::to_string(srv.port));
    lines.add({"Records", "Einträge"}, joined(values));
    lines.add({"Text", "Text"}, joined(dns.texts));
    lines.add({"Aliases", "Aliasse"}, joined(dns.aliases));
    if (dns.dnssec != Dnssec::not_checked)
        lines.add({"DNSSEC", "DNSSEC"}, report::word(dns.dnssec), dns.dnssec == Dnssec::bogus);
    lines.add({"Broken link", "Gebrochen"}, dns.dnssec_link, true);
    lines.add({"Asked", "Gefragt"}, dns.from_hosts_file ? "/etc/hosts" : dns.server);
}

void tell_connects(const Observation& seen, Lines& lines, Language language) {
    for (const ConnectAttempt& attempt : seen.connects) {
        std::string text = attempt.address.text() + ", ";
        text += attempt.failure ? std::string(report::failure_phrase(attempt.failure->kind, language))
                                : report::readable_duration(
                                      std::chrono::duration_cast<std::chrono::milliseconds>(attempt.took));
        lines.add({"Connection", "Verbindung"}, text, attempt.failure.has_value());
    }
}

void tell_certificate(const CertificateFacts& leaf, Lines& lines) {
    lines.add({"Certificate for", "Zertifikat für"},
              leaf.dns_names.empty() ? leaf.subject : joined(leaf.dns_names));
    lines.add({"Issued by", "Ausgestellt von"}, leaf.issuer);
    lines.add({"Valid", "Gültig"},
              report::readable_time(leaf.not_before) + " – " + report::readable_time(leaf.not_after));
    lines.add({"Key", "Schlüssel"}, leaf.key);
}

void tell_tls(const TlsFacts& tls, Lines& lines) {
    lines.add({"Encryption", "Verschlüsselung"}, tls.version + (tls.cipher.empty() ? "" : ", " + tls.cipher));
    for (const ChainFault fault : tls.faults)
        lines.add({"Fault", "Fehler"}, report::word(fault), true);
    for (const VerifyError& error : tls.verify_errors)
        lines.add({"Verification", "Prüfung"}, error.text, true);
    if (!tls.chain.empty()) tell_certificate(tls.chain.front(), lines);
    lines.add({"Weak", "Schwach"}, tls.weak ? tls.weak_reason : "", true);
    lines.add({"TLS error", "TLS-Fehler"}, tls.error, true);
    lines.add({"Answered with", "Antwortete mit"}, tls.peer_text, true);
}

void tell_mail(const MailFacts& mail, Lines& lines) {
    lines.add({"Greeting", "Begrüßung"}, mail.greeting, !mail.greeting_ok);
    lines.add({"Refusal", "Ablehnung"}, mail.refusal, true);
    lines.add({"Offers", "Bietet an"},
              joined(mail.capabilities_after.empty() ? mail.capabilities_before : mail.capabilities_after));
    lines.add({"Login methods", "Anmeldearten"}, joined(mail.auth_mechanisms));
    lines.add({"Injected", "Eingeschoben"}, mail.injected, true);
}

void tell_login(const LoginFacts& login, Lines& lines) {
    lines.add({"User name", "Benutzername"}, login.user);
    lines.add({"Login", "Anmeldung"}, report::word(login.outcome), login.outcome != LoginOutcome::accepted);
    lines.add({"Method", "Art"}, login.mechanism);
    lines.add({"Refusal", "Ablehnung"}, login.refusal, true);
    lines.add({"Afterwards", "Danach"}, login.after_command + (login.after_works ? " ✓" : ""));
    lines.add({"Refusal", "Ablehnung"}, login.after_refusal, true);
}

void tell_relay(const RelayFacts& relay, Lines& lines) {
    lines.add({"Relay test", "Weiterleitung"}, maildoctor::word(relay.grade),
              relay.grade == RelayGrade::accepts || relay.grade == RelayGrade::accepts_data);
    for (const RelayTrial& trial : relay.trials)
        lines.add({"Asked", "Gefragt"}, trial.sender + " → " + trial.recipient + ": " + trial.reply,
                  trial.accepted());
    lines.add({"Stopped", "Abgebrochen"}, relay.stopped);
}

}  // namespace

SeenFacts evidence_of(const Observation& seen, Language language) {
    SeenFacts evidence{.heading = report::subject_text(seen.subject, language)};
    if (evidence.heading.empty() && seen.dns) evidence.heading = cleaned(seen.dns->name);
    Lines lines(evidence, language);
    if (seen.dns) tell_dns(*seen.dns, lines);
    tell_connects(seen, lines, language);
    if (seen.failure)
        lines.add({"Failed", "Fehlgeschlagen"},
                  std::string(report::failure_phrase(seen.failure->kind, language)) +
                      (seen.failure->text.empty() ? "" : ": " + seen.failure->text),
                  true);
    if (seen.tls) tell_tls(*seen.tls, lines);
    if (seen.mail) tell_mail(*seen.mail, lines);
    if (seen.login) tell_login(*seen.login, lines);
    if (seen.relay) tell_relay(*seen.relay, lines);
    lines.add({"Took", "Dauer"}, report::readable_duration(seen.took));
    for (const TranscriptLine& line : seen.transcript)
        evidence.spoken.push_back(
            {line.from,
             static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(line.at).count()),
             cleaned(line.text)});
    return evidence;
}

}  // namespace maildoctor::gui
