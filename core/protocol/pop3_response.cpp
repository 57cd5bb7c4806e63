#include "core/protocol/pop3_response.h"

#include <algorithm>

#include "core/model/text.h"
#include "core/protocol/line.h"
#include "core/protocol/words.h"

namespace maildoctor::protocol {
namespace {

/// "[AUTH] rest": what a code may be made of is atoms and slashes (RFC 2449 section 8).
std::string response_code(std::string_view text) {
    if (!text.starts_with('[')) return {};
    const auto end = text.find(']');
    if (end == std::string_view::npos) return {};
    const std::string_view code = text.substr(1, end - 1);
    const bool plain = std::ranges::all_of(code, [](char c) { return c > ' ' && c < 0x7F && c != '['; });
    return plain ? upper_case(code) : std::string{};
}

std::optional<Pop3Status> parse_status(std::string_view line) {
    const auto word_end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view word = line.substr(0, word_end);
    const std::string_view rest = trimmed(line.substr(word_end));
    if (word == "+") return Pop3Status{.kind = Pop3Status::Kind::challenge, .text = std::string(rest)};
    if (same_word(word, "+OK"))
        return Pop3Status{
            .kind = Pop3Status::Kind::ok, .code = response_code(rest), .text = std::string(rest)};
    if (same_word(word, "-ERR"))
        return Pop3Status{
            .kind = Pop3Status::Kind::err, .code = response_code(rest), .text = std::string(rest)};
    return std::nullopt;
}

}  // namespace

Result<std::optional<Pop3Status>> take_pop3_status(std::string_view& bytes) {
    const std::size_t limit = bytes.starts_with("+ ") ? pop3_bounds::challenge : pop3_bounds::line;
    auto line = first_line(bytes, limit);
    if (!line) return std::unexpected(std::move(line).error());
    if (!*line) return std::nullopt;
    auto status = parse_status((*line)->text);
    if (!status) return failed(Stage::command, FailureKind::bad_syntax, std::string((*line)->text));
    bytes.remove_prefix((*line)->whole.size());
    return status;
}

Result<std::optional<std::vector<std::string>>> take_pop3_body(std::string_view& bytes) {
    std::string_view rest = bytes;
    std::vector<std::string> lines;
    for (;;) {
        auto line = first_line(rest, pop3_bounds::line);
        if (!line) return std::unexpected(std::move(line).error());
        const std::size_t taken = bytes.size() - rest.size();
        if (taken + (*line ? (*line)->whole.size() : rest.size()) > pop3_bounds::body)
            return failed(Stage::command, FailureKind::too_large, "answer longer than 64 KiB");
        if (!*line) return std::nullopt;
        rest.remove_prefix((*line)->whole.size());
        std::string_view text = (*line)->text;
        if (text == ".") break;
        if (lines.size() == pop3_bounds::lines)
            return failed(Stage::command, FailureKind::too_large, "answer of more than 512 lines");
        if (text.starts_with('.')) text.remove_prefix(1);
        lines.emplace_back(text);
    }
    bytes = rest;
    return lines;
}

std::string apop_stamp(std::string_view greeting) {
    const auto begin = greeting.rfind('<');
    if (begin == std::string_view::npos) return {};
    const auto end = greeting.find('>', begin);
    if (end == std::string_view::npos) return {};
    const std::string_view stamp = greeting.substr(begin, end - begin + 1);
    const bool plain = std::ranges::all_of(stamp, [](char c) { return c > ' ' && c < 0x7F; });
    return plain && stamp.contains('@') ? std::string(stamp) : std::string{};
}

Pop3Capabilities read_capa(const std::vector<std::string>& lines) {
    Pop3Capabilities out;
    for (const std::string& line : lines) {
        const auto words = words_of(line);
        if (words.empty()) continue;
        out.lines.emplace_back(trimmed(line));
        const std::string keyword = upper_case(words.front());
        const auto number = words.size() > 1 ? number_from(words[1]) : std::nullopt;
        if (keyword == "USER") out.user = true;
        if (keyword == "STLS") out.stls = true;
        if (keyword == "RESP-CODES") out.response_codes = true;
        if (keyword == "LOGIN-DELAY") out.login_delay = number;
        if (keyword == "EXPIRE") out.expire = number;
        if (keyword == "SASL") {
            for (std::size_t i = 1; i < words.size(); ++i)
                add_once(out.sasl, words[i]);
        }
    }
    return out;
}

}  // namespace maildoctor::protocol
