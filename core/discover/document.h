// Settings documents as providers publish them: what each of them says, and which programs throw it away.
#pragma once

#include <string_view>

#include "core/model/publication.h"
#include "core/model/report.h"

namespace maildoctor::discover {

/// Reads a settings document for one account. Never fails as a call: what is wrong stands in `faults`.
///
/// The reading is tolerant: a server section with a defect is left out and named, the rest is kept; of a
/// document that is not well-formed nothing is kept, as no program does. `dropped_by` tells what the strict
/// programs do (Thunderbird, K-9, Delta Chat; Outlook; Apple Mail).
/// @param bytes at most xml::max_document octets; from anybody
PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email);

/// `text` with %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% filled in, in one pass: what the address
/// itself contains is never filled again.
std::string fill_placeholders(std::string_view text, const EmailAddress& email);

}  // namespace maildoctor::discover
