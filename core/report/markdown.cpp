// The document as a ticket in Markdown (CommonMark with tables).
#include "core/report/document.h"
#include "core/report/render.h"

namespace maildoctor::report {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_[]<>#|&~!").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

/// A code span whose fence is longer than any run of backticks inside.
std::string verbatim(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + " " + std::string(text) + " " + fence;
}

void append_list(std::string& out, const Block& block) {
    const bool numbered = block.kind == Block::Kind::steps;
    std::size_t number = 0;
    for (const Item& item : block.items) {
        out += numbered ? std::to_string(++number) + ". " : "- ";
        if (!item.label.empty()) out += escaped(item.label) + ": ";
        out += (item.verbatim && !item.text.empty() ? verbatim(item.text) : escaped(item.text)) + "\n";
    }
    out += '\n';
}

void append_table(std::string& out, const Block& block) {
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
        for (const std::string& cell : block.rows[r])
            out += "| " + escaped(cell) + (cell.empty() ? "" : " ");
        out += "|\n";
        if (r > 0) continue;
        for (std::size_t i = 0; i < block.rows.front().size(); ++i)
            out += "| --- ";
        out += "|\n";
    }
    out += '\n';
}

}  // namespace

std::string render_markdown(const Report& report, std::string_view language) {
    const Document document =
        compose(report, {.language = language_from(language), .verbose = true, .redact = true});
    std::string out;
    for (const Block& block : document.blocks) {
        switch (block.kind) {
            case Block::Kind::verdict:
                out += "# " + escaped(block.text) + "\n\n";
                break;
            case Block::Kind::finding:
                out += "## " + escaped(block.label + ": " + block.text) + "\n\n";
                break;
            case Block::Kind::subject:
                out += verbatim(block.text) + "\n\n";
                break;
            case Block::Kind::heading:
                out += "### " + escaped(block.text) + "\n\n";
                break;
            case Block::Kind::paragraph:
                out += escaped(block.text) + "\n\n";
                break;
            case Block::Kind::bullets:
            case Block::Kind::steps:
                append_list(out, block);
                break;
            case Block::Kind::table:
                append_table(out, block);
                break;
            case Block::Kind::code:  // no file of ours has three backticks
                out += "```\n" + block.text + (block.text.ends_with('\n') ? "" : "\n") + "```\n\n";
                break;
        }
    }
    while (out.ends_with("\n\n"))
        out.pop_back();
    return out;
}

}  // namespace maildoctor::report
