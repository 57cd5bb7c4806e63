// What the readers of policy records share: fields, URIs, faults. For the sources of this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ascii.h"
#include "core/model/policy.h"

namespace maildoctor::policy {

inline constexpr std::size_t max_shown = 2000;        // octets of one record that are repeated
inline constexpr std::size_t max_record = 64 * 1024;  // octets of one record or file that are read

/// Text from outside on one line, made safe to show.
std::string shown(std::string_view text);

PolicyFault fault(PolicyFault::Weight weight, std::string kind, std::string text);

/// Adds a fault; after twenty only the first that makes readers discard the record, so that a flood of small
/// faults never hides it.
void add_fault(std::vector<PolicyFault>& faults, PolicyFault made);

/// Without blanks and tabs at both ends (WSP, RFC 5234); `trimmed` drops line ends, too.
std::string_view without_wsp(std::string_view text) noexcept;
std::vector<std::string_view> split(std::string_view text, char at);

/// One "name=value" of a record; `whole` is the piece between two semicolons.
struct Field {
    std::string_view name, value;
    std::string_view whole;
    bool has_value{false};  ///< there is a "="
};

/// The fields of a record in their order, blanks around names and values dropped, empty pieces included. The
/// first "=" divides.
std::vector<Field> fields_of(std::string_view record);

bool is_alpha(char c) noexcept;
/// A number of digits alone, at most `limit`.
std::optional<std::int64_t> number_of(std::string_view digits, std::int64_t limit);

/// The extension names and values of MTA-STS and TLS-RPT records (RFC 8461 section 3.1, RFC 8460 section 3).
bool is_extension_name(std::string_view name) noexcept;
bool is_extension_value(std::string_view value) noexcept;

/// An absolute URI by RFC 3986: a scheme, allowed octets, whole percent escapes.
bool is_uri(std::string_view text) noexcept;
/// The scheme of a URI in lower case; empty when there is none.
std::string scheme_of(std::string_view uri);
/// The domain of a mailto: address; nothing when it is no "mailto:local@domain" with a domain name.
std::optional<HostName> mailto_domain(std::string_view uri);

/// The records at a place: those that `claims` takes for this policy are kept.
/// A resolver's answer that could not be had leaves the state unknown.
PolicyRecord select_records(const DnsFacts& answer, const std::vector<std::string>& claiming);

/// Texts of the answer that begin with `version`, ended by a blank, a semicolon or the end of the record.
/// @param any_case letters of the version in either case, and blanks around "=", as careless owners write
std::vector<std::string> claiming(const DnsFacts& answer, std::string_view version, bool any_case);

}  // namespace maildoctor::policy
