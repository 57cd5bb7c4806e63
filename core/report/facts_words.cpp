#include "core/report/facts_words.h"

#include <array>

namespace maildoctor::report {
namespace {

constexpr std::array<std::string_view, 3> answers = {"yes", "no", "unknown"};
constexpr std::array<std::string_view, 9> dns_statuses = {"found",          "no-such-name", "no-data",
                                                          "server-failure", "refused",      "bogus",
                                                          "no-answer",      "alias-loop",   "malformed"};
constexpr std::array<std::string_view, 5> dnssec_states = {"not-checked", "secure", "insecure",
                                                           "indeterminate", "bogus"};
constexpr std::array<std::string_view, 10> chain_faults = {
    "expired",          "not-yet-valid", "name-mismatch", "self-signed",    "untrusted-issuer",
    "incomplete-chain", "revoked",       "weak-key",      "weak-signature", "other"};
constexpr std::array<std::string_view, 4> revocations = {"not-checked", "good", "revoked", "unknown"};
constexpr std::array<std::string_view, 9> services = {"unknown", "smtp", "pop3", "imap", "http",
                                                      "ssh",     "ftp",  "tls",  "nntp"};

constexpr std::array<std::string_view, 4> cipher_strengths = {"good", "old", "weak", "broken"};
constexpr std::array<std::string_view, 6> obstacles = {"none",      "version",   "cipher",
                                                       "small-key", "large-key", "other"};
constexpr std::array<std::string_view, 6> login_outcomes = {"accepted",     "refused",       "unavailable",
                                                            "no-mechanism", "not-protected", "broken"};
constexpr std::array<std::string_view, 7> limit_kinds = {
    "message-size", "recipients", "messages", "login-delay", "keep-days", "upload-size", "connections"};

template <class Enum, std::size_t N>
std::string_view at(const std::array<std::string_view, N>& words, Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : std::string_view("unknown");
}

}  // namespace

std::string_view word(Answer value) noexcept {
    return at(answers, value);
}
std::string_view word(DnsStatus value) noexcept {
    return at(dns_statuses, value);
}
std::string_view word(Dnssec value) noexcept {
    return at(dnssec_states, value);
}
std::string_view word(ChainFault value) noexcept {
    return at(chain_faults, value);
}
std::string_view word(Revocation value) noexcept {
    return at(revocations, value);
}
std::string_view word(Service value) noexcept {
    return at(services, value);
}

std::string_view word(CipherStrength value) noexcept {
    return at(cipher_strengths, value);
}
std::string_view word(Obstacle value) noexcept {
    return at(obstacles, value);
}
std::string_view word(LoginOutcome value) noexcept {
    return at(login_outcomes, value);
}
std::string_view word(ServerLimit::Kind value) noexcept {
    return at(limit_kinds, value);
}
}  // namespace maildoctor::report
