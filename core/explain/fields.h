// The fields that stand literally in an error text: server, port, protocol, encryption and the like.
#pragma once

#include <string_view>
#include <vector>

#include "core/explain/scan_codes.h"
#include "core/model/clues.h"

namespace maildoctor::explain {

/// Reads labelled fields in the wording of the mail programs and their languages ("Server:
/// 'mail.example.org'", "Porta: 465", "Seguridad (SSL): Sí"), then host:port, then host names and ports in
/// the sentence. `codes` of the answer repeats the spelling of the text.
TextFields read_fields(std::string_view text, const std::vector<FoundCode>& codes);

/// Every host name in the text, in order, at most 50: what providers are recognised by.
std::vector<std::string_view> host_names(std::string_view text);

}  // namespace maildoctor::explain
