#include "core/report/validation.h"

#include <catch2/catch.hpp>
#include <string>

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
