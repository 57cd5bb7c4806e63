#include "core/dns/library.h"

#include <ldns/ldns.h>

namespace maildoctor::dns {

std::string library_version() {
    return std::string("ldns ") + ldns_version();
}

}  // namespace maildoctor::dns
