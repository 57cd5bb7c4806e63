#include <catch2/catch.hpp>

#include "core/report/document.h"
#include "core/report/render.h"

using namespace maildoctor;

namespace {

/// A report about a domain that could publish one file.
Report with_file() {
    Report report{.version = "0", .verdict = Verdict::ok};
    report.request.email = EmailAddress{.local = "you", .domain = *HostName::from("example.test")};
    report.publication.push_back(
        {.id = "autoconfig",
         .title = "A file",
         .where = "Serve it.",
         .path = "a.xml",
         .content = "<clientConfig>\n  <a b=\"" + std::string(120, 'x') + "\"/>\n</clientConfig>\n"});
    return report;
}

std::vector<report::Block> blocks(bool files) {
    return report::compose(with_file(), {.files = files}).blocks;
}

bool has_code(const std::vector<report::Block>& all) {
    return std::ranges::any_of(all,
                               [](const report::Block& b) { return b.kind == report::Block::Kind::code; });
}

}  // namespace

TEST_CASE("publication: a check points to the files, a validation shows them", "[report]") {
    CHECK_FALSE(has_code(blocks(false)));
    CHECK(std::ranges::any_of(blocks(false), [](const report::Block& b) {
        return b.text.find("maildoctor validate example.test") != std::string::npos;
    }));
    CHECK(has_code(blocks(true)));
    CHECK_FALSE(has_code(report::compose(Report{}, {.files = true}).blocks));
}

TEST_CASE("publication: files stand in every format as they are", "[report]") {
    const Report report = with_file();
    const std::string line = "  <a b=\"" + std::string(120, 'x') + "\"/>\n";
    report::TextStyle style;
    style.verbose = true;
    CHECK(report::render_text(report, style).find("\n" + line) != std::string::npos);
    CHECK(report::render_markdown(report, "en").find("```\n<clientConfig>\n" + line) != std::string::npos);
    CHECK(report::render_html(report, "de").find("<pre><code>&lt;clientConfig&gt;\n  &lt;a b=&quot;xxx") !=
          std::string::npos);
    CHECK(report::render_json(report).find("\"publication\":[{\"id\":\"autoconfig\"") != std::string::npos);
}

TEST_CASE("publication: titles and places are in the reader's language", "[report]") {
    const auto all =
        report::compose(with_file(), {.language = report::Language::german, .files = true}).blocks;
    CHECK(std::ranges::any_of(all, [](const report::Block& b) {
        return b.text.contains("Liefern Sie die Datei über HTTPS als text/xml aus") &&
               b.text.contains("https://autoconfig.example.test/mail/config-v1.1.xml");
    }));
    CHECK(std::ranges::none_of(all, [](const report::Block& b) { return b.text.contains("Serve it."); }));
}
