#include "tests/report/samples.h"

#include <chrono>

namespace maildoctor::samples {
namespace {

using std::chrono::milliseconds;

HostName host(std::string_view name) {
    return HostName::from(name).value();
}
Port port(int number) {
    return Port::from(number).value();
}
IpAddress address(std::string_view text) {
    return IpAddress::from(text).value();
}
Cause cause(std::string_view id) {
    return cause_from_id(id).value();
}

Subject server(std::string name, int number, Protocol protocol, Security security) {
    return {.host = std::move(name),
            .address = address("192.0.2.7"),
            .port = port(number),
            .protocol = protocol,
            .security = security};
}

Observation connection(ObservationId id, const Subject& subject, std::optional<FailureKind> failure) {
    Observation seen{.id = id, .probe = "net.connect", .subject = subject};
    seen.answer = failure ? Answer::no : Answer::yes;
    if (failure) seen.failure = Failure{.stage = Stage::connect, .kind = *failure};
    seen.started = milliseconds(12);
    seen.took = milliseconds(3);
    return seen;
}

Observation look_up(ObservationId id, std::string name, RecordType type, DnsStatus status) {
    Observation seen{.id = id, .probe = "dns.lookup", .subject = {.host = name}};
    seen.answer = status == DnsStatus::found ? Answer::yes : Answer::no;
    seen.took = milliseconds(2);
    seen.dns = DnsFacts{.name = std::move(name),
                        .type = type,
                        .status = status,
                        .rcode = status == DnsStatus::no_answer ? -1 : 0};
    if (status == DnsStatus::found && type == RecordType::a) seen.dns->addresses = {address("192.0.2.7")};
    if (status == DnsStatus::found && type == RecordType::mx) seen.dns->mx = {{10, "mx.example.test"}};
    seen.dns->server = "192.0.2.53";
    return seen;
}

Observation handshake(ObservationId id, const Subject& subject, bool verified) {
    Observation seen = connection(id, subject, std::nullopt);
    seen.probe = "mail.dialog";
    TlsFacts tls{.completed = true,
                 .version = "TLSv1.3",
                 .cipher = "TLS_AES_256_GCM_SHA384",
                 .cipher_bits = 256,
                 .group = "X25519"};
    tls.server_name = subject.host.value_or("");
    tls.verified = verified;
    if (!verified) {
        tls.faults = {ChainFault::name_mismatch};
        tls.verify_errors = {{.code = 62, .depth = 0, .text = "hostname mismatch"}};
    }
    tls.chain = {{.subject = "*.hoster.example",
                  .issuer = "Example CA",
                  .dns_names = {"*.hoster.example"},
                  .not_before = 1'790'000'000,
                  .not_after = 1'800'000'000,
                  .key = "EC P-256",
                  .key_bits = 256,
                  .signature = "ecdsa-with-SHA256"}};
    seen.tls = std::move(tls);
    seen.mail = MailFacts{.service = Service::pop3,
                          .greeting = "+OK ready",
                          .greeting_ok = true,
                          .capabilities_after = {"USER", "SASL PLAIN"},
                          .capabilities_known = true,
                          .auth_mechanisms = {"PLAIN"}};
    seen.transcript = {
        {.from = TranscriptLine::From::note,
         .at = std::chrono::microseconds(4000),
         .text = "TLS handshake finished"},
        {.from = TranscriptLine::From::server, .at = std::chrono::microseconds(5200), .text = "+OK ready"},
        {.from = TranscriptLine::From::client, .at = std::chrono::microseconds(5300), .text = "CAPA"}};
    return seen;
}

ServerSetting setting(Protocol protocol, std::string_view name, int number, Security security) {
    return {.protocol = protocol,
            .host = host(name),
            .port = port(number),
            .security = security,
            .username = "user@example.test",
            .username_form = "%EMAILADDRESS%",
            .auth = {"plain"},
            .source = "srv",
            .works = true};
}

Report base(std::string_view domain) {
    Report report;
    report.version = "0.1.0";
    report.started = 1'795'294'800;
    report.duration = milliseconds(812);
    report.request.email = EmailAddress{.local = "user", .domain = host(domain)};
    report.told = {{"the DNS resolver 192.0.2.53", "the names of the domain and its servers"}};
    return report;
}

Finding mismatch() {
    return {
        .cause = cause("tls.name-mismatch"),
        .severity = Severity::error,
        .confidence = Confidence::certain,
        .primary = true,
        .subject = server("mail.example.test", 995, Protocol::pop3, Security::tls),
        .title = "The certificate is for another server name",
        .explanation =
            "Your mail program asks for mail.example.test, but the server shows a certificate that is valid "
            "for "
            "*.hoster.example only. The program cannot know that it talks to the right server, so it stops.",
        .actor = Actor::user,
        .fixes =
            {{Audience::user,
              {"Open the account settings of your mail program.",
               "Replace the incoming server mail.example.test by pop.hoster.example and keep port 995."}},
             {Audience::operator_, {"Add mail.example.test to the subjectAltName of the certificate."}}},
        .evidence = {{"certificate", "names in the certificate: *.hoster.example"},
                     {"connect", "192.0.2.7 port 995 answered"}},
        .observations = {3},
        .references = {"RFC 9525 section 6.3"},
        .rule = "tls-name"};
}

}  // namespace

Report name_mismatch() {
    Report report = base("example.test");
    report.request.incoming = setting(Protocol::pop3, "mail.example.test", 995, Security::tls);
    report.verdict = Verdict::problem;
    report.findings = {
        mismatch(),
        {.cause = cause("auth.bad-credentials"),
         .severity = Severity::error,
         .confidence = Confidence::possible,
         .subject = server("mail.example.test", 995, Protocol::pop3, Security::tls),
         .title = "The login was not tried over this connection",
         .actor = Actor::user,
         .evidence = {{"tls", "not verified"}},
         .consequence_of = 0},
        {.cause = cause("dns.mx-invalid"),
         .severity = Severity::warning,
         .confidence = Confidence::likely,
         .subject = {.host = "mx2.example.test", .role = Role::mx},
         .title = "The second mail server has no address",
         .explanation = "Mail still arrives through the first one.",
         .actor = Actor::operator_,
         .fixes = {{Audience::operator_, {"Give mx2.example.test an address or remove the MX record."}}},
         .evidence = {{"dns", "mx2.example.test A: no such name"}}}};
    report.settings.incoming = {setting(Protocol::pop3, "pop.hoster.example", 995, Security::tls)};
    report.settings.outgoing = {setting(Protocol::smtp, "smtp.hoster.example", 465, Security::tls),
                                setting(Protocol::smtp, "smtp.hoster.example", 587, Security::starttls)};
    report.not_tested = {{"login", "no password was given"},
                         {"IPv6", "this computer has no IPv6 connection"}};
    report.observations = {
        look_up(0, "example.test", RecordType::mx, DnsStatus::found),
        look_up(1, "mail.example.test", RecordType::a, DnsStatus::found),
        connection(2, server("mail.example.test", 110, Protocol::pop3, Security::starttls),
                   FailureKind::refused),
        handshake(3, server("mail.example.test", 995, Protocol::pop3, Security::tls), false)};
    return report;
}

Report two_faults() {
    Report report = base("example.test");
    report.request.for_someone_else = true;
    report.request.outgoing = setting(Protocol::smtp, "smtp.example.test", 25, Security::none);
    report.verdict = Verdict::problem;
    Finding refused{
        .cause = cause("net.refused"),
        .severity = Severity::error,
        .confidence = Confidence::certain,
        .primary = true,
        .subject = server("mail.example.test", 993, Protocol::imap, Security::tls),
        .title = "The server refuses the connection",
        .explanation = "The computer answers, but nothing listens on this port.",
        .why = {"Both addresses refuse port 993."},
        .actor = Actor::operator_,
        .fixes = {{Audience::helpdesk, {"Ask the operator whether the IMAP service runs."}},
                  {Audience::operator_,
                   {"Start the IMAP service and look at its log for user@example.test."}}},
        .evidence = {
            {"connect", "192.0.2.7 port 993: connection refused"},
            {"reply", "250 mx.example.test Hello client.example [198.51.100.9], user@example.test"}}};
    Finding expired{.cause = cause("tls.certificate-expired"),
                    .severity = Severity::error,
                    .confidence = Confidence::certain,
                    .subject = server("smtp.example.test", 465, Protocol::smtp, Security::tls),
                    .title = "The certificate has expired",
                    .actor = Actor::operator_,
                    .fixes = {{Audience::operator_, {"Renew the certificate."}}},
                    .evidence = {{"certificate", "valid until 2026-11-01"}}};
    report.findings = {refused, expired};
    report.observations = {
        connection(0, server("mail.example.test", 993, Protocol::imap, Security::tls), FailureKind::refused)};
    report.notes = {"the hosts file of this computer has an entry for mail.example.test"};
    return report;
}

Report healthy() {
    Report report = base("example.test");
    report.verdict = Verdict::ok;
    report.settings.incoming = {setting(Protocol::imap, "imap.example.test", 993, Security::tls)};
    report.settings.outgoing = {setting(Protocol::smtp, "smtp.example.test", 587, Security::starttls)};
    report.observations = {
        look_up(0, "example.test", RecordType::mx, DnsStatus::found),
        handshake(1, server("imap.example.test", 993, Protocol::imap, Security::tls), true),
        handshake(2, server("smtp.example.test", 587, Protocol::smtp, Security::starttls), true)};
    return report;
}

Report survey() {
    Report report = healthy();
    Observation seen = handshake(3, server("imap.example.test", 993, Protocol::imap, Security::tls), true);
    seen.probe = "tls.survey";
    seen.tls->chain_in_order = false;
    seen.tls->revocation = Revocation::good;
    seen.tls->revocation_source = "ocsp";
    seen.tls->scts = 2;
    TlsSurvey all{.groups = {{0x001d, "X25519"}, {0x0017, "P-256"}},
                  .dh_bits = 1024,
                  .compression = Answer::no,
                  .secure_renegotiation = Answer::yes,
                  .client_renegotiation = Answer::no,
                  .extended_master_secret = Answer::yes,
                  .downgrade_protection = Answer::yes,
                  .resumes_ids = Answer::no,
                  .resumes_tickets = Answer::yes,
                  .connections = 42};
    all.versions = {{.version = TlsVersion::tls1_3, .offered = Answer::no, .because = "answers with TLS 1.2"},
                    {.version = TlsVersion::tls1_2,
                     .offered = Answer::yes,
                     .ciphers = {{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", CipherStrength::good},
                                 {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", CipherStrength::weak},
                                 {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", CipherStrength::broken}},
                     .own_order = Answer::yes},
                    {.version = TlsVersion::ssl3, .offered = Answer::unknown, .because = "no answer"}};
    all.clients = {{.id = "new",
                    .name = "Mail 9",
                    .connects = Answer::yes,
                    .version = "TLS 1.2",
                    .cipher = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    .best_version = "TLS 1.3"},
                   {.id = "outlook-2010-windows-7",
                    .name = "Outlook 2010 on Windows 7",
                    .program = "outlook",
                    .connects = Answer::no,
                    .best_version = "TLS 1.0",
                    .obstacle = Obstacle::version,
                    .because = "alert 70 (protocol version)"}};
    seen.survey = std::move(all);
    report.observations.push_back(std::move(seen));
    return report;
}

Report offline() {
    Report report = base("example.test");
    report.verdict = Verdict::inconclusive;
    report.not_tested = {{"every server", "this computer has no network connection"}};
    report.observations = {look_up(0, "example.test", RecordType::mx, DnsStatus::no_answer)};
    return report;
}

Report hostile() {
    const std::string attack =
        "\x1b]0;owned\x07\x1b[31m<script>alert(1)</script> \"quoted\\\" ``` | \xff\xfe \xc2\x9b"
        "31m \xe2\x80\xae"
        "fdp.exe "
        "line\r\nbreak\tand" +
        std::string(1, '\0') + " " + std::string(400, 'A') + " \xf0\x9f\x93\xa7 日本語のメール";
    Report report = base("example.test");
    report.version = attack;
    report.verdict = Verdict::problem;
    Finding finding = mismatch();
    finding.subject.host = attack;
    finding.title = finding.explanation = finding.detail = finding.rule = attack;
    finding.why = finding.references = {attack};
    finding.fixes = {{Audience::user, {attack}}};
    finding.evidence = {{attack, attack}};
    finding.actor = Actor::provider;
    report.findings = {finding};
    report.not_tested = {{attack, attack}};
    report.told = {{attack, attack}};
    report.notes = {attack};
    report.settings.incoming = {setting(Protocol::imap, "imap.example.test", 993, Security::tls)};
    report.settings.incoming.front().username = attack;
    Observation seen = handshake(0, finding.subject, false);
    seen.probe = attack;
    seen.tls->version = seen.tls->peer_text = attack;
    seen.mail->greeting = attack;
    seen.transcript.front().text = attack;
    report.observations = {seen, look_up(1, attack, RecordType::txt, DnsStatus::found)};
    report.observations.back().dns->texts = {attack};
    return report;
}

}  // namespace maildoctor::samples
