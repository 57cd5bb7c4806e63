// Reading an HTTP/1.1 response off the wire. No sockets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/model/result.h"

namespace maildoctor::http {

inline constexpr std::size_t max_head = 32 * 1024;  // octets of status line and header fields
inline constexpr std::size_t max_body = 1U << 20U;  // octets

struct Response {
    int status{};
    std::string reason{};
    std::string location{};
    std::string content_type{};
    std::string content_encoding{};
    std::string date{};  ///< the Date field as it came, cleaned
    std::string body{};
};

/// Takes the octets of one response as they come (RFC 9112). Interim 1xx responses are skipped.
class ResponseReader {
public:
    /// @return whether the response is complete; bad_syntax when it is no HTTP response; too_large when the
    ///         head or the body exceeds its bound. Nothing may be fed after true or a failure.
    Result<bool> feed(std::string_view bytes);

    /// The stream has ended. @return nothing when the response is complete (a body without length ends so);
    ///         peer_closed when it was cut off
    Result<void> end() const;

    const Response& response() const noexcept { return response_; }

private:
    enum class State { head, length, chunk_size, chunk_data, chunk_end, trailers, until_close, done };
    Result<bool> read_head();
    Result<bool> read_body();
    Result<bool> take_line(std::string& line);
    Result<bool> begin_chunk(const std::string& line);
    Result<bool> take_octets();

    State state_{State::head};
    std::string pending_;
    std::size_t left_{0};
    std::size_t trailer_octets_{0};
    Response response_;
};

}  // namespace maildoctor::http
