// The keys that every chain of DNSSEC signatures starts from.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace maildoctor::dns {

/// DS and DNSKEY records that are trusted without further proof.
class TrustAnchors;
using TrustAnchorsPtr = std::shared_ptr<const TrustAnchors>;

/// Reads DS and DNSKEY records in zone file form, one a line, as Unbound's trust-anchor-file has them; ';'
/// starts a comment. Other lines are refused.
/// @return the anchors, or one line that says what is wrong and where
std::expected<TrustAnchorsPtr, std::string> parse_trust_anchors(std::string_view text);

/// The same from a file; the message starts with its name.
std::expected<TrustAnchorsPtr, std::string> read_trust_anchors(const std::filesystem::path& file);

/// The root's keys: of the package dns-root-data where it is installed, else those built in (key tags 20326
/// and 38696).
TrustAnchorsPtr default_trust_anchors();

}  // namespace maildoctor::dns
