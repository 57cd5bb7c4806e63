#include "core/names/email.h"

#include <algorithm>
#include <optional>

#include "core/names/names.h"

namespace maildoctor::names {
namespace {

constexpr std::size_t max_local = 64;  // octets, RFC 5321 section 4.5.3.1.1

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

/// RFC 5322 section 3.2.3 atext, and UTF-8 (RFC 6531).
bool is_atext(char c) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_string(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.' ||
        text.find("..") != std::string_view::npos)
        return false;
    return std::ranges::all_of(text, [](char c) { return c == '.' || is_atext(c); });
}

/// No overlong forms, surrogates or stray octets (RFC 3629).
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t more = lead < 0x80       ? 0
                                 : lead >> 5 == 6  ? 1
                                 : lead >> 4 == 14 ? 2
                                 : lead >> 3 == 30 ? 3
                                                   : 9;
        if (more == 9 || i + more >= text.size()) return false;
        unsigned value = more == 0 ? lead : lead & (0x3fU >> more);
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if (next >> 6 != 2) return false;
            value = value << 6 | (next & 0x3fU);
        }
        constexpr unsigned smallest[] = {0, 0x80, 0x800, 0x10000};
        if (value < smallest[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return false;
        i += more + 1;
    }
    return true;
}

struct Parts {
    std::string local;
    std::string_view domain;
};

/// "a b"@example.test: qtext and quoted pairs (RFC 5321 section 4.1.2).
std::expected<Parts, std::string> split_quoted(std::string_view text) {
    std::string content;
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && ++i == text.size()) break;
        if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f)
            return std::unexpected("the e-mail address contains control characters");
        content += text[i];
    }
    if (i >= text.size())
        return std::unexpected("the closing quotation mark is missing in the e-mail address");
    if (i + 1 >= text.size() || text[i + 1] != '@')
        return std::unexpected("after the quoted part of the e-mail address comes '@' and the domain");
    if (!is_dot_string(content)) {  // keeps its quotes, in their shortest form
        std::string quoted = "\"";
        for (const char c : content) {
            if (c == '"' || c == '\\') quoted += '\\';
            quoted += c;
        }
        content = quoted + '"';
    }
    return Parts{.local = std::move(content), .domain = text.substr(i + 2)};
}

std::optional<std::string> fault_of_local(std::string_view local) {
    if (local.empty()) return "the part before '@' is missing in the e-mail address";
    if (local.front() == '.' || local.back() == '.')
        return "the part before '@' cannot begin or end with a dot";
    if (local.find("..") != std::string_view::npos)
        return "the part before '@' cannot contain two dots in a row";
    const auto odd = std::ranges::find_if(local, [](char c) { return c != '.' && !is_atext(c); });
    if (odd == local.end()) return std::nullopt;
    if (*odd == ' ') return "the e-mail address contains a blank";
    if (static_cast<unsigned char>(*odd) < 0x20 || *odd == 0x7f)
        return "the e-mail address contains control characters";
    return std::string("the part before '@' cannot contain '") + *odd + "' without quotation marks";
}

std::expected<Parts, std::string> split(std::string_view text) {
    if (text.front() == '"') return split_quoted(text);
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos)
        return std::unexpected("an e-mail address has an '@' in it, like user@example.com");
    if (auto fault = fault_of_local(text.substr(0, at))) return std::unexpected(std::move(*fault));
    return Parts{.local = std::string(text.substr(0, at)), .domain = text.substr(at + 1)};
}

}  // namespace

std::expected<EmailAddress, std::string> parse_email(std::string_view typed) {
    const std::string_view text = trimmed(typed);
    if (text.empty()) return std::unexpected("the e-mail address is empty");
    if (!is_utf8(text)) return std::unexpected("the e-mail address is not valid UTF-8");
    auto parts = split(text);
    if (!parts) return std::unexpected(std::move(parts).error());
    if (parts->local.size() > max_local)
        return std::unexpected("the part before '@' is longer than 64 characters");
    std::string_view domain = parts->domain;
    if (domain.empty()) return std::unexpected("the domain after '@' is missing in the e-mail address");
    const bool literal = domain.front() == '[';
    constexpr std::string_view six = "[IPv6:";  // RFC 5321 section 4.1.3
    std::string plain;
    if (literal && domain.starts_with(six)) {
        plain = "[" + std::string(domain.substr(six.size()));
        domain = plain;
    }
    const auto host = to_host_name(domain);
    if (!host) return std::unexpected("the domain after '@' is not right: " + host.error().text);
    if (host->is_literal() != literal)
        return std::unexpected("an IP address after '@' stands in brackets, like user@[192.0.2.1]");
    return EmailAddress{.local = std::move(parts->local), .domain = *host};
}

}  // namespace maildoctor::names
