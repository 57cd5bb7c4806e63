#include "gui/model/scenes.h"

#include <array>
#include <chrono>
#include <utility>

#include "core/knowledge/texts.h"
#include "gui/model/app.h"

namespace maildoctor::gui {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::int64_t example_time = 1795320000;  // 2026-11-22

HostName host(std::string_view name) {
    return HostName::from(name).value();
}
Port port(int number) {
    return Port::from(number).value();
}

Subject subject_of(std::string name, int number, Protocol protocol, Security security, Role role) {
    return {.host = std::move(name),
            .address = IpAddress::from("192.0.2.25"),
            .port = port(number),
            .protocol = protocol,
            .security = security,
            .role = role};
}

Observation look_up(std::string name, RecordType type, int at, int took) {
    Observation seen{.probe = "dns.lookup",
                     .answer = Answer::yes,
                     .started = milliseconds(at),
                     .took = milliseconds(took)};
    seen.subject.host = name;
    seen.dns =
        DnsFacts{.name = std::move(name), .type = type, .status = DnsStatus::found, .rcode = 0, .ttl = 3600};
    seen.dns->dnssec = Dnssec::secure;
    seen.dns->server = "192.0.2.53";
    if (type == RecordType::a) seen.dns->addresses.push_back(IpAddress::from("192.0.2.25").value());
    if (type == RecordType::mx) seen.dns->mx.push_back({.preference = 10, .exchange = "mx.example.org"});
    return seen;
}

TlsFacts tls_facts(const std::string& name, bool fits) {
    TlsFacts tls{
        .completed = true, .version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .cipher_bits = 256};
    tls.server_name = name;
    tls.verified = fits;
    tls.chain.push_back(
        {.subject = fits ? name : "web.hoster.example",
         .issuer = "Example Trust CA 3",
         .dns_names = {fits ? name : "web.hoster.example", fits ? "example.org" : "www.hoster.example"},
         .not_before = example_time - 86400 * 40,
         .not_after = example_time + 86400 * 50,
         .key = "EC P-256",
         .key_bits = 256});
    if (!fits) {
        tls.faults.push_back(ChainFault::name_mismatch);
        tls.verify_errors.push_back({.code = 62, .text = "hostname mismatch"});
    }
    return tls;
}

Observation dialog(Subject subject, std::string source, int at, int took, bool fits) {
    Observation seen{.probe = "mail.dialog",
                     .subject = std::move(subject),
                     .source = std::move(source),
                     .answer = Answer::yes,
                     .started = milliseconds(at),
                     .took = milliseconds(took)};
    const std::string name = *seen.subject.host;
    seen.connects.push_back(
        {.address = *seen.subject.address, .took = microseconds(took * 180), .used = true});
    seen.tls = tls_facts(name, fits);
    seen.mail = MailFacts{.service = seen.subject.protocol == Protocol::smtp   ? Service::smtp
                                     : seen.subject.protocol == Protocol::pop3 ? Service::pop3
                                                                               : Service::imap,
                          .greeting = "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready",
                          .greeting_ok = true};
    if (seen.subject.protocol == Protocol::smtp) seen.mail->greeting = "220 " + name + " ESMTP";
    seen.mail->capabilities_known = true;
    seen.mail->starttls_offered = true;
    seen.mail->auth_mechanisms = {"PLAIN", "LOGIN"};
    using From = TranscriptLine::From;
    seen.transcript = {
        {From::note, microseconds(took * 180), "connected to 192.0.2.25"},
        {From::note, microseconds(took * 600),
         fits ? "TLSv1.3, certificate good" : "TLSv1.3, certificate is for web.hoster.example"},
        {From::server, microseconds(took * 700), seen.mail->greeting},
        {From::client, microseconds(took * 710), "a1 CAPABILITY"},
        {From::server, microseconds(took * 950), "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN AUTH=LOGIN"}};
    return seen;
}

Observation refused(Subject subject, std::string source, int at, int took, FailureKind kind) {
    Observation seen{.probe = "mail.dialog",
                     .subject = std::move(subject),
                     .source = std::move(source),
                     .answer = Answer::no,
                     .started = milliseconds(at),
                     .took = milliseconds(took)};
    seen.failure = Failure{.stage = Stage::connect, .kind = kind, .text = "192.0.2.25"};
    seen.connects.push_back(
        {.address = *seen.subject.address, .failure = seen.failure, .took = microseconds(took * 1000)});
    return seen;
}

std::vector<Observation> example_observations() {
    using enum Protocol;
    const auto at = [](int number, Protocol protocol, Security security, Role role = Role::incoming) {
        return subject_of("mail.example.org", number, protocol, security, role);
    };
    std::vector<Observation> seen = {
        look_up("example.org", RecordType::mx, 0, 14),
        look_up("mail.example.org", RecordType::a, 1, 19),
        look_up("mx.example.org", RecordType::a, 15, 12),
        look_up("_imaps._tcp.example.org", RecordType::srv, 1, 22),
        dialog(at(993, imap, Security::tls), "typed", 21, 96, false),
        dialog(at(587, smtp, Security::starttls, Role::outgoing), "typed", 22, 134, true),
        dialog(at(143, imap, Security::starttls), "guess", 22, 121, false),
        refused(at(995, pop3, Security::tls), "guess", 23, 18, FailureKind::refused),
        refused(at(110, pop3, Security::starttls), "guess", 23, 17, FailureKind::refused),
        dialog(at(465, smtp, Security::tls, Role::outgoing), "guess", 24, 108, true),
        dialog(subject_of("mx.example.org", 25, smtp, Security::starttls, Role::mx), "mx", 30, 210, true),
    };
    Observation login{.probe = "mail.login",
                      .subject = at(587, smtp, Security::starttls, Role::outgoing),
                      .answer = Answer::yes,
                      .started = milliseconds(160),
                      .took = milliseconds(240)};
    login.login =
        LoginFacts{.user = "anna@example.org", .mechanism = "PLAIN", .outcome = LoginOutcome::accepted};
    login.source = "typed";
    seen.push_back(std::move(login));
    for (std::size_t i = 0; i < seen.size(); ++i)
        seen[i].id = i;
    return seen;
}

ServerSetting setting(Protocol protocol, int number, Security security) {
    return {.protocol = protocol,
            .host = host("mail.example.org"),
            .port = port(number),
            .security = security,
            .username = "anna@example.org",
            .source = "typed",
            .works = true};
}

Finding example_finding(Language language) {
    const std::string_view tag = report::tag_of(language);
    auto text = knowledge::text_for(Cause::tls_name_mismatch, "", "", "", tag);
    knowledge::fill(text,
                    {{"server", "mail.example.org"},
                     {"port", "993"},
                     {"protocol", "IMAP"},
                     {"domain", "example.org"},
                     {"address", "anna@example.org"}},
                    tag);
    return {
        .cause = Cause::tls_name_mismatch,
        .severity = Severity::error,
        .confidence = Confidence::certain,
        .primary = true,
        .subject = subject_of("mail.example.org", 993, Protocol::imap, Security::tls, Role::incoming),
        .title = text.title,
        .explanation = text.meaning,
        .why = text.why,
        .actor = text.actor,
        .fixes = text.fixes,
        .evidence =
            {{.kind = "certificate",
              .text = "mail.example.org:993 shows a certificate for web.hoster.example, www.hoster.example"},
             {.kind = "tls", .text = "hostname mismatch"}},
        .observations = {4},
        .references = text.references};
}

std::vector<std::string> example_domains() {
    constexpr std::array names = {"alpha", "berg",  "citron", "dune",   "elm",   "fjord", "garten",
                                  "hafen", "insel", "jura",   "kiesel", "linde", "mond",  "nebel",
                                  "oase",  "park",  "quelle", "ried",   "see",   "tal"};
    std::vector<std::string> domains;
    for (const char* name : names)
        domains.push_back(std::string(name) + ".example");
    return domains;
}

void fill_table(App& app) {
    app.validate.set_domains(example_domains());
    const Report problem = example_report(app.language);
    for (std::size_t i = 0; i + 3 < app.validate.size(); ++i) {
        Report report = problem;
        report.duration = milliseconds(180 + 37 * static_cast<int>(i * 7 % 23));
        if (i % 5 != 1) {
            report.verdict = i % 7 == 3 ? Verdict::inconclusive : Verdict::ok;
            report.findings.clear();
        }
        app.validate.put(i, {.report = std::move(report)}, app.language);
    }
    app.validate.refresh();
}

void fill_form(App& app) {
    CheckForm& form = app.check.form;
    form.email = "anna@example.org";
    form.show_settings = true;
    form.incoming = {
        .kind = KindChoice::imap, .host = "mail.example.org", .port = "993", .security = SecurityChoice::tls};
    form.outgoing = {.host = "mail.example.org", .port = "587", .security = SecurityChoice::starttls};
}

void show_result(App& app) {
    app.check.adopt(example_report(app.language), app.language);
    app.check.chosen = Choice{.place = "mail.example.org:993", .step = Step::tls};
    app.fix.from_report(*app.check.report(), app.language);
}

}  // namespace

std::string_view example_text() noexcept {
    return "Your server has unexpectedly terminated the connection. Possible causes for this include server "
           "problems, network "
           "problems, or a long period of inactivity. Account: 'pop.example.org', Server: 'pop.example.org', "
           "Protocol: POP3, "
           "Server Response: '', Port: 995, Secure(SSL): Yes, Socket Error: 10060, Error Number: 0x800CCC0E";
}

Report example_report(Language language) {
    Report report{.version = "0.1.0"};
    report.started = example_time;
    report.duration = milliseconds(412);
    report.request.email = EmailAddress{.local = "anna", .domain = host("example.org")};
    report.request.incoming = setting(Protocol::imap, 993, Security::tls);
    report.request.outgoing = setting(Protocol::smtp, 587, Security::starttls);
    report.request.for_someone_else = true;
    report.request.language = report::tag_of(language);
    report.verdict = Verdict::problem;
    report.observations = example_observations();
    report.findings.push_back(example_finding(language));
    report.settings.outgoing.push_back(setting(Protocol::smtp, 587, Security::starttls));
    report.settings.outgoing.push_back(setting(Protocol::smtp, 465, Security::tls));
    return report;
}

const std::vector<std::string>& scene_names() {
    static const std::vector<std::string> names = {"paste", "check",    "check-running", "check-result",
                                                   "fix",   "validate", "history",       "call",
                                                   "learn", "help"};
    return names;
}

void show_scene(App& app, const std::string& name) {
    app.focus_paste = false;
    if (name == "paste") {
        app.paste.put(example_text());
        app.paste.settle(app.language);
    } else if (name == "check") {
        fill_form(app);
        app.view = View::check;
    } else if (name == "check-running") {
        fill_form(app);
        constexpr std::size_t seen = 6;
        app.check.pretend_running(example_report(app.language), seen, app.language);
        app.view = View::check;
    } else if (name == "check-result") {
        show_result(app);
        app.view = View::check;
    } else if (name == "fix") {
        show_result(app);
        app.set_program("thunderbird");
        if (!app.fix.steps().empty()) app.fix.steps().front().done = true;
        app.view = View::fix;
    } else if (name == "validate") {
        fill_table(app);
        app.view = View::validate;
    } else if (name == "history") {
        app.history.runs() = {{3, "2026-11-22 08:31 UTC", "anna@example.org", "problem", "tls.name-mismatch"},
                              {2, "2026-11-15 14:02 UTC", "anna@example.org", "ok", ""},
                              {1, "2026-11-14 09:47 UTC", "berg.example", "inconclusive", ""}};
        app.view = View::history;
    } else if (name == "call") {
        for (int i = 0; i < 2; ++i)
            if (const auto question = app.call.next()) app.call.answer(*question, 0);
        app.view = View::call;
    } else if (name == "learn") {
        app.learn.chosen = "smtp";
        app.view = View::learn;
    } else if (name == "help") {
        app.show_help = true;
    }
}

}  // namespace maildoctor::gui
