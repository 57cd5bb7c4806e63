// The canonical spelling of error codes, one for each way in which people and programs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::knowledge {

/// "0x800CCC0D" for the 32 bits of an HRESULT.
std::string hresult(std::uint32_t value);

/// Reads a cell of a code table (or of a rule) as codes that are looked up by their spelling: "0x800ccc0d",
/// "10061",
/// "-3260", "550", "5.7.1", "X.7.1", "550 5.7.1", "[IN-USE]", "errno 111", "error:0A00010B". Ranges
/// ("5.7.606-649", "AUP#1020-1080" is none) stand for each of their codes.
/// @return nothing when the cell is words to be found in a text, not a code
std::vector<std::string> code_names(std::string_view cell);

/// The wider names under which rules may ask for a code: "5.7.26" → "X.7.26", "5.7.*", "X.7.*"; "0x800CCC0D"
/// → "0x800CCC*", "0x800C*"; "550" → "5xx".
std::vector<std::string> families_of(std::string_view code);

}  // namespace maildoctor::knowledge
