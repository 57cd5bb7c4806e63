// The field's small enumerations and their words in URLs, reports and messages.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace maildoctor {

/// A TCP port, 1..65535.
class Port {
public:
    static constexpr std::optional<Port> from(int number) noexcept {
        if (number < 1 || number > 65535) return std::nullopt;
        return Port(static_cast<std::uint16_t>(number));
    }
    /// Reads decimal digits only; nothing for anything else.
    static std::optional<Port> from(std::string_view digits) noexcept;
    constexpr std::uint16_t number() const noexcept { return number_; }
    friend auto operator<=>(const Port&, const Port&) = default;

private:
    explicit constexpr Port(std::uint16_t number) noexcept : number_(number) {}
    std::uint16_t number_;
};

enum class Answer : std::uint8_t {
    yes,
    no,
    unknown
};  ///< unknown is an answer of its own, never folded into no

enum class Protocol : std::uint8_t { smtp, pop3, imap };

/// How a connection is protected: not at all, by STARTTLS/STLS after a plain start, or by TLS from the first
/// octet (implicit TLS, RFC 8314 section 3.1).
enum class Security : std::uint8_t { none, starttls, tls };

/// Incoming servers are read (POP3, IMAP); the outgoing server is submitted to (SMTP); mx receives mail for
/// the domain.
enum class Role : std::uint8_t { incoming, outgoing, mx };

enum class Severity : std::uint8_t { error, warning, info };
enum class Confidence : std::uint8_t { certain, likely, possible };
enum class Actor : std::uint8_t { user, network, provider, operator_, recipient };
enum class Audience : std::uint8_t { user, helpdesk, operator_ };
enum class Verdict : std::uint8_t { ok, problem, inconclusive };

std::string_view word(Protocol value) noexcept;
std::string_view word(Security value) noexcept;
std::string_view word(Role value) noexcept;
std::string_view word(Severity value) noexcept;
std::string_view word(Confidence value) noexcept;
std::string_view word(Actor value) noexcept;
std::string_view word(Audience value) noexcept;
std::string_view word(Verdict value) noexcept;

std::optional<Protocol> protocol_from(std::string_view text) noexcept;
std::optional<Security> security_from(std::string_view text) noexcept;
std::optional<Confidence> confidence_from(std::string_view text) noexcept;
std::optional<Actor> actor_from(std::string_view text) noexcept;
std::optional<Audience> audience_from(std::string_view text) noexcept;

/// What a service's port and mode usually are: 993 for imap+tls, 143 for imap+starttls, …
Port usual_port(Protocol protocol, Security security) noexcept;

/// The mode that a port stands for by registration or custom (993, 995, 465: tls; others: starttls), and its
/// protocol.
struct PortCustom {
    Protocol protocol;
    Security security;
};
std::optional<PortCustom> custom_of(Port port) noexcept;

/// The ports that `check` knows: 25, 26, 110, 143, 465, 587, 993, 995, 2525.
inline constexpr std::array<int, 9> mail_ports = {25, 26, 110, 143, 465, 587, 993, 995, 2525};

}  // namespace maildoctor
