// Reading a TOML table key by key, with a complaint at the exact place of whatever does not fit.
#pragma once

#include <toml++/toml.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/source.h"

namespace maildoctor::knowledge {

/// Wraps one table: every key that is asked for is remembered, and finish() complains about the others.
class TomlTable {
public:
    TomlTable(const toml::table& table, std::string file, std::vector<Complaint>& complaints)
        : table_(table), file_(std::move(file)), complaints_(complaints) {}

    std::string text(std::string_view key, bool required = false);
    /// A string, or an array of strings.
    std::vector<std::string> texts(std::string_view key);
    int number(std::string_view key, int fallback);
    bool flag(std::string_view key, bool fallback);
    /// A string (then it is the English one) or a table of strings by language.
    std::map<std::string, std::string> text_by_language(std::string_view key);
    /// The sub-table, or nothing.
    const toml::table* table(std::string_view key);
    /// The tables of an array of tables; a single table counts as an array of one.
    std::vector<const toml::table*> tables(std::string_view key);
    /// Marks keys as read that are kept for people only.
    void ignore(std::string_view key) { known_.emplace(key); }
    /// @param grade of the complaint about a key that nobody asked for
    void finish(Complaint::Grade grade = Complaint::Grade::fault);

    void complain(const toml::node* where, std::string text,
                  Complaint::Grade grade = Complaint::Grade::fault) const;
    unsigned line() const noexcept { return table_.source().begin.line; }
    const std::string& file() const noexcept { return file_; }

private:
    const toml::node* find(std::string_view key);

    const toml::table& table_;
    std::string file_;
    std::vector<Complaint>& complaints_;
    std::set<std::string, std::less<>> known_{};
};

}  // namespace maildoctor::knowledge
