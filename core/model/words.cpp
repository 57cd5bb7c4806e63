#include "core/model/words.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "core/model/result.h"

namespace maildoctor {
namespace {

constexpr std::array<std::string_view, 3> protocols = {"smtp", "pop3", "imap"};
constexpr std::array<std::string_view, 3> securities = {"none", "starttls", "tls"};
constexpr std::array<std::string_view, 3> roles = {"incoming", "outgoing", "mx"};
constexpr std::array<std::string_view, 3> severities = {"error", "warning", "info"};
constexpr std::array<std::string_view, 3> confidences = {"certain", "likely", "possible"};
constexpr std::array<std::string_view, 5> actors = {"user", "network", "provider", "operator", "recipient"};
constexpr std::array<std::string_view, 3> audiences = {"user", "helpdesk", "operator"};
constexpr std::array<std::string_view, 3> verdicts = {"ok", "problem", "inconclusive"};

constexpr std::array<std::string_view, 10> stages = {"dns-lookup",   "connect",  "tls-handshake", "greeting",
                                                     "capabilities", "starttls", "login",         "command",
                                                     "http",         "local"};
constexpr std::array<std::string_view, 13> failure_kinds = {
    "refused",    "timed-out", "unreachable", "reset",     "peer-closed",  "tls-alert",  "tls-error",
    "bad-syntax", "rejected",  "too-large",   "cancelled", "not-possible", "out-of-time"};

template <class Enum, std::size_t N>
std::optional<Enum> find_word(const std::array<std::string_view, N>& words, std::string_view text) noexcept {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return std::nullopt;
    return static_cast<Enum>(found - words.begin());
}

template <class Enum, std::size_t N>
std::string_view at(const std::array<std::string_view, N>& words, Enum value) noexcept {
    return words[static_cast<std::size_t>(value)];
}

}  // namespace

std::optional<Port> Port::from(std::string_view digits) noexcept {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('-'))
        return std::nullopt;
    return from(number);
}

std::string_view word(Protocol value) noexcept {
    return at(protocols, value);
}
std::string_view word(Security value) noexcept {
    return at(securities, value);
}
std::string_view word(Role value) noexcept {
    return at(roles, value);
}
std::string_view word(Severity value) noexcept {
    return at(severities, value);
}
std::string_view word(Confidence value) noexcept {
    return at(confidences, value);
}
std::string_view word(Actor value) noexcept {
    return at(actors, value);
}
std::string_view word(Audience value) noexcept {
    return at(audiences, value);
}
std::string_view word(Stage value) noexcept {
    return at(stages, value);
}
std::string_view word(FailureKind value) noexcept {
    return at(failure_kinds, value);
}
std::string_view word(Verdict value) noexcept {
    return at(verdicts, value);
}

std::optional<Protocol> protocol_from(std::string_view text) noexcept {
    return find_word<Protocol>(protocols, text);
}
std::optional<Security> security_from(std::string_view text) noexcept {
    return find_word<Security>(securities, text);
}
std::optional<Confidence> confidence_from(std::string_view text) noexcept {
    return find_word<Confidence>(confidences, text);
}
std::optional<Actor> actor_from(std::string_view text) noexcept {
    return find_word<Actor>(actors, text);
}
std::optional<Audience> audience_from(std::string_view text) noexcept {
    return find_word<Audience>(audiences, text);
}

Port usual_port(Protocol protocol, Security security) noexcept {
    const bool tls = security == Security::tls;
    switch (protocol) {
        case Protocol::pop3:
            return *Port::from(tls ? 995 : 110);
        case Protocol::imap:
            return *Port::from(tls ? 993 : 143);
        case Protocol::smtp:
            break;
    }
    return *Port::from(tls ? 465 : 587);
}

std::optional<PortCustom> custom_of(Port port) noexcept {
    switch (port.number()) {
        case 25:
        case 26:
        case 587:
        case 2525:
            return PortCustom{Protocol::smtp, Security::starttls};
        case 465:
            return PortCustom{Protocol::smtp, Security::tls};
        case 110:
            return PortCustom{Protocol::pop3, Security::starttls};
        case 995:
            return PortCustom{Protocol::pop3, Security::tls};
        case 143:
            return PortCustom{Protocol::imap, Security::starttls};
        case 993:
            return PortCustom{Protocol::imap, Security::tls};
        default:
            return std::nullopt;
    }
}

}  // namespace maildoctor
