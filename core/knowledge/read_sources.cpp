// Goes through the files of a pack and checks what stands in them as a whole.
#include <algorithm>
#include <filesystem>
#include <set>

#include "core/knowledge/phrase.h"
#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

/// The files below a folder of the pack with this extension, by name.
std::vector<std::pair<std::string, std::string_view>> files_in(const PackFiles& files,
                                                               const std::string& folder,
                                                               std::string_view extension) {
    std::vector<std::pair<std::string, std::string_view>> found;
    for (auto file = files.lower_bound(folder); file != files.end() && file->first.starts_with(folder);
         ++file)
        if (file->first.ends_with(extension)) found.emplace_back(file->first, file->second);
    return found;
}

std::set<std::string> text_keys(const std::vector<TextSource>& texts) {
    std::set<std::string> keys;
    for (const TextSource& text : texts) {
        keys.insert(text.cause);
        for (const TextSource& variant : text.variants)
            keys.insert(text.cause + "/" + variant.cause);
    }
    return keys;
}

void check_rules(const Sources& sources, std::vector<Complaint>& complaints) {
    std::set<std::string> ids;
    for (const RuleSource& rule : sources.rules) {
        const auto complain = [&](std::string text, Complaint::Grade grade = Complaint::Grade::fault) {
            complaints.push_back({.file = rule.file,
                                  .line = rule.line,
                                  .column = 1,
                                  .text = "rule '" + rule.id + "': " + std::move(text),
                                  .grade = grade});
        };
        if (!ids.insert(rule.id).second) complain("this id is taken by another rule");
        if (!cause_from_id(rule.cause)) complain("'" + rule.cause + "' is not in causes.tsv");
        if (rule.match.empty() || rule.no_match.empty())
            complain("one example that must match and one that must not are needed",
                     Complaint::Grade::incomplete);
        if (rule.source.empty()) complain("a source is needed", Complaint::Grade::incomplete);
        for (const auto* const list : {&rule.phrases, &rule.all, &rule.none}) {
            for (const std::string& phrase : *list) {
                if (const auto fault = phrase_fault(phrase)) complain("phrase '" + phrase + "': " + *fault);
            }
        }
    }
}

}  // namespace

bool parse_toml(std::string_view text, const std::string& file, toml::table& root,
                std::vector<Complaint>& complaints) {
    try {
        root = toml::parse(text, file);
        return true;
    } catch (const toml::parse_error& error) {
        complaints.push_back({.file = file,
                              .line = error.source().begin.line,
                              .column = error.source().begin.column,
                              .text = std::string(error.description())});
        return false;
    }
}

Sources read_sources(const PackFiles& files, std::vector<Complaint>& complaints) {
    Sources sources;
    const auto stem = [](const std::string& name) { return std::filesystem::path(name).stem().string(); };
    for (const auto& [name, content] : files_in(files, "match/", ".toml"))
        read_rules(content, name, sources, complaints);
    for (const auto& [name, content] : files_in(files, "codes/", ".tsv"))
        read_codes(std::string(content), name, stem(name), sources, complaints);
    for (const auto& [name, content] : files_in(files, "lexicon/weights.tsv", ".tsv"))
        read_lexicon(content, name, sources, complaints);
    const auto each = [&](const std::string& folder, const auto& read) {
        for (const auto& [name, content] : files_in(files, folder, ".toml")) {
            toml::table root;
            if (parse_toml(content, name, root, complaints)) read(root, name);
        }
    };
    each("pack.toml", [&](const toml::table& root, const std::string& name) {
        TomlTable table(root, name, complaints);
        sources.pack = {.version = table.text("version", true), .date = table.text("date", true)};
        table.finish();
    });
    // text/en/dns.toml, guides/en/thunderbird.toml: the folder is the language
    const auto language = [](const std::string& name) {
        return std::filesystem::path(name).parent_path().filename().string();
    };
    each("text/", [&](const toml::table& root, const std::string& name) {
        read_texts(root, name, language(name), sources, complaints);
    });
    each("guides/", [&](const toml::table& root, const std::string& name) {
        read_guide(root, name, language(name), sources, complaints);
    });
    each("glossary/", [&](const toml::table& root, const std::string& name) {
        read_glossary(root, name, stem(name), sources, complaints);
    });
    each("programs/", [&](const toml::table& root, const std::string& name) {
        read_programs(root, name, sources, complaints);
    });
    each("providers/", [&](const toml::table& root, const std::string& name) {
        read_provider(root, name, sources, complaints);
    });
    each("tls/", [&](const toml::table& root, const std::string& name) {
        read_tls(root, name, sources, complaints);
    });
    each("limits/", [&](const toml::table& root, const std::string& name) {
        read_limits(root, name, sources, complaints);
    });
    return sources;
}

void check_sources(const Sources& sources, std::vector<Complaint>& complaints) {
    for (const TlsClientSource& client : sources.tls_clients) {
        const bool known =
            client.program.empty() ||
            std::ranges::any_of(sources.programs, [&](const auto& p) { return p.id == client.program; });
        if (!known)
            complaints.push_back(
                {.file = "tls/clients.toml",
                 .text = "client '" + client.id + "': there is no program '" + client.program + "'"});
    }
    check_rules(sources, complaints);
    for (const CodeSource& code : sources.codes) {
        if (!code.cause.empty() && !cause_from_id(code.cause))
            complaints.push_back({.file = "codes/" + code.file + ".tsv",
                                  .line = code.line,
                                  .column = 1,
                                  .text = "'" + code.cause + "' is not in causes.tsv"});
    }
    for (const LexiconSource::CauseRow& row : sources.lexicon.causes) {
        if (row.cause != "-" && !cause_from_id(row.cause))
            complaints.push_back(
                {.file = "lexicon/weights.tsv", .text = "'" + row.cause + "' is not in causes.tsv"});
    }
    std::map<std::string, std::set<std::string>> keys;
    std::set<std::string> all;
    for (const auto& [language, texts] : sources.texts) {
        keys[language] = text_keys(texts);
        all.insert(keys[language].begin(), keys[language].end());
    }
    for (std::size_t i = 0; i < cause_count; ++i)
        all.emplace(cause_id(static_cast<Cause>(i)));
    if (sources.texts.empty()) return;  // rules alone use the built-in texts
    for (const std::string language : {"en", "de"}) {
        for (const std::string& key : all) {
            if (!keys[language].contains(key))
                complaints.push_back({.file = "text/" + language,
                                      .text = "'" + key + "' has no text in this language",
                                      .grade = Complaint::Grade::incomplete});
        }
    }
    for (const auto& [language, texts] : sources.texts) {
        for (const TextSource& text : texts) {
            if (!cause_from_id(text.cause))
                complaints.push_back({.file = text.file,
                                      .text = "'" + text.cause + "' is not in causes.tsv",
                                      .grade = Complaint::Grade::incomplete});
        }
    }
}

}  // namespace maildoctor::knowledge
