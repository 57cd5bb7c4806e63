// Everything that a server's TLS can do, learned from many first messages: no handshake is finished, no key
// exchanged, nothing but a ClientHello sent.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/model/result.h"
#include "core/model/tls_survey.h"
#include "core/net/stream.h"
#include "core/tls/client_hello.h"
#include "core/tls/server_answer.h"

namespace maildoctor::tls {

/// One old or new mail program's first message.
struct ClientTemplate {
    std::string id{}, name{}, program{};
    ClientHello hello{};
    int least_dh{0}, most_dh{0};  ///< bits of the Diffie-Hellman group that it takes; 0: any
};

/// What one connection showed.
struct Reply {
    bool reached{false};  ///< the message was sent: what follows is the server's answer to it
    ServerAnswer answer{};
    std::optional<Failure> failure{};  ///< of the connection, or how the server ended it without an alert
};

/// Makes a connection (and says STARTTLS where that is needed), sends the octets, reads the answer.
using Ask = std::function<Task<Reply>(std::string hello, ReadUntil until)>;

struct SurveyPlan {
    std::string server_name{};  ///< for SNI; empty for an address literal
    std::vector<ClientTemplate> clients{};
    std::vector<TlsVersion> only{};  ///< whether these are offered, and nothing else; empty: everything
    int most_connections{250};
    Deadline deadline{Clock::time_point::max()};
};

/// Sends the octets over a fresh stream, reads the answer, and closes the stream.
Task<Reply> exchange_hello(net::StreamPtr stream, std::string hello, ReadUntil until, Deadline deadline);

/// Asks for versions, ciphers, groups and the rest, over three connections at once at most. Ends early, and
/// says so, when two connections in a row do not get through: a server that turns us away is left alone.
Task<TlsSurvey> run_survey(SurveyPlan plan, Ask ask);

}  // namespace maildoctor::tls
