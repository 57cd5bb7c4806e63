#include "core/knowledge/texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <ranges>
#include <vector>

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {
namespace {

const TextRecord* text_record(const Pack& pack, Cause cause, std::string_view language) {
    for (const LanguageRecord& record : pack.all<LanguageRecord>(Section::languages)) {
        if (pack.text(record.language) != language) continue;
        const std::uint32_t number = pack.list(record.texts)[static_cast<std::size_t>(cause)];
        if (number != none) return &pack.all<TextRecord>(Section::texts)[number];
    }
    return language == "en" ? nullptr : text_record(pack, cause, "en");
}

std::span<const FixRecord> fixes_of(const Pack& pack, const TextRecord& record) {
    return pack.all<FixRecord>(Section::fixes).subspan(record.fixes.at, record.fixes.size);
}

/// Digits, or two letters as of a country: what follows the name of a family ("outlook-2016", "zoho-eu").
bool is_edition(std::string_view part) {
    const auto all = [part](char first, char last) {
        return std::ranges::all_of(part, [=](char c) { return c >= first && c <= last; });
    };
    return !part.empty() && (all('0', '9') || (part.size() == 2 && all('a', 'z')));
}

/// A program or provider itself, then the families that it belongs to: outlook-2007, outlook-2010, outlook.
std::vector<std::string_view> kin_of(std::string_view id) {
    if (id.empty()) return {};
    std::vector<std::string_view> kin{id};
    if (id == "outlook-2000" || id == "outlook-2003" || id == "outlook-2007")
        kin.emplace_back("outlook-2010");
    const std::size_t dash = id.rfind('-');
    if (dash != std::string_view::npos && is_edition(id.substr(dash + 1))) kin.push_back(id.substr(0, dash));
    return kin;
}

/// 3 for the one asked for, less for a family of it, 0 when the fix is for everybody, -1 when for others.
int kinship(std::string_view wanted, std::string_view asked) {
    if (wanted.empty()) return 0;
    const std::vector<std::string_view> kin = kin_of(asked);
    const auto found = std::ranges::find(kin, wanted);
    return found == kin.end() ? -1 : 3 - static_cast<int>(found - kin.begin());
}

/// How well a fix fits: its program or provider must be the one asked for, or its family, where it names one.
int fit(const Pack& pack, const FixRecord& fix, const TextRequest& request) {
    const int client = kinship(pack.text(fix.client), request.program);
    const int provider = kinship(pack.text(fix.provider), request.provider);
    return client < 0 || provider < 0 ? -1 : 4 * client + provider;
}

void add_fixes(const Pack& pack, const std::vector<const TextRecord*>& records, const TextRequest& request,
               Text& text) {
    for (const Audience audience : {Audience::user, Audience::helpdesk, Audience::operator_}) {
        const FixRecord* best = nullptr;
        int best_fit = -1;
        for (const TextRecord* const record : records) {
            for (const FixRecord& fix : fixes_of(pack, *record)) {
                if (fix.audience != static_cast<std::uint32_t>(audience)) continue;
                const int here = fit(pack, fix, request);
                if (here > best_fit) {
                    best = &fix;
                    best_fit = here;
                }
            }
            if (best) break;  // a variant's steps replace the general ones of their audience
        }
        if (best) text.fixes.push_back({.audience = audience, .steps = pack.strings(best->steps)});
    }
}

void overlay(const Pack& pack, const TextRecord& record, Text& text) {
    if (record.title.size > 0) text.title = pack.text(record.title);
    if (record.meaning.size > 0) text.meaning = pack.text(record.meaning);
    if (record.why.size > 0) text.why = pack.strings(record.why);
    if (record.references.size > 0) text.references = pack.strings(record.references);
    if (record.actor != none) text.actor = static_cast<Actor>(record.actor);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

/// What a placeholder reads as when its value is not known.
std::string_view unknown_value(std::string_view name, bool german) {
    struct Default {
        std::string_view name, en, de;
    };
    static constexpr std::array<Default, 24> defaults = {{
        {"server", "the mail server", "den Mailserver"},
        {"host", "the mail server", "den Mailserver"},
        {"port", "the port", "den Port"},
        {"protocol", "the mail protocol", "das Mailprotokoll"},
        {"address", "the e-mail address", "die E-Mail-Adresse"},
        {"email", "your e-mail address", "Ihre E-Mail-Adresse"},
        {"domain", "the domain", "die Domain"},
        {"user", "your user name", "Ihr Benutzername"},
        {"username", "your user name", "Ihr Benutzername"},
        {"provider", "your provider", "Ihr Anbieter"},
        {"program", "your mail program", "Ihr Mailprogramm"},
        {"incoming", "the incoming server", "den Posteingangsserver"},
        {"outgoing", "the outgoing server", "den Postausgangsserver"},
        {"ip", "the IP address", "die IP-Adresse"},
        {"name", "your name", "Ihren Namen"},
        {"in_protocol", "IMAP or POP3", "IMAP oder POP3"},
        {"in_host", "the incoming server that your provider names", "den Posteingangsserver Ihres Anbieters"},
        {"in_port", "993 for IMAP or 995 for POP3", "993 für IMAP oder 995 für POP3"},
        {"in_security", "SSL/TLS", "SSL/TLS"},
        {"in_user", "your user name", "Ihren Benutzernamen"},
        {"out_host", "the outgoing server that your provider names",
         "den Postausgangsserver Ihres Anbieters"},
        {"out_port", "587, or 465 with SSL/TLS", "587, oder 465 mit SSL/TLS"},
        {"out_security", "STARTTLS", "STARTTLS"},
        {"out_user", "your user name", "Ihren Benutzernamen"},
    }};
    const auto* const found = std::ranges::find(defaults, name, &Default::name);
    if (found == defaults.end()) return {};
    return german ? found->de : found->en;
}

/// Whether the text so far ends inside `backticks`: a command that somebody will type.
bool in_command(std::string_view so_far) {
    return std::ranges::count(so_far, '`') % 2 == 1;
}

/// A name as placeholders have: "incoming_port".
bool is_placeholder(std::string_view name) {
    return !name.empty() &&
           std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// "server" as SERVER: what stands in a command for a value to be put in.
void append_upper(std::string& out, std::string_view name) {
    for (const char c : name)
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

bool begins_with_unknown(std::string_view text, const Values& values) {
    if (!text.starts_with('{')) return false;
    const auto found = values.find(text.substr(1, text.find('}') - 1));
    return found == values.end() || found->second.empty();
}

}  // namespace

Text text_for(const Pack& pack, Cause cause, const TextRequest& request) {
    Text text{.title = std::string(cause_meaning(cause))};
    const TextRecord* const general = text_record(pack, cause, request.language);
    if (!general) return text;
    if (const TextRecord* const english =
            text_record(pack, cause, "en")) {  // actor and references stand in English only
        overlay(pack, *english, text);
    }
    overlay(pack, *general, text);
    std::vector<const TextRecord*> records;
    const auto variants =
        pack.all<TextRecord>(Section::texts).subspan(general->variants.at, general->variants.size);
    // What the evidence names comes first, then the program, then the provider.
    const auto add_variant = [&](std::string_view id) {
        const auto found =
            std::ranges::find(variants, id, [&](const TextRecord& variant) { return pack.text(variant.id); });
        if (!id.empty() && found != variants.end()) records.push_back(&*found);
    };
    add_variant(request.variant);
    std::ranges::for_each(kin_of(request.program), add_variant);
    std::ranges::for_each(kin_of(request.provider), add_variant);
    for (const TextRecord* const variant : records | std::views::reverse)
        overlay(pack, *variant, text);
    records.push_back(general);
    add_fixes(pack, records, request, text);
    return text;
}

Text text_for(Cause cause, std::string_view variant, std::string_view program, std::string_view provider,
              std::string_view language) {
    return text_for(built_in(), cause,
                    {.variant = variant, .program = program, .provider = provider, .language = language});
}

Actor actor_for(Cause cause) {
    const TextRecord* const record = text_record(built_in(), cause, "en");
    return record && record->actor != none ? static_cast<Actor>(record->actor) : Actor::user;
}

std::string fill(std::string_view text, const Values& values, std::string_view language) {
    std::string out;
    out.reserve(text.size());
    while (true) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) return out.append(text), out;
        const std::string_view name = text.substr(open + 1, close - open - 1);
        out.append(text.substr(0, open));
        if (const auto found = values.find(name); found != values.end() && !found->second.empty())
            out += found->second;
        else if (in_command(out) && is_placeholder(name))
            append_upper(out, name);
        else if (const std::string_view words = unknown_value(name, language == "de"); !words.empty())
            out += words;
        else
            out.append(text.substr(open, close - open + 1));
        text.remove_prefix(close + 1);
    }
}

void fill(Text& text, const Values& values, std::string_view language) {
    const auto sentence = [&](const std::string& given) {
        std::string filled = fill(given, values, language);
        // Words for an unknown value become the sentence's beginning; a host name stays as it is written.
        if (begins_with_unknown(given, values) && filled.front() >= 'a' && filled.front() <= 'z')
            filled.front() = static_cast<char>(filled.front() - 32);
        return filled;
    };
    text.title = sentence(text.title);
    text.meaning = sentence(text.meaning);
    for (std::string& why : text.why)
        why = sentence(why);
    for (Fix& fix : text.fixes) {
        for (std::string& step : fix.steps)
            step = sentence(step);
    }
}

const ProviderRecord* provider_of(const Pack& pack, std::string_view host) {
    const std::string name = lower(host);
    for (std::string_view rest = name; !rest.empty();) {
        if (const std::uint32_t number = pack.find(Section::provider_index, hash_of(rest)); number != none)
            return &pack.providers()[number];
        const std::size_t dot = rest.find('.');
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    return nullptr;
}

const ProviderRecord* provider(const Pack& pack, std::string_view id) {
    for (const ProviderRecord& record : pack.providers()) {
        if (pack.text(record.id) == id) return &record;
    }
    return nullptr;
}

const ProgramRecord* program(const Pack& pack, std::string_view name) {
    const std::string wanted = folded_text(name);
    if (wanted.empty()) return nullptr;
    for (const ProgramRecord& record : pack.programs()) {
        if (folded_text(pack.text(record.id)) == wanted || folded_text(pack.text(record.name)) == wanted)
            return &record;
    }
    for (const ProgramRecord& record : pack.programs()) {
        for (const std::string& alias : pack.strings(record.aliases)) {
            if (folded_text(alias) == wanted) return &record;
        }
    }
    return nullptr;
}

bool is_old(std::string_view checked, std::string_view today) {
    constexpr int years = 2;
    constexpr std::size_t date = 10;  // YYYY-MM-DD
    if (checked.size() != date || today.size() != date) return false;
    int year = 0;
    const auto [end, error] = std::from_chars(today.data(), today.data() + 4, year);
    if (error != std::errc() || end != today.data() + 4) return false;
    return checked < std::to_string(year - years) + std::string(today.substr(4));
}

std::vector<ProviderFact> facts_about(const Pack& pack, const ProviderRecord& record,
                                      std::string_view language, std::string_view today) {
    std::vector<ProviderFact> facts;
    for (const FactRecord& fact :
         pack.all<FactRecord>(Section::facts).subspan(record.facts.at, record.facts.size)) {
        ProviderFact out{.kind = std::string(pack.text(fact.kind)),
                         .source = std::string(pack.text(fact.source)),
                         .checked = std::string(pack.text(fact.checked))};
        if (fact.cause != none) out.cause = static_cast<Cause>(fact.cause);
        for (const PathRecord& text :
             pack.all<PathRecord>(Section::paths).subspan(fact.text.at, fact.text.size)) {
            const std::string_view in = pack.text(text.what);
            if (in == language || (in == "en" && out.text.empty())) out.text = pack.text(text.text);
        }
        out.old = is_old(out.checked, today);
        facts.push_back(std::move(out));
    }
    return facts;
}

const InterceptorRecord* interceptor(const Pack& pack, std::string_view issuer,
                                     std::string_view organization) {
    const std::string name = lower(issuer), company = lower(organization);
    for (const InterceptorRecord& record : pack.all<InterceptorRecord>(Section::interceptors)) {
        for (const std::string& part : pack.strings(record.issuers)) {
            const std::string wanted = lower(part);
            if (name.contains(wanted) || company.contains(wanted)) return &record;
        }
    }
    return nullptr;
}

const GuideRecord* guide(const Pack& pack, std::string_view program_id, std::string_view language) {
    for (const std::string_view wanted : {language, std::string_view("en")}) {
        for (const GuideRecord& record : pack.guides()) {
            if (pack.text(record.program) == program_id && pack.text(record.language) == wanted)
                return &record;
        }
    }
    return nullptr;
}

const GlossaryRecord* glossary(const Pack& pack, std::string_view term, std::string_view language) {
    const auto squeezed = [](std::string_view text) {
        std::string out = folded_text(text);
        std::erase(out, ' ');
        return out;
    };
    const std::string wanted = squeezed(term);
    if (wanted.empty()) return nullptr;
    for (const std::string_view in : {language, std::string_view("en")}) {
        for (const GlossaryRecord& record : pack.glossary()) {
            if (pack.text(record.language) != in) continue;
            if (squeezed(pack.text(record.id)) == wanted || squeezed(pack.text(record.title)) == wanted)
                return &record;
            for (const std::string& alias : pack.strings(record.terms)) {
                if (squeezed(alias) == wanted) return &record;
            }
        }
    }
    return nullptr;
}

}  // namespace maildoctor::knowledge
