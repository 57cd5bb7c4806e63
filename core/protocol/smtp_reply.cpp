#include "core/protocol/smtp_reply.h"

#include <algorithm>
#include <ranges>

#include "core/model/ascii.h"
#include "core/model/text.h"
#include "core/protocol/line.h"
#include "core/protocol/words.h"

namespace maildoctor::protocol {
namespace {

std::optional<int> take_number(std::string_view& text) {
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits]))
        ++digits;
    if (digits == 0 || digits > 3) return std::nullopt;
    int number = 0;
    for (const char digit : text.substr(0, digits))
        number = number * 10 + (digit - '0');
    text.remove_prefix(digits);
    return number;
}

struct ReplyLine {
    int code;
    bool last;
    std::string_view text;
};

std::optional<ReplyLine> parse_line(std::string_view line) {
    if (line.size() < 3 || line[0] < '1' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
        return std::nullopt;
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    line.remove_prefix(3);
    if (line.empty()) return ReplyLine{.code = code, .last = true, .text = line};
    const char separator = line.front();
    if (separator == '*') return ReplyLine{.code = code, .last = true, .text = line};
    if (separator != ' ' && separator != '-' && separator != '\t') return std::nullopt;
    line.remove_prefix(1);
    return ReplyLine{.code = code, .last = separator != '-', .text = line};
}

void finish(SmtpReply& reply) {
    std::string_view first = reply.lines.front();
    reply.enhanced = take_enhanced_status(first);
}

/// "XXXXXXXA": nothing but X, the last letter left as it was.
bool is_masked_word(std::string_view word) noexcept {
    return word.size() >= 4 &&
           word.substr(0, word.size() - 1).find_first_not_of('X') == std::string_view::npos;
}

void read_capability(std::string_view line, SmtpCapabilities& out) {
    const auto words = words_of(line);
    if (words.empty()) return;
    out.lines.emplace_back(trimmed(line));
    const std::string keyword = upper_case(words.front());
    if (keyword == "STARTTLS") out.starttls = true;
    if (is_masked_word(keyword)) out.masked = true;
    if (keyword == "SIZE" && words.size() > 1) {
        if (const auto size = number_from(words[1]); size && *size > 0) out.size = size;
    }
    if (keyword == "LIMITS") {
        for (const std::string_view word : words | std::views::drop(1)) {
            const std::string limit = upper_case(word);
            const auto equals = std::min(limit.find('='), limit.size() - 1);
            const auto value = number_from(std::string_view(limit).substr(equals + 1));
            if (limit.starts_with("RCPTMAX=")) out.recipients = value;
            if (limit.starts_with("MAILMAX=")) out.messages = value;
        }
    }
    if (keyword == "AUTH" || keyword.starts_with("AUTH=")) {
        if (keyword.size() > 5) add_once(out.auth, std::string_view(keyword).substr(5));
        for (const std::string_view word : words | std::views::drop(1))
            add_once(out.auth, word);
    }
}

}  // namespace

std::string EnhancedStatus::text() const {
    return std::to_string(kind) + "." + std::to_string(subject) + "." + std::to_string(detail);
}

std::optional<EnhancedStatus> take_enhanced_status(std::string_view& text) {
    std::string_view rest = text;
    const auto kind = take_number(rest);
    if (!kind || (*kind != 2 && *kind != 4 && *kind != 5) || !rest.starts_with('.')) return std::nullopt;
    rest.remove_prefix(1);
    const auto subject = take_number(rest);
    if (!subject || !rest.starts_with('.')) return std::nullopt;
    rest.remove_prefix(1);
    const auto detail = take_number(rest);
    if (!detail || (!rest.empty() && rest.front() != ' ')) return std::nullopt;
    if (!rest.empty()) rest.remove_prefix(1);
    text = rest;
    return EnhancedStatus{.kind = *kind, .subject = *subject, .detail = *detail};
}

std::string SmtpReply::text() const {
    std::string out = std::to_string(code);
    if (enhanced) out += " " + enhanced->text();
    for (std::string_view line : lines) {
        std::string_view shorter = line;
        if (enhanced && take_enhanced_status(shorter) == enhanced) line = shorter;
        line = trimmed(line);
        if (!line.empty()) out.append(" ").append(line);
    }
    return out;
}

Result<std::optional<SmtpReply>> take_smtp_reply(std::string_view& bytes) {
    std::string_view rest = bytes;
    SmtpReply reply;
    const auto over = [](const char* what) { return failed(Stage::command, FailureKind::too_large, what); };
    for (;;) {
        auto line = first_line(rest, smtp_bounds::line);
        if (!line) return std::unexpected(std::move(line).error());
        const std::size_t taken = bytes.size() - rest.size();
        if (taken + (*line ? (*line)->whole.size() : rest.size()) > smtp_bounds::reply)
            return over("reply longer than 64 KiB");
        if (!*line) return std::nullopt;
        const auto parsed = parse_line((*line)->text);
        if (!parsed) return failed(Stage::command, FailureKind::bad_syntax, std::string((*line)->text));
        if (!reply.lines.empty() && parsed->code != reply.code) reply.mixed_codes = true;
        reply.code = parsed->code;
        reply.lines.emplace_back(parsed->text);
        rest.remove_prefix((*line)->whole.size());
        if (parsed->last) break;
        if (reply.lines.size() == smtp_bounds::lines) return over("reply of more than 128 lines");
    }
    finish(reply);
    bytes = rest;
    return reply;
}

SmtpCapabilities read_ehlo(const SmtpReply& reply) {
    SmtpCapabilities out;
    if (reply.lines.empty()) return out;
    if (const auto words = words_of(reply.lines.front()); !words.empty()) {
        out.domain = words.front();
        out.hello = trimmed(std::string_view(reply.lines.front())
                                .substr(reply.lines.front().find(out.domain) + out.domain.size()));
    }
    for (std::size_t i = 1; i < reply.lines.size(); ++i)
        read_capability(reply.lines[i], out);
    return out;
}

bool is_masked_greeting(std::string_view text) noexcept {
    const auto stars = std::ranges::count(text, '*');
    const auto shown = std::ranges::count_if(text, [](char c) { return c != ' ' && c != '*'; });
    return stars >= 8 && shown * 4 <= stars;
}

}  // namespace maildoctor::protocol
