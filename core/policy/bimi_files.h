// What a BIMI record points to: the picture (draft-svg-tiny-ps-abrotman) and the certificate that vouches for
// it (draft-fetch-validation-vmc-wchuang). No network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Judges the picture at l=: SVG in the profile Tiny Portable/Secure, with a title, square, without scripts,
/// animation, links or anything that is loaded from elsewhere.
/// @param bytes of the file, from anybody; a compressed one is not looked into
void read_bimi_picture(std::string_view bytes, std::string_view content_type, PolicyRecord& file);

/// Judges the PEM file at a=: made for logos, holding one, for this domain, in time, signed one by the other.
/// Whether a recognised authority issued it is not told: no list of these is installed.
/// @param names any of which the certificate has to be for: the domain, its organisational domain, the
/// record's name
/// @param now seconds since 1970 UTC
void read_bimi_certificate(std::string_view pem, const std::vector<std::string>& names, std::int64_t now,
                           BimiFacts& facts);

}  // namespace maildoctor::policy
