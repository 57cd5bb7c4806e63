// What the renderers print, compared with approved files. The target `approve` takes new output over.
#include "core/report/render.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/model/utf8.h"
#include "core/report/layout.h"
#include "tests/report/samples.h"

using namespace maildoctor;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void check_approved(const std::string& name, const std::string& output) {
    const std::filesystem::path file =
        std::filesystem::path(MAILDOCTOR_SOURCE_DIR "/tests/report/approved") / name;
    if (std::getenv("MAILDOCTOR_APPROVE") != nullptr) std::ofstream(file, std::ios::binary) << output;
    INFO("approved file: " << file);
    CHECK(output == contents(file));
}

/// Whether a terminal, a log or a page may see this: valid UTF-8, no control characters but line feeds.
bool is_harmless(std::string_view text, bool colours) {
    while (!text.empty()) {
        if (colours && text.starts_with("\x1b[")) {  // our own colours only: digits, ';' and 'm'
            const std::size_t end = text.find_first_not_of("0123456789;", 2);
            if (end == std::string_view::npos || text[end] != 'm') return false;
            text.remove_prefix(end + 1);
            continue;
        }
        const char32_t c = take_code_point(text);
        if (c < 0x20 && c != '\n') return false;
        if ((c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E)) return false;
    }
    return true;
}

std::size_t widest_line(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        widest = std::max(widest, report::columns(text.substr(0, end)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return widest;
}

}  // namespace

TEST_CASE("report text: says what is wrong, why, what to do, what works and what was not tested",
          "[report][approved]") {
    check_approved("name_mismatch.txt", report::render_text(samples::name_mismatch(), {}));
    check_approved("name_mismatch.narrow.txt",
                   report::render_text(samples::name_mismatch(), {.width = 46, .unicode = false}));
    check_approved("name_mismatch.verbose.txt",
                   report::render_text(samples::name_mismatch(), {.width = 100, .verbose = true}));
    check_approved("name_mismatch.colour.txt",
                   report::render_text(samples::name_mismatch(), {.colour = true}));
    check_approved("name_mismatch.de.txt", report::render_text(samples::name_mismatch(), {.language = "de"}));
    check_approved("two_faults.txt", report::render_text(samples::two_faults(), {}));
    check_approved("healthy.txt", report::render_text(samples::healthy(), {}));
    check_approved("survey.txt", report::render_text(samples::survey(), {}));
    check_approved("survey.de.txt", report::render_text(samples::survey(), {.language = "de"}));
    check_approved("offline.txt", report::render_text(samples::offline(), {}));
}

TEST_CASE("report json: format version 1", "[report][approved]") {
    check_approved("name_mismatch.json", report::render_json(samples::name_mismatch()));
    check_approved("two_faults.json", report::render_json(samples::two_faults()));
    check_approved("healthy.json", report::render_json(samples::healthy()));
    check_approved("survey.json", report::render_json(samples::survey()));
    check_approved("offline.json", report::render_json(samples::offline()));
    check_approved("hostile.json", report::render_json(samples::hostile()));
    check_approved("empty.json", report::render_json(Report{}));
}

TEST_CASE("report ticket, page and message", "[report][approved]") {
    check_approved("two_faults.md", report::render_markdown(samples::two_faults(), "en"));
    check_approved("hostile.md", report::render_markdown(samples::hostile(), "en"));
    check_approved("name_mismatch.html", report::render_html(samples::name_mismatch(), "de"));
    check_approved("hostile.html", report::render_html(samples::hostile(), "en"));
    check_approved("two_faults.message.txt", report::render_message(samples::two_faults(), "en").value());
    check_approved("two_faults.message.de.txt", report::render_message(samples::two_faults(), "de").value());
}

TEST_CASE("report message: there is none when the user alone can mend it or nothing is wrong", "[report]") {
    CHECK_FALSE(report::render_message(samples::name_mismatch(), "en"));
    CHECK_FALSE(report::render_message(samples::healthy(), "en"));
    CHECK_FALSE(report::render_message(samples::offline(), "en"));
    CHECK_FALSE(report::render_message(Report{}, "en"));
}

TEST_CASE("report: nothing that a server sends reaches the output unclean, and no line is too wide",
          "[report]") {
    const auto sample = GENERATE(as<Report (*)()>{}, samples::hostile, samples::name_mismatch,
                                 samples::two_faults, samples::offline);
    const Report report = sample();
    CHECK(is_harmless(report::render_json(report), false));
    CHECK(is_harmless(report::render_markdown(report, "en"), false));
    CHECK(is_harmless(report::render_html(report, "en"), false));
    CHECK(is_harmless(report::render_message(report, "de").value_or(""), false));
    for (const std::size_t width : {0U, 40U, 41U, 57U, 80U, 132U})
        for (const bool verbose : {false, true})
            for (const char* language : {"en", "de"}) {
                const std::string plain =
                    report::render_text(report, {.width = width, .language = language, .verbose = verbose});
                CHECK(is_harmless(plain, false));
                CHECK(widest_line(plain) <= std::max<std::size_t>(width, 40));
                const std::string coloured = report::render_text(
                    report, {.width = width, .colour = true, .language = language, .verbose = verbose});
                CHECK(is_harmless(coloured, true));
            }
}

TEST_CASE("report text: without colour and symbols the words carry the meaning", "[report]") {
    const std::string text = report::render_text(samples::name_mismatch(), {.unicode = false});
    CHECK(text.find("Problem: ") != std::string::npos);
    CHECK(text.find("Warning: ") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST_CASE("report page: no script and nothing from outside", "[report]") {
    const std::string page = report::render_html(samples::hostile(), "en");
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("src=") == std::string::npos);
    CHECK(page.find("href=") == std::string::npos);
    CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("report: a finding that points outside the list or at itself does no harm", "[report]") {
    Report report = samples::name_mismatch();
    report.findings[1].consequence_of = 99;
    CHECK(report::render_json(report).find("\"consequence_of\":null") != std::string::npos);
    CHECK_FALSE(report::render_text(report, {}).empty());
    report.findings[0].consequence_of = 0;
    CHECK_FALSE(report::render_text(report, {}).empty());
}
