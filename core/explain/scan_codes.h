// Finds error codes in a text, in every spelling that people and programs use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::explain {

enum class CodeKind : std::uint8_t {
    hresult,       ///< 0x800CCC0D, 800ccc0d, -2146644979, with the letter O for zero
    socket,        ///< 10060
    errno_number,  ///< (111), errno 111
    reply,         ///< 550
    enhanced,      ///< 5.7.1
    combined,      ///< 550 5.7.1
    negative,      ///< -3260
    bracketed,     ///< [IN-USE]
    openssl,       ///< error:0A00010B
    named,         ///< num=18, alert number 42, ECONNREFUSED
    other,         ///< after "error code" and the like
};

struct FoundCode {
    std::string canonical{};       ///< as rules and tables write it
    std::string spelled{};         ///< as the text writes it
    std::uint32_t begin{}, end{};  ///< octets of the text
    CodeKind kind{};
    bool plain{true};  ///< false: the place makes it doubtful that this number is a code
};

/// The codes of a text in order, each spelling once, 200 at most. Linear in the length of the text.
std::vector<FoundCode> scan_codes(std::string_view text);

}  // namespace maildoctor::explain
