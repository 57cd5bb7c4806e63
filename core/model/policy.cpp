#include "core/model/policy.h"

namespace maildoctor {

std::string_view word(PolicyFault::Weight value) noexcept {
    switch (value) {
        case PolicyFault::Weight::discarded:
            return "discarded";
        case PolicyFault::Weight::strict:
            return "strict";
        case PolicyFault::Weight::weak:
            return "weak";
        case PolicyFault::Weight::note:
            break;
    }
    return "note";
}

std::string_view word(PolicyRecord::State value) noexcept {
    switch (value) {
        case PolicyRecord::State::absent:
            return "absent";
        case PolicyRecord::State::found:
            return "found";
        case PolicyRecord::State::unknown:
            break;
    }
    return "unknown";
}

std::string_view word(DaneFacts::Outcome value) noexcept {
    using Outcome = DaneFacts::Outcome;
    switch (value) {
        case Outcome::none:
            return "none";
        case Outcome::insecure:
            return "insecure";
        case Outcome::unusable:
            return "unusable";
        case Outcome::not_compared:
            return "not-compared";
        case Outcome::match:
            return "match";
        case Outcome::mismatch:
            return "mismatch";
        case Outcome::unknown:
            break;
    }
    return "unknown";
}

}  // namespace maildoctor
