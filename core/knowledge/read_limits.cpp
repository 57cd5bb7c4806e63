// Reads rules/limits: the words with which servers refuse one connection too many.
#include <algorithm>

#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

constexpr int most_connections = 1'000'000;

/// Whether an RE2 pattern has a group that takes something: "(" that is neither escaped nor "(?:".
bool has_group(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\')
            ++i;
        else if (pattern[i] == '(' && !pattern.substr(i).starts_with("(?"))
            return true;
    }
    return false;
}

void read_connections(const toml::table& entry, const std::string& file, Sources& sources,
                      std::vector<Complaint>& complaints) {
    TomlTable table(entry, file, complaints);
    ConnectionLimitSource one{.id = table.text("id", true),
                              .server = table.text("server", true),
                              .pattern = table.text("pattern", true),
                              .examples = table.texts("examples"),
                              .says = table.number("says", 0)};
    if (table.texts("source").empty())
        table.complain(nullptr, "a source is needed", Complaint::Grade::incomplete);
    table.text("checked", true);  // for people
    table.finish();
    if (one.examples.empty()) table.complain(nullptr, "an example is needed", Complaint::Grade::incomplete);
    if (one.says < 0 || one.says > most_connections)
        table.complain(nullptr, "says: not a number of connections");
    if (has_group(one.pattern) != (one.says > 0))
        table.complain(nullptr, "says and a group in the pattern belong together");
    const auto same = [&](const ConnectionLimitSource& other) { return other.id == one.id; };
    if (std::ranges::any_of(sources.connection_limits, same))
        table.complain(nullptr, "the id '" + one.id + "' is taken by another limit");
    sources.connection_limits.push_back(std::move(one));
}

}  // namespace

void read_limits(const toml::table& root, const std::string& file, Sources& sources,
                 std::vector<Complaint>& complaints) {
    TomlTable all(root, file, complaints);
    for (const toml::table* const entry : all.tables("connections"))
        read_connections(*entry, file, sources, complaints);
    all.finish();
}

}  // namespace maildoctor::knowledge
