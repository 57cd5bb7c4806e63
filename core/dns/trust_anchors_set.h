// The inside of TrustAnchors. For the sources of this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/dns/ldns_ptr.h"
#include "core/dns/trust_anchors.h"

namespace maildoctor::dns {

class TrustAnchors {
public:
    TrustAnchors() : records_(ldns_rr_list_new()) {}

    void add(RecordOwner record) { ldns_rr_list_push_rr(records_.get(), record.release()); }
    /// DS and DNSKEY records of all zones.
    const ldns_rr_list* records() const noexcept { return records_.get(); }
    std::size_t count() const noexcept { return ldns_rr_list_rr_count(records_.get()); }

    /// The zone of the deepest anchor that encloses `name`; nothing when none does.
    std::optional<std::string> zone_above(std::string_view name) const;

private:
    RecordListOwner records_;
};

}  // namespace maildoctor::dns
