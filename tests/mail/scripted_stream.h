// A server that follows a script: drives real dialogs in tests without a socket and without waiting.
//
// A script has one step a line:
//   # comment            not a step
//   S: text              the server sends this line
//   S* text              the server sends these octets, no line end added; \r \n \\ and \xHH are escapes
//   C: text              the client must send exactly this line
//   T: verified          the client must start a handshake, which succeeds
//   T: unverified        the same with a certificate that does not verify
//   T: fails text        the handshake fails with this error
//   T: text text         the handshake fails because the server answers with this text
//   S! closes            orderly end of the connection
//   S! resets            the connection is reset
// Where the client waits and the script wants something else of it, the server is silent: the read times out
// at once.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/stream.h"
#include "core/net/upgrade.h"

namespace maildoctor::testing {

class ScriptedStream final : public net::Stream {
public:
    /// @param chunk the most octets that one read gives: 1 shows that nothing depends on how octets are
    /// grouped
    explicit ScriptedStream(std::string_view script, std::size_t chunk = 65536);
    /// The script in tests/mail/transcripts/`name`.
    static std::shared_ptr<ScriptedStream> from_file(const std::string& name, std::size_t chunk = 65536);

    Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) override;
    Task<Result<void>> write(std::string bytes, Deadline deadline) override;
    void close() noexcept override { closed_ = true; }

    /// A handshake as the script wants it, over the same script.
    static net::Upgrade upgrade();

    bool is_closed() const noexcept { return closed_; }
    /// What went wrong: lines that were not expected; empty when the client kept to the script.
    const std::vector<std::string>& surprises() const noexcept { return surprises_; }
    /// Steps that were not reached.
    std::size_t left() const noexcept { return steps_.size(); }
    /// All that the client sent.
    const std::string& sent() const noexcept { return sent_; }
    /// The lines of the script that both sides said, as a transcript shows them.
    const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    struct Step {
        char who;  ///< S, C or T
        char how;  ///< ':', '*' or '!'
        std::string text;
    };
    void take_client_line(const std::string& line);
    net::UpgradeResult handshake();

    std::deque<Step> steps_;
    std::size_t chunk_;
    std::string unread_;   ///< sent by the server, not read yet
    std::string partial_;  ///< sent by the client, no whole line yet
    std::string sent_;
    std::vector<std::string> surprises_;
    std::vector<std::string> lines_;
    bool closed_{false};
};

}  // namespace maildoctor::testing
