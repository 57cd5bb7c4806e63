#include "core/model/cause.h"

#include <algorithm>
#include <array>

namespace maildoctor {
namespace {

struct Row {
    std::string_view id;
    std::string_view meaning;
};

constexpr std::array rows = {
#define MAILDOCTOR_CAUSE(symbol, id, meaning) Row{id, meaning},
#include "model/cause_table.inc"
#undef MAILDOCTOR_CAUSE
};

}  // namespace

const std::size_t cause_count = rows.size();

std::string_view cause_id(Cause cause) noexcept {
    return rows.at(static_cast<std::size_t>(cause)).id;
}

std::string_view cause_meaning(Cause cause) noexcept {
    return rows.at(static_cast<std::size_t>(cause)).meaning;
}

std::optional<Cause> cause_from_id(std::string_view id) noexcept {
    const auto* const found = std::ranges::find(rows, id, &Row::id);
    if (found == rows.end()) return std::nullopt;
    return static_cast<Cause>(found - rows.begin());
}

}  // namespace maildoctor
