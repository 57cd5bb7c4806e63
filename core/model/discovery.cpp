#include "core/model/discovery.h"

namespace maildoctor {

std::string_view word(SourceAnswer::Outcome value) noexcept {
    switch (value) {
        case SourceAnswer::Outcome::settings:
            return "settings";
        case SourceAnswer::Outcome::nothing:
            return "nothing";
        case SourceAnswer::Outcome::faulty:
            return "faulty";
        case SourceAnswer::Outcome::unreachable:
            break;
    }
    return "unreachable";
}

}  // namespace maildoctor
