// The document on a terminal.
#include <algorithm>
#include <array>

#include "core/report/document.h"
#include "core/report/draw.h"
#include "core/report/layout.h"
#include "core/report/render.h"

namespace maildoctor::report {
namespace {

constexpr std::size_t least_width = 40;

struct Look {
    std::string_view symbol, ascii, colour;
};

/// In the order of Mark.
constexpr std::array<Look, 6> looks = {{{"", "", ""},
                                        {"✗ ", "x ", "\x1b[1;31m"},
                                        {"! ", "! ", "\x1b[1;33m"},
                                        {"i ", "i ", "\x1b[1;36m"},
                                        {"✓ ", "+ ", "\x1b[1;32m"},
                                        {"? ", "? ", "\x1b[1;33m"}}};
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view plain = "\x1b[0m";

/// Replaces the typographic characters of our own frame for terminals that lack them; other text keeps its
/// letters.
std::string to_ascii_frame(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pairs = {
        {{"–", "-"}, {"…", "..."}, {"•", "*"}, {"’", "'"}}};
    for (const auto& [from, to] : pairs)
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    return text;
}

class TextWriter {
public:
    explicit TextWriter(const TextStyle& style) : style_(style), width_(std::max(style.width, least_width)) {}

    std::string write(const Document& document) {
        for (const Block& block : document.blocks)
            write(block);
        return std::move(out_);
    }

private:
    std::string_view bullet() const { return style_.unicode ? "• " : "* "; }

    void write(const Block& block) {
        switch (block.kind) {
            case Block::Kind::verdict:
                marked(block, block.text);
                after_heading_ = false;
                return;
            case Block::Kind::finding:
                blank_line();
                marked(block, block.label + ": " + block.text);
                return;
            case Block::Kind::subject:
                body(wrap(block.text, indent, "    "));
                return;
            case Block::Kind::heading:
                blank_line();
                coloured(wrap(block.text, "", "  "), bold);
                return;
            case Block::Kind::paragraph:
                if (!after_heading_) blank_line();  // straight below its heading, else set apart
                body(wrap(block.text, indent, indent));
                return;
            case Block::Kind::bullets:
                list(block, false);
                return;
            case Block::Kind::steps:
                list(block, true);
                return;
            case Block::Kind::table:
                table(block);
                return;
            case Block::Kind::code:
                code(block.text);
                return;
        }
    }

    /// Lines to copy: neither indented nor broken.
    void code(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            body(std::string(text.substr(0, end)) + "\n");
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }

    void marked(const Block& block, std::string_view text) {
        const Look& look = looks[static_cast<std::size_t>(block.mark)];
        const std::string symbol(style_.unicode ? look.symbol : look.ascii);
        coloured(wrap(text, symbol, std::string(columns(symbol), ' ')), look.colour);
    }

    void list(const Block& block, bool numbered) {
        std::size_t number = 0;
        for (const Item& item : block.items) {
            const std::string first =
                std::string(indent) + (numbered ? std::to_string(++number) + ". " : std::string(bullet()));
            const std::string text = item.label.empty() ? item.text : item.label + ": " + item.text;
            body(wrap(text, first, std::string(columns(first), ' ')));
        }
    }

    void table(const Block& block) {
        std::vector<std::size_t> widths;
        for (const auto& row : block.rows)
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (i >= widths.size()) widths.resize(i + 1);
                widths[i] = std::max(widths[i], columns(row[i]));
            }
        std::size_t needed = indent.size();
        for (const std::size_t width : widths)
            needed += width + 2;
        if (needed > width_ + 2) {
            narrow_table(block);
            return;
        }
        for (const auto& row : block.rows) {
            std::string line(indent);
            for (std::size_t i = 0; i < row.size(); ++i)
                line += row[i] + std::string(widths[i] - columns(row[i]) + 2, ' ');
            while (line.ends_with(' '))
                line.pop_back();
            body(line + "\n");
        }
    }

    /// Where a table is too wide: each row as a list of "column: cell".
    void narrow_table(const Block& block) {
        const auto& head = block.rows.front();
        for (std::size_t r = 1; r < block.rows.size(); ++r) {
            const auto& row = block.rows[r];
            body(wrap(row.front(), std::string(indent) + std::string(bullet()), "    "));
            for (std::size_t i = 1; i < row.size() && i < head.size(); ++i)
                if (!row[i].empty()) body(wrap(head[i] + ": " + row[i], "    ", "      "));
        }
    }

    std::string wrap(std::string_view text, std::string_view first, std::string_view next) const {
        return wrapped(style_.unicode ? std::string(text) : to_ascii_frame(std::string(text)), width_, first,
                       next);
    }

    void body(std::string_view text) {
        out_ += text;
        after_heading_ = false;
    }

    void coloured(std::string_view lines, std::string_view colour) {
        if (!style_.colour || colour.empty()) {
            out_ += lines;
        } else {
            while (!lines.empty()) {
                const std::size_t end = lines.find('\n');
                out_ += colour;
                out_ += lines.substr(0, end);
                out_ += plain;
                out_ += '\n';
                lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
            }
        }
        after_heading_ = true;
    }

    void blank_line() {
        if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
    }

    static constexpr std::string_view indent = "  ";
    TextStyle style_;
    std::size_t width_;
    std::string out_;
    bool after_heading_{false};
};

}  // namespace

std::string draw_text(const Document& document, const TextStyle& style) {
    return TextWriter(style).write(document);
}

std::string render_text(const Report& report, const TextStyle& style) {
    return TextWriter(style).write(
        compose(report, {.language = language_from(style.language), .verbose = style.verbose}));
}

}  // namespace maildoctor::report
