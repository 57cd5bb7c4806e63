#include "core/knowledge/toml_table.h"

#include <limits>
#include <sstream>

namespace maildoctor::knowledge {

const toml::node* TomlTable::find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
}

void TomlTable::complain(const toml::node* where, std::string text, Complaint::Grade grade) const {
    const auto& at = where ? where->source().begin : table_.source().begin;
    complaints_.push_back(
        {.file = file_, .line = at.line, .column = at.column, .text = std::move(text), .grade = grade});
}

std::string TomlTable::text(std::string_view key, bool required) {
    const toml::node* const node = find(key);
    if (!node) {
        if (required) complain(nullptr, "'" + std::string(key) + "' is missing");
        return {};
    }
    if (const auto* const value = node->as_string()) return value->get();
    if (const auto* const date = node->as_date()) {
        std::ostringstream out;
        out << date->get();
        return out.str();
    }
    complain(node, "'" + std::string(key) + "' must be a text");
    return {};
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
    std::vector<std::string> all;
    const toml::node* const node = find(key);
    if (!node) return all;
    if (const auto* const one = node->as_string()) {
        all.push_back(one->get());
        return all;
    }
    const toml::array* const array = node->as_array();
    if (!array) {
        complain(node, "'" + std::string(key) + "' must be a text or a list of texts");
        return all;
    }
    for (const toml::node& item : *array) {
        if (const auto* const value = item.as_string())
            all.push_back(value->get());
        else
            complain(&item, "'" + std::string(key) + "' must hold texts only");
    }
    return all;
}

int TomlTable::number(std::string_view key, int fallback) {
    const toml::node* const node = find(key);
    if (!node) return fallback;
    const auto* const value = node->as_integer();
    if (!value || value->get() < std::numeric_limits<int>::min() ||
        value->get() > std::numeric_limits<int>::max()) {
        complain(node, "'" + std::string(key) + "' must be a whole number");
        return fallback;
    }
    return static_cast<int>(value->get());
}

bool TomlTable::flag(std::string_view key, bool fallback) {
    const toml::node* const node = find(key);
    if (!node) return fallback;
    if (const auto* const value = node->as_boolean()) return value->get();
    complain(node, "'" + std::string(key) + "' must be true or false");
    return fallback;
}

std::map<std::string, std::string> TomlTable::text_by_language(std::string_view key) {
    std::map<std::string, std::string> all;
    const toml::node* const node = find(key);
    if (!node) return all;
    if (const auto* const one = node->as_string()) {
        all["en"] = one->get();
    } else if (const auto* const table = node->as_table()) {
        for (const auto& [language, value] : *table) {
            if (const auto* const words = value.as_string()) all[std::string(language.str())] = words->get();
        }
    } else {
        complain(node, "'" + std::string(key) + "' must be a text or a table of texts by language");
    }
    return all;
}

const toml::table* TomlTable::table(std::string_view key) {
    const toml::node* const node = find(key);
    if (!node) return nullptr;
    if (!node->as_table()) complain(node, "'" + std::string(key) + "' must be a table");
    return node->as_table();
}

std::vector<const toml::table*> TomlTable::tables(std::string_view key) {
    std::vector<const toml::table*> all;
    const toml::node* const node = find(key);
    if (!node) return all;
    if (const auto* const one = node->as_table()) {
        all.push_back(one);
    } else if (const auto* const array = node->as_array()) {
        for (const toml::node& item : *array) {
            if (const auto* const table = item.as_table())
                all.push_back(table);
            else
                complain(&item, "'" + std::string(key) + "' must hold tables only");
        }
    } else {
        complain(node, "'" + std::string(key) + "' must be an array of tables");
    }
    return all;
}

void TomlTable::finish(Complaint::Grade grade) {
    for (const auto& [key, value] : table_) {
        if (!known_.contains(key.str()))
            complain(&value, "'" + std::string(key.str()) + "' is not a key that is known here", grade);
    }
}

}  // namespace maildoctor::knowledge
