// What a JSON report says, taken apart into single statements that can be compared one by one.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "core/model/history.h"

namespace maildoctor::store {

/// The kinds of statement, what decides first.
enum class Section : std::uint8_t { verdict, finding, setting, server, certificate, dns, login, asked };

std::string_view word(Section value) noexcept;

struct StatementKey {
    Section section{};
    std::string what{};
    friend auto operator<=>(const StatementKey&, const StatementKey&) = default;
};

struct Snapshot {
    RunRecord run{};  ///< what the report says about itself; without id, command and document
    std::map<StatementKey, std::string> statements{};
};

/// Most octets of a report that is read.
inline constexpr std::size_t report_limit = std::size_t{16} << 20U;

/// Reads a report of `check` or `validate` in its JSON form (docs/schema). Times and other figures that
/// differ from run to run are left out; every text is cleaned.
/// @param bytes from anybody
/// @return the snapshot, or what is wrong in a few words: "is not JSON", "is not a report of maildoctor", …
std::expected<Snapshot, std::string> read_snapshot(std::string_view bytes);

}  // namespace maildoctor::store
