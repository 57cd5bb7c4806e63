// After the server that a pasted error names was asked: is the fault still there?
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/model/clues.h"
#include "core/model/report.h"
#include "core/report/phrases.h"

namespace maildoctor::report {

enum class NamedServerPhrase : std::uint8_t {
    no_server,     ///< nothing in the text could be asked
    no_mail_port,  ///< the port is not one of mail
    asked,
    still,
    gone,
    other,
    untold,
    login,
    count
};
std::string_view phrase(NamedServerPhrase which, Language language) noexcept;

/// Why the server of the text is not asked; nothing when it can be.
std::optional<NamedServerPhrase> cannot_ask(const Clues& clues) noexcept;

/// Whether the fault of the text was seen again; nothing when that cannot be told.
std::optional<bool> still_there(const Clues& clues, const Report& report);

/// What to say about it.
NamedServerPhrase verdict_on(const Clues& clues, const Report& report);

}  // namespace maildoctor::report
