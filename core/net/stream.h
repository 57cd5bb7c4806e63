// A byte stream with deadlines: TCP, TLS over TCP, or a script in a test.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/model/result.h"

namespace maildoctor::net {

/// Octets both ways. One reader and one writer at a time, all on one loop.
class Stream {
public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;

    /// Waits for octets. @return 1..limit octets; the empty string at the orderly end of the stream;
    ///         timed_out, reset, cancelled or another failure (its stage is set by the caller's protocol
    ///         step)
    virtual Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) = 0;
    /// Writes everything or fails.
    virtual Task<Result<void>> write(std::string bytes, Deadline deadline) = 0;
    /// Ends the connection. Further calls fail with peer_closed. Never blocks.
    virtual void close() noexcept = 0;
};

using StreamPtr = std::shared_ptr<Stream>;

}  // namespace maildoctor::net
