// Proofs that something does not exist: NSEC (RFC 4035 section 5.4) and NSEC3 (RFC 5155 section 8). Pure
// functions; for the sources of this room only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/dns/ldns_ptr.h"

namespace maildoctor::dns {

enum class Proof : std::uint8_t {
    proven,
    opt_out,     ///< only that nothing signed exists there (RFC 5155 section 6): as good as insecure
    too_costly,  ///< more NSEC3 iterations than this program computes (RFC 9276 section 3.2): insecure
    missing,     ///< the records do not prove it
};

/// What a zone says about a delegation at a name.
enum class Cut : std::uint8_t {
    insecure,  ///< a delegation without DS
    none,      ///< no delegation: the name belongs to the zone, or does not exist
    withheld,  ///< the zone says that there is a DS
    unproven,
};

/// The NSEC and NSEC3 records of an answer's authority section that `zone` has signed well.
class Denial {
public:
    Denial(const ldns_pkt* packet, std::string_view zone, const ldns_rr_list* keys, std::int64_t now);

    /// The records as they are, whoever made them: for fuzzing the proofs, never for judging.
    static Denial unsigned_for_tests(const ldns_pkt* packet, std::string_view zone);

    bool any() const noexcept { return !nsec_.empty() || !nsec3_.empty() || too_costly_; }
    /// The fault of a signed record that was left out, e.g. "NSEC: signature expired 2026-01-01"; empty
    /// without one.
    const std::string& fault() const noexcept { return fault_; }

    /// The name exists, or is an empty inner node, without that type.
    Proof no_data(std::string_view name, ldns_rr_type type) const;
    /// The name does not exist, and no wildcard covers it.
    Proof no_name(std::string_view name) const;
    /// A wildcard answer is right: nothing exists nearer to `name` than its ancestor of `labels` labels.
    Proof no_closer(std::string_view name, std::size_t labels) const;
    Cut cut(std::string_view name) const;

private:
    explicit Denial(std::string_view zone) : zone_(zone) {}
    void take(const ldns_rr* record);
    const ldns_rr* nsec_at(const ldns_rdf* name) const;
    const ldns_rr* nsec_covering(std::string_view name) const;
    Proof nsec_no_data(std::string_view name, ldns_rr_type type) const;
    Proof nsec_no_name(std::string_view name) const;
    Proof nsec_no_closer(std::string_view name, std::size_t labels) const;
    Cut nsec_cut(std::string_view name) const;

    std::string hash_of(std::string_view name) const;
    const ldns_rr* nsec3_at(std::string_view name) const;
    const ldns_rr* nsec3_covering(std::string_view name) const;
    /// The nearest existing ancestor; `covering` denies the next name towards `name`.
    struct Encloser {
        std::string_view name{};
        const ldns_rr* covering{nullptr};
        bool found{false};
    };
    Encloser closest_encloser(std::string_view name) const;
    Proof nsec3_no_data(std::string_view name, ldns_rr_type type) const;
    Proof nsec3_no_name(std::string_view name) const;
    Proof nsec3_no_closer(std::string_view name, std::size_t labels) const;
    Cut nsec3_cut(std::string_view name) const;

    std::string zone_;
    std::vector<const ldns_rr*> nsec_, nsec3_;
    bool too_costly_{false};
    std::string fault_;
};

}  // namespace maildoctor::dns
