// Mistyped names: which names are one slip of the fingers away, and which known name is nearest.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/host_name.h"

namespace maildoctor::names {

/// Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and
/// exchanges of two neighbours that lead from one text to the other.
/// @param limit distances above it are not told apart: limit + 1 is given; as it stands, that of host names
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit = 253);

/// Names one edit away from `name`, the likelier slips first: exchanged neighbours, a letter too many
/// (doubled ones first), a letter left out that its neighbour doubles, a neighbouring key, a missing dot, any
/// other letter. The result has no repetitions and does not contain `name`.
/// @param limit at most that many; a name of 16 letters has about 1200
std::vector<HostName> one_edit_away(const HostName& name, std::size_t limit);

struct Nearest {
    HostName name;
    std::size_t distance;  ///< 0 when the typed name is a known one
};

/// The known name that was probably meant: at most one edit away for names up to 8 letters, else two. Of
/// equally near ones the first in `known`.
std::optional<Nearest> nearest(const HostName& typed, std::span<const HostName> known);

}  // namespace maildoctor::names
