#include "core/protocol/line.h"

#include <string>

namespace maildoctor::protocol {

Result<std::optional<Line>> first_line(std::string_view bytes, std::size_t limit) {
    const auto end = bytes.substr(0, limit).find('\n');
    if (end == std::string_view::npos) {
        if (bytes.size() < limit) return std::nullopt;
        return failed(Stage::command, FailureKind::too_large,
                      "line longer than " + std::to_string(limit) + " octets");
    }
    const std::string_view whole = bytes.substr(0, end + 1);
    std::string_view text = whole.substr(0, end);
    while (text.ends_with('\r'))
        text.remove_suffix(1);
    return Line{.whole = whole, .text = text};
}

}  // namespace maildoctor::protocol
