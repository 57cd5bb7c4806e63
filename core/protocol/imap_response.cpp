#include "core/protocol/imap_response.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/model/text.h"
#include "core/protocol/line.h"
#include "core/protocol/words.h"

namespace maildoctor::protocol {
namespace {

using Kind = ImapResponse::Kind;
using Condition = ImapResponse::Condition;

Condition condition_of(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Condition>, 5> known = {
        {{"OK", Condition::ok},
         {"NO", Condition::no},
         {"BAD", Condition::bad},
         {"BYE", Condition::bye},
         {"PREAUTH", Condition::preauth}}};
    const auto found =
        std::ranges::find_if(known, [word](const auto& entry) { return same_word(entry.first, word); });
    return found == known.end() ? Condition::none : found->second;
}

/// Splits off the first word; the single space after it goes too.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

bool is_tag(std::string_view word) {
    return !word.empty() && word.size() <= 64 && std::ranges::all_of(word, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-' || c == '_';
    });
}

/// resp-text of RFC 9051: an optional code in brackets, then words.
void read_words(std::string_view text, ImapResponse& out) {
    text = trimmed(text);
    const auto end = text.find(']');
    if (text.starts_with('[') && end != std::string_view::npos) {
        std::string_view inside = text.substr(1, end - 1);
        out.code = upper_case(take_word(inside));
        out.code_text = trimmed(inside);
        text = trimmed(text.substr(end + 1));
        if (out.code == "CAPABILITY") {
            for (const std::string_view word : words_of(out.code_text))
                out.capabilities.emplace_back(word);
        }
    }
    out.text = text;
}

/// Length of the literal that the line announces at its end: "{12}" or "{12+}" (RFC 9051 section 4.3, RFC
/// 7888).
std::optional<std::uint64_t> literal_at_end(std::string_view line) {
    if (!line.ends_with('}')) return std::nullopt;
    const auto begin = line.rfind('{');
    if (begin == std::string_view::npos) return std::nullopt;
    std::string_view digits = line.substr(begin + 1, line.size() - begin - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    return number_from(digits);
}

Failure over(const char* what) {
    return Failure{.stage = Stage::command, .kind = FailureKind::too_large, .text = what};
}

/// Goes on with untagged data behind its first line: literals and the lines after them.
/// @param rest what follows the first line; on success what follows the response
/// @return false when more octets are needed
Result<bool> take_literals(std::string_view& rest, std::string& text) {
    const std::size_t whole = rest.size();
    const std::size_t before = text.size();
    while (const auto length = literal_at_end(text)) {
        if (*length > imap_bounds::response) return std::unexpected(over("literal longer than 64 KiB"));
        const std::size_t size = *length;
        if (before + (whole - rest.size()) + size > imap_bounds::response)
            return std::unexpected(over("response longer than 64 KiB"));
        if (rest.size() < size) return false;
        const std::string piece = "\n" + std::string(rest.substr(0, size));
        auto line = first_line(rest.substr(size), imap_bounds::line);
        if (!line) return std::unexpected(std::move(line).error());
        if (!*line) return false;
        rest.remove_prefix(size + (*line)->whole.size());
        const bool ends = !literal_at_end((*line)->text);
        text += piece + std::string((*line)->text);
        if (ends) break;
    }
    return true;
}

Result<ImapResponse> parse_line(std::string_view line) {
    const auto not_imap = [line] {
        return failed(Stage::command, FailureKind::bad_syntax, std::string(line));
    };
    ImapResponse out;
    std::string_view rest = line;
    const std::string_view first = take_word(rest);
    if (first == "+") {
        out.kind = Kind::continuation;
        out.text = rest;
        return out;
    }
    if (first != "*") {
        if (!is_tag(first)) return not_imap();
        out.condition = condition_of(take_word(rest));
        if (out.condition != Condition::ok && out.condition != Condition::no &&
            out.condition != Condition::bad)
            return not_imap();
        out.kind = Kind::tagged;
        out.tag = first;
        read_words(rest, out);
        return out;
    }
    std::string_view words = rest;
    const std::string_view keyword = take_word(words);
    if (keyword.empty()) return not_imap();
    out.condition = condition_of(keyword);
    if (out.condition != Condition::none) {
        out.kind = Kind::untagged;
        read_words(words, out);
        return out;
    }
    out.kind = Kind::data;
    out.text = rest;
    if (same_word(keyword, "CAPABILITY")) {
        for (const std::string_view word : words_of(words))
            out.capabilities.emplace_back(word);
    }
    return out;
}

}  // namespace

Result<std::optional<ImapResponse>> take_imap_response(std::string_view& bytes) {
    auto line = first_line(bytes, imap_bounds::line);
    if (!line) return std::unexpected(std::move(line).error());
    if (!*line) return std::nullopt;
    auto response = parse_line((*line)->text);
    if (!response) return std::unexpected(std::move(response).error());
    std::string_view rest = bytes.substr((*line)->whole.size());
    if (response->kind == Kind::data) {
        const auto complete = take_literals(rest, response->text);
        if (!complete) return std::unexpected(complete.error());
        if (!*complete) return std::nullopt;
    }
    bytes = rest;
    return std::move(*response);
}

ImapCapabilities read_imap_capabilities(const std::vector<std::string>& words) {
    ImapCapabilities out;
    for (const std::string& word : words) {
        const std::string upper = upper_case(word);
        if (upper == "STARTTLS") out.starttls = true;
        if (upper == "LOGINDISABLED") out.login_disabled = true;
        if (upper == "SASL-IR") out.sasl_ir = true;
        if (upper == "IMAP4REV1" || upper == "IMAP4REV2") out.imap4rev1 = true;
        if (upper.starts_with("APPENDLIMIT="))
            out.upload_size = number_from(std::string_view(upper).substr(12));
        if (upper.starts_with("AUTH=")) add_once(out.auth, std::string_view(upper).substr(5));
    }
    return out;
}

}  // namespace maildoctor::protocol
