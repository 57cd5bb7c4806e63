#include "core/explain/answer_causes.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/explain/quoted_answer.h"
#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

constexpr std::size_t longest_tag = 14;

bool is_in(std::string_view id, std::span<const std::string_view> areas) noexcept {
    return std::ranges::any_of(areas, [&](std::string_view area) { return id.starts_with(area); });
}

/// The tag of an IMAP command and a blank: "A1 ", ". ", "a003 ".
std::size_t tag_length(std::string_view text) noexcept {
    const std::size_t blank = text.substr(0, longest_tag + 1).find(' ');
    if (blank == std::string_view::npos || blank == 0) return 0;
    const std::string_view tag = text.substr(0, blank);
    const bool plain = std::ranges::all_of(tag, [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    });
    return plain && (tag.size() == 1 || std::ranges::any_of(tag, is_digit)) ? blank + 1 : 0;
}

bool is_retrieval_answer(std::string_view text) noexcept {
    if (text.starts_with("-ERR")) return true;
    const bool untagged = text.starts_with("* ");
    const std::size_t before = untagged ? 2 : tag_length(text);
    text.remove_prefix(before);
    if (untagged && text.starts_with("BYE")) return true;
    if (!text.starts_with("NO ") && !text.starts_with("BAD ")) return false;
    // Without a tag, only where words follow: "BAD POOL CALLER" is another system's.
    const std::string_view rest = before > 0 ? text : text.substr(text.find(' '), 3);
    return std::ranges::any_of(rest, [](char c) { return (c >= 'a' && c <= 'z') || c == '['; });
}

}  // namespace

AnswerOf answer_of(const TextFacts& facts) {
    const TextPart all = trimmed(facts.text);
    const bool replies = std::ranges::any_of(facts.codes, [&](const FoundCode& code) {
        const bool of_server = code.kind == CodeKind::reply || code.kind == CodeKind::combined;
        return of_server && code.plain && code.begin == all.begin &&
               (code.canonical.front() == '4' || code.canonical.front() == '5');
    });
    if (replies) return AnswerOf::sending;
    return is_retrieval_answer(facts.text.substr(all.begin, all.end - all.begin)) ? AnswerOf::retrieval
                                                                                  : AnswerOf::nobody;
}

bool can_be_about(AnswerOf answer, Cause cause) noexcept {
    static constexpr std::array<std::string_view, 6> never_sending = {
        "client.", "mailbox.", "settings.", "policy.", "net.wrong-service", "net.captive-portal"};
    static constexpr std::array<std::string_view, 5> retrieval = {"auth.", "mailbox.", "net.", "tls.",
                                                                  "smtp.message-too-large"};
    const std::string_view id = cause_id(cause);
    switch (answer) {
        case AnswerOf::sending:
            return !is_in(id, never_sending);
        case AnswerOf::retrieval:
            return is_in(id, retrieval) && cause != Cause::auth_required_to_send;
        case AnswerOf::nobody:
            break;
    }
    return true;
}

}  // namespace maildoctor::explain
