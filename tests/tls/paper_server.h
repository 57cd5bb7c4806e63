// A TLS server on paper: reads a ClientHello as the RFCs write it and answers up to where keys would be made.
// For what no library of today offers: SSL 2 and 3, RC4, export keys, compression.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/stream.h"

namespace maildoctor::testing {

/// A ClientHello as it was read.
struct PaperHello {
    std::uint16_t legacy_version{};
    std::vector<std::uint16_t> ciphers{}, groups{}, versions{}, extensions{};
    std::vector<std::uint8_t> compressions{};
    std::string server_name{};
    bool has_key_share{false};
};

/// Throws std::out_of_range for a message that is not well-formed to its last octet.
PaperHello read_paper_hello(std::string_view record);

struct PaperServer {
    std::vector<std::uint16_t> versions{0x0303};  ///< 0x0002 to 0x0304
    std::vector<std::uint16_t> ciphers{};         ///< in the order of the server
    bool own_order{true};
    std::vector<std::uint16_t> groups{0x001d, 0x0017};
    int dh_octets{256};
    bool deflate{false}, renegotiation_info{true}, extended_master_secret{true}, fallback_scsv{true};
    bool silent_about_long_lists{false};  ///< closes without a word when more than 64 suites are offered
    bool needs_key_share{false};          ///< TLS 1.3: handshake_failure instead of a HelloRetryRequest
    std::size_t chunk{65536};             ///< octets that one read gives
};

/// All octets that the server sends to this first message; empty: it closes.
std::string paper_answer(const PaperServer& server, std::string_view hello);

/// The client's end of a connection to it.
net::StreamPtr connect_to_paper(const PaperServer& server);

}  // namespace maildoctor::testing
