// One connection to a mail server and everything learned on it so far: dialog, login and relay test go on
// over it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/mail/transcript.h"
#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/result.h"
#include "core/model/secret.h"
#include "core/net/stream.h"
#include "core/net/upgrade.h"
#include "core/protocol/imap_response.h"
#include "core/protocol/pop3_response.h"
#include "core/protocol/smtp_reply.h"

namespace maildoctor::mail {

/// How long the single steps may take; each also ends with the deadline of the whole dialog.
struct DialogLimits {
    std::chrono::milliseconds greeting{limits::greeting};
    std::chrono::milliseconds reply{limits::reply};
    std::chrono::milliseconds handshake{limits::handshake};
    /// How long the answer to QUIT or LOGOUT is waited for when the dialog is over. Zero: said, not waited
    /// for, which saves a round trip.
    std::chrono::milliseconds goodbye{0};
    /// Silence before a greeting after which DialogPlan::on_silence is called.
    std::chrono::milliseconds silence{3000};
};

/// The words of a refusal as a mail program would show them: "NO [AUTHENTICATIONFAILED] Authentication
/// failed."
std::string shown(const protocol::ImapResponse& response);
std::string shown(const protocol::Pop3Status& status);

/// A command's tagged answer and what came before it.
struct ImapAnswer {
    protocol::ImapResponse tagged{};
    std::vector<protocol::ImapResponse> untagged{};  ///< the first 64
};

/// A connection in the middle of a dialog. Belongs to one loop and one coroutine at a time.
class Session {
public:
    Session(Protocol protocol, net::StreamPtr stream, DialogLimits limits);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() { close(); }

    // ---- what is known
    MailFacts facts{};
    Boxed<TlsFacts> tls{};
    protocol::SmtpCapabilities smtp{};
    protocol::Pop3Capabilities pop3{};
    protocol::ImapCapabilities imap{};
    std::string ehlo_name{};
    std::function<net::ChannelBindings()> bindings{};  ///< of the encrypted connection; may be empty
    bool logged_in{false};

    Protocol protocol() const noexcept { return protocol_; }
    const DialogLimits& limits() const noexcept { return limits_; }
    Transcript& transcript() noexcept { return transcript_; }
    bool is_open() const noexcept { return stream_ != nullptr; }
    bool is_encrypted() const noexcept { return encrypted_; }
    /// Whether the certificate of the encrypted connection was good for the host.
    bool is_verified() const noexcept { return encrypted_ && tls && tls->verified; }
    /// Octets that came and were not taken yet.
    std::string_view pending() const noexcept { return pending_; }
    std::chrono::microseconds age() const {
        return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
    }

    // ---- reading and writing. `stage` is what a failure carries; `deadline` is that of the whole dialog.
    /// Sends a line; CRLF is added. The text goes into the transcript.
    Task<Result<void>> send(std::string line, Stage stage, Deadline deadline);
    /// Sends a line with a secret in it; `shown` stands in the transcript instead.
    Task<Result<void>> send_secret(std::shared_ptr<const Secret> line, std::string shown, Stage stage,
                                   Deadline deadline);
    Task<Result<protocol::SmtpReply>> smtp_reply(Stage stage, Deadline deadline);
    Task<Result<protocol::Pop3Status>> pop3_status(Stage stage, Deadline deadline);
    Task<Result<std::vector<std::string>>> pop3_body(Stage stage, Deadline deadline);
    Task<Result<protocol::ImapResponse>> imap_response(Stage stage, Deadline deadline);

    Task<Result<protocol::SmtpReply>> smtp_command(std::string line, Stage stage, Deadline deadline);
    Task<Result<protocol::Pop3Status>> pop3_command(std::string line, Stage stage, Deadline deadline);
    /// Sends the command under a new tag and reads up to its tagged answer.
    Task<Result<ImapAnswer>> imap_command(std::string command, Stage stage, Deadline deadline);
    /// Reads up to the answer with this tag. FailureKind::rejected with the server's words when it says BYE
    /// and closes.
    Task<Result<ImapAnswer>> imap_answer(std::string tag, Stage stage, Deadline deadline);
    std::string next_tag();

    /// Waits for the first whole line, or for octets that are none (a TLS record). They stay pending.
    /// @param on_silence called once when nothing came for limits().silence; may be empty
    Task<Result<void>> first_octets(std::function<void()> on_silence, Deadline deadline);

    /// Says QUIT to a server that has said nothing, and waits a second for an answer. @return its octets, or
    /// nothing
    Task<std::string> answer_to_quit(Deadline deadline);
    /// Takes what lies waiting without waiting for more, and drops it. @return those octets
    Task<std::string> drain();
    /// Does the handshake; the stream is gone when it fails.
    Task<Result<void>> upgrade(net::Upgrade upgrade, Deadline deadline);
    /// QUIT or LOGOUT, then close. Never fails.
    Task<void> goodbye(std::chrono::milliseconds wait, Deadline deadline);
    void close() noexcept;

    // ---- secrets
    /// From now on, wherever a server's words repeat this, "[hidden]" stands in its place.
    void hide(std::shared_ptr<const Secret> secret) { hidden_.push_back(std::move(secret)); }
    std::string without_secrets(std::string_view text) const;
    /// While on, challenges of a login ("334 …", "+ …") are recorded without their content: from some of them
    /// a password can be guessed off line.
    void hide_challenges(bool on) noexcept { hide_challenges_ = on; }

    /// Keeps the words of a refusal and makes a Failure of them.
    Failure refused(Stage stage, std::string_view words, int code = 0);

private:
    template <class T>
    using Parser = Result<std::optional<T>> (*)(std::string_view&);
    template <class T>
    Task<Result<T>> take(Parser<T> parser, Stage stage, Deadline step, Deadline whole);
    /// Reads once. At the end of the stream peer_closed.
    Task<Result<void>> read_more(Stage stage, Deadline step, Deadline whole);
    Task<Result<void>> write(std::string bytes, Stage stage, Deadline deadline);
    void record_server(std::string_view octets);

    Protocol protocol_;
    net::StreamPtr stream_;
    DialogLimits limits_;
    Clock::time_point began_;
    Transcript transcript_;
    std::string pending_;
    unsigned last_tag_{0};
    bool encrypted_{false};
    bool hide_challenges_{false};
    std::vector<std::shared_ptr<const Secret>> hidden_;
};

using SessionPtr = std::shared_ptr<Session>;

}  // namespace maildoctor::mail
