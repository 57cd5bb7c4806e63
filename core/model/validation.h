// What a validation of a domain's published settings found: the report, and beside it who says what, what
// each mail program ends up with, and how the domain does by its provider's own policy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/cause.h"
#include "core/model/discovery.h"
#include "core/model/policy.h"
#include "core/model/report.h"

namespace maildoctor {

/// One server with everybody who names it, and how it does.
struct PublishedServer {
    ServerSetting setting;
    std::vector<std::string> sources{};  ///< the most trusted first; "guess" where nobody publishes it
    std::optional<bool> works{};         ///< nothing: could not be told
    std::optional<Cause> cause{};        ///< of what is wrong with it
    bool starttls_word{false};           ///< STARTTLS is offered, whatever comes of it

    bool published() const { return !sources.empty() && sources.front() != "guess"; }
};

/// Equal answers of several connections to one server.
struct AnswerGroup {
    std::string host{};
    Port port;
    std::size_t count{};
    std::vector<std::string> addresses{};  ///< each once
    std::string answer{};                  ///< what these connections have in common, in words
};

/// One place of a program's look-up order.
struct ProgramStep {
    enum class Outcome : std::uint8_t {
        decides,      ///< the program takes its settings from here
        nothing,      ///< nothing is published there
        thrown_away,  ///< something is there that this program does not read
        not_reached,  ///< could not be asked from here
        not_asked,    ///< maildoctor asks others than the domain itself only where that says nothing
        not_visible,  ///< only the program's maker can see it
    };
    std::string step{};  ///< SourceAnswer::step, or "guess", "vendor-service", "vendor-list", "profile"
    Outcome outcome{Outcome::nothing};
    std::string detail{};  ///< one line, cleaned
};

/// What a mail program makes of the domain.
struct ProgramOutcome {
    enum class Ending : std::uint8_t {
        automatic,  ///< sets the account up by itself
        guessed,    ///< tries usual names and finds servers
        by_hand,    ///< the person has to type the servers
        not_known,  ///< depends on what only its maker, or somebody who was not asked, knows
    };
    std::string program{};  ///< "thunderbird", "k9", "deltachat", "outlook", "new-outlook", "outlook-mac",
                            ///< "apple-mail"
    std::string name{};
    Ending ending{Ending::by_hand};
    std::string decided_by{};  ///< the step; empty when none decides
    std::optional<ServerSetting> incoming{}, outgoing{};
    std::optional<bool> works{};  ///< both servers, as far as they were tried
    std::vector<ProgramStep> steps{};
    std::string note{};  ///< a known peculiarity
};

/// One line of the provider's own policy.
struct PolicyLine {
    std::string rule{};    ///< the key, e.g. "tls_minimum"
    std::string wanted{};  ///< its value as written
    Answer met{Answer::unknown};
    std::string because{};  ///< what was seen, in one line
};

struct Validation {
    Report report{};  ///< request.domain is set
    std::vector<SourceAnswer> sources{};
    std::vector<PublishedServer> servers{};
    std::vector<AnswerGroup> answers{};  ///< only with several connections a server
    std::vector<ProgramOutcome> programs{};
    std::vector<PolicyLine> policy{};
    std::optional<PolicyFacts> mail{};  ///< the domain's mail side; nothing when it was not asked
};

std::string_view word(ProgramStep::Outcome value) noexcept;
std::string_view word(ProgramOutcome::Ending value) noexcept;

}  // namespace maildoctor
