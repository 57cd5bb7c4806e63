#include "core/explain/old_program.h"

#include <algorithm>

#include "core/knowledge/texts.h"

namespace maildoctor::explain {
namespace {

/// Whether a program ends below TLS 1.2, which is what servers ask for now (RFC 8996).
bool is_old_tls(std::string_view newest) {
    return newest == "none" || newest == "1.0" || newest == "1.1" || newest.starts_with("ssl");
}

}  // namespace

void judge_old_program(const knowledge::Pack& pack, Clues& clues) {
    if (clues.causes.empty() || clues.program.empty()) return;
    const auto* const program = knowledge::program(pack, clues.program);
    if (!program) return;
    const Cause first = clues.causes.front().cause;
    const bool tls = first == Cause::tls_handshake_failed || first == Cause::tls_protocol_mismatch;
    const bool oauth = first == Cause::auth_oauth_required;
    const bool helpless =
        (tls && is_old_tls(pack.text(program->max_tls))) || (oauth && pack.text(program->oauth) == "no");
    if (!helpless) return;
    CauseCandidate verdict{.cause = Cause::client_too_old,
                           .confidence = Confidence::likely,
                           .matched = clues.causes.front().matched,
                           .weight = clues.causes.front().weight - 1};
    std::erase_if(clues.causes, [](const CauseCandidate& c) { return c.cause == Cause::client_too_old; });
    clues.causes.insert(clues.causes.begin() + 1, std::move(verdict));
}

}  // namespace maildoctor::explain
