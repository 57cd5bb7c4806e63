#include "core/explain/fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/knowledge/words.h"

namespace maildoctor::explain {
namespace {

enum class Field : std::uint8_t {
    server,
    account,
    protocol,
    port,
    ssl,
    response,
    socket_error,
    server_error,
    error_number,
    address
};

struct Label {
    std::string_view words;  ///< folded, joined by blanks
    Field field;
};

constexpr std::array labels = {
    Label{"server", Field::server},
    Label{"servidor", Field::server},
    Label{"serveur", Field::server},
    Label{"host", Field::server},
    Label{"hostname", Field::server},
    Label{"host name", Field::server},
    Label{"server name", Field::server},
    Label{"servername", Field::server},
    Label{"mail server", Field::server},
    Label{"smtp server", Field::server},
    Label{"pop3 server", Field::server},
    Label{"pop server", Field::server},
    Label{"imap server", Field::server},
    Label{"outgoing server", Field::server},
    Label{"incoming server", Field::server},
    Label{"outgoing mail server", Field::server},
    Label{"incoming mail server", Field::server},
    Label{"smtp host", Field::server},
    Label{"mailserver", Field::server},
    Label{"smtp servidor", Field::server},
    Label{"server di posta", Field::server},
    Label{"posteingangsserver", Field::server},
    Label{"postausgangsserver", Field::server},
    Label{"cert list ip", Field::server},
    Label{"altnames ip", Field::server},
    Label{"altnames host", Field::server},
    Label{"account", Field::account},
    Label{"konto", Field::account},
    Label{"compte", Field::account},
    Label{"conta", Field::account},
    Label{"cuenta", Field::account},
    Label{"protocol", Field::protocol},
    Label{"protokoll", Field::protocol},
    Label{"protocole", Field::protocol},
    Label{"protocolo", Field::protocol},
    Label{"protocollo", Field::protocol},
    Label{"port", Field::port},
    Label{"puerto", Field::port},
    Label{"porta", Field::port},
    Label{"poort", Field::port},
    Label{"anschluss", Field::port},
    Label{"server port", Field::port},
    Label{"portnummer", Field::port},
    Label{"secure ssl", Field::ssl},
    Label{"secure", Field::ssl},
    Label{"sicher ssl", Field::ssl},
    Label{"sichere verbindung ssl", Field::ssl},
    Label{"sicherheit ssl", Field::ssl},
    Label{"gesichert ssl", Field::ssl},
    Label{"seguridad ssl", Field::ssl},
    Label{"seguro ssl", Field::ssl},
    Label{"segura ssl", Field::ssl},
    Label{"seguranca ssl", Field::ssl},
    Label{"protetto ssl", Field::ssl},
    Label{"protezione ssl", Field::ssl},
    Label{"protetta ssl", Field::ssl},
    Label{"securise ssl", Field::ssl},
    Label{"securisee ssl", Field::ssl},
    Label{"securite ssl", Field::ssl},
    Label{"beveiligd ssl", Field::ssl},
    Label{"beveiliging ssl", Field::ssl},
    Label{"sicura ssl", Field::ssl},
    Label{"sicuro ssl", Field::ssl},
    Label{"ssl", Field::ssl},
    Label{"sakker ssl", Field::ssl},
    Label{"sikker ssl", Field::ssl},
    Label{"server response", Field::response},
    Label{"serverantwort", Field::response},
    Label{"antwort des servers", Field::response},
    Label{"reponse du serveur", Field::response},
    Label{"respuesta del servidor", Field::response},
    Label{"resposta do servidor", Field::response},
    Label{"risposta del server", Field::response},
    Label{"reactie van server", Field::response},
    Label{"antwoord van server", Field::response},
    Label{"server responded", Field::response},
    Label{"antwoord van de server", Field::response},
    Label{"reponse serveur", Field::response},
    Label{"socket error", Field::socket_error},
    Label{"socketfehler", Field::socket_error},
    Label{"erreur de socket", Field::socket_error},
    Label{"error de socket", Field::socket_error},
    Label{"erro de soquete", Field::socket_error},
    Label{"errore socket", Field::socket_error},
    Label{"errore di socket", Field::socket_error},
    Label{"socketfout", Field::socket_error},
    Label{"erreur socket", Field::socket_error},
    Label{"erro de socket", Field::socket_error},
    Label{"server error", Field::server_error},
    Label{"serverfehler", Field::server_error},
    Label{"erreur de serveur", Field::server_error},
    Label{"erreur du serveur", Field::server_error},
    Label{"error del servidor", Field::server_error},
    Label{"erro do servidor", Field::server_error},
    Label{"errore del server", Field::server_error},
    Label{"serverfout", Field::server_error},
    Label{"error number", Field::error_number},
    Label{"fehlernummer", Field::error_number},
    Label{"numero d erreur", Field::error_number},
    Label{"numero de error", Field::error_number},
    Label{"numero de erro", Field::error_number},
    Label{"numero di errore", Field::error_number},
    Label{"foutnummer", Field::error_number},
};

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_alnum(char c) noexcept {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}
constexpr bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Up to four folded words before a place, nearest last; at most `reach` octets are looked at.
std::vector<std::string> words_before(std::string_view text, std::size_t end) {
    constexpr std::size_t reach = 44;
    std::size_t from = end > reach ? end - reach : 0;
    while (from > 0 && from < end && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
        ++from;
    std::vector<std::string> words;
    knowledge::WordReader reader(text.substr(from, end - from));
    while (reader.next())
        words.emplace_back(reader.folded());
    if (words.size() > 4) words.erase(words.begin(), words.end() - 4);
    return words;
}

/// The label that ends at a place; the longest one wins.
std::optional<Field> label_before(std::string_view text, std::size_t end) {
    const auto words = words_before(text, end);
    for (std::size_t first = 0; first < words.size(); ++first) {
        std::string joined;
        for (std::size_t i = first; i < words.size(); ++i)
            joined += (i == first ? "" : " ") + words[i];
        const auto* const found = std::ranges::find(labels, std::string_view(joined), &Label::words);
        if (found != labels.end()) return found->field;
    }
    return std::nullopt;
}

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

std::optional<int> leading_number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > 65535 || end == text.data()) return std::nullopt;
    if (end != text.data() + text.size() &&
        (is_alnum(*end) || (*end == '.' && end + 1 != text.data() + text.size() && is_digit(end[1]))))
        return std::nullopt;
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

constexpr bool is_host_char(char c) noexcept {
    return is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/// Endings that are domains, not file names, packages or the next sentence.
bool ends_like_a_domain(std::string_view host) {
    const std::size_t dot = host.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    std::string tld;
    for (const char c : host.substr(dot + 1))
        tld += lower(c);
    static constexpr std::array<std::string_view, 33> known = {
        "com",   "net",   "org",      "edu",     "gov",     "mil",         "int",  "info", "biz",
        "name",  "local", "lan",      "test",    "example", "localdomain", "tld",  "ltd",  "email",
        "cloud", "mail",  "online",   "shop",    "app",     "dev",         "site", "tech", "domain",
        "home",  "corp",  "internal", "invalid", "host",    "berlin"};
    static constexpr std::array<std::string_view, 24> files = {
        "js", "ts", "py", "rs", "cs", "rb", "md", "sh", "so", "pl", "pm", "cc",
        "hs", "vb", "ps", "go", "mk", "am", "pm", "id", "no", "is", "in", "do"};
    if (std::ranges::find(known, std::string_view(tld)) != known.end()) return true;
    if (tld.size() != 2 || !(tld[0] >= 'a' && tld[0] <= 'z') || !(tld[1] >= 'a' && tld[1] <= 'z'))
        return false;
    if (std::ranges::find(files, std::string_view(tld)) == files.end()) return true;
    return std::ranges::count(host, '.') >= 2 && (host.starts_with("mail") || host.starts_with("smtp") ||
                                                  host.starts_with("imap") || host.starts_with("pop"));
}

bool is_package(std::string_view host) {
    static constexpr std::array<std::string_view, 12> heads = {
        "javax.",     "java.", "com.sun.", "sun.",     "org.springframework", "System.", "org.apache",
        "Microsoft.", "node:", "jakarta.", "android.", "org.eclipse"};
    return std::ranges::any_of(heads, [&](std::string_view head) { return host.starts_with(head); });
}

bool is_ipv4(std::string_view host) {
    int dots = 0;
    for (const char c : host) {
        if (c == '.')
            ++dots;
        else if (!is_digit(c))
            return false;
    }
    return dots == 3;
}

struct Host {
    std::string_view name;
    std::size_t begin, end;
    std::optional<int> port;
    bool web{};     ///< behind http:// or in a path
    bool domain{};  ///< behind '@'
};

std::optional<int> port_at(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != ':' || at + 1 >= text.size() || !is_digit(text[at + 1]))
        return std::nullopt;
    const std::size_t from = at + 1;
    std::size_t end = from;
    while (end < text.size() && is_digit(text[end]))
        ++end;
    if (end - from < 2 || end - from > 5 ||
        (end < text.size() && (text[end] == ':' && end + 1 < text.size() && is_digit(text[end + 1]))))
        return std::nullopt;
    return leading_number(text.substr(from, end - from));
}

std::vector<Host> find_hosts(std::string_view text) {
    constexpr std::size_t most = 50, longest = 253;
    std::vector<Host> hosts;
    for (std::size_t at = 0; at < text.size() && hosts.size() < most;) {
        if (!is_alnum(text[at]) && text[at] != '[' && text[at] != ':') {
            ++at;
            continue;
        }
        if (text[at] == '[' || text[at] == ':') {  // [::1]:587, ::1:587
            const bool bracket = text[at] == '[';
            const std::string_view six = text.substr(at + (bracket ? 1 : 0), 3);
            if (six == "::1") {
                const std::size_t end = at + 3 + (bracket ? 2 : 0);
                hosts.push_back({.name = text.substr(at + (bracket ? 1 : 0), 3),
                                 .begin = at,
                                 .end = end,
                                 .port = port_at(text, end)});
                at = end;
            } else {
                ++at;
            }
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_host_char(text[end]) && end - at < longest)
            ++end;
        std::string_view name = text.substr(at, end - at);
        const std::size_t next = end;
        while (!name.empty() && (name.back() == '.' || name.back() == '-'))
            name.remove_suffix(1);
        end = at + name.size();
        const bool literal = is_ipv4(name);
        if ((literal || ends_like_a_domain(name)) && !is_package(name) &&
            !(next < text.size() && text[next] == '@')) {
            Host host{.name = name, .begin = at, .end = end, .port = port_at(text, end)};
            host.domain = at > 0 && text[at - 1] == '@';
            const std::string_view front = text.substr(at > 8 ? at - 8 : 0, std::min<std::size_t>(at, 8));
            host.web = front.ends_with("http://") || front.ends_with("https://") ||
                       (at > 0 && (text[at - 1] == '/' || text[at - 1] == '\\') && !front.ends_with("://")) ||
                       (end < text.size() && text[end] == '/' && !host.port) || name.starts_with("www.");
            if (front.ends_with("imap://") || front.ends_with("ssl://") || front.ends_with("tls://") ||
                front.ends_with("smtp://") || front.ends_with("imaps://"))
                host.web = false;
            if (host.domain) {  // user:password@host in a URL is a server
                const std::size_t scheme =
                    text.substr(at > 120 ? at - 120 : 0, std::min<std::size_t>(at, 120)).rfind("://");
                if (scheme != std::string_view::npos) {
                    const std::string_view between = text.substr((at > 120 ? at - 120 : 0) + scheme,
                                                                 at - ((at > 120 ? at - 120 : 0) + scheme));
                    host.domain = between.find(' ') != std::string_view::npos &&
                                  between.find("[secret removed]") == std::string_view::npos;
                }
            }
            hosts.push_back(host);
        }
        at = std::max(next, at + 1);
    }
    return hosts;
}

/// How much a name in a sentence looks like the server that is meant.
int server_score(std::string_view text, const Host& host) {
    if (host.web || host.domain) return -1;
    int score = host.port ? 6 : 0;
    std::string name;
    for (const char c : host.name)
        name += lower(c);
    for (const std::string_view part : {"smtp", "imap", "pop", "mail", "outlook.office365", "mx"}) {
        if (name.find(part) != std::string::npos) score += 4;
    }
    std::string before;
    for (std::size_t i = host.begin > 40 ? host.begin - 40 : 0; i < host.begin; ++i)
        before += lower(text[i]);
    for (const std::string_view part : {"server", "serveur", "servidor", "host", "connect", "smtp", "imap",
                                        "pop3", "verbind", "connexion"}) {
        if (before.find(part) != std::string::npos) score += 3;
    }
    if (name.find("gsmtp") != std::string::npos || before.find("said:") != std::string::npos) score -= 3;
    return score;
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
            if (three || whole) pop3 = true;
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
