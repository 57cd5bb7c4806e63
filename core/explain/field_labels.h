// Labels of fields in the error texts of mail programs, in their languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace maildoctor::explain {

enum class Field : std::uint8_t {
    server,
    account,
    protocol,
    port,
    ssl,
    response,
    socket_error,
    server_error,
    error_number,
    address
};

/// The label that ends at octet `end` of the text ("Server" before ':'); the longest one wins. Nothing when
/// no label stands there.
std::optional<Field> label_before(std::string_view text, std::size_t end);

}  // namespace maildoctor::explain
