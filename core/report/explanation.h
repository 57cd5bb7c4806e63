// What is said about a pasted text: the same words for the command line and for the window.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/texts.h"
#include "core/model/clues.h"
#include "core/report/phrases.h"

namespace maildoctor::report {

/// A piece of the text that decided: octets [begin, end) of Clues::text.
struct Span {
    std::size_t begin{}, end{};
    friend bool operator==(const Span&, const Span&) = default;
};

struct CodeLine {
    std::string code{};  ///< with its symbol: "0x800CCC0E CONNECTION_FAILED"
    std::string origin{}, meaning{};
    friend bool operator==(const CodeLine&, const CodeLine&) = default;
};

/// The answer to a pasted text, ready to be shown. All texts are filled in and free of control characters.
struct Explanation {
    bool known{false};     ///< a cause was found
    std::string remark{};  ///< what there is to say where none was (not a mail error, nothing known), or that
                           ///< it is a guess
    std::string secret_warning{};  ///< empty unless a password stood in the text
    Cause cause{};                 ///< when known
    Confidence confidence{};
    knowledge::Text text{};                        ///< title, meaning, usual reasons, fixes
    std::vector<Span> decided_by{};                ///< in the order of the text, without overlaps
    std::vector<knowledge::ProviderFact> facts{};  ///< about the provider, that fit the cause
    std::vector<CodeLine> codes{};
    std::vector<std::string> less_likely{};  ///< titles, at most three
};

/// The address of a cause's page: "https://help.example.org/causes/auth.bad-credentials/".
/// @param pages address of the published documentation, with or without a final slash
std::string page_of(Cause cause, std::string_view pages);

/// Headings of an explanation.
enum class ExplanationPhrase : std::uint8_t {
    meaning,
    why,
    do_now,
    helpdesk,
    operator_,
    because,
    codes,
    also,
    provider,
    checked,
    old,
    page,
    count
};
std::string_view phrase(ExplanationPhrase which, Language language) noexcept;

/// What the provider's facts say about the causes that are named, those that may be out of date last: who
/// reads "wrong password" wants to know that this provider takes app passwords only.
/// @param today as for explanation_of()
std::vector<knowledge::ProviderFact> fitting_facts(const Clues& clues, const knowledge::Pack& pack,
                                                   Language language, std::string_view today);

/// @param program id of the mail program whose steps are wanted; empty: the one that the text names
/// @param today "YYYY-MM-DD", to tell old facts
Explanation explanation_of(const Clues& clues, const knowledge::Pack& pack, std::string_view program,
                           Language language, std::string_view today);

/// The explanation as a ticket in Markdown. Mailbox names, host names and addresses of the text are replaced.
std::string render_explanation_markdown(const Explanation& explanation, const Clues& clues,
                                        Language language);

/// The user's steps as plain text to send or read out: title and numbered steps.
std::string render_steps(std::string_view title, const std::vector<std::string>& steps);

}  // namespace maildoctor::report
