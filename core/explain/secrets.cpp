#include "core/explain/secrets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

constexpr bool is_word(char c) noexcept {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}
constexpr bool is_base64(char c) noexcept {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=' || c == '-' ||
           c == '_' || c == '*';
}
constexpr bool is_end(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' || c == ',' || c == ';' ||
           c == '<' || c == '>' || c == ')' || c == ']' || c == '}' || c == '&' || c == '`';
}

bool begins(std::string_view text, std::size_t at, std::string_view word) noexcept {
    if (text.size() - at < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (lower(text[at + i]) != word[i]) return false;
    }
    return true;
}

/// Names of things whose value is a secret, in the languages of the programs.
constexpr std::array<std::string_view, 20> secret_names = {"password",
                                                           "passwd",
                                                           "passwort",
                                                           "passphrase",
                                                           "pass",
                                                           "pwd",
                                                           "kennwort",
                                                           "contrasena",
                                                           "contrase\xC3\xB1"
                                                           "a",
                                                           "senha",
                                                           "wachtwoord",
                                                           "mot de passe",
                                                           "mdp",
                                                           "heslo",
                                                           "secret",
                                                           "client_secret",
                                                           "access_token",
                                                           "refresh_token",
                                                           "api_key",
                                                           "apikey"};

/// What people and programs write after "password:" that is no password.
constexpr std::array<std::string_view, 58> no_secrets = {
    "incorrect", "rejected",  "failed", "wrong",     "invalid",    "required", "normal",    "yes",
    "no",        "null",      "none",   "true",      "false",      "ok",       "is",        "not",
    "the",       "i",         "please", "error",     "expired",    "and",      "or",        "unknown",
    "denied",    "encrypted", "change", "changed",   "it",         "this",     "your",      "my",
    "a",         "to",        "for",    "with",      "when",       "but",      "we",        "you",
    "der",       "die",       "das",    "ist",       "falsch",     "nicht",    "ungueltig", "le",
    "la",        "est",       "errato", "incorreta", "incorrecta", "onjuist",  "app",       "old",
    "new",       "undefined"};

class Cleaner {
public:
    explicit Cleaner(const std::string& text) : text_(text) {}

    bool run(std::string& out) {
        std::size_t at = 0;
        while (at < text_.size()) {
            const bool line_start = at == 0 || text_[at - 1] == '\n';
            if (line_start) read_line_start(at);
            const char c = lower(text_[at]);
            const bool word_start = at == 0 || !is_word(text_[at - 1]);
            std::size_t from = 0, to = 0;
            if (word_start && is_word(c) && find_secret(at, from, to) && to > from &&
                text_.substr(from, to - from) != secret_mark) {
                take(from, to);
                at = to;
                continue;
            }
            if (c == ':' && begins(text_, at, "://") && url_password(at, from, to)) {
                take(from, to);
                at = to;
                continue;
            }
            ++at;
        }
        if (cuts_.empty()) return false;
        build(out);
        return true;
    }

private:
    struct Cut {
        std::size_t from, to;
    };

    void take(std::size_t from, std::size_t to) {
        if (from < text_.size() && text_[from] == '[' && begins(text_, from, "[secret removed]")) return;
        if (!cuts_.empty() && from < cuts_.back().to) from = cuts_.back().to;
        if (from < to) cuts_.push_back({from, to});
    }

    void build(std::string& out) const {
        out.clear();
        std::size_t done = 0;
        for (const Cut& cut : cuts_) {
            out.append(text_, done, cut.from - done);
            out += secret_mark;
            done = cut.to;
        }
        out.append(text_, done);
    }

    std::size_t line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }
    std::size_t skip_blanks(std::size_t at) const {
        while (at < text_.size() && is_blank(text_[at]))
            ++at;
        return at;
    }
    std::size_t base64_end(std::size_t at) const {
        while (at < text_.size() && is_base64(text_[at]))
            ++at;
        return at;
    }

    /// Skips what logs put before a line: "> ", "C: ", ">>> ", times in brackets.
    std::size_t line_content(std::size_t at, std::size_t end) const {
        for (int i = 0; i < 6 && at < end; ++i) {
            at = skip_blanks(at);
            if (at < end && (text_[at] == '>' || text_[at] == '<' || text_[at] == '|' || text_[at] == '*' ||
                             text_[at] == '~' || text_[at] == '=' || text_[at] == '-')) {
                while (at < end && !is_word(text_[at]) && !is_blank(text_[at]) && text_[at] != '"' &&
                       text_[at] != '\'' && text_[at] != '+')
                    ++at;
            } else if (begins(text_, at, "c:") || begins(text_, at, "s:")) {
                at += 2;
            } else if (begins(text_, at, "client:") || begins(text_, at, "server:")) {
                at += 7;
            } else if (at < end && (text_[at] == '\'' || text_[at] == '"')) {
                ++at;
            } else {
                break;
            }
        }
        return skip_blanks(at);
    }

    /// The line after a challenge ("334 …" or IMAP's "+ …") is its answer.
    void read_line_start(std::size_t at) {
        const std::size_t end = line_end(at);
        const std::size_t content = line_content(at, end);
        if (challenge_) {
            challenge_ = false;
            const std::size_t stop = base64_end(content);
            const std::string_view rest = std::string_view(text_).substr(stop, end - stop);
            const bool only = std::ranges::all_of(
                rest, [](char c) { return is_blank(c) || c == '\r' || c == '\'' || c == '"'; });
            if (stop - content >= 4 && only && !begins(text_, content, "334")) take(content, stop);
        }
        const bool smtp =
            begins(text_, content, "334") && (content + 3 >= end || !is_word(text_[content + 3]));
        const bool imap = content < end && text_[content] == '+' &&
                          (content + 1 >= end || is_blank(text_[content + 1]) || text_[content + 1] == '\r');
        if (smtp || imap) challenge_ = true;
    }

    bool find_secret(std::size_t at, std::size_t& from, std::size_t& to) const {
        switch (lower(text_[at])) {
            case 'a':
                if (begins(text_, at, "auth") && auth_argument(at, from, to)) return true;
                if (begins(text_, at, "authorization")) return header(at + 13, from, to);
                break;
            case 'b':
                if (begins(text_, at, "bearer ") || begins(text_, at, "basic ")) return token(at, from, to);
                break;
            case 'p':
                if (begins(text_, at, "pass ") && pop3_pass(at, from, to)) return true;
                if (begins(text_, at, "proxy-authorization")) return header(at + 19, from, to);
                break;
            case 'l':
                if (begins(text_, at, "login ") && imap_login(at, from, to)) return true;
                break;
            case 'y':
                if (begins(text_, at, "ya29.")) {
                    from = at;
                    for (to = at; to < text_.size() && !is_end(text_[to]);)
                        ++to;
                    return true;
                }
                break;
            default:
                break;
        }
        return named_value(at, from, to);
    }

    /// AUTH PLAIN blob, AUTHENTICATE XOAUTH2 blob
    bool auth_argument(std::size_t at, std::size_t& from, std::size_t& to) const {
        std::size_t i = at + (begins(text_, at, "authenticate ") ? 13 : begins(text_, at, "auth ") ? 5 : 0);
        if (i == at) return false;
        i = skip_blanks(i);
        const std::size_t mechanism = i;
        while (i < text_.size() && (is_word(text_[i]) || text_[i] == '-'))
            ++i;
        static constexpr std::array<std::string_view, 12> mechanisms = {
            "plain",      "login", "xoauth2", "xoauth",      "oauthbearer",   "cram-md5",
            "digest-md5", "ntlm",  "gssapi",  "scram-sha-1", "scram-sha-256", "external"};
        const std::string_view name = std::string_view(text_).substr(mechanism, i - mechanism);
        const bool known = std::ranges::any_of(mechanisms, [&](std::string_view m) {
            return m.size() == name.size() && begins(text_, mechanism, m);
        });
        if (!known || i >= text_.size() || !is_blank(text_[i])) return false;
        from = skip_blanks(i);
        to = base64_end(from);
        if (to - from < 8) return false;
        // "AUTH LOGIN PLAIN CRAM-MD5" is a capability line, not a login.
        const std::string_view value = std::string_view(text_).substr(from, to - from);
        if (std::ranges::any_of(mechanisms, [&](std::string_view m) {
                return m.size() == value.size() && begins(text_, from, m);
            }))
            return false;
        const bool capitals = std::ranges::all_of(
            value, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || (c >= '0' && c <= '9'); });
        const bool small = std::ranges::all_of(value, [](char c) { return c >= 'a' && c <= 'z'; });
        return !(capitals && value.size() < 16) && !small;
    }

    /// POP3: PASS at the front of a client's line
    bool pop3_pass(std::size_t at, std::size_t& from, std::size_t& to) const {
        constexpr std::size_t furthest = 80;  // from the line's beginning; also keeps the look back short
        if (text_.compare(at, 4, "PASS") != 0) return false;
        const std::size_t from_line = at > furthest ? at - furthest - 1 : 0;
        if (at > furthest &&
            std::string_view(text_).substr(from_line, at - from_line).find('\n') == std::string_view::npos)
            return false;
        from = skip_blanks(at + 5);
        for (to = from; to < text_.size() && text_[to] != '\r' && text_[to] != '\n' && text_[to] != '\'' &&
                        text_[to] != '"';)
            ++to;
        while (to > from && is_blank(text_[to - 1]))
            --to;
        return to > from;
    }

    /// IMAP: tag LOGIN user password. "NO LOGIN failed" is a server's answer.
    bool imap_login(std::size_t at, std::size_t& from, std::size_t& to) const {
        std::size_t tag_end = at;
        while (tag_end > 0 && is_blank(text_[tag_end - 1]))
            --tag_end;
        if (tag_end == at) return false;
        std::size_t tag = tag_end;
        while (tag > 0 && (is_word(text_[tag - 1]) || text_[tag - 1] == '.') && tag_end - tag < 16)
            --tag;
        const std::string_view name = std::string_view(text_).substr(tag, tag_end - tag);
        if (!std::ranges::any_of(name, [](char c) { return c >= '0' && c <= '9'; }) && name.size() != 1)
            return false;
        if (text_.compare(at, 5, "LOGIN") != 0 && tag != 0 && text_[tag - 1] != '\n')
            return false;  // "a login failed" in a sentence
        std::size_t i = skip_blanks(at + 6);
        const std::size_t user_end = argument_end(i);
        if (user_end == i) return false;
        i = skip_blanks(user_end);
        if (i == user_end) return false;
        to = argument_end(i);
        from = i;
        if (from < to && text_[from] == '"') {
            ++from;
            if (to > from && text_[to - 1] == '"') --to;
        }
        return to > from;
    }
    std::size_t argument_end(std::size_t at) const {
        constexpr std::size_t longest = 1024;  // of what stands in quotation marks
        if (at >= text_.size()) return at;
        if (text_[at] == '"') {
            const std::size_t limit = std::min(text_.size(), at + longest);
            for (std::size_t i = at + 1; i < limit && text_[i] != '\n'; ++i) {
                if (text_[i] == '\\')
                    ++i;
                else if (text_[i] == '"')
                    return i + 1;
            }
        }
        std::size_t i = at;
        while (i < text_.size() && text_[i] != ' ' && text_[i] != '\r' && text_[i] != '\n' &&
               text_[i] != '\'')
            ++i;
        return i;
    }

    bool header(std::size_t at, std::size_t& from, std::size_t& to) const {
        at = skip_blanks(at);
        if (at < text_.size() && text_[at] == '"') at = skip_blanks(at + 1);
        if (at >= text_.size() || (text_[at] != ':' && text_[at] != '=')) return false;
        from = skip_blanks(at + 1);
        if (from < text_.size() && text_[from] == '"') ++from;
        for (to = from; to < text_.size() && text_[to] != '\r' && text_[to] != '\n' && text_[to] != '"' &&
                        text_[to] != '\'';)
            ++to;
        return to > from;
    }

    bool token(std::size_t at, std::size_t& from, std::size_t& to) const {
        from = skip_blanks(at + (begins(text_, at, "bearer ") ? 7 : 6));
        for (to = from; to < text_.size() && (is_base64(text_[to]) || text_[to] == '.');)
            ++to;
        const std::string_view value = std::string_view(text_).substr(from, to - from);
        return value.size() >= 12 && std::ranges::any_of(value, [](char c) {
                   return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '=';
               });
    }

    /// password=…, "password": "…", Passwort: …
    bool named_value(std::size_t at, std::size_t& from, std::size_t& to) const {
        for (const std::string_view name : secret_names) {
            if (!begins(text_, at, name)) continue;
            std::size_t i = at + name.size();
            if (i < text_.size() && is_word(text_[i])) continue;
            if (i < text_.size() && (text_[i] == '"' || text_[i] == '\'')) ++i;
            i = skip_blanks(i);
            if (i >= text_.size() || (text_[i] != '=' && text_[i] != ':')) continue;
            const bool colon = text_[i] == ':';
            if (text_.compare(i, 3, "://") == 0) continue;
            ++i;
            if (i < text_.size() && (text_[i] == '=' || text_[i] == '>')) ++i;
            i = skip_blanks(i);
            const bool quoted = i < text_.size() && (text_[i] == '"' || text_[i] == '\'');
            if (quoted) {
                const char quote = text_[i++];
                from = i;
                for (to = i; to < text_.size() && text_[to] != quote && text_[to] != '\n';)
                    ++to;
                return to > from;
            }
            from = i;
            for (to = i; to < text_.size() && !is_end(text_[to]);)
                ++to;
            const std::string_view value = std::string_view(text_).substr(from, to - from);
            if (value.empty()) return false;
            return !(colon && std::ranges::any_of(no_secrets, [&](std::string_view word) {
                         const std::string_view bare = value.substr(0, value.find_last_not_of(".!?:") + 1);
                         return bare.size() == word.size() && begins(text_, from, word);
                     }));
        }
        return false;
    }

    /// scheme://user:password@host
    bool url_password(std::size_t at, std::size_t& from, std::size_t& to) const {
        std::size_t colon = 0;
        constexpr std::size_t longest = 300;
        for (std::size_t i = at + 3; i < text_.size() && i < at + longest; ++i) {
            const char c = text_[i];
            if (c == ':' && colon == 0) colon = i;
            if (c == '@') {
                if (colon == 0) return false;
                from = colon + 1;
                to = i;
                return to > from;
            }
            if (c == '/' || c == ' ' || c == '\n' || c == '\t' || c == '"' || c == '<' || c == '>')
                return false;
        }
        return false;
    }

    const std::string& text_;
    std::vector<Cut> cuts_{};
    bool challenge_{false};
};

}  // namespace

bool remove_secrets(std::string& text) {
    std::string clean;
    if (!Cleaner(text).run(clean)) return false;
    text = std::move(clean);
    return true;
}

}  // namespace maildoctor::explain
