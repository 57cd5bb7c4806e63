// Checking signatures over sets of records. Pure functions; for the sources of this room only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/dns/ldns_ptr.h"
#include "core/model/facts.h"

namespace maildoctor::dns {

/// Records of one owner and type; does not own them.
RecordView select(const ldns_rr_list* section, const ldns_rdf* owner, ldns_rr_type type);
/// The well-formed RRSIG records over such a set.
RecordView signatures_over(const ldns_rr_list* section, const ldns_rdf* owner, ldns_rr_type type);
/// Well-formed keys of a zone among `keys` (RFC 4034 section 2.1: zone key flag, protocol 3), not revoked.
RecordView zone_keys(const ldns_rr_list* keys);

inline std::size_t size_of(const RecordView& list) {
    return ldns_rr_list_rr_count(list.get());
}

/// The zone that a signature names as its maker.
std::string signer_of(const ldns_rr* signature);

struct SetCheck {
    bool good{false};
    bool out_of_time{false};  ///< the signature is right, but not at this time
    unsigned labels{};        ///< of the good signature; fewer than the owner has: made from a wildcard
    std::string why{};  ///< when not good: "signature expired 2026-01-01", "no key for the signature", …
};

/// Whether one of the signatures that `zone` made over the set is good with one of its keys (RFC 4035
/// section 5.3). At most 8 signatures are tried, so that hostile answers cost little.
/// @param now seconds since 1970
SetCheck check_set(const RecordView& set, const RecordView& signatures, std::string_view zone,
                   const ldns_rr_list* keys, std::int64_t now);

/// Algorithms and digests that this program can check (RFC 8624): a DS with others counts as none.
bool is_supported(const ldns_rr* ds);
/// Whether the DS stands for the key (RFC 4034 section 5.1.4).
bool matches(const ldns_rr* ds, const ldns_rr* key);

/// "A", "DNSKEY", …
std::string type_word(ldns_rr_type type);

}  // namespace maildoctor::dns
