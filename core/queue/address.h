// Where a queue lives: redis://host:port/stream.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace maildoctor::queue {

struct QueueAddress {
    std::string host{};
    std::uint16_t port{6379};
    std::string stream{};  ///< of the domains; results go to "<stream>:results"

    std::string results() const { return stream + ":results"; }
    std::string text() const;
};

/// Reads redis://HOST[:PORT]/STREAM; HOST may be an IPv6 address in brackets, STREAM holds letters, digits
/// and
/// ":._-", at most 100.
/// @return one line that says what is wrong. A password in the address is refused, and not repeated: command
/// lines are seen by others.
std::expected<QueueAddress, std::string> parse_queue_address(std::string_view text);

}  // namespace maildoctor::queue
