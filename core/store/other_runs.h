// What a kept report says about servers that another run may ask again.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/model/other_runs.h"

namespace maildoctor::store {

/// Adds what a JSON report saw: servers that offered STARTTLS, and relay tests. What `runs` already tells of
/// the same server and port stays where it is: read the latest report first. For one report at most 200
/// entries of a kind are taken.
/// @param document from anybody
/// @param where the report's name for people
/// @return nothing, or what is wrong in a few words: "is not JSON", …
std::expected<void, std::string> add_run(std::string_view document, const std::string& where,
                                         OtherRuns& runs);

}  // namespace maildoctor::store
