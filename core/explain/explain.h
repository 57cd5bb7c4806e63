// From a pasted text, or a live server's reply, to causes with their evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/pack.h"
#include "core/model/clues.h"

namespace maildoctor::explain {

struct Options {
    std::string program{};  ///< id of the user's mail program when it is known otherwise
};

/// Longer input is cut here before it is read.
inline constexpr std::size_t max_input = std::size_t{64} << 20;

/// Reads any text: decodes it, takes secrets out, opens saved bounces, and finds codes, fields and causes.
/// Time grows linearly with the text. Never throws for what the text contains; nonsense has no causes.
Clues explain(std::string_view bytes, const knowledge::Pack& pack, const Options& options = {});
Clues explain(std::string_view bytes, const Options& options = {});

/// Where in a dialog a live server gave its reply.
enum class Stage : std::uint8_t { greeting, capabilities, starttls, login, sender, recipient, data, other };

struct ReplyContext {
    Protocol protocol{Protocol::smtp};
    Stage stage{Stage::other};
    std::string provider{};  ///< id, or empty
};

/// The causes that a live server's reply points to, by the same rules as pasted text, best first. What the
/// reply leaves open the stage of the dialog decides: 550 after RCPT is about the recipient, after MAIL about
/// the sender.
std::vector<CauseCandidate> classify_reply(std::string_view reply, const ReplyContext& context,
                                           const knowledge::Pack& pack);
std::vector<CauseCandidate> classify_reply(std::string_view reply, const ReplyContext& context);

/// Whether one rule holds for a text (for the examples of rules).
bool rule_holds(const knowledge::Pack& pack, const knowledge::RuleRecord& rule, std::string_view text);

}  // namespace maildoctor::explain
