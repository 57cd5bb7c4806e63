#include "core/knowledge/compile.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "core/knowledge/code_names.h"
#include "core/knowledge/pack_writer.h"
#include "core/knowledge/phrase_compiler.h"
#include "core/knowledge/words.h"
#include "core/model/ascii.h"

namespace maildoctor::knowledge {
namespace {

bool all_digits(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// "421 4.7.0 [TSS04]" → "TSS04": what is left of a provider's code without the numbers that all servers use.
std::string without_plain_codes(std::string_view cell) {
    std::string rest;
    while (!cell.empty()) {
        const std::size_t end = std::min(cell.find(' '), cell.size());
        const std::string_view word = cell.substr(0, end);
        const auto names = code_names(word);
        const bool plain = !names.empty() && !word.starts_with('[') &&
                           (word.size() == 3 || word.find('.') != std::string_view::npos);
        if (!plain || !rest.empty()) rest += (rest.empty() ? "" : " ") + std::string(word);
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
    return rest;
}

/// How much a row of a code table weighs when it is the evidence for its cause: the tables' own order of
/// trust.
int code_weight(const CodeSource& row, std::string_view name) {
    if (row.file == "providers") {
        if (name.empty()) {  // a provider's own tag is sure, a few plain words are not
            const std::string tag = without_plain_codes(row.code);
            const bool plain_words = tag.find_first_of("0123456789:#[") == std::string::npos;
            return plain_words ? weight_of(Rank::client) : weight_of(Rank::provider) - 20;
        }
        if (name.find('.') == std::string_view::npos) return weight_of(Rank::family);  // a bare reply code
        if (name.size() - name.rfind('.') == 4)
            return weight_of(Rank::server);  // "5.7.606": a provider's own
        const bool security =
            name.find(".7.") != std::string_view::npos && !name.ends_with(".7.1") && !name.ends_with(".7.0");
        // A reply code beside the status says which of its meanings: "534 5.7.9", "523 5.7.10".
        if (security && name[3] == ' ') return weight_of(Rank::client) + 60;
        return security && name.size() >= 7 ? weight_of(Rank::status) : weight_of(Rank::symptom) + 60;
    }
    if (row.file == "smtp") {
        if (name.size() == 3) return weight_of(Rank::symptom);
        if (name.ends_with(".0") || name.ends_with(".X") || name == "X.7.1" || name == "X.1.0")
            return weight_of(Rank::symptom) + 20;
        return weight_of(Rank::client) + 40;
    }
    if (row.file == "pop-imap") return weight_of(Rank::status);
    if (row.file == "winsock") return weight_of(Rank::socket);
    if (row.file == "imail" || row.file == "outlook") return weight_of(Rank::client);
    if (name.starts_with("TLS alert")) return weight_of(Rank::status);
    return weight_of(Rank::socket) - 20;
}

/// Names that programs print and that are no English words: "ECONNREFUSED", "SSL_ERROR_BAD_CERT_DOMAIN".
bool speaks_for_itself(std::string_view symbol) {
    if (symbol.size() < 4 || symbol.find(' ') != std::string_view::npos ||
        symbol.find(':') != std::string_view::npos)
        return false;
    if (symbol == "NXDOMAIN" || symbol == "SERVFAIL") return true;
    const bool capitals = std::ranges::none_of(symbol, [](char c) { return c >= 'a' && c <= 'z'; });
    return symbol.find('_') != std::string_view::npos ||
           (capitals && (symbol.starts_with("WSA") || symbol.front() == 'E'));
}

/// The literal error strings that a meaning quotes: text: "certificate has expired".
std::vector<std::string> quoted_texts(std::string_view meaning) {
    std::vector<std::string> texts;
    for (std::size_t at = meaning.find("text: \""); at != std::string_view::npos;
         at = meaning.find("text: \"", at)) {
        at += 7;
        const std::size_t end = meaning.find('"', at);
        if (end == std::string_view::npos) break;
        texts.emplace_back(meaning.substr(at, end - at));
        at = end;
    }
    return texts;
}

class Compiler {
public:
    explicit Compiler(const Sources& sources) : sources_(sources), phrases_(writer_) {}

    std::vector<std::uint64_t> run() {
        for (const CodeSource& row : sources_.codes)
            add_code_row(row);
        for (const RuleSource& rule : sources_.rules)
            add_rule(rule);
        for (const ProgramSource& program : sources_.programs)
            add_program(program);
        for (const ProviderSource& provider : sources_.providers)
            add_provider(provider);
        index_providers();
        add_texts();
        for (const GuideSource& guide : sources_.guides)
            add_guide(guide);
        for (const GlossarySource& entry : sources_.glossary)
            add_glossary(entry);
        for (const TlsClientSource& client : sources_.tls_clients)
            add_tls_client(client);
        for (const InterceptorSource& one : sources_.interceptors)
            writer_.interceptors.push_back({.id = writer_.str(one.id),
                                            .name = writer_.str(one.name),
                                            .kind = writer_.str(one.kind),
                                            .checked = writer_.str(one.checked),
                                            .issuers = writer_.strings(one.issuers)});
        for (const ConnectionLimitSource& one : sources_.connection_limits)
            writer_.connection_limits.push_back({.id = writer_.str(one.id),
                                                 .server = writer_.str(one.server),
                                                 .pattern = writer_.str(one.pattern),
                                                 .examples = writer_.strings(one.examples),
                                                 .says = static_cast<std::uint32_t>(one.says)});
        add_lexicon(sources_.lexicon);
        phrases_.finish();
        finish_codes();
        writer_.header.pack_name = writer_.str(sources_.pack.version);
        writer_.header.pack_date = writer_.str(sources_.pack.date);
        return writer_.block();
    }

private:
    std::uint32_t code(const std::string& name) {
        const auto [found, fresh] =
            writer_.code_index.try_emplace(hash_of(name), static_cast<std::uint32_t>(writer_.codes.size()));
        if (fresh) {
            writer_.codes.push_back({.name = writer_.str(name)});
            entries_of_.emplace_back();
            rules_of_code_.emplace_back();
        }
        return found->second;
    }

    static std::uint32_t cause_number(std::string_view id) {
        const auto cause = cause_from_id(id);
        return cause ? static_cast<std::uint32_t>(*cause) : none;
    }

    void add_code_row(const CodeSource& row) {
        CodeEntry entry{.symbol = writer_.str(row.symbol),
                        .origin = writer_.str(row.origin),
                        .meaning = writer_.str(row.meaning),
                        .source = writer_.str(row.source),
                        .cause = cause_number(row.cause)};
        const std::vector<std::string> names = code_names(row.code);
        for (const std::string& name : names) {
            entry.weight = code_weight(row, name);
            entries_of_[code(name)].push_back(entry);
        }
        std::vector<std::string> literal = quoted_texts(row.meaning);
        if (speaks_for_itself(row.symbol)) literal.push_back(row.symbol);
        if (names.size() == 1 && names.front().find(' ') != std::string::npos &&
            names.front().find('.') == std::string::npos)
            literal.push_back(names.front());  // "ldns 26", "errno 111": words and a number
        const bool tagged = names.empty();
        if (tagged) literal.push_back(row.file == "providers" ? without_plain_codes(row.code) : row.code);
        const std::uint32_t number = code(names.empty() ? row.code : names.front());
        if (tagged) {
            entry.weight = code_weight(row, {});
            entries_of_[number].push_back(entry);
        }
        for (const std::string& text : literal)
            add_code_phrase(text, number, row.file == "providers");
    }

    void add_code_phrase(const std::string& text, std::uint32_t number, bool provider) {
        if (text.find_first_of("{}*") != std::string::npos) return;
        const PhraseRun run = literal_run(text);
        if (run.empty()) return;
        const std::vector<PhraseItem>& words = run.front().alternatives.front();
        const auto distinctive = [](const PhraseItem& item) {
            const bool digits = std::ranges::any_of(item.word, is_digit), letters = !all_digits(item.word);
            return item.word.size() >= 4 && letters &&
                   (digits || item.word.size() >= 12 || item.word.find('_') != std::string::npos);
        };
        const bool error_name =
            text.size() >= 4 && text.find(' ') == std::string::npos &&
            (text.front() == 'E' || text.starts_with("WSA") || text == "NXDOMAIN" || text == "SERVFAIL");
        const bool tag = text.size() >= 4 &&
                         std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
                         text != "HELO" && text != "EHLO";
        if (words.size() < 2 && !distinctive(words.front()) && !error_name && !(tag && provider)) return;
        PhraseRecord& record = writer_.phrases[phrases_.add_literal(text)];
        if (record.code == none) record.code = number;
    }

    std::vector<std::uint32_t> add_phrases(const std::vector<std::string>& templates) {
        std::vector<std::uint32_t> all;
        for (const std::string& text : templates)
            all.push_back(phrases_.add(text));
        return all;
    }

    std::vector<std::uint32_t> code_numbers(const std::vector<std::string>& cells) {
        std::vector<std::uint32_t> numbers;
        for (const std::string& cell : cells) {
            auto names = code_names(cell);
            if (names.empty()) names.push_back(cell);
            for (const std::string& name : names)
                numbers.push_back(code(name));
        }
        return numbers;
    }

    void add_rule(const RuleSource& rule) {
        const auto cause = cause_from_id(rule.cause);
        if (!cause) return;
        const auto number = static_cast<std::uint32_t>(writer_.rules.size());
        const auto any = add_phrases(rule.phrases);
        const auto each = add_phrases(rule.all);
        for (const auto* const list : {&any, &each}) {
            for (const std::uint32_t phrase : *list)
                phrases_.used_by_rule(phrase, number);
        }
        const auto codes = code_numbers(rule.codes), no_codes = code_numbers(rule.no_codes);
        // A rule that also needs words starts from them: codes are the weaker hint and many rules share them.
        if (any.empty() && each.empty()) {
            for (const std::uint32_t code : codes)
                rules_of_code_[code].push_back(number);
        }
        RuleRecord record{
            .id = writer_.str(rule.id),
            .variant = writer_.str(rule.variant),
            .pattern = writer_.str(rule.pattern),
            .source = writer_.str(rule.source),
            .checked = writer_.str(rule.checked),
            .phrases = writer_.list(any),
            .all = writer_.list(each),
            .none_of = writer_.list(add_phrases(rule.none)),
            .codes = writer_.list(codes),
            .no_codes = writer_.list(no_codes),
            .programs = writer_.strings(rule.programs),
            .providers = writer_.strings(rule.providers),
            .match = writer_.strings(rule.match),
            .no_match = writer_.strings(rule.no_match),
            .weight = weight_of(rule.rank) + rule.boost,
            .cause = static_cast<std::uint8_t>(*cause),
            .confidence = static_cast<std::uint8_t>(rule.confidence),
            .protocols = 0,
            .reply = static_cast<std::uint8_t>(rule.reply.empty() ? 0 : rule.reply.front() - '0')};
        for (const Protocol protocol : rule.protocols)
            record.protocols =
                static_cast<std::uint8_t>(record.protocols | (1U << static_cast<unsigned>(protocol)));
        if (rule.dialect == "sending") record.protocols |= rule_sending;
        if (rule.dialect == "retrieval") record.protocols |= rule_retrieval;
        writer_.rules.push_back(record);
    }

    List paths(const std::map<std::string, std::string>& entries) {
        const auto at = static_cast<std::uint32_t>(writer_.paths.size());
        for (const auto& [what, text] : entries)
            writer_.paths.push_back({.what = writer_.str(what), .text = writer_.str(text)});
        return {at, static_cast<std::uint32_t>(entries.size())};
    }

    void add_program(const ProgramSource& program) {
        const auto number = static_cast<std::uint32_t>(writer_.programs.size());
        for (const std::string& text : program.recognise) {
            if (phrase_fault(text)) continue;
            PhraseRecord& phrase = writer_.phrases[phrases_.add(text)];
            if (phrase.name == none) phrase.name = number;
        }
        writer_.programs.push_back({.id = writer_.str(program.id),
                                    .name = writer_.str(program.name),
                                    .vendor = writer_.str(program.vendor),
                                    .platform = writer_.str(program.platform),
                                    .max_tls = writer_.str(program.max_tls),
                                    .oauth = writer_.str(program.oauth),
                                    .ends = writer_.str(program.ends),
                                    .aliases = writer_.strings(program.aliases),
                                    .recognise = writer_.strings(program.recognise),
                                    .notes = paths(program.notes),
                                    .paths = paths(program.paths),
                                    .imap = program.imap,
                                    .pop3 = program.pop3});
    }

    void add_provider(const ProviderSource& provider) {
        const List servers{static_cast<std::uint32_t>(writer_.servers.size()),
                           static_cast<std::uint32_t>(provider.servers.size())};
        for (const ServerSource& server : provider.servers) {
            writer_.servers.push_back({.protocol = writer_.str(server.protocol),
                                       .host = writer_.str(server.host),
                                       .security = writer_.str(server.security),
                                       .username = writer_.str(server.username),
                                       .auth = writer_.strings(server.auth),
                                       .port = static_cast<std::uint32_t>(server.port)});
        }
        const List facts{static_cast<std::uint32_t>(writer_.facts.size()),
                         static_cast<std::uint32_t>(provider.facts.size())};
        for (const FactSource& fact : provider.facts) {
            const List text = paths(fact.text);
            writer_.facts.push_back({.kind = writer_.str(fact.kind),
                                     .source = writer_.str(fact.source),
                                     .checked = writer_.str(fact.checked),
                                     .text = text,
                                     .cause = cause_number(fact.cause)});
        }
        writer_.providers.push_back({.id = writer_.str(provider.id),
                                     .name = writer_.str(provider.name),
                                     .domains = writer_.strings(provider.domains),
                                     .hosts = writer_.strings(provider.hosts),
                                     .mx = writer_.strings(provider.mx),
                                     .servers = servers,
                                     .facts = facts});
    }

    static std::string host_key(std::string name) {
        if (name.starts_with("*.")) name.erase(0, 2);
        if (name.starts_with('.')) name.erase(0, 1);
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return name;
    }

    /// Whether a name is, or lies below, one that is known already.
    bool is_indexed(std::string_view name) const {
        for (std::size_t dot = 0; dot != std::string_view::npos; dot = name.find('.')) {
            if (dot > 0) name.remove_prefix(dot + 1);
            if (writer_.provider_index.contains(hash_of(name))) return true;
        }
        return false;
    }

    /// Domains first: a host of Google that a university also uses is Google's.
    void index_providers() {
        for (const auto member : {&ProviderSource::domains, &ProviderSource::hosts, &ProviderSource::mx}) {
            std::vector<std::pair<std::string, std::uint32_t>> fresh;
            for (std::uint32_t number = 0; number < sources_.providers.size(); ++number) {
                for (const std::string& name : sources_.providers[number].*member) {
                    if (std::string key = host_key(name); !is_indexed(key))
                        fresh.emplace_back(std::move(key), number);
                }
            }
            for (const auto& [key, number] : fresh)
                writer_.provider_index.try_emplace(hash_of(key), number);
        }
    }

    TextRecord text_record(const TextSource& text, bool variant) {
        const List fixes{static_cast<std::uint32_t>(writer_.fixes.size()),
                         static_cast<std::uint32_t>(text.fixes.size())};
        for (const FixSource& fix : text.fixes) {
            writer_.fixes.push_back({.client = writer_.str(fix.client),
                                     .provider = writer_.str(fix.provider),
                                     .steps = writer_.strings(fix.steps),
                                     .audience = static_cast<std::uint32_t>(fix.audience)});
        }
        const auto actor = actor_from(text.actor);
        return {.id = variant ? writer_.str(text.cause) : Str{},
                .title = writer_.str(text.title),
                .meaning = writer_.str(text.meaning),
                .why = writer_.strings(text.why),
                .references = writer_.strings(text.references),
                .fixes = fixes,
                .actor = actor ? static_cast<std::uint32_t>(*actor) : none};
    }

    void add_texts() {
        for (const auto& [language, texts] : sources_.texts) {
            std::vector<std::uint32_t> by_cause(cause_count, none);
            for (const TextSource& text : texts) {
                const auto cause = cause_from_id(text.cause);
                if (!cause) continue;
                TextRecord record = text_record(text, false);
                std::vector<TextRecord> variants;
                for (const TextSource& variant : text.variants)
                    variants.push_back(text_record(variant, true));
                record.variants = {static_cast<std::uint32_t>(writer_.texts.size()),
                                   static_cast<std::uint32_t>(variants.size())};
                writer_.texts.insert(writer_.texts.end(), variants.begin(), variants.end());
                by_cause[static_cast<std::size_t>(*cause)] = static_cast<std::uint32_t>(writer_.texts.size());
                writer_.texts.push_back(record);
            }
            writer_.languages.push_back({.language = writer_.str(language), .texts = writer_.list(by_cause)});
        }
    }

    void add_guide(const GuideSource& guide) {
        const List steps{static_cast<std::uint32_t>(writer_.paths.size()),
                         static_cast<std::uint32_t>(guide.steps.size())};
        for (const GuideStepSource& step : guide.steps)
            writer_.paths.push_back({.what = writer_.str(step.when), .text = writer_.str(step.text)});
        writer_.guides.push_back({.language = writer_.str(guide.language),
                                  .program = writer_.str(guide.program),
                                  .name = writer_.str(guide.name),
                                  .sources = writer_.strings(guide.sources),
                                  .notes = writer_.strings(guide.notes),
                                  .steps = steps});
    }

    void add_glossary(const GlossarySource& entry) {
        writer_.glossary.push_back({.language = writer_.str(entry.language),
                                    .id = writer_.str(entry.id),
                                    .title = writer_.str(entry.title),
                                    .text = writer_.str(entry.text),
                                    .terms = writer_.strings(entry.terms),
                                    .see = writer_.strings(entry.see)});
    }

    void add_tls_client(const TlsClientSource& client) {
        writer_.tls_clients.push_back({.id = writer_.str(client.id),
                                       .name = writer_.str(client.name),
                                       .program = writer_.str(client.program),
                                       .ciphers = writer_.strings(client.ciphers),
                                       .groups = writer_.strings(client.groups),
                                       .signatures = writer_.strings(client.signatures),
                                       .oldest = static_cast<std::uint32_t>(client.oldest),
                                       .newest = static_cast<std::uint32_t>(client.newest),
                                       .least_dh = static_cast<std::uint32_t>(client.least_dh),
                                       .most_dh = static_cast<std::uint32_t>(client.most_dh),
                                       .sni = client.sni,
                                       .tickets = client.tickets,
                                       .extended_master_secret = client.extended_master_secret});
    }

    void add_lexicon(const LexiconSource& lexicon) {
        for (const LexiconSource::CauseRow& row : lexicon.causes) {
            const std::uint32_t cause = cause_number(row.cause);
            writer_.lexicon_causes.push_back(
                {.cause = cause == none ? static_cast<std::uint32_t>(cause_count) : cause,
                 .prior = row.prior,
                 .absent = row.absent});
        }
        for (const LexiconSource::WordRow& row : lexicon.words) {
            writer_.lexicon_index.try_emplace(hash_of(row.feature),
                                              static_cast<std::uint32_t>(writer_.lexicon_features.size()));
            writer_.lexicon_features.push_back(
                {.weights = {static_cast<std::uint32_t>(writer_.lexicon_weights.size()),
                             static_cast<std::uint32_t>(row.weights.size())}});
            for (const auto& [cause, weight] : row.weights)
                writer_.lexicon_weights.push_back({.cause = cause, .weight = weight});
        }
    }

    void finish_codes() {
        for (std::size_t i = 0; i < writer_.codes.size(); ++i) {
            writer_.codes[i].entries = {static_cast<std::uint32_t>(writer_.code_entries.size()),
                                        static_cast<std::uint32_t>(entries_of_[i].size())};
            writer_.code_entries.insert(writer_.code_entries.end(), entries_of_[i].begin(),
                                        entries_of_[i].end());
            writer_.codes[i].rules = writer_.list(rules_of_code_[i]);
        }
    }

    const Sources& sources_;
    PackWriter writer_{};
    PhraseCompiler phrases_;
    std::vector<std::vector<CodeEntry>> entries_of_{};
    std::vector<std::vector<std::uint32_t>> rules_of_code_{};
};

}  // namespace

std::vector<std::uint64_t> compile(const Sources& sources) {
    return Compiler(sources).run();
}

std::string as_cpp(const std::vector<std::uint64_t>& block) {
    std::string text =
        "// Made from rules/ by maildoctor_compile_rules.\n#include <cstddef>\n#include <cstdint>\n"
        "namespace maildoctor::knowledge {\nextern const std::uint64_t built_in_block[];\nextern const "
        "std::size_t built_in_block_size;\n"
        "const std::uint64_t built_in_block[] = {\n";
    text.reserve(text.size() + block.size() * 21);
    std::array<char, 24> word{};
    for (std::size_t i = 0; i < block.size(); ++i) {
        std::snprintf(word.data(), word.size(), "0x%llx,", static_cast<unsigned long long>(block[i]));
        text += word.data();
        if (i % 8 == 7) text += '\n';
    }
    text += "};\nconst std::size_t built_in_block_size = " + std::to_string(block.size()) +
            ";\n}  // namespace maildoctor::knowledge\n";
    return text;
}

}  // namespace maildoctor::knowledge
