#include "core/explain/scan_codes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/knowledge/code_names.h"
#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

constexpr std::size_t max_codes = 200;

constexpr bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
/// A hexadecimal digit as people type it: the letter O stands for zero.
constexpr bool is_typed_hex(char c) noexcept {
    return is_hex(c) || c == 'o' || c == 'O';
}

std::string zeros_for_o(std::string_view digits) {
    std::string out(digits);
    for (char& c : out)
        c = c == 'o' || c == 'O' ? '0' : c;
    return out;
}

/// Reply codes of SMTP that servers send (RFC 5321, its extensions, and what circulates besides).
constexpr std::array reply_codes = {421, 422, 430, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452, 453, 454,
                                    455, 456, 458, 459, 471, 500, 501, 502, 503, 504, 505, 510, 511, 512, 513,
                                    515, 516, 517, 520, 521, 522, 523, 525, 530, 531, 532, 533, 534, 535, 538,
                                    540, 541, 542, 543, 544, 545, 546, 547, 548, 549, 550, 551, 552, 553, 554,
                                    555, 556, 557, 560, 561, 562, 570, 571, 572, 573, 574, 577, 578, 591};

bool is_reply_code(int number) {
    return std::ranges::binary_search(reply_codes, number);
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<FoundCode> run() {
        lone_number();
        while (at_ < text_.size() && codes_.size() < max_codes) {
            const char c = text_[at_];
            if (c == '[') {
                bracketed();
                ++at_;
            } else if (is_alnum(c) || c == '_') {
                word();
            } else {
                if (c == '-') negative();
                ++at_;
            }
        }
        return std::move(codes_);
    }

private:
    /// A text that is nothing but one number is a code, whatever number it is.
    void lone_number() {
        const std::size_t begin = text_.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) return;
        const std::size_t end = text_.find_last_not_of(" \t\r\n") + 1;
        const std::string_view number = text_.substr(begin, end - begin);
        const std::string_view digits = number.starts_with('-') ? number.substr(1) : number;
        if (!digits.empty() && digits.size() <= 6 && std::ranges::all_of(digits, is_digit))
            add(std::string(number), begin, end, CodeKind::other);
    }

    char peek(std::size_t at) const noexcept { return at < text_.size() ? text_[at] : '\0'; }
    char before(std::size_t at) const noexcept { return at > 0 ? text_[at - 1] : '\n'; }

    void add(std::string canonical, std::size_t begin, std::size_t end, CodeKind kind, bool plain = true) {
        const std::string_view spelled = text_.substr(begin, end - begin);
        for (FoundCode& known : codes_) {
            if (known.canonical == canonical && known.spelled == spelled) {
                known.plain = known.plain || plain;
                return;
            }
        }
        codes_.push_back({.canonical = std::move(canonical),
                          .spelled = std::string(spelled),
                          .begin = static_cast<std::uint32_t>(begin),
                          .end = static_cast<std::uint32_t>(end),
                          .kind = kind,
                          .plain = plain});
    }

    /// The letters and digits just before a place, in small letters, without blanks and punctuation between:
    /// at most 24 octets back.
    bool follows_word(std::size_t at, std::initializer_list<std::string_view> words) const {
        std::string back;
        const std::size_t from = at > 28 ? at - 28 : 0;
        for (std::size_t i = from; i < at; ++i)
            back += lower(text_[i]);
        return std::ranges::any_of(
            words, [&](std::string_view word) { return back.find(word) != std::string::npos; });
    }

    bool says_error(std::size_t at) const {
        return follows_word(at, {"err", "feh", "fout", "cod", "socket", "winsock", "wsa", "chyb", "status",
                                 "numer", "virhe", "fel", "ошиб", "hata", "kod"});
    }

    void word() {
        const std::size_t begin = at_;
        if (text_[begin] == '0' && hexadecimal(begin)) return;
        std::size_t end = begin;
        while (end < text_.size() && (is_alnum(text_[end]) || text_[end] == '_'))
            ++end;
        const std::string_view token = text_.substr(begin, end - begin);
        if (std::ranges::all_of(token, is_digit)) {
            at_ = end;
            number(begin, end);
            return;
        }
        at_ = end;
        if (token.size() == 8 && std::ranges::all_of(token, is_typed_hex)) bare_hexadecimal(begin, end);
        if (token.size() == 9 && lower(token.back()) == 'h' &&
            std::ranges::all_of(token.substr(0, 8), is_hex))
            add(knowledge::code_names("0x" + std::string(token.substr(0, 8))).front(), begin, end,
                CodeKind::hresult);
        identifier(begin, end);
        if (token.size() <= 8) labelled(begin, end);
    }

    /// 0x800CCC0D, 0X…, "0×…" (multiplication sign), with O for zero.
    bool hexadecimal(std::size_t begin) {
        std::size_t at = begin + 1;
        if (lower(peek(at)) == 'x')
            ++at;
        else if (text_.substr(at, 2) == "\xC3\x97")
            at += 2;
        else
            return false;
        const std::size_t digits = at;
        while (at < text_.size() && is_typed_hex(text_[at]) && at - digits < 17)
            ++at;
        if (at - digits < 2 || at - digits > 16) return false;
        at_ = at;
        std::string value = zeros_for_o(text_.substr(digits, at - digits));
        if (value.size() > 8 && value.find_first_not_of("fF") >= value.size() - 8)
            value.erase(0, value.size() - 8);  // sign-extended to 64 bits
        if (value.size() > 8) return true;
        if (const auto names = knowledge::code_names("0x" + value); !names.empty())
            add(names.front(), begin, at, CodeKind::hresult);
        return true;
    }

    void bare_hexadecimal(std::size_t begin, std::size_t end) {
        const std::string_view token = text_.substr(begin, end - begin);
        const bool openssl = begin >= 6 && text_.substr(begin - 6, 6) == "error:";
        if (openssl) return add("error:" + upper(token), begin, end, CodeKind::openssl);
        const std::string digits = zeros_for_o(token);
        const bool status = digits.starts_with("8") || digits.starts_with("C0") || digits.starts_with("c0") ||
                            digits.starts_with("0000");
        if (status && std::ranges::any_of(token, is_digit) &&
            (before(begin) == '[' || before(begin) == '(' || digits.starts_with("80") ||
             digits.starts_with("81") || says_error(begin)))
            add(knowledge::code_names("0x" + digits).front(), begin, end, CodeKind::hresult);
    }

    static std::string upper(std::string_view text) {
        std::string out(text);
        for (char& c : out)
            c = is_lower(c) ? static_cast<char>(c - 32) : c;
        return out;
    }

    void number(std::size_t begin, std::size_t end) {
        const std::string_view digits = text_.substr(begin, end - begin);
        const bool joined = before(begin) == '.' && begin >= 2 && is_digit(text_[begin - 2]);
        if (digits.size() == 1 && !joined && enhanced(begin)) return;
        if (joined || (peek(end) == '.' && is_digit(peek(end + 1)) && digits.size() != 3))
            return;  // 192.0.2.1, 78.14
        if (digits.size() == 3) reply(begin, end);
        if (digits.size() == 5 && (digits.starts_with("10") || digits.starts_with("11")) &&
            digits < "11999") {
            const char left = before(begin), right = peek(end);
            if (says_error(begin) || (left == '(' && right == ')') || (left == '[' && right == ']') ||
                left == '#')
                add(std::string(digits), begin, end, CodeKind::socket);
            else if (right != ':')
                add(std::string(digits), begin, end, CodeKind::socket, false);
        }
        if (digits.size() == 8) bare_hexadecimal(begin, end);
        if (digits.size() == 10 && digits >= "2147483648" && digits <= "4294967295") {
            std::uint32_t value = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
            add(knowledge::hresult(value), begin, end, CodeKind::hresult);
        }
        if (digits.size() >= 2 && digits.size() <= 3 && before(begin) == '(' && peek(end) == ')')
            add("errno " + std::string(digits), begin, end, CodeKind::errno_number);
        if (digits.size() <= 5) named_number(begin, end);
        if (digits.size() == 5 && digits.starts_with("12") && says_error(begin))
            add("WinINet " + std::string(digits), begin, end, CodeKind::named, false);
        labelled(begin, end);
    }

    /// "errno 111", "num=18", "alert number 42", "verify return code: 21", "error 20 at 0 depth"
    void named_number(std::size_t begin, std::size_t end) {
        const std::string digits(text_.substr(begin, end - begin));
        if (follows_word(begin, {"errno"}) && !follows_word(begin, {"h_errno"}))
            add("errno " + digits, begin, end, CodeKind::errno_number);
        if (follows_word(begin, {"num="}))
            add("X509_V_ERR " + digits, begin - std::min<std::size_t>(begin, 4), end, CodeKind::named);
        if (follows_word(begin, {"verify return code", "verify error:num", "verify error: num"}))
            add("X509_V_ERR " + digits, begin, end, CodeKind::named);
        if (follows_word(begin, {"alert number ", "ssl alert ", "tls alert "}))
            add("TLS alert " + digits, begin, end, CodeKind::named);
        if (text_.substr(end, 6) == " at 0 " || text_.substr(end, 6) == " at 1 ")
            add("X509_V_ERR " + digits, begin, end, CodeKind::named);
        if (follows_word(begin, {"rcode"})) add("RCODE " + digits, begin, end, CodeKind::named);
        if (follows_word(begin, {"ede"}) && (before(begin) == ' ' || before(begin) == ':'))
            add("EDE " + digits, begin, end, CodeKind::named, false);
    }

    /// 5.7.1, 4.7.500, also glued to a reply code: "550-5.7.1"
    bool enhanced(std::size_t begin) {
        const char head = text_[begin];
        if (head != '2' && head != '4' && head != '5') return false;
        std::size_t at = begin + 1;
        for (int part = 0; part < 2; ++part) {
            if (peek(at) != '.') return false;
            const std::size_t digits = ++at;
            while (is_digit(peek(at)))
                ++at;
            if (at == digits || at - digits > 3) return false;
        }
        if (is_alnum(peek(at)) || (peek(at) == '.' && is_digit(peek(at + 1)))) return false;
        const std::string code(text_.substr(begin, at - begin));
        const bool version = follows_version(begin);
        add(code, begin, at, CodeKind::enhanced, !version && head != '2');
        if (begin >= 4 && (before(begin) == ' ' || before(begin) == '-')) {
            const std::string_view reply = text_.substr(begin - 4, 3);
            if (std::ranges::all_of(reply, is_digit) && (begin < 5 || !is_alnum(text_[begin - 5])))
                add(std::string(reply) + " " + code, begin - 4, at, CodeKind::combined);
        }
        at_ = at;
        return true;
    }

    bool follows_version(std::size_t begin) const {
        return follows_word(begin, {"version", "thunderbird ", "sisimai ", "postfix ", "phpmailer ", " v"});
    }

    void reply(std::size_t begin, std::size_t end) {
        int value = 0;
        std::from_chars(text_.data() + begin, text_.data() + end, value);
        if (!is_reply_code(value)) return;
        const char left = before(begin), right = peek(end);
        if (left == '.' || left == ',' || (left == ':' && begin >= 2 && is_digit(text_[begin - 2])) ||
            left == '/')
            return;  // 1,500; 10:550; /550
        if (right == ':' && left == ':') return;
        if (right == '/' || right == '%' || right == '@') return;
        const bool at_line_start = left == '\n' || left == '\'' || left == '"' || left == '(' ||
                                   left == '[' || left == '<' || left == '#';
        const bool before_words =
            right == ' ' || right == '-' || right == '\0' || right == '\n' || right == '\r' || right == '.' ||
            right == ',' || right == '\'' || right == '"' || right == ')' || right == ']' || right == ':' ||
            right == ';' || right == '=' || right == '_' || static_cast<unsigned char>(right) >= 0x80;
        if (!before_words) return;
        const bool starts_reply =
            follows_word(begin, {"said", "respon", "antwort", "repond", "repons", "respuest", "respost",
                                 "rispos", "s:", "<<", "~*", "diagnostic", "smtp;", "reply"});
        const bool status_follows =
            (right == ' ' || right == '-') && is_digit(peek(end + 1)) && peek(end + 2) == '.';
        add(std::string(text_.substr(begin, end - begin)), begin, end, CodeKind::reply,
            at_line_start || says_error(begin) || starts_reply || status_follows);
    }

    /// -3260, -9824, -2146644979
    void negative() {
        const char left = before(at_);
        if (is_alnum(left) || left == '.' || left == '-' || left == '/') return;
        std::size_t end = at_ + 1;
        while (is_digit(peek(end)))
            ++end;
        const std::size_t count = end - at_ - 1;
        if (count < 2 || count > 10 || is_alnum(peek(end)) || peek(end) == '-' ||
            (peek(end) == '.' && is_digit(peek(end + 1))))
            return;
        if (count == 10) {
            std::int64_t value = 0;
            std::from_chars(text_.data() + at_, text_.data() + end, value);
            if (value >= -2147483648LL)
                add(knowledge::hresult(static_cast<std::uint32_t>(value)), at_, end, CodeKind::hresult);
        } else if (count <= 5) {
            add(std::string(text_.substr(at_, end - at_)), at_, end, CodeKind::negative,
                count >= 3 || says_error(at_));
        }
    }

    void bracketed() {
        const std::size_t end = text_.substr(0, std::min(text_.size(), at_ + 32)).find_first_of("], (", at_);
        if (end == std::string_view::npos || end == at_ + 1) return;
        if (text_.substr(end, 2) == ", ") {  // "[NO, ALERT]", as K-9 and Android print it
            const std::size_t close = text_.substr(0, std::min(text_.size(), end + 24)).find(']', end);
            if (close != std::string_view::npos) bracketed_word(end + 2, close);
        }
        bracketed_word(at_ + 1, end);
    }

    void bracketed_word(std::size_t begin, std::size_t end) {
        const std::string_view inner = text_.substr(begin, end - begin);
        const bool code =
            std::ranges::all_of(inner,
                                [](char c) { return is_alnum(c) || c == '-' || c == '/' || c == '_'; }) &&
            std::ranges::any_of(inner, is_upper) && std::ranges::none_of(inner, is_lower);
        if (!code || inner.size() < 2) return;
        const std::string name = "[" + upper(inner) + "]";
        if (text_[end] == ']' && text_[begin - 1] == '[') add(name, begin - 1, end + 1, CodeKind::bracketed);
        add(name, begin, end, CodeKind::bracketed);
    }

    /// ECONNREFUSED, SSL_ERROR_BAD_CERT_DOMAIN, SSLHandshakeException, AUP#Out-1500, OXSUS001_514
    void identifier(std::size_t begin, std::size_t end) {
        const std::string_view token = text_.substr(begin, end - begin);
        if (token.size() > 80) return;
        const bool capitals = std::ranges::none_of(token, is_lower) && is_upper(token.front());
        const bool underscore =
            token.find('_') != std::string_view::npos && token.size() >= 6 && token.front() != '_';
        const bool errno_name = capitals && token.size() >= 4 && token.front() == 'E' &&
                                std::ranges::all_of(token, [](char c) { return is_upper(c) || is_digit(c); });
        const bool exception = token.ends_with("Exception") || (token.ends_with("Error") && token.size() > 7);
        if ((underscore && (capitals || token.starts_with("ssl_") || token.starts_with("sec_"))) ||
            errno_name || exception || (is_upper(token.front()) && follows_word(begin, {"certificate: "})))
            add(std::string(token), begin, end, CodeKind::named, false);
        if (text_.substr(end, 6) == " Code=" && token.ends_with("Domain")) {
            std::size_t stop = end + 6;
            if (peek(stop) == '-') ++stop;
            while (is_digit(peek(stop)))
                ++stop;
            add(std::string(text_.substr(begin, stop - begin)), begin, stop, CodeKind::named, false);
        }
        // a provider's tag: capitals, then a number behind '-' or '#'
        const char joint = peek(end);
        if (capitals && token.size() <= 6 && (joint == '-' || joint == '#') && is_alnum(peek(end + 1)) &&
            token != "UTF" && token != "ISO" && token != "RFC" && token != "SHA") {
            std::size_t stop = end + 1;
            while (is_alnum(peek(stop)) || (peek(stop) == '-' && is_alnum(peek(stop + 1))))
                ++stop;
            if (stop - begin <= 20 && is_digit(text_[stop - 1]))
                add(std::string(text_.substr(begin, stop - begin)), begin, stop, CodeKind::named, false);
        }
    }

    /// Whatever stands behind "error code", "code", "Server Error:" and holds a digit.
    void labelled(std::size_t begin, std::size_t end) {
        if (end - begin > 8 || !std::ranges::any_of(text_.substr(begin, end - begin), is_digit)) return;
        static constexpr std::array<std::string_view, 12> labels = {
            "error code", "server error", "error number", "error no", "was",  "code",
            "fehler",     "error",        "erreur",       "errore",   "erro", "fout"};
        std::size_t back = begin;
        while (back > 0 &&
               (text_[back - 1] == ' ' || text_[back - 1] == ':' || text_[back - 1] == '#' ||
                text_[back - 1] == '=' || text_[back - 1] == '(') &&
               begin - back < 4)
            --back;
        if (back == begin) return;
        std::string tail;
        for (std::size_t i = back > 14 ? back - 14 : 0; i < back; ++i)
            tail += lower(text_[i]);
        if (!std::ranges::any_of(labels, [&](std::string_view label) { return tail.ends_with(label); }))
            return;
        if (peek(end) == ',' && is_digit(peek(end + 1))) {  // "1003,11"
            std::size_t stop = end + 1;
            while (is_digit(peek(stop)))
                ++stop;
            add(std::string(text_.substr(begin, stop - begin)), begin, stop, CodeKind::other, false);
        }
        add(std::string(text_.substr(begin, end - begin)), begin, end, CodeKind::other, false);
    }

    std::string_view text_;
    std::size_t at_{0};
    std::vector<FoundCode> codes_{};
};

}  // namespace

std::vector<FoundCode> scan_codes(std::string_view text) {
    return Scanner(text).run();
}

}  // namespace maildoctor::explain
