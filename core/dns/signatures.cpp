#include "core/dns/signatures.h"

#include <algorithm>
#include <chrono>

#include "core/dns/records.h"

namespace maildoctor::dns {
namespace {

constexpr std::size_t max_signatures = 8, max_keys = 32;
constexpr std::size_t rrsig_fields = 9, dnskey_fields = 4, ds_fields = 4;

std::string date_of(std::uint32_t seconds) {
    const std::chrono::year_month_day day(
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(seconds))));
    const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(static_cast<int>(day.year())) + "-" + two(static_cast<unsigned>(day.month())) +
           "-" + two(static_cast<unsigned>(day.day()));
}

std::string why(ldns_status status) {
    switch (status) {
        case LDNS_STATUS_CRYPTO_NO_MATCHING_KEYTAG_DNSKEY:
            return "no key of the zone made the signature";
        case LDNS_STATUS_CRYPTO_UNKNOWN_ALGO:
        case LDNS_STATUS_CRYPTO_ALGO_NOT_IMPL:
            return "signature of an unknown algorithm";
        default:
            return "signature does not fit";
    }
}

/// Serial number arithmetic (RFC 4034 section 3.1.5, RFC 1982), which ldns 1.8.3 does in signed integers that
/// overflow.
bool is_before(std::uint32_t a, std::uint32_t b) {
    return a != b && b - a < 0x80000000U;
}

/// Whether the signature counts now. @return empty when it does, else what is wrong
std::string fault_in_time(const ldns_rr* signature, std::int64_t now) {
    const std::uint32_t expires = number(signature, 4).value_or(0), begins = number(signature, 5).value_or(0);
    const auto at = static_cast<std::uint32_t>(now);
    if (is_before(expires, begins)) return "signature ends before it begins";
    if (is_before(at, begins)) return "signature not valid before " + date_of(begins);
    if (is_before(expires, at)) return "signature expired " + date_of(expires);
    return {};
}

bool is_internet(const ldns_rr* record) {
    return ldns_rr_get_class(record) == LDNS_RR_CLASS_IN;
}

bool is_known_algorithm(std::uint32_t algorithm) {
    switch (algorithm) {
        case LDNS_RSASHA1:
        case LDNS_RSASHA1_NSEC3:
        case LDNS_RSASHA256:
        case LDNS_RSASHA512:
        case LDNS_ECDSAP256SHA256:
        case LDNS_ECDSAP384SHA384:
            return true;
        case LDNS_ED25519:
            return LDNS_BUILD_CONFIG_USE_ED25519 != 0;
        case LDNS_ED448:
            return LDNS_BUILD_CONFIG_USE_ED448 != 0;
        default:
            return false;
    }
}

}  // namespace

RecordView select(const ldns_rr_list* section, const ldns_rdf* owner, ldns_rr_type type) {
    RecordView out(ldns_rr_list_new());
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section); ++i) {
        ldns_rr* record = ldns_rr_list_rr(section, i);
        if (ldns_rr_get_type(record) == type && is_internet(record) &&
            same_name(ldns_rr_owner(record), owner))
            ldns_rr_list_push_rr(out.get(), record);
    }
    return out;
}

RecordView signatures_over(const ldns_rr_list* section, const ldns_rdf* owner, ldns_rr_type type) {
    RecordView out(ldns_rr_list_new());
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section); ++i) {
        ldns_rr* record = ldns_rr_list_rr(section, i);
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_RRSIG || !is_internet(record) ||
            ldns_rr_rd_count(record) != rrsig_fields)
            continue;
        if (number(record, 0) == static_cast<std::uint32_t>(type) && same_name(ldns_rr_owner(record), owner))
            ldns_rr_list_push_rr(out.get(), record);
    }
    return out;
}

RecordView zone_keys(const ldns_rr_list* keys) {
    constexpr std::uint32_t zone_flag = 0x100, revoked_flag = 0x80, protocol = 3;
    RecordView out(ldns_rr_list_new());
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(keys) && size_of(out) < max_keys; ++i) {
        ldns_rr* key = ldns_rr_list_rr(keys, i);
        if (ldns_rr_get_type(key) != LDNS_RR_TYPE_DNSKEY || ldns_rr_rd_count(key) != dnskey_fields) continue;
        const std::uint32_t flags = number(key, 0).value_or(0);
        if ((flags & zone_flag) != 0 && (flags & revoked_flag) == 0 && number(key, 1) == protocol)
            ldns_rr_list_push_rr(out.get(), key);
    }
    return out;
}

std::string signer_of(const ldns_rr* signature) {
    return name_text(field(signature, 7));
}

SetCheck check_set(const RecordView& set, const RecordView& signatures, std::string_view zone,
                   const ldns_rr_list* keys, std::int64_t now) {
    SetCheck check{.why = "signature missing"};
    if (size_of(set) == 0) return check;
    const std::string owner = name_text(ldns_rr_owner(ldns_rr_list_rr(set.get(), 0)));
    const std::size_t owner_labels = label_count(owner) - (owner.starts_with("*.") || owner == "*" ? 1 : 0);
    if (!is_within(owner, zone)) return {.why = "signed by a zone that it does not belong to"};
    for (std::size_t i = 0, tried = 0; i < size_of(signatures) && tried < max_signatures; ++i) {
        const ldns_rr* signature = ldns_rr_list_rr(signatures.get(), i);
        const std::uint32_t labels = number(signature, 2).value_or(0);
        if (signer_of(signature) != zone || labels > owner_labels) {
            if (check.why == "signature missing") check.why = "signature of another zone";
            continue;
        }
        ++tried;
        const ldns_status status = ldns_verify_rrsig_keylist_notime(set.get(), signature, keys, nullptr);
        std::string in_time = status == LDNS_STATUS_OK ? fault_in_time(signature, now) : std::string{};
        if (status == LDNS_STATUS_OK && in_time.empty()) return {.good = true, .labels = labels};
        if (check.out_of_time) continue;  // the most telling fault so far: the key is right
        check.out_of_time = !in_time.empty();
        check.why = check.out_of_time ? std::move(in_time) : why(status);
    }
    return check;
}

bool is_supported(const ldns_rr* ds) {
    if (ldns_rr_rd_count(ds) != ds_fields) return false;
    const std::uint32_t digest = number(ds, 2).value_or(0);
    return is_known_algorithm(number(ds, 1).value_or(0)) &&
           (digest == LDNS_SHA1 || digest == LDNS_SHA256 || digest == LDNS_SHA384);
}

bool matches(const ldns_rr* ds, const ldns_rr* key) {
    if (!is_supported(ds) || number(ds, 1) != number(key, 2)) return false;
    if (number(ds, 0) != ldns_calc_keytag(key)) return false;
    const RecordOwner made(ldns_key_rr2ds(key, static_cast<ldns_hash>(number(ds, 2).value_or(0))));
    return made && octets(field(made.get(), 3)) == octets(field(ds, 3));
}

std::string type_word(ldns_rr_type type) {
    const Owned<char, std::free> text(ldns_rr_type2str(type));
    return text ? text.get() : "";
}

}  // namespace maildoctor::dns
