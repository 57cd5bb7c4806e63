#include "core/explain/host_scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

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

}  // namespace

std::optional<int> leading_number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > 65535 || end == text.data()) return std::nullopt;
    if (end != text.data() + text.size() &&
        (is_alnum(*end) || (*end == '.' && end + 1 != text.data() + text.size() && is_digit(end[1]))))
        return std::nullopt;
    return value;
}

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

}  // namespace maildoctor::explain
