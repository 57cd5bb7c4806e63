// The client's side of one SASL exchange (RFC 4422), without the network. For the .cpp files of this room and
// its tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/host_name.h"
#include "core/model/result.h"
#include "core/model/secret.h"
#include "core/model/words.h"
#include "core/net/upgrade.h"

namespace maildoctor::mail {

/// What mechanisms make their messages of.
struct SaslCredentials {
    std::string user;
    std::shared_ptr<const Secret> secret;  ///< password, or token of XOAUTH2 and OAUTHBEARER
    Protocol protocol{};
    HostName host;
    Port port;
    net::ChannelBindings bindings{};
};

class SaslClient {
public:
    SaslClient() = default;
    SaslClient(const SaslClient&) = delete;
    SaslClient& operator=(const SaslClient&) = delete;
    virtual ~SaslClient() = default;

    /// Whether the client speaks first, so that its first message may go with the command.
    virtual bool speaks_first() const noexcept = 0;
    /// Answers a challenge. The first call of a client that speaks first gets an empty one.
    /// @param challenge decoded from base64
    /// @return our message, to be encoded in base64; bad_syntax when the challenge makes no sense or the
    /// server fails to prove
    ///         that it knows the password
    virtual Result<std::shared_ptr<const Secret>> answer(std::string_view challenge) = 0;
    /// Whether this mechanism's server has proved by now that it knows the password; true where the mechanism
    /// has no such proof.
    virtual bool is_complete() const noexcept { return true; }
};

/// The mechanisms that a client can be made for, best known first. PASSWORD is none of them.
const std::vector<std::string>& sasl_mechanisms();

/// Whether the server needs the password (or a special form of it) on file for this mechanism, so that a
/// refusal alone does not show that the password is wrong.
bool needs_stored_verifier(std::string_view mechanism) noexcept;
/// Whether the mechanism takes a token instead of a password.
bool takes_token(std::string_view mechanism) noexcept;

/// @param mechanism upper case
/// @return not_possible when this mechanism cannot be used: unknown, not in this build, or a -PLUS form
/// without channel bindings
Result<std::unique_ptr<SaslClient>> make_sasl_client(std::string_view mechanism,
                                                     const SaslCredentials& credentials);

/// CRAM-MD5, DIGEST-MD5, SCRAM-* through GNU SASL.
Result<std::unique_ptr<SaslClient>> make_gsasl_client(std::string_view mechanism,
                                                      const SaslCredentials& credentials);

}  // namespace maildoctor::mail
