#include "core/explain/fields.h"

#include <algorithm>
#include <array>

#include "core/explain/field_labels.h"
#include "core/explain/host_scan.h"
#include "core/knowledge/words.h"
#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

struct Quote {
    std::string_view open, close;
};
constexpr std::array<Quote, 11> quotes = {{{"'", "'"},
                                           {"\"", "\""},
                                           {"`", "'"},
                                           {"\xE2\x80\x98", "\xE2\x80\x99"},
                                           {"\xE2\x80\x9C", "\xE2\x80\x9D"},
                                           {"\xE2\x80\x9E", "\xE2\x80\x9C"},
                                           {"\xC2\xAB", "\xC2\xBB"},
                                           {"\xE2\x80\x99", "\xE2\x80\x99"},
                                           {"\xC2\xB4", "\xC2\xB4"},
                                           {"\xE2\x80\x98", "'"},
                                           {"\xE2\x80\x9A", "\xE2\x80\x98"}}};

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The value behind a label: what the quotes hold, or what stands before the next comma or line end.
std::string_view value_at(std::string_view text, std::size_t at) {
    constexpr std::size_t longest = 400;
    while (at < text.size() && (is_space(text[at]) || text.substr(at, 2) == "\xC2\xA0"))
        at += text[at] == '\xC2' ? 2 : 1;
    const std::string_view rest = text.substr(at, longest);
    for (const Quote& quote : quotes) {
        if (!rest.starts_with(quote.open)) continue;
        std::string_view inner = rest.substr(quote.open.size());
        while (inner.starts_with(" "))
            inner.remove_prefix(1);
        const std::size_t end = inner.find(quote.close);
        if (end == std::string_view::npos) {
            const std::size_t other = inner.find_first_of("'\",\n");
            return trim(inner.substr(0, other));
        }
        return trim(inner.substr(0, end));
    }
    std::size_t end = rest.find_first_of(",;\n");
    if (end == std::string_view::npos) end = rest.size();
    std::string_view value = trim(rest.substr(0, end));
    while (!value.empty() && (value.back() == '\'' || value.back() == '"' || value.back() == '.'))
        value.remove_suffix(1);
    return value;
}

std::optional<bool> yes_or_no(std::string_view value) {
    knowledge::WordReader reader(value);
    if (!reader.next()) return std::nullopt;
    const std::string_view word = reader.folded();
    static constexpr std::array<std::string_view, 10> yes = {"yes",  "ja", "oui", "si",  "sim",
                                                             "true", "on", "ano", "tak", "kylla"};
    static constexpr std::array<std::string_view, 10> no = {"no",    "nein", "non", "nee", "nao",
                                                            "false", "off",  "ne",  "nie", "nej"};
    if (std::ranges::find(yes, word) != yes.end()) return true;
    if (std::ranges::find(no, word) != no.end()) return false;
    return std::nullopt;
}

std::optional<Protocol> protocol_of(std::string_view value) {
    knowledge::WordReader reader(value);
    while (reader.next()) {
        if (reader.folded() == "smtp" || reader.folded() == "esmtp") return Protocol::smtp;
        if (reader.folded() == "pop3" || reader.folded() == "pop") return Protocol::pop3;
        if (reader.folded() == "imap" || reader.folded() == "imap4") return Protocol::imap;
    }
    return std::nullopt;
}

void read_labelled(std::string_view text, TextFields& fields) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != ':' && text[at] != ';') continue;
        if (text.substr(at, 3) == "://" || at == 0) continue;
        const auto label = label_before(text, at);
        if (!label) continue;
        const std::string_view value = value_at(text, at + 1);
        switch (*label) {
            case Field::server:
                if (!fields.server && !value.empty() && value.size() < 120 && text[at] == ':') {
                    // A sentence is no server name; a placeholder of two words in quotes is.
                    std::string_view name =
                        value.substr(0, std::ranges::count(value, ' ') >= 2 ? value.find(' ') : value.size());
                    if (name.ends_with('>') && name.find('<') == std::string_view::npos)
                        name.remove_suffix(1);
                    if (name.ends_with('.'))
                        name.remove_suffix(1);  // the end of a sentence, or of a full name
                    if (name.size() == value.size() || name.find('.') != std::string_view::npos ||
                        name.size() + 1 >= value.size())
                        fields.server = std::string(name);
                }
                break;
            case Field::account:
                if (!fields.account && value.size() < 120) fields.account = std::string(value);
                break;
            case Field::protocol:
                if (!fields.protocol) fields.protocol = protocol_of(value.substr(0, 12));
                break;
            case Field::port:
                if (!fields.port) {
                    const auto port = leading_number(value);
                    if (port && (*port > 0 || !fields.port)) fields.port = port;
                }
                break;
            case Field::ssl:
                if (!fields.ssl) fields.ssl = yes_or_no(value);
                break;
            case Field::response:
                if (!fields.server_response) fields.server_response = std::string(value);
                break;
            case Field::socket_error:
                if (!fields.socket_error) fields.socket_error = std::string(value.substr(0, 12));
                break;
            default:
                break;
        }
    }
}

/// The one protocol that is named anywhere, also inside a class or host name.
std::optional<Protocol> named_protocol(std::string_view text) {
    bool smtp = false, imap = false, pop3 = false;
    for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
        const char c = lower(text[i]);
        if (c == 's' && i + 4 <= text.size() && lower(text[i + 1]) == 'm' && lower(text[i + 2]) == 't' &&
            lower(text[i + 3]) == 'p') {
            // "… - gsmtp" is Google's signature under its replies, "smtplf" part of an address
            if (!(i > 0 && lower(text[i - 1]) == 'g') &&
                !(i + 5 < text.size() && lower(text[i + 4]) == 'l' && lower(text[i + 5]) == 'f'))
                smtp = true;
        } else if (c == 'i' && i + 4 <= text.size() && lower(text[i + 1]) == 'm' &&
                   lower(text[i + 2]) == 'a' && lower(text[i + 3]) == 'p') {
            imap = true;
        } else if (c == 'p' && lower(text[i + 1]) == 'o' && lower(text[i + 2]) == 'p') {
            const bool start = i == 0 || !is_alnum(text[i - 1]);
            const bool three = i + 3 < text.size() && text[i + 3] == '3';
            const bool whole = start && (i + 3 >= text.size() || !is_alnum(text[i + 3])) &&
                               (text[i] == 'P' || (i + 3 < text.size() && text[i + 3] == '.'));
            const bool library = start && text.substr(i + 3, 3) == "lib";  // Python's poplib
            if (three || whole || library) pop3 = true;
        }
    }
    if (smtp + imap + pop3 != 1) return std::nullopt;
    return smtp ? Protocol::smtp : imap ? Protocol::imap : Protocol::pop3;
}

/// "port 465", "puerto 995", "on port: 587", ":25," without a host
std::optional<int> port_in_sentence(std::string_view text) {
    static constexpr std::array<std::string_view, 4> names = {"port", "puerto", "porta", "poort"};
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const std::string_view name : names) {
            if (text.size() - at <= name.size() || (at > 0 && is_alnum(text[at - 1]))) continue;
            if (!std::ranges::equal(text.substr(at, name.size()), name,
                                    [](char a, char b) { return lower(a) == b; }))
                continue;
            std::size_t digits = at + name.size();
            while (digits < text.size() &&
                   (is_space(text[digits]) || text[digits] == ':' || text[digits] == '=' ||
                    text[digits] == '"' || text[digits] == '#' || text[digits] == '\'') &&
                   digits - at < 12)
                ++digits;
            if (digits == at + name.size()) continue;
            if (const auto port = leading_number(text.substr(digits, 6)); port && *port > 0) return port;
        }
        if (text[at] == ':' && at > 0 && is_space(text[at - 1])) {
            if (const auto port = port_at(text, at)) return port;
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::string_view> host_names(std::string_view text) {
    std::vector<std::string_view> names;
    for (const Host& host : find_hosts(text))
        names.push_back(host.name);
    return names;
}

TextFields read_fields(std::string_view text, const std::vector<FoundCode>& codes) {
    TextFields fields;
    read_labelled(text, fields);
    const std::vector<Host> hosts = find_hosts(text);
    const Host* best = nullptr;
    int best_score = 0;
    for (const Host& host : hosts) {
        const int score = server_score(text, host);
        if (score > best_score) {
            best = &host;
            best_score = score;
        }
    }
    if (fields.server) {  // "mail.example.org:993" in the field itself
        const std::string_view value = *fields.server;
        const std::size_t colon = value.rfind(':');
        if (colon != std::string_view::npos && value.find("://") == std::string_view::npos &&
            value.find(':') == colon) {
            if (const auto port = port_at(value, colon)) {
                if (!fields.port) fields.port = port;
                fields.server = std::string(value.substr(0, colon));
            }
        }
    }
    if (!fields.server && best) {
        fields.server = std::string(best->name);
        if (!fields.port && best->port) fields.port = best->port;
    }
    if (!fields.port) {
        for (const Host& host : hosts) {
            if (host.port && !host.web) fields.port = host.port;
        }
    }
    if (!fields.port) fields.port = port_in_sentence(text);
    if (!fields.protocol) fields.protocol = named_protocol(text);
    knowledge::WordReader reader(text);
    while (const auto word = reader.next()) {
        if (word->kind == knowledge::WordKind::address) {
            fields.address = std::string(text.substr(word->begin, word->end - word->begin));
            break;
        }
    }
    for (const FoundCode& code : codes) {
        if (code.kind == CodeKind::combined) continue;
        if (std::ranges::find(fields.codes, code.spelled) == fields.codes.end())
            fields.codes.push_back(code.spelled);
    }
    return fields;
}

}  // namespace maildoctor::explain
