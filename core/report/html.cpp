// The document as one page that stands alone.
#include <array>

#include "core/model/markup.h"
#include "core/report/document.h"
#include "core/report/draw.h"
#include "core/report/render.h"

namespace maildoctor::report {
namespace {

// The policy below names this sheet by its SHA-256: whoever changes one changes both (tests/report checks
// it).
constexpr std::string_view style_sheet =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 "
    "1rem;color:#1b1b1b;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;border-left:.4rem solid #767676;padding-left:.6rem}"
    "h3{font-size:1rem;margin-bottom:.2rem}.problem{border-color:#b3261e}.warning{border-color:#8a5a00}.good{"
    "color:#1b5e20}"
    "code{overflow-wrap:anywhere;background:#f2f2f2;padding:.1em .3em}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}code{background:#2a2a2a}.good{"
    "color:#81c784}}";
constexpr std::string_view style_hash = "sha256-v2aYizG6ESmkylVKadY0xjYSA7C6hpgSLtuPKRMPxKM=";

constexpr std::array<std::string_view, 6> classes = {"", "problem", "warning", "note", "good", "unknown"};
constexpr std::array<std::string_view, 6> symbols = {"", "✗ ", "! ", "i ", "✓ ", "? "};

void append_head(std::string& out, std::string_view level, const Block& block, std::string_view text) {
    const auto mark = static_cast<std::size_t>(block.mark);
    out += "<" + std::string(level);
    if (!classes[mark].empty()) out += " class=\"" + std::string(classes[mark]) + "\"";
    out += ">" + std::string(symbols[mark]) + markup_escaped(text) + "</" + std::string(level) + ">\n";
}

void append_list(std::string& out, const Block& block) {
    const std::string tag = block.kind == Block::Kind::steps ? "ol" : "ul";
    out += "<" + tag + ">\n";
    for (const Item& item : block.items) {
        out += "<li>";
        if (!item.label.empty()) out += markup_escaped(item.label) + ": ";
        out += item.verbatim ? "<code>" + markup_escaped(item.text) + "</code>" : markup_escaped(item.text);
        out += "</li>\n";
    }
    out += "</" + tag + ">\n";
}

void append_table(std::string& out, const Block& block) {
    out += "<table>\n";
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const std::string tag = r == 0 ? "th" : "td";
        out += "<tr>";
        for (const std::string& cell : block.rows[r])
            out.append("<")
                .append(tag)
                .append(">")
                .append(markup_escaped(cell))
                .append("</")
                .append(tag)
                .append(">");
        out += "</tr>\n";
    }
    out += "</table>\n";
}

}  // namespace

std::string html_head(std::string_view title, Language language) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"" + std::string(tag_of(language)) +
                      "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" +
           std::string(style_hash) + "'; base-uri 'none'; form-action 'none'\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           markup_escaped(title) + "</title>\n";
    return out + "<style>" + std::string(style_sheet) + "</style>\n</head>\n<body>\n<main>\n";
}

std::string html_body(const Document& document) {
    std::string out;
    for (const Block& block : document.blocks) {
        switch (block.kind) {
            case Block::Kind::verdict:
                append_head(out, "h1", block, block.text);
                break;
            case Block::Kind::finding:
                append_head(out, "h2", block, block.label + ": " + block.text);
                break;
            case Block::Kind::subject:
                out += "<p><code>" + markup_escaped(block.text) + "</code></p>\n";
                break;
            case Block::Kind::heading:
                append_head(out, "h3", block, block.text);
                break;
            case Block::Kind::paragraph:
                out += "<p>" + markup_escaped(block.text) + "</p>\n";
                break;
            case Block::Kind::bullets:
            case Block::Kind::steps:
                append_list(out, block);
                break;
            case Block::Kind::table:
                append_table(out, block);
                break;
            case Block::Kind::code:
                out += "<pre><code>" + markup_escaped(block.text) + "</code></pre>\n";
                break;
        }
    }
    return out;
}

std::string html_foot() {
    return "</main>\n</body>\n</html>\n";
}

std::string draw_html(const Document& document) {
    return html_head(document.title, document.language) + html_body(document) + html_foot();
}

std::string render_html(const Report& report, std::string_view language) {
    return draw_html(compose(report, {.language = language_from(language), .verbose = true}));
}

}  // namespace maildoctor::report
