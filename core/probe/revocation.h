// Was a certificate called back by its issuer?
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/async/task.h"
#include "core/http/fetch.h"
#include "core/model/facts.h"
#include "core/probe/context.h"

namespace maildoctor::probe {

inline constexpr std::chrono::milliseconds revocation_limit{3000};  ///< for all questions about a certificate

struct RevocationAnswer {
    Revocation status{Revocation::not_checked};
    std::string source{};   ///< "ocsp" or "crl"
    std::string because{};  ///< why nothing is known; empty when something is, or nothing was to ask
    std::vector<std::string> asked{};  ///< hosts that learned which certificate was asked about
};

/// Asks the OCSP responder that the certificate names, else reads its revocation list. Both come over plain
/// HTTP as a rule and are signed. A failure is never a fault of the server.
/// @param sha256 fingerprint of a certificate that was presented in this run
Task<RevocationAnswer> ask_revocation(ContextPtr context, std::shared_ptr<const http::Transport> web,
                                      std::string sha256);

}  // namespace maildoctor::probe
