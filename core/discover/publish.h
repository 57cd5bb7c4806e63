// What a domain publishes so that mail programs find its servers: records and files, ready to paste.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "core/model/offer.h"

namespace maildoctor::discover {

/// Makes everything that can be published for these servers: SRV records (RFC 6186, RFC 8314), the
/// Autodiscover SRV record, Mozilla autoconfig, the Autodiscover answer in plain XML, an Apple profile, and
/// PACC with its digest where each server is at its usual port for TLS. The same input gives the same octets.
/// @param offer its servers in order of preference; `username_form` is %EMAILADDRESS%, %EMAILLOCALPART% or a
/// text
/// @return the parts, or one line that says why nothing can be made
std::expected<std::vector<PublicationPart>, std::string> make_publication(const PublicationOffer& offer);

}  // namespace maildoctor::discover
