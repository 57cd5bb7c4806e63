// Owners of ldns's C objects. For the sources of this room only: <ldns/ldns.h> brings macros.
#pragma once

#include <ldns/ldns.h>
// ldns defines these as macros, for C++ too.
#undef bool
#undef true
#undef false
#undef dprintf

#include <cstdlib>

#include "core/model/owned.h"

namespace maildoctor::dns {

using PacketOwner = Owned<ldns_pkt, ldns_pkt_free>;
using NameOwner = Owned<ldns_rdf, ldns_rdf_deep_free>;
using RecordOwner = Owned<ldns_rr, ldns_rr_free>;
using RecordListOwner = Owned<ldns_rr_list, ldns_rr_list_deep_free>;
/// A list that does not own its records.
using RecordView = Owned<ldns_rr_list, ldns_rr_list_free>;
static_assert(sizeof(PacketOwner) == sizeof(ldns_pkt*));

}  // namespace maildoctor::dns
