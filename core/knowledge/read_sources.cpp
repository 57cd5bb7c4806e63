// Walks a folder laid out like rules/ and checks what stands in it as a whole.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "core/knowledge/phrase.h"
#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The files of a folder with this extension, by name; none when the folder is missing.
std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension, bool recurse = false) {
    std::vector<fs::path> files;
    std::error_code error;
    const auto take = [&](const fs::directory_entry& entry) {
        if (entry.is_regular_file(error) && entry.path().extension() == extension)
            files.push_back(entry.path());
    };
    if (recurse) {
        for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error))
            take(*it);
    } else {
        for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
            take(*it);
    }
    std::ranges::sort(files);
    return files;
}

/// "match/relay.toml" for a file below the pack's folder.
std::string short_name(const fs::path& folder, const fs::path& file) {
    return file.lexically_relative(folder).generic_string();
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

Sources read_sources(const fs::path& folder, std::vector<Complaint>& complaints) {
    Sources sources;
    for (const fs::path& file : files_in(folder / "match", ".toml"))
        read_rules(content_of(file), short_name(folder, file), sources, complaints);
    for (const fs::path& file : files_in(folder / "codes", ".tsv"))
        read_codes(content_of(file), short_name(folder, file), file.stem().string(), sources, complaints);
    if (const fs::path lexicon = folder / "lexicon" / "weights.tsv"; fs::exists(lexicon))
        read_lexicon(content_of(lexicon), short_name(folder, lexicon), sources, complaints);
    if (const fs::path file = folder / "pack.toml"; fs::exists(file)) {
        toml::table root;
        if (parse_toml(content_of(file), "pack.toml", root, complaints)) {
            TomlTable table(root, "pack.toml", complaints);
            sources.pack = {.version = table.text("version", true), .date = table.text("date", true)};
            table.finish();
        }
    }
    const auto each = [&](const fs::path& below, bool recurse, const auto& read) {
        for (const fs::path& file : files_in(folder / below, ".toml", recurse)) {
            toml::table root;
            const std::string name = short_name(folder, file);
            if (parse_toml(content_of(file), name, root, complaints)) read(root, name, file);
        }
    };
    // rules/text/en/dns.toml, rules/guides/en/thunderbird.toml: the folder is the language
    each("text", true, [&](const toml::table& root, const std::string& name, const fs::path& file) {
        read_texts(root, name, file.parent_path().filename().string(), sources, complaints);
    });
    each("guides", true, [&](const toml::table& root, const std::string& name, const fs::path& file) {
        read_guide(root, name, file.parent_path().filename().string(), sources, complaints);
    });
    each("glossary", false, [&](const toml::table& root, const std::string& name, const fs::path& file) {
        read_glossary(root, name, file.stem().string(), sources, complaints);
    });
    each("programs", false, [&](const toml::table& root, const std::string& name, const fs::path&) {
        read_programs(root, name, sources, complaints);
    });
    each("providers", false, [&](const toml::table& root, const std::string& name, const fs::path&) {
        read_provider(root, name, sources, complaints);
    });
    each("tls", false, [&](const toml::table& root, const std::string& name, const fs::path&) {
        read_tls(root, name, sources, complaints);
    });
    each("limits", false, [&](const toml::table& root, const std::string& name, const fs::path&) {
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
