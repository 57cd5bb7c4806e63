// A mail server in memory that speaks SASL through GNU SASL's server side, to show that our client's side is
// right.
#pragma once

#include <gsasl.h>

#include <memory>
#include <string>
#include <vector>

#include "core/model/words.h"
#include "core/net/stream.h"
#include "core/net/upgrade.h"

namespace maildoctor::testing {

struct SaslAccount {
    std::string user{"user@example.test"};
    std::string password{"correct horse battery"};
    net::ChannelBindings bindings{};
};

/// Greets, lists one mechanism, does the exchange, and answers a few commands afterwards.
class SaslServer final : public net::Stream {
public:
    SaslServer(Protocol protocol, std::string mechanism, SaslAccount account, bool sasl_ir = true);
    ~SaslServer() override;

    Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) override;
    Task<Result<void>> write(std::string bytes, Deadline deadline) override;
    void close() noexcept override { closed_ = true; }

    bool logged_in() const noexcept { return logged_in_; }
    /// Lines of the client, for the check that nothing is changed.
    const std::vector<std::string>& commands() const noexcept { return commands_; }
    /// An upgrade that succeeds over this stream, with these bindings.
    static net::Upgrade upgrade(net::ChannelBindings bindings, bool verified = true);

private:
    static int callback(Gsasl* context, Gsasl_session* session, Gsasl_property property);
    void handle(const std::string& line);
    void begin(const std::string& initial, bool has_initial);
    void step(const std::string& base64);
    void finish(bool accepted);
    void say(const std::string& line) { unread_ += line + "\r\n"; }
    void say_challenge(const std::string& base64);
    void handle_smtp(const std::string& line);
    void handle_pop3(const std::string& line);
    void handle_imap(const std::string& line);

    Protocol protocol_;
    std::string mechanism_;
    SaslAccount account_;
    bool sasl_ir_;
    Gsasl* context_{nullptr};
    Gsasl_session* session_{nullptr};
    bool done_{false};  ///< the library has said that the client is who it says
    bool logged_in_{false};
    bool closed_{false};
    std::string tag_;
    std::string unread_;
    std::string partial_;
    std::vector<std::string> commands_;
};

}  // namespace maildoctor::testing
