// What a mail server's answer can be about: a reply of an SMTP server never speaks of a damaged mail file.
#pragma once

#include "core/explain/evidence.h"
#include "core/model/cause.h"

namespace maildoctor::explain {

/// Whose words a text begins with.
enum class AnswerOf : std::uint8_t {
    nobody,    ///< somebody's own words, or a program's
    sending,   ///< an SMTP server's refusal: "550 5.1.1 …"
    retrieval  ///< a POP3 or IMAP server's: "-ERR …", "A1 NO …", "* BYE …"
};

/// Reads it off the beginning of the text; codes must have been read.
AnswerOf answer_of(const TextFacts& facts);

/// Whether such an answer can have this cause. Nothing is impossible for nobody's.
bool can_be_about(AnswerOf answer, Cause cause) noexcept;

}  // namespace maildoctor::explain
