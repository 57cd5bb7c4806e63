// Reads what explains: texts, programs, providers, guides and the glossary.
#include <charconv>

#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

// A key that this version does not know is no reason to build nothing: texts are only shown.
constexpr auto soft = Complaint::Grade::incomplete;

FixSource read_fix(TomlTable& table) {
    FixSource fix{
        .client = table.text("client"), .provider = table.text("provider"), .steps = table.texts("steps")};
    const std::string audience = table.text("audience", true);
    if (const auto known = audience_from(audience))
        fix.audience = *known;
    else
        table.complain(nullptr, "audience is user, helpdesk or operator, not '" + audience + "'", soft);
    table.finish(soft);
    return fix;
}

TextSource read_text(TomlTable& table, std::vector<Complaint>& complaints) {
    TextSource text{.file = table.file(),
                    .title = table.text("title"),
                    .meaning = table.text("meaning"),
                    .why = table.texts("why"),
                    .actor = table.text("actor"),
                    .references = table.texts("references")};
    for (const toml::table* const fix : table.tables("fix")) {
        TomlTable inner(*fix, table.file(), complaints);
        text.fixes.push_back(read_fix(inner));
    }
    for (const toml::table* const variant : table.tables("variant")) {
        TomlTable inner(*variant, table.file(), complaints);
        const std::string id = inner.text("id", true);
        text.variants.push_back(read_text(inner, complaints));
        text.variants.back().cause = id;
    }
    table.ignore("id");
    table.finish(soft);
    return text;
}

ServerSource read_server(TomlTable& table) {
    ServerSource server{.protocol = table.text("protocol"),
                        .host = table.text("host"),
                        .security = table.text("security"),
                        .username = table.text("username"),
                        .auth = table.texts("auth"),
                        .port = table.number("port", 0)};
    table.ignore("note");
    table.ignore("source");
    table.ignore("checked");
    table.finish(soft);
    return server;
}

}  // namespace

void read_texts(const toml::table& root, const std::string& file, const std::string& language,
                Sources& sources, std::vector<Complaint>& complaints) {
    for (const auto& [key, value] : root) {
        const toml::table* const table = value.as_table();
        if (!table) {
            complaints.push_back({.file = file,
                                  .line = value.source().begin.line,
                                  .column = value.source().begin.column,
                                  .text = "'" + std::string(key.str()) + "' must be the table of a cause",
                                  .grade = soft});
            continue;
        }
        TomlTable inner(*table, file, complaints);
        sources.texts[language].push_back(read_text(inner, complaints));
        sources.texts[language].back().cause = std::string(key.str());
    }
}

void read_programs(const toml::table& root, const std::string& file, Sources& sources,
                   std::vector<Complaint>& complaints) {
    TomlTable all(root, file, complaints);
    for (const toml::table* const entry : all.tables("program")) {
        TomlTable table(*entry, file, complaints);
        ProgramSource program{.id = table.text("id", true),
                              .name = table.text("name", true),
                              .aliases = table.texts("aliases"),
                              .recognise = table.texts("recognise"),
                              .vendor = table.text("vendor"),
                              .platform = {},
                              .max_tls = table.text("max_tls"),
                              .oauth = {},
                              .ends = table.text("ends")};
        const auto join = [&](std::string_view key) {
            const toml::node* const node = entry->get(key);
            table.ignore(key);
            if (!node) return std::string();
            if (const auto* const flag = node->as_boolean()) return std::string(flag->get() ? "yes" : "no");
            std::string text;
            for (const std::string& word : table.texts(key))
                text += (text.empty() ? "" : ", ") + word;
            return text;
        };
        program.platform = join("platform");
        program.oauth = join("oauth");
        const std::string imap = join("imap"), pop3 = join("pop3");
        program.imap = imap != "no";
        program.pop3 = pop3 != "no";
        program.notes = table.text_by_language("notes");
        if (const toml::table* const paths = table.table("paths")) {
            for (const auto& [key, value] : *paths) {
                if (const auto* const path = value.as_string())
                    program.paths[std::string(key.str())] = path->get();
            }
        }
        table.ignore("source");
        table.ignore("checked");
        table.finish(soft);
        sources.programs.push_back(std::move(program));
    }
    all.finish(soft);
}

void read_provider(const toml::table& root, const std::string& file, Sources& sources,
                   std::vector<Complaint>& complaints) {
    TomlTable table(root, file, complaints);
    ProviderSource provider{.id = table.text("id", true),
                            .name = table.text("name", true),
                            .domains = table.texts("domains"),
                            .hosts = table.texts("hosts"),
                            .mx = table.texts("mx")};
    for (const toml::table* const entry : table.tables("server")) {
        TomlTable inner(*entry, file, complaints);
        provider.servers.push_back(read_server(inner));
    }
    for (const toml::table* const entry : table.tables("fact")) {
        TomlTable inner(*entry, file, complaints);
        provider.facts.push_back({.kind = inner.text("kind"),
                                  .cause = inner.text("cause"),
                                  .source = inner.text("source"),
                                  .checked = inner.text("checked"),
                                  .text = inner.text_by_language("text")});
        inner.finish(soft);
    }
    table.finish(soft);
    sources.providers.push_back(std::move(provider));
}

void read_guide(const toml::table& root, const std::string& file, const std::string& language,
                Sources& sources, std::vector<Complaint>& complaints) {
    TomlTable table(root, file, complaints);
    GuideSource guide{.language = language,
                      .program = table.text("program", true),
                      .name = table.text("name", true),
                      .sources = table.texts("source"),
                      .notes = table.texts("notes")};
    for (const toml::table* const entry : table.tables("step")) {
        TomlTable inner(*entry, file, complaints);
        guide.steps.push_back({.text = inner.text("text", true), .when = inner.text("when")});
        inner.finish(soft);
    }
    table.ignore("checked");
    table.finish(soft);
    sources.guides.push_back(std::move(guide));
}

void read_glossary(const toml::table& root, const std::string& file, const std::string& language,
                   Sources& sources, std::vector<Complaint>& complaints) {
    TomlTable all(root, file, complaints);
    for (const toml::table* const entry : all.tables("entry")) {
        TomlTable table(*entry, file, complaints);
        sources.glossary.push_back({.language = language,
                                    .id = table.text("id", true),
                                    .title = table.text("title", true),
                                    .text = table.text("text", true),
                                    .terms = table.texts("terms"),
                                    .see = table.texts("see")});
        table.finish(soft);
    }
    all.finish(soft);
}

}  // namespace maildoctor::knowledge
