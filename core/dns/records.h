// Reading names and records out of ldns's objects. For the sources of this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/dns/ldns_ptr.h"
#include "core/model/facts.h"

namespace maildoctor::dns {

/// A name as DnsFacts has it: lower case, no final dot, "" for the root; dots within labels and octets that
/// are not printable as "\." and "\DDD" (RFC 1035 section 5.1).
std::string name_text(const ldns_rdf* name);

/// The wire form of such a text; nothing when it is no name (empty or long label, more than 255 octets).
NameOwner name_from(std::string_view text);

/// The name without its first label, in text form; the root's is the root. Escaped dots do not end a label.
std::string_view parent_of(std::string_view name) noexcept;
/// Labels of a name in text form; 0 for the root.
std::size_t label_count(std::string_view name) noexcept;
/// Whether `name` is `zone` or lies below it, in text form.
bool is_within(std::string_view name, std::string_view zone) noexcept;

/// Equal without regard to case (RFC 4343).
bool same_name(const ldns_rdf* a, const ldns_rdf* b) noexcept;

/// Field `index` of a record; null when the record is too short for it (hostile data).
const ldns_rdf* field(const ldns_rr* record, std::size_t index) noexcept;
/// An integer field of 1, 2 or 4 octets; nothing when it is missing or has another size.
std::optional<std::uint32_t> number(const ldns_rr* record, std::size_t index) noexcept;
/// The octets of a field; empty when it is missing.
std::string_view octets(const ldns_rdf* data) noexcept;

/// Adds what a record says to `facts`. @return false when the record is not of a known form
bool read_record(const ldns_rr* record, DnsFacts& facts);

}  // namespace maildoctor::dns
