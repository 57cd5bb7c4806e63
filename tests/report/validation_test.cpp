#include "core/report/validation.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "core/report/plugin.h"

using namespace maildoctor;
using namespace maildoctor::report;

namespace {

Validation sample(const char* domain = "example.test") {
    Validation v;
    v.report.version = "0.1.0";
    v.report.request.domain = HostName::from(domain);
    v.report.started = 1'700'000'000;
    v.report.duration = std::chrono::milliseconds(1234);
    v.report.verdict = Verdict::problem;
    const ServerSetting imap{
        .protocol = Protocol::imap, .host = *HostName::from("imap.example.test"), .port = *Port::from(993)};
    v.servers.push_back({.setting = imap, .sources = {"srv"}, .works = false, .cause = Cause::net_refused});
    Finding finding{.cause = Cause::net_refused, .primary = true, .title = "=HYPERLINK(\"x\") <b>&"};
    finding.subject = {
        .host = "imap.example.test", .port = imap.port, .protocol = Protocol::imap, .source = "srv"};
    finding.evidence = {{.kind = "connect", .text = "refused \x1b[31m ]]>"}};
    v.report.findings.push_back(finding);
    v.policy.push_back(
        {.rule = "pop3", .wanted = "\"off\"", .met = Answer::no, .because = "it is published"});
    return v;
}

std::string whole(ValidationFormat format, std::vector<Validation> all, bool many) {
    const auto writer = validation_writer(format, {.text = {.width = 100, .language = "en"}, .many = many});
    std::string out = writer->begin();
    for (const Validation& one : all)
        out += writer->one(one);
    return out + writer->end();
}

}  // namespace

TEST_CASE("csv: cells that a spreadsheet would run are defused, others are left alone", "[report]") {
    CHECK(csv_cell("plain") == "plain");
    CHECK(csv_cell("=1+1") == "\"'=1+1\"");
    CHECK(csv_cell("+49") == "\"'+49\"");
    CHECK(csv_cell("-1") == "\"'-1\"");
    CHECK(csv_cell("@SUM(A1)") == "\"'@SUM(A1)\"");
    CHECK(csv_cell("\t=1") == "\"'=1\"");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("a\"b") == "\"a\"\"b\"");
    CHECK(csv_cell("a\nb").find('\n') == std::string::npos);
}

TEST_CASE("csv: a line for each finding and each broken rule", "[report]") {
    const std::string out = whole(ValidationFormat::csv, {sample()}, true);
    CHECK(out.starts_with("domain,verdict,severity,cause,"));
    CHECK(out.find("example.test,problem,error,net.refused,,srv,imap,imap.example.test,,993,,") !=
          std::string::npos);
    CHECK(out.find("example.test,problem,error,policy,pop3") != std::string::npos);
    CHECK(out.find("\x1b") == std::string::npos);
}

TEST_CASE("junit: a failing server is a failing test case, and nothing breaks the document", "[report]") {
    const std::string out = whole(ValidationFormat::junit, {sample()}, true);
    CHECK(out.find("<testsuite name=\"example.test\" tests=\"2\" failures=\"2\" errors=\"0\" skipped=\"0\" "
                   "time=\"1.234\"") != std::string::npos);
    CHECK(out.find("<failure type=\"net.refused\" message=\"=HYPERLINK(&quot;x&quot;) &lt;b&gt;&amp;\">") !=
          std::string::npos);
    CHECK(out.find("]]>") == std::string::npos);
    CHECK(out.ends_with("</testsuites>\n"));
}

TEST_CASE("prometheus: samples of one metric stand together, once described", "[report]") {
    const std::string out = whole(ValidationFormat::prometheus, {sample(), sample("other.test")}, true);
    const std::string type = "# TYPE maildoctor_domain_verdict gauge\n";
    REQUIRE(out.find(type) != std::string::npos);
    CHECK(out.find(type, out.find(type) + 1) == std::string::npos);
    CHECK(out.find("maildoctor_domain_verdict{domain=\"other.test\",verdict=\"problem\"} 1\n") !=
          std::string::npos);
    CHECK(out.find("maildoctor_published_server_works{domain=\"example.test\",protocol=\"imap\",host=\"imap."
                   "example.test\","
                   "port=\"993\",security=\"tls\",source=\"srv\"} 0\n") != std::string::npos);
    CHECK(out.find("maildoctor_validation_duration_seconds{domain=\"example.test\"} 1.234\n") !=
          std::string::npos);
    CHECK(out.ends_with("\n"));
}

TEST_CASE("html: no script, a policy, and foreign text as text", "[report]") {
    for (const bool many : {false, true}) {
        const std::string out = whole(ValidationFormat::html, {sample()}, many);
        CHECK(out.find("Content-Security-Policy") != std::string::npos);
        CHECK(out.find("<script") == std::string::npos);
        CHECK(out.find("<b>") == std::string::npos);
        CHECK(out.ends_with("</html>\n"));
    }
}

TEST_CASE("json: one object, an array, or a line each", "[report]") {
    CHECK(whole(ValidationFormat::json, {sample()}, false).starts_with("{\"domain\":\"example.test\""));
    const std::string array = whole(ValidationFormat::json, {sample(), sample()}, true);
    CHECK(array.starts_with("[\n{"));
    CHECK(array.ends_with("}\n]\n"));
    CHECK(whole(ValidationFormat::json, {}, true) == "[\n]\n");
    const std::string lines = whole(ValidationFormat::jsonl, {sample(), sample()}, true);
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
}

TEST_CASE("plugin: one line, figures behind the bar, and the worst state counts", "[report]") {
    PluginSummary one;
    one.add(sample());
    const PluginOutput bad = one.output();
    CHECK(bad.state == PluginState::critical);
    CHECK(bad.line.starts_with("MAILDOCTOR CRITICAL - example.test: =HYPERLINK"));
    CHECK(bad.line.find("(net.refused) | time=1.234s;;;0 errors=1;;0;0 warnings=0;0;;0 servers=1;;;0 "
                        "servers_working=0;;;0;1") != std::string::npos);
    CHECK(std::ranges::count(bad.line, '\n') == 1);
    CHECK(std::ranges::count(bad.line, '|') == 1);
    CHECK(bad.line.find('\x1b') == std::string::npos);

    Validation fine = sample("fine.test");
    fine.report.verdict = Verdict::ok;
    fine.report.findings.clear();
    fine.policy.clear();
    PluginSummary many;
    many.add(fine);
    CHECK(many.output().state == PluginState::ok);
    CHECK(many.output(1).state == PluginState::unknown);
    Validation open = fine;
    open.report.verdict = Verdict::inconclusive;
    many.add(open);
    CHECK(many.output().state == PluginState::unknown);
    Validation warned = fine;
    warned.report.findings = sample().report.findings;
    warned.report.findings.front().severity = Severity::warning;
    many.add(warned);
    CHECK(many.output().state == PluginState::warning);
    for (int i = 0; i < 7; ++i)
        many.add(sample(("bad" + std::to_string(i) + ".test").c_str()));
    const PluginOutput all = many.output();
    CHECK(all.state == PluginState::critical);
    CHECK(
        all.line.starts_with("MAILDOCTOR CRITICAL - 10 domains, 7 with problems, 1 with warnings, 1 not "
                             "settled: bad0.test (net.refused), bad1.test (net.refused)"));
    CHECK(all.line.find("bad5.test") == std::string::npos);
    CHECK(all.line.find(" and 4 more | ") != std::string::npos);
    CHECK(all.line.find("domains=10;;;0 problems=7;;0;0;10") != std::string::npos);
}

TEST_CASE("plugin: a policy that is not met is critical, nothing looked at is unknown", "[report]") {
    Validation v = sample();
    v.report.verdict = Verdict::ok;
    v.report.findings.clear();
    PluginSummary summary;
    summary.add(v);
    CHECK(summary.output().state == PluginState::critical);
    CHECK(summary.output().line.find("policy pop3 = \"off\": it is published") != std::string::npos);
    CHECK(PluginSummary().output().state == PluginState::unknown);
    CHECK(plugin_unknown("a | b\nc").line == "MAILDOCTOR UNKNOWN - a / b\\nc\n");
}

TEST_CASE("plugin: a report's first certificate to end is told in days", "[report]") {
    Report report;
    report.started = 1'700'000'000;
    report.verdict = Verdict::ok;
    for (const std::int64_t days : {40, 12}) {
        Observation seen;
        seen.tls = TlsFacts{.chain = {CertificateFacts{.not_after = report.started + days * 86400 + 5}}};
        report.observations.push_back(seen);
    }
    CHECK(render_plugin(report).line.ends_with(" certificate_days=12;14:;0:\n"));
    report.observations.back().tls->chain.front().not_after = report.started - 5;
    CHECK(render_plugin(report).line.ends_with(" certificate_days=-1;14:;0:\n"));
    CHECK(render_plugin(report).state == PluginState::ok);
}
