// Any octets as text of a finding: every renderer gives valid, harmless UTF-8, and no line of text is too
// wide.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/model/utf8.h"
#include "core/report/layout.h"
#include "core/report/render.h"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void require_harmless(std::string_view text) {
    while (!text.empty()) {
        const char32_t c = maildoctor::take_code_point(text);
        require(c == '\n' || (c >= 0x20 && (c < 0x7F || c >= 0xA0)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace maildoctor;
    const std::string bytes(data, data + size);
    Report report;
    report.verdict = Verdict::problem;
    report.findings = {{.primary = true,
                        .title = bytes,
                        .explanation = bytes,
                        .actor = Actor::operator_,
                        .fixes = {{Audience::operator_, {bytes}}},
                        .evidence = {{bytes, bytes}}}};
    report.findings.front().subject.host = bytes;
    report.not_tested = {{bytes, bytes}};
    require_harmless(report::render_json(report));
    require_harmless(report::render_markdown(report, "de"));
    require_harmless(report::render_message(report, "en").value_or(""));
    const std::string page = report::render_html(report, "en");
    require_harmless(page);
    require(page.find("<script") == std::string::npos);
    std::string text = report::render_text(report, {.width = 60, .verbose = true});
    require_harmless(text);
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        require(report::columns(rest.substr(0, end)) <= 60);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return 0;
}
