// Taking bounded lines off the front of received octets: what all three mail protocols share.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/model/result.h"

namespace maildoctor::protocol {

/// Finds the first line of `bytes`. Lines end with CRLF; a bare LF and further CRs before it are accepted
/// too, because broken servers send them.
/// @param limit octets of the line with its end
/// @return the line with its end in `whole` and without in `text`; std::nullopt when the end has not come
/// yet;
///         FailureKind::too_large as soon as the line cannot keep to the limit any more
struct Line {
    std::string_view whole;
    std::string_view text;
};
Result<std::optional<Line>> first_line(std::string_view bytes, std::size_t limit);

}  // namespace maildoctor::protocol
