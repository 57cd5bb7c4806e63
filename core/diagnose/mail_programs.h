// How mail programs look for settings, as data, and what each of them ends up with for a domain.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/model/lookup_plan.h"
#include "core/model/validation.h"

namespace maildoctor::diagnose {

/// A mail program's known behaviour. Steps are named like SourceAnswer::step; beside these there are "guess",
/// "vendor-service", "vendor-list" and "profile".
struct MailProgram {
    std::string_view id, name;
    std::span<const std::string_view> steps;  ///< in its order; the first that gives servers decides
    bool pop3;                                ///< takes POP3 servers as well
    bool without_encryption;                  ///< takes servers without encryption
    bool guess_believes_starttls;             ///< guessing looks for the word STARTTLS and makes no handshake
    LookupStyle guesses;                      ///< whose guesses, where "guess" is among the steps
    std::string_view note, note_de;           ///< a peculiarity that surprises people; may be empty
};

std::span<const MailProgram> mail_programs() noexcept;

struct SimulationInput {
    std::vector<SourceAnswer> sources{};
    std::vector<PublishedServer> servers{};  ///< with what came of trying them, guessed ones included
    std::vector<PortTry> thunderbird_guesses{}, deltachat_guesses{};
    std::string language{"en"};
};

/// What every program of mail_programs() makes of the domain.
std::vector<ProgramOutcome> simulate_programs(const SimulationInput& input);

}  // namespace maildoctor::diagnose
