#include "core/model/access.h"

#include <algorithm>
#include <array>

namespace maildoctor {
namespace {

constexpr std::array<std::string_view, 6> grades = {"not-tested",     "refused", "asks-for-login",
                                                    "proves-nothing", "accepts", "accepts-data"};

}  // namespace

std::string_view word(RelayGrade value) noexcept {
    return grades.at(static_cast<std::size_t>(value));
}

std::optional<RelayGrade> relay_grade_from(std::string_view text) noexcept {
    const auto* const found = std::ranges::find(grades, text);
    if (found == grades.end()) return std::nullopt;
    return static_cast<RelayGrade>(found - grades.begin());
}

}  // namespace maildoctor
