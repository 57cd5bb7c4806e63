#include "core/model/validation.h"

namespace maildoctor {

std::string_view word(ProgramStep::Outcome value) noexcept {
    switch (value) {
        case ProgramStep::Outcome::decides:
            return "decides";
        case ProgramStep::Outcome::nothing:
            return "nothing";
        case ProgramStep::Outcome::thrown_away:
            return "thrown-away";
        case ProgramStep::Outcome::not_reached:
            return "not-reached";
        case ProgramStep::Outcome::not_asked:
            return "not-asked";
        case ProgramStep::Outcome::not_visible:
            break;
    }
    return "not-visible";
}

std::string_view word(ProgramOutcome::Ending value) noexcept {
    switch (value) {
        case ProgramOutcome::Ending::automatic:
            return "automatic";
        case ProgramOutcome::Ending::guessed:
            return "guessed";
        case ProgramOutcome::Ending::by_hand:
            return "by-hand";
        case ProgramOutcome::Ending::not_known:
            break;
    }
    return "not-known";
}

}  // namespace maildoctor
