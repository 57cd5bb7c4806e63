// Names and strength of cipher suites and groups, by their numbers on the wire.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/tls_survey.h"

namespace maildoctor::tls {

struct CipherSuite {
    std::uint16_t code{};
    std::string_view name{};  ///< in the registry of IANA
};

/// All suites that are known here, the better ones first.
std::span<const CipherSuite> cipher_suites() noexcept;

/// The suites worth offering to learn what a server has: those of TLS 1.3, or those of the versions before.
std::vector<std::uint16_t> suites_for(TlsVersion version);

/// Name and strength. A number without a name is shown as "0x1234" and taken for weak.
CipherSeen cipher_seen(std::uint16_t code);

/// The number of the suite with this name; 0 when there is none.
std::uint16_t suite_code(std::string_view name) noexcept;

/// Whether both sides make a fresh key over elliptic curves, or in a finite field.
bool uses_ecdhe(std::uint16_t code) noexcept;
bool uses_dhe(std::uint16_t code) noexcept;

struct Group {
    std::uint16_t code{};
    std::string_view name{};
};

/// The groups worth offering, those that servers have most first.
std::span<const Group> groups() noexcept;
/// The name of a group, "0x1234" for one without.
std::string group_name(std::uint16_t code);
/// The number of the group with this name; 0 when there is none.
std::uint16_t group_code(std::string_view name) noexcept;

}  // namespace maildoctor::tls
