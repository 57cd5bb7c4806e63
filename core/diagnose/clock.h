// Is this computer's clock wrong?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"

namespace maildoctor::diagnose {

/// Compares the servers' dates (of web servers, of greetings, and what the first server wrote into the header
/// of this run's test message) with this computer's, when certificates look expired or not yet valid.
/// @param now seconds since 1970 UTC by this computer's clock, at the start of the run
/// @param language of the reader, for "3 days slow"
/// @return client.clock-wrong when all such certificates are valid at the time that the servers agree on
std::optional<Draft> judge_clock(const Picture& picture, std::int64_t now, const std::string& language);

/// The root zone's signatures are never out of date: where they look so (to a validator that uses this
/// computer's clock), the clock is wrong by that much at least.
std::optional<Draft> judge_clock_by_root(const Picture& picture, std::int64_t now,
                                         const std::string& language);

/// Whether this computer's clock is right as far as a certificate shows: that of another server than the
/// draft's was verified, dates included.
bool clock_fits_another(const Picture& picture, const Draft& outdated);

/// "2 days and 3 hours"; "2 Tage und 3 Stunden"
std::string span_words(std::int64_t seconds, const std::string& language);

}  // namespace maildoctor::diagnose
