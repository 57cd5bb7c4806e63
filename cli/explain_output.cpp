#include "cli/explain_output.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "cli/json_text.h"
#include "core/explain/share.h"

namespace maildoctor::cli {
namespace {

using knowledge::Pack;

std::string clean(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    return out;
}

std::string matched_json(const CauseCandidate& cause) {
    std::string out = "[";
    for (const Match& match : cause.matched) {
        if (out.size() > 1) out += ',';
        out += "{";
        if (!match.code.empty()) out += "\"code\":" + json_string(match.code) + ",";
        out += "\"rule\":" + json_string(match.rule) + ",\"span\":[" + std::to_string(match.begin) + "," +
               std::to_string(match.end) + "]}";
    }
    return out + "]";
}

std::string fields_json(const TextFields& fields) {
    std::string out = "{";
    const auto add = [&](std::string_view name, const std::string& value) {
        out += (out.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + value;
    };
    if (fields.account) add("account", json_string(*fields.account));
    if (fields.address) add("address", json_string(*fields.address));
    if (fields.protocol) add("protocol", json_string(word(*fields.protocol)));
    if (fields.server) add("server", json_string(*fields.server));
    if (fields.port) add("port", std::to_string(*fields.port));
    if (fields.ssl) add("ssl", *fields.ssl ? "true" : "false");
    if (fields.server_response) add("server_response", json_string(*fields.server_response));
    if (fields.socket_error) add("socket_error", json_string(*fields.socket_error));
    if (!fields.codes.empty()) {
        std::string codes = "[";
        for (const std::string& code : fields.codes)
            codes += (codes.size() > 1 ? "," : "") + json_string(code);
        add("codes", codes + "]");
    }
    return out + "}";
}

std::string list_json(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts)
        out += (out.size() > 1 ? "," : "") + json_string(text);
    return out + "]";
}

std::string codes_json(const Clues& clues) {
    std::string out = "[";
    for (const CodeMeaning& code : clues.codes) {
        out += (out.size() > 1 ? ",{" : "{") + std::string("\"code\":") + json_string(code.code) +
               ",\"symbol\":" + json_string(code.symbol) + ",\"origin\":" + json_string(code.origin) +
               ",\"meaning\":" + json_string(code.meaning) + "}";
    }
    return out + "]";
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

/// Headings of the answer in the languages of the texts.
struct Words {
    std::string_view meaning, why, do_now, helpdesk, operator_, because, codes, also, secret, nothing,
        provider, checked, old;
};
constexpr Words english = {
    "What it means",
    "Why it happens",
    "What to do",
    "For the helpdesk",
    "For the server's operator",
    "Why we think so",
    "The codes in the text",
    "Less likely",
    "A password stood in this text. It has been taken out here; change it, since it may have been seen.",
    "No known error was found in this text.",
    "About this provider",
    "checked",
    "may be out of date"};
constexpr Words german = {"Was das bedeutet",
                          "Woran es liegt",
                          "Was jetzt zu tun ist",
                          "F\xC3\xBCr den Helpdesk",
                          "F\xC3\xBCr den Betreiber des Servers",
                          "Warum wir das glauben",
                          "Die Codes im Text",
                          "Weniger wahrscheinlich",
                          "In diesem Text stand ein Passwort. Hier wurde es entfernt; \xC3\xA4ndern Sie es, "
                          "denn es kann gesehen worden sein.",
                          "In diesem Text wurde kein bekannter Fehler gefunden.",
                          "Zu diesem Anbieter",
                          "gepr\xC3\xBC"
                          "ft am",
                          "kann veraltet sein"};

const Words& words_for(std::string_view language) {
    return language == "de" ? german : english;
}

std::string heading(std::string_view text) {
    return "\n" + std::string(text) + ":\n";
}

void add_steps(std::string& out, const std::vector<std::string>& steps, int width) {
    int number = 1;
    for (const std::string& step : steps) {
        const std::string mark = "  " + std::to_string(number++) + ". ";
        out += wrapped(step, width, mark, std::string(mark.size(), ' '));
    }
}

std::string evidence(const Clues& clues, const CauseCandidate& cause) {
    std::string out;
    std::vector<std::pair<std::size_t, std::size_t>> seen;
    for (const Match& match : cause.matched) {
        if (match.end <= match.begin || match.end > clues.text.size() ||
            std::ranges::find(seen, std::pair{match.begin, match.end}) != seen.end())
            continue;
        seen.emplace_back(match.begin, match.end);
        out += (out.empty() ? "" : ", ") + std::string("\"") +
               clean(std::string_view(clues.text).substr(match.begin, match.end - match.begin)) + "\"";
        if (seen.size() == 3) break;
    }
    return out;
}

std::vector<knowledge::ProviderFact> fitting_facts(const Clues& clues, const Pack& pack,
                                                   std::string_view language) {
    const auto* const provider = clues.provider.empty() ? nullptr : knowledge::provider(pack, clues.provider);
    if (!provider || clues.causes.empty()) return {};
    auto facts = knowledge::facts_about(pack, *provider, language, today());
    std::erase_if(facts, [&](const knowledge::ProviderFact& fact) {
        return fact.cause != clues.causes.front().cause || fact.text.empty();
    });
    return facts;
}

}  // namespace

knowledge::Values values_of(const Clues& clues, const Pack& pack) {
    knowledge::Values values;
    const auto put = [&](std::string name, const std::string& value) {
        if (!value.empty()) values[std::move(name)] = clean(value);
    };
    const TextFields& fields = clues.fields;
    if (fields.server) put("server", *fields.server), put("host", *fields.server);
    if (fields.port) put("port", std::to_string(*fields.port));
    if (fields.protocol) put("protocol", std::string(word(*fields.protocol)));
    if (fields.account) put("account", *fields.account);
    if (fields.address) {
        put("address", *fields.address);
        put("email", *fields.address);
        put("domain", fields.address->substr(fields.address->find('@') + 1));
    }
    if (const auto* const provider = knowledge::provider(pack, clues.provider))
        put("provider", std::string(pack.text(provider->name)));
    if (const auto* const program = knowledge::program(pack, clues.program))
        put("program", std::string(pack.text(program->name)));
    return values;
}

std::string clues_as_batch_line(std::string_view id_json, const Clues& clues) {
    std::string out = "{\"id\":" + std::string(id_json) + ",\"causes\":[";
    for (std::size_t i = 0; i < clues.causes.size(); ++i) {
        const CauseCandidate& cause = clues.causes[i];
        out += (i > 0 ? ",{" : "{") + std::string("\"cause\":") + json_string(cause_id(cause.cause)) +
               ",\"confidence\":" + json_string(word(cause.confidence)) +
               ",\"matched\":" + matched_json(cause) + "}";
    }
    out += "],\"fields\":" + fields_json(clues.fields);
    if (clues.not_mail)
        out += ",\"not_mail\":{\"name\":" + json_string(clues.not_mail->name) +
               ",\"meaning\":" + json_string(clues.not_mail->meaning) + "}";
    return out + "}";
}

std::string clues_as_json(const Clues& clues, const Pack& pack, const OutputOptions& options) {
    std::string out = "{\"maildoctor\":" + json_string(MAILDOCTOR_VERSION) + ",\"schema\":1,\"causes\":[";
    const auto values = values_of(clues, pack);
    for (std::size_t i = 0; i < clues.causes.size(); ++i) {
        const CauseCandidate& cause = clues.causes[i];
        auto text = knowledge::text_for(pack, cause.cause,
                                        {.variant = cause.variant,
                                         .program = clues.program,
                                         .provider = clues.provider,
                                         .language = options.language});
        knowledge::fill(text, values, options.language);
        out += (i > 0 ? ",{" : "{") + std::string("\"cause\":") + json_string(cause_id(cause.cause)) +
               ",\"confidence\":" + json_string(word(cause.confidence)) +
               ",\"title\":" + json_string(text.title) + ",\"explanation\":" + json_string(text.meaning) +
               ",\"why\":" + list_json(text.why) + ",\"actor\":" + json_string(word(text.actor)) +
               ",\"fixes\":[";
        for (std::size_t f = 0; f < text.fixes.size(); ++f)
            out += (f > 0 ? ",{" : "{") + std::string("\"audience\":") +
                   json_string(word(text.fixes[f].audience)) +
                   ",\"steps\":" + list_json(text.fixes[f].steps) + "}";
        out += "],\"references\":" + list_json(text.references) + ",\"matched\":" + matched_json(cause) + "}";
    }
    out += "],\"fields\":" + fields_json(clues.fields) + ",\"codes\":" + codes_json(clues);
    if (!clues.program.empty()) out += ",\"program\":" + json_string(clues.program);
    if (!clues.provider.empty()) out += ",\"provider\":" + json_string(clues.provider);
    if (!clues.language.empty()) out += ",\"language\":" + json_string(clues.language);
    if (clues.not_mail)
        out += ",\"not_mail\":{\"name\":" + json_string(clues.not_mail->name) +
               ",\"meaning\":" + json_string(clues.not_mail->meaning) + "}";
    out += ",\"secret_removed\":" + std::string(clues.secret_removed ? "true" : "false");
    if (options.share) out += ",\"shared_text\":" + json_string(explain::anonymised(clues.text));
    return out + "}";
}

std::string clues_as_text(const Clues& clues, const Pack& pack, const OutputOptions& options) {
    const Words& words = words_for(options.language);
    std::string out;
    if (clues.secret_removed) out += wrapped(words.secret, options.width, "! ", "  ") + "\n";
    if (clues.causes.empty()) {
        if (clues.not_mail) {
            out += wrapped((options.language == "de" ? "Das ist kein Mailfehler, sondern "
                                                     : "This is not a mail error, it is ") +
                               clues.not_mail->name + ": " + clues.not_mail->meaning,
                           options.width, "", "");
        } else {
            out += std::string(words.nothing) + "\n";
        }
        return out;
    }
    const auto values = values_of(clues, pack);
    const CauseCandidate& first = clues.causes.front();
    auto text = knowledge::text_for(pack, first.cause,
                                    {.variant = first.variant,
                                     .program = clues.program,
                                     .provider = clues.provider,
                                     .language = options.language});
    knowledge::fill(text, values, options.language);
    out += wrapped(text.title, options.width, "", "");
    if (!text.meaning.empty())
        out += heading(words.meaning) + wrapped(text.meaning, options.width, "  ", "  ");
    if (const std::string because = evidence(clues, first); !because.empty())
        out += heading(words.because) + wrapped(because, options.width, "  ", "  ");
    if (!text.why.empty()) {
        out += heading(words.why);
        for (const std::string& why : text.why)
            out += wrapped(why, options.width, "  - ", "    ");
    }
    for (const Fix& fix : text.fixes) {
        out += heading(fix.audience == Audience::user       ? words.do_now
                       : fix.audience == Audience::helpdesk ? words.helpdesk
                                                            : words.operator_);
        add_steps(out, fix.steps, options.width);
    }
    if (const auto facts = fitting_facts(clues, pack, options.language); !facts.empty()) {
        out += heading(words.provider);
        for (const auto& fact : facts)
            out += wrapped(fact.text + " (" + std::string(words.checked) + " " + fact.checked +
                               (fact.old ? ", " + std::string(words.old) : "") + ": " + fact.source + ")",
                           options.width, "  - ", "    ");
    }
    if (!clues.codes.empty()) {
        out += heading(words.codes);
        for (const CodeMeaning& code : clues.codes) {
            std::string line = code.code;
            if (!code.symbol.empty()) line += " " + code.symbol;
            out += wrapped(line + " (" + code.origin + "): " + code.meaning, options.width, "  ", "    ");
        }
    }
    if (clues.causes.size() > 1) {
        out += heading(words.also);
        for (std::size_t i = 1; i < std::min<std::size_t>(clues.causes.size(), 4); ++i) {
            auto other =
                knowledge::text_for(pack, clues.causes[i].cause,
                                    {.variant = clues.causes[i].variant, .language = options.language});
            out += wrapped(knowledge::fill(other.title, values, options.language), options.width, "  - ",
                           "    ");
        }
    }
    if (options.share) out += "\n---\n" + explain::anonymised(clues.text) + "\n";
    return out;
}

std::string wrapped(std::string_view raw, int width, std::string_view first_indent, std::string_view indent) {
    const std::string text = clean(raw);
    std::string out(first_indent);
    std::size_t column = first_indent.size();
    std::size_t at = 0;
    bool line_empty = true;
    while (at < text.size()) {
        const std::size_t start = text.find_first_not_of(' ', at);
        if (start == std::string::npos) break;
        const std::size_t end = std::min(text.find(' ', start), text.size());
        const std::string_view word = std::string_view(text).substr(start, end - start);
        const auto columns = static_cast<std::size_t>(std::ranges::count_if(
            word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
        if (!line_empty && column + 1 + columns > static_cast<std::size_t>(std::max(width, 20))) {
            out += '\n';
            out += indent;
            column = indent.size();
            line_empty = true;
        }
        if (!line_empty) {
            out += ' ';
            ++column;
        }
        out += word;
        column += columns;
        line_empty = false;
        at = end;
    }
    return out + "\n";
}

}  // namespace maildoctor::cli
