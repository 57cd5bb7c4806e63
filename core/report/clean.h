// Text from outside before it meets a terminal, a log or a page.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "core/model/report.h"
#include "core/model/text.h"

namespace maildoctor::report {

/// Most octets of one text that a report repeats.
inline constexpr std::size_t text_limit = 4000;

/// `text` as one line that no terminal, log or page can be fooled by; at most `text_limit` octets.
inline std::string cleaned(std::string_view text) {
    return maildoctor::cleaned(trimmed(text), text_limit);
}

/// Masks what a ticket need not say: mailbox names keep their first letter ("u…@example.test"), and IP
/// addresses become "(address removed)" unless they are one of `known`.
std::string redacted(std::string_view text, const std::set<std::string>& known);

/// The server addresses that a report is about: what `redacted` leaves as it is.
std::set<std::string> known_addresses(const Report& report);

}  // namespace maildoctor::report
