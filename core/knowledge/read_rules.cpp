// Reads rules/match/*.toml and rules/codes/*.tsv.
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

constexpr std::array<std::string_view, 9> rank_words = {"detail", "family", "symptom", "general", "client",
                                                        "socket", "status", "server",  "provider"};

void read_match(TomlTable& match, RuleSource& rule) {
    rule.phrases = match.texts("phrases");
    rule.all = match.texts("all");
    rule.none = match.texts("not");
    rule.codes = match.texts("codes");
    rule.no_codes = match.texts("not_codes");
    rule.programs = match.texts("program");
    rule.providers = match.texts("provider");
    rule.reply = match.text("reply");
    rule.pattern = match.text("pattern");
    if (const std::string dialect = match.text("dialect"); !dialect.empty()) rule.dialect = dialect;
    if (!rule.dialect.empty() && rule.dialect != "sending" && rule.dialect != "retrieval" &&
        rule.dialect != "any")
        match.complain(nullptr, "dialect is sending, retrieval or any");
    for (const std::string& name : match.texts("protocol")) {
        if (const auto protocol = protocol_from(name))
            rule.protocols.push_back(*protocol);
        else
            match.complain(nullptr, "'" + name + "' is not a protocol: use smtp, pop3 or imap");
    }
    if (rule.phrases.empty() && rule.all.empty() && rule.codes.empty())
        match.complain(nullptr, "a rule needs 'phrases', 'all' or 'codes' to start from");
    match.finish();
}

RuleSource read_rule(TomlTable& table, const std::string& default_source, const std::string& default_checked,
                     const std::string& default_rank, const std::string& default_dialect,
                     std::vector<Complaint>& complaints) {
    RuleSource rule{
        .id = table.text("id", true), .file = table.file(), .line = table.line(), .dialect = default_dialect};
    rule.cause = table.text("cause", true);
    rule.variant = table.text("variant");
    rule.boost = table.number("boost", 0);
    std::string rank = table.text("rank");
    if (rank.empty()) rank = default_rank;
    if (const auto* const found = std::ranges::find(rank_words, std::string_view(rank));
        found != rank_words.end())
        rule.rank = static_cast<Rank>(found - rank_words.begin());
    else
        table.complain(nullptr, "'" + rank +
                                    "' is not a rank: use detail, family, symptom, general, client, socket, "
                                    "status, server or provider");
    rule.confidence = rule.rank >= Rank::status   ? Confidence::certain
                      : rule.rank >= Rank::client ? Confidence::likely
                                                  : Confidence::possible;
    if (const std::string word = table.text("confidence"); !word.empty()) {
        if (const auto confidence = confidence_from(word))
            rule.confidence = *confidence;
        else
            table.complain(nullptr, "confidence is certain, likely or possible");
    }
    if (const toml::table* const match = table.table("match")) {
        TomlTable inner(*match, table.file(), complaints);
        read_match(inner, rule);
    } else {
        table.complain(nullptr, "'match' is missing");
    }
    rule.source = default_source;
    rule.checked = default_checked;
    if (const toml::table* const source = table.table("source")) {
        TomlTable inner(*source, table.file(), complaints);
        rule.source = inner.text("url", true);
        rule.checked = inner.text("checked", true);
        inner.finish();
    }
    if (const toml::table* const examples = table.table("examples")) {
        TomlTable inner(*examples, table.file(), complaints);
        rule.match = inner.texts("match");
        rule.no_match = inner.texts("no_match");
        inner.finish();
    }
    table.ignore("note");
    table.finish();
    return rule;
}

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');)
        cells.push_back(cell);
    return cells;
}

}  // namespace

int weight_of(Rank rank) noexcept {
    static constexpr std::array<int, 9> weights = {0, 80, 200, 300, 400, 500, 560, 620, 740};
    return weights.at(static_cast<std::size_t>(rank));
}

void read_rules(std::string_view text, const std::string& file, Sources& sources,
                std::vector<Complaint>& complaints) {
    toml::table root;
    if (!parse_toml(text, file, root, complaints)) return;
    TomlTable table(root, file, complaints);
    std::string source, checked;
    if (const toml::table* const given = table.table("source")) {
        TomlTable inner(*given, file, complaints);
        source = inner.text("url", true);
        checked = inner.text("checked", true);
        inner.finish();
    }
    std::string rank = table.text("rank");
    if (rank.empty()) rank = "server";
    const std::string dialect = table.text("dialect");
    table.ignore("topic");
    for (const toml::table* const rule : table.tables("rule")) {
        TomlTable inner(*rule, file, complaints);
        sources.rules.push_back(read_rule(inner, source, checked, rank, dialect, complaints));
    }
    table.finish();
}

void read_codes(const std::string& text, const std::string& file, const std::string& name, Sources& sources,
                std::vector<Complaint>& complaints) {
    std::stringstream in(text);
    std::string line;
    unsigned number = 0;
    while (std::getline(in, line)) {
        ++number;
        if (number == 1 || line.empty() || line.starts_with('#')) continue;
        std::vector<std::string> cells = split(line);
        if (cells.size() < 4 || cells.size() > 6) {
            complaints.push_back(
                {.file = file,
                 .line = number,
                 .column = 1,
                 .text = "a row has six cells: code, symbol, origin, meaning, cause, source"});
            continue;
        }
        cells.resize(6);
        sources.codes.push_back({.file = name,
                                 .line = number,
                                 .code = cells[0],
                                 .symbol = cells[1],
                                 .origin = cells[2],
                                 .meaning = cells[3],
                                 .cause = cells[4],
                                 .source = cells[5]});
    }
}

}  // namespace maildoctor::knowledge
