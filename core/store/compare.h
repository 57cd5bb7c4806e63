// What differs between two reports: two moments, or two networks.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/model/history.h"

namespace maildoctor::store {

/// Compares two JSON reports.
/// @return what differs, or which of them cannot be read and why, in a few words; `second` tells which
struct NotComparable {
    bool second{false};
    std::string why{};
};
std::expected<Comparison, NotComparable> compare(std::string_view before, std::string_view after);

/// The record of a report, to be kept: what the report says about itself.
/// @return the record without id and command, or what is wrong in a few words
std::expected<RunRecord, std::string> record_of(std::string_view document);

}  // namespace maildoctor::store
