#include "core/dns/denial.h"

#include <algorithm>

#include "core/dns/records.h"
#include "core/dns/signatures.h"

namespace maildoctor::dns {
namespace {

constexpr std::size_t max_proofs = 16;         // records of one answer that are looked at; three are enough
constexpr std::uint32_t max_iterations = 150;  // what Unbound computes; RFC 9276 recommends 0 to zones
constexpr std::uint32_t opt_out_flag = 1;
constexpr std::size_t nsec_bitmap = 1, nsec3_bitmap = 5;

/// An NSEC or NSEC3 record with all fields that are read; the bitmap of types may be empty.
bool is_proof(const ldns_rr* record) {
    const ldns_rr_type type = ldns_rr_get_type(record);
    return (type == LDNS_RR_TYPE_NSEC && ldns_rr_rd_count(record) >= 1) ||
           (type == LDNS_RR_TYPE_NSEC3 && ldns_rr_rd_count(record) >= 5);
}

bool has_type(const ldns_rr* record, ldns_rr_type type) {
    const bool is_nsec = ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC;
    const ldns_rdf* bitmap = field(record, is_nsec ? nsec_bitmap : nsec3_bitmap);
    return bitmap != nullptr && ldns_rdf_get_type(bitmap) == LDNS_RDF_TYPE_BITMAP &&
           ldns_nsec_bitmap_covers_type(bitmap, type);
}

bool is_delegation(const ldns_rr* record) {
    return has_type(record, LDNS_RR_TYPE_NS) && !has_type(record, LDNS_RR_TYPE_SOA);
}

/// The record at the name itself shows that the type is not there. A delegation's record speaks for DS only,
/// and only the parent's record speaks for that.
bool shows_no_data(const ldns_rr* record, ldns_rr_type type) {
    if (has_type(record, type) || has_type(record, LDNS_RR_TYPE_CNAME)) return false;
    return type == LDNS_RR_TYPE_DS ? !has_type(record, LDNS_RR_TYPE_SOA) : !is_delegation(record);
}

Cut cut_at(const ldns_rr* record) {
    if (!is_delegation(record)) return Cut::none;
    return has_type(record, LDNS_RR_TYPE_DS) ? Cut::withheld : Cut::insecure;
}

/// RFC 4648 section 7 without padding, lower case: its order is the order of the octets.
std::string base32hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
    std::string text;
    unsigned held = 0, bits = 0;
    for (const char c : bytes) {
        held = (held << 8 | static_cast<unsigned char>(c)) & 0xfffU;
        for (bits += 8; bits >= 5; bits -= 5)
            text += digits[held >> (bits - 5) & 31U];
    }
    if (bits > 0) text += digits[held << (5 - bits) & 31U];
    return text;
}

std::string_view first_label(std::string_view name) {
    const std::string_view parent = parent_of(name);
    return parent.empty() ? name : name.substr(0, name.size() - parent.size() - 1);
}

/// Whether `at` lies strictly between the ends of an interval of a circle.
bool lies_between(int owner_to_next, int owner_to_at, int at_to_next) {
    if (owner_to_next < 0) return owner_to_at < 0 && at_to_next < 0;
    return owner_to_at < 0 ||
           at_to_next < 0;  // the last interval; with one record only, everything but its owner
}

/// Ancestor of `name` that has `labels` labels.
std::string_view ancestor(std::string_view name, std::size_t labels) {
    for (std::size_t count = label_count(name); count > labels; --count)
        name = parent_of(name);
    return name;
}

std::size_t common_labels(std::string_view a, std::string_view b) {
    std::size_t labels = std::min(label_count(a), label_count(b));
    while (labels > 0 && ancestor(a, labels) != ancestor(b, labels))
        --labels;
    return labels;
}

std::string wildcard_below(std::string_view name) {
    return name.empty() ? "*" : "*." + std::string(name);
}

}  // namespace

Denial::Denial(const ldns_pkt* packet, std::string_view zone, const ldns_rr_list* keys, std::int64_t now)
    : zone_(zone) {
    const ldns_rr_list* section = ldns_pkt_authority(packet);
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section) && nsec_.size() + nsec3_.size() < max_proofs;
         ++i) {
        const ldns_rr* record = ldns_rr_list_rr(section, i);
        if (!is_proof(record)) continue;
        const ldns_rr_type type = ldns_rr_get_type(record);
        const RecordView signatures = signatures_over(section, ldns_rr_owner(record), type);
        const SetCheck check =
            check_set(select(section, ldns_rr_owner(record), type), signatures, zone, keys, now);
        if (!check.good) {
            if (size_of(signatures) > 0 && fault_.empty()) fault_ = type_word(type) + ": " + check.why;
            continue;
        }
        const std::string owner = name_text(ldns_rr_owner(record));
        const bool from_wildcard = check.labels + (owner.starts_with("*") ? 1 : 0) < label_count(owner);
        if (!from_wildcard) take(record);  // else it is no record of this name
    }
}

void Denial::take(const ldns_rr* record) {
    if (ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC) {
        nsec_.push_back(record);
    } else if (number(record, 2).value_or(0) > max_iterations) {
        too_costly_ = true;
    } else if (number(record, 0) == 1U) {  // SHA-1, the only one (RFC 5155 section 11)
        nsec3_.push_back(record);
    }
}

Denial Denial::unsigned_for_tests(const ldns_pkt* packet, std::string_view zone) {
    Denial denial(zone);
    const ldns_rr_list* section = ldns_pkt_authority(packet);
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section) && i < max_proofs; ++i) {
        if (is_proof(ldns_rr_list_rr(section, i))) denial.take(ldns_rr_list_rr(section, i));
    }
    return denial;
}

Proof Denial::no_data(std::string_view name, ldns_rr_type type) const {
    if (!nsec_.empty()) return nsec_no_data(name, type);
    return too_costly_ ? Proof::too_costly : nsec3_no_data(name, type);
}

Proof Denial::no_name(std::string_view name) const {
    if (!nsec_.empty()) return nsec_no_name(name);
    return too_costly_ ? Proof::too_costly : nsec3_no_name(name);
}

Proof Denial::no_closer(std::string_view name, std::size_t labels) const {
    if (!nsec_.empty()) return nsec_no_closer(name, labels);
    return too_costly_ ? Proof::too_costly : nsec3_no_closer(name, labels);
}

Cut Denial::cut(std::string_view name) const {
    if (!nsec_.empty()) return nsec_cut(name);
    return too_costly_ ? Cut::insecure : nsec3_cut(name);
}

// ---- NSEC
// --------------------------------------------------------------------------------------------------------

const ldns_rr* Denial::nsec_at(const ldns_rdf* name) const {
    for (const ldns_rr* record : nsec_) {
        if (same_name(ldns_rr_owner(record), name)) return record;
    }
    return nullptr;
}

/// A record whose interval holds the name. Those of a delegation or DNAME above the name say nothing about it
/// (RFC 6840 section 4.1).
const ldns_rr* Denial::nsec_covering(std::string_view text) const {
    const NameOwner name = name_from(text);
    for (const ldns_rr* record : nsec_) {
        const ldns_rdf* owner = ldns_rr_owner(record);
        const ldns_rdf* next = field(record, 0);
        if (!name || next == nullptr || ldns_rdf_get_type(next) != LDNS_RDF_TYPE_DNAME) continue;
        if (!lies_between(ldns_dname_compare(owner, next), ldns_dname_compare(owner, name.get()),
                          ldns_dname_compare(name.get(), next)))
            continue;
        const std::string owner_text = name_text(owner);
        if (same_name(owner, name.get()) || !is_within(name_text(next), zone_)) continue;
        if (is_within(text, owner_text) && (is_delegation(record) || has_type(record, LDNS_RR_TYPE_DNAME)))
            continue;
        return record;
    }
    return nullptr;
}

Proof Denial::nsec_no_data(std::string_view name, ldns_rr_type type) const {
    const NameOwner wire = name_from(name);
    if (!wire) return Proof::missing;
    if (const ldns_rr* record = nsec_at(wire.get()))
        return shows_no_data(record, type) ? Proof::proven : Proof::missing;
    const ldns_rr* covering = nsec_covering(name);
    if (covering == nullptr) return Proof::missing;
    const std::string owner = name_text(ldns_rr_owner(covering)), next = name_text(field(covering, 0));
    if (is_within(next, name)) return Proof::proven;  // an empty inner node
    const std::string_view encloser =
        ancestor(name, std::max(common_labels(name, owner), common_labels(name, next)));
    const NameOwner wildcard = name_from(wildcard_below(encloser));
    const ldns_rr* record = wildcard ? nsec_at(wildcard.get()) : nullptr;
    return record != nullptr && shows_no_data(record, type) ? Proof::proven : Proof::missing;
}

Proof Denial::nsec_no_name(std::string_view name) const {
    const ldns_rr* covering = nsec_covering(name);
    if (covering == nullptr) return Proof::missing;
    const std::string owner = name_text(ldns_rr_owner(covering)), next = name_text(field(covering, 0));
    if (is_within(next, name)) return Proof::missing;  // the name exists as an inner node
    const std::string_view encloser =
        ancestor(name, std::max(common_labels(name, owner), common_labels(name, next)));
    return nsec_covering(wildcard_below(encloser)) != nullptr ? Proof::proven : Proof::missing;
}

Proof Denial::nsec_no_closer(std::string_view name, std::size_t labels) const {
    const ldns_rr* covering = nsec_covering(name);
    if (covering == nullptr) return Proof::missing;
    const std::string owner = name_text(ldns_rr_owner(covering)), next = name_text(field(covering, 0));
    if (is_within(next, name)) return Proof::missing;
    return std::max(common_labels(name, owner), common_labels(name, next)) <= labels ? Proof::proven
                                                                                     : Proof::missing;
}

Cut Denial::nsec_cut(std::string_view name) const {
    const NameOwner wire = name_from(name);
    if (!wire) return Cut::unproven;
    if (const ldns_rr* record = nsec_at(wire.get())) return cut_at(record);
    return nsec_covering(name) != nullptr ? Cut::none : Cut::unproven;
}

// ---- NSEC3
// -------------------------------------------------------------------------------------------------------

/// With the parameters of the first record: a zone uses one set at a time, and records of another never
/// match.
std::string Denial::hash_of(std::string_view name) const {
    const NameOwner wire = name_from(name);
    if (!wire || nsec3_.empty()) return {};
    const NameOwner hashed(ldns_nsec3_hash_name_frm_nsec3(nsec3_.front(), wire.get()));
    return hashed ? std::string(first_label(name_text(hashed.get()))) : std::string{};
}

const ldns_rr* Denial::nsec3_at(std::string_view name) const {
    const std::string hash = hash_of(name);
    for (const ldns_rr* record : nsec3_) {
        const std::string owner = name_text(ldns_rr_owner(record));
        if (!hash.empty() && first_label(owner) == hash && parent_of(owner) == zone_) return record;
    }
    return nullptr;
}

const ldns_rr* Denial::nsec3_covering(std::string_view name) const {
    const std::string hash = hash_of(name);
    for (const ldns_rr* record : nsec3_) {
        const std::string_view next_field = octets(field(record, 4));  // a length octet, then the hash
        const std::string owner_text = name_text(ldns_rr_owner(record));
        if (hash.empty() || next_field.empty() || parent_of(owner_text) != zone_) continue;
        const std::string_view owner = first_label(owner_text);
        const std::string next = base32hex(next_field.substr(1));
        if (owner == hash) continue;
        if (lies_between(owner.compare(next), owner.compare(hash), std::string_view(hash).compare(next)))
            return record;
    }
    return nullptr;
}

Denial::Encloser Denial::closest_encloser(std::string_view name) const {
    std::string_view next_closer{};
    for (std::string_view at = name;; at = parent_of(at)) {
        if (const ldns_rr* record = nsec3_at(at)) {
            // A delegation or DNAME says nothing about names below it (RFC 5155 section 8.3).
            if (at != name && (is_delegation(record) || has_type(record, LDNS_RR_TYPE_DNAME))) return {};
            const ldns_rr* covering = next_closer.empty() ? nullptr : nsec3_covering(next_closer);
            return {.name = at, .covering = covering, .found = covering != nullptr || at == name};
        }
        if (at == zone_ || at.empty()) return {};
        next_closer = at;
    }
}

Proof Denial::nsec3_no_data(std::string_view name, ldns_rr_type type) const {
    if (const ldns_rr* record = nsec3_at(name))
        return shows_no_data(record, type) ? Proof::proven : Proof::missing;
    const Encloser encloser = closest_encloser(name);
    if (!encloser.found) return Proof::missing;
    const bool opt_out = (number(encloser.covering, 1).value_or(0) & opt_out_flag) != 0;
    const ldns_rr* wildcard = nsec3_at(wildcard_below(encloser.name));
    if (wildcard == nullptr) return opt_out ? Proof::opt_out : Proof::missing;
    if (!shows_no_data(wildcard, type)) return Proof::missing;
    return opt_out ? Proof::opt_out : Proof::proven;
}

Proof Denial::nsec3_no_name(std::string_view name) const {
    const Encloser encloser = closest_encloser(name);
    if (!encloser.found || encloser.covering == nullptr) return Proof::missing;
    if (nsec3_covering(wildcard_below(encloser.name)) == nullptr) return Proof::missing;
    return (number(encloser.covering, 1).value_or(0) & opt_out_flag) != 0 ? Proof::opt_out : Proof::proven;
}

Proof Denial::nsec3_no_closer(std::string_view name, std::size_t labels) const {
    const ldns_rr* covering = nsec3_covering(ancestor(name, labels + 1));
    if (covering == nullptr) return Proof::missing;
    return (number(covering, 1).value_or(0) & opt_out_flag) != 0 ? Proof::opt_out : Proof::proven;
}

Cut Denial::nsec3_cut(std::string_view name) const {
    if (const ldns_rr* record = nsec3_at(name)) return cut_at(record);
    const Encloser encloser = closest_encloser(name);
    if (!encloser.found || encloser.covering == nullptr) return Cut::unproven;
    return (number(encloser.covering, 1).value_or(0) & opt_out_flag) != 0 ? Cut::insecure : Cut::none;
}

}  // namespace maildoctor::dns
