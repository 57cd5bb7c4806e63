// From phrases and codes to causes: which rules hold, and how much each says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/explain/phrase_scan.h"
#include "core/explain/scan_codes.h"
#include "core/knowledge/pack.h"
#include "core/model/clues.h"

namespace maildoctor::explain {

/// What is known about a text before its rules are asked.
struct TextFacts {
    std::string_view text{};  ///< UTF-8, secrets removed
    std::vector<FoundCode> codes{};
    std::vector<PhraseHit> phrases{};
    std::string program{}, provider{};  ///< ids, or empty
    std::optional<Protocol> protocol{};
    bool smtp_reply{false};        ///< an SMTP reply code stands in it
    bool retrieval_answer{false};  ///< a POP3 or IMAP server's answer stands in it
};

/// Tells SMTP replies from answers of POP3 and IMAP servers; the codes must have been read.
void read_dialect(TextFacts& facts);

/// The codes that stand in the text as words ("Transport endpoint is not connected") join the others.
void add_spoken_codes(const knowledge::Pack& pack, TextFacts& facts);

/// A text that is nothing but the name of a known code ("550 SC-001", "DYN:") is that code, however it is
/// spelled.
void add_code_that_is_all(const knowledge::Pack& pack, TextFacts& facts);

/// Words alone ("no such user") mean different things in different places; a number, the name of an exception
/// or a whole sentence does not.
bool is_more_than_words(std::string_view code);

/// A code that a program or library gives for one thing: 0x80072EFD, -9807, SSL_ERROR_NO_CYPHER_OVERLAP.
bool is_of_program(const FoundCode& code);

/// The causes that the text points to, best first; each with what decided.
std::vector<CauseCandidate> weigh(const knowledge::Pack& pack, const TextFacts& facts);

/// Whether one rule holds for a text (for the rules' own examples).
bool holds(const knowledge::Pack& pack, const TextFacts& facts, const knowledge::RuleRecord& rule);

}  // namespace maildoctor::explain
