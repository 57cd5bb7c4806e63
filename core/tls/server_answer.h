// What a server sends in answer to a ClientHello, up to where keys would be exchanged: the version, the
// cipher suite, the group, or an alert. Any octets go in; no socket, no library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.h"
#include "core/model/tls_survey.h"

namespace maildoctor::tls {

struct Alert {
    std::uint8_t level{}, description{};
};

struct ServerAnswer {
    std::optional<TlsVersion> version{};  ///< nothing without a ServerHello
    std::uint16_t cipher{};
    std::uint8_t compression{};
    bool retry{
        false};  ///< a HelloRetryRequest (RFC 8446 section 4.1.4): version, cipher and group are chosen
    bool gives_session_id{false};
    std::vector<std::uint16_t> extensions{};  ///< types, in the server's order
    std::uint16_t group{};                    ///< 0: none was named
    int dh_bits{};                            ///< length of the finite-field prime; 0: none was sent
    bool sent_certificate{false};
    bool stapled{false};  ///< a CertificateStatus message came
    std::optional<Alert> alert{};

    bool has_extension(std::uint16_t type) const noexcept;
};

/// How far the server's messages are read.
enum class ReadUntil : std::uint8_t {
    hello,         ///< the ServerHello is enough
    key_exchange,  ///< up to the group, when there is one
};

/// Takes the server's octets as they come. Bounded: a record of 2^14 + 2048 octets, a message of 256 KiB, 1
/// MiB in all.
class ServerAnswerReader {
public:
    explicit ServerAnswerReader(ReadUntil until) : until_(until) {}

    /// @return whether nothing more is needed (a fatal alert included); bad_syntax when this is no TLS;
    ///         too_large beyond the bounds. Nothing may be fed after true or a failure.
    Result<bool> feed(std::string_view bytes);

    const ServerAnswer& answer() const noexcept { return answer_; }

private:
    Result<bool> take_record(bool& more);
    Result<bool> take_ssl2();
    Result<bool> take_messages();
    Result<bool> take_message(std::uint8_t type, std::string_view body);
    Result<bool> take_hello(std::string_view body);
    bool take_key_exchange(std::string_view body);

    ReadUntil until_;
    std::string records_;   ///< octets that are no whole record yet
    std::string messages_;  ///< handshake octets that are no whole message yet
    std::size_t total_{0};
    ServerAnswer answer_;
};

}  // namespace maildoctor::tls
