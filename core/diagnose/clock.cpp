#include "core/diagnose/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "core/protocol/date.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::int64_t least_offset = 300;  // seconds: less cannot matter to a certificate
constexpr std::int64_t agreement = 600;     // seconds between servers that mean the same time

/// One server's time against ours.
struct Clue {
    const Observation* seen{};
    std::int64_t theirs{}, ours{};
    std::string source{};

    std::int64_t offset() const noexcept { return theirs - ours; }
};

/// When the outgoing server took our own message, as it wrote into the header, and as it was here.
std::optional<Clue> clue_of_message(const Observation& seen) {
    if (!seen.send || seen.send->handed_over == 0 || seen.send->path.empty()) return std::nullopt;
    const Hop& first = seen.send->path.front();
    if (!first.time) return std::nullopt;
    return Clue{.seen = &seen,
                .theirs = *first.time,
                .ours = seen.send->handed_over,
                .source = "header of the test message, written by " +
                          (first.by.empty() ? seen.subject.host.value_or("a server") : first.by)};
}

std::vector<Clue> clues_of(const Picture& picture, std::int64_t now) {
    std::vector<Clue> clues;
    for (const Observation& seen : picture.all()) {
        if (auto clue = clue_of_message(seen)) {
            clues.push_back(std::move(*clue));
        } else if (seen.clock) {
            clues.push_back({.seen = &seen,
                             .theirs = seen.clock->theirs,
                             .ours = seen.clock->ours,
                             .source = seen.clock->source});
        } else if (seen.mail && !seen.mail->greeting.empty()) {
            const auto theirs = protocol::date_in(seen.mail->greeting);
            const auto after = std::chrono::duration_cast<std::chrono::seconds>(seen.started).count();
            if (theirs)
                clues.push_back({.seen = &seen,
                                 .theirs = *theirs,
                                 .ours = now + after,
                                 .source = "greeting of " + seen.subject.host.value_or("a server")});
        }
    }
    return clues;
}

bool has_date_fault(const Observation& seen) {
    return seen.tls && !seen.tls->chain.empty() &&
           std::ranges::any_of(seen.tls->faults, [](ChainFault fault) {
               return fault == ChainFault::expired || fault == ChainFault::not_yet_valid;
           });
}

/// Whether every certificate whose dates look wrong is valid at the servers' time.
bool explains(const Picture& picture, std::int64_t moment) {
    bool any = false;
    for (const Observation& seen : picture.all()) {
        if (!has_date_fault(seen)) continue;
        any = true;
        const bool valid = std::ranges::all_of(seen.tls->chain, [&](const CertificateFacts& certificate) {
            return certificate.not_before <= moment && moment <= certificate.not_after;
        });
        if (!valid) return false;
    }
    return any;
}

/// The day in "… signature expired 2026-11-30", as seconds since 1970 UTC.
std::optional<std::int64_t> day_after(std::string_view text, std::string_view words) {
    const std::size_t at = text.find(words);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view day = text.substr(at + words.size());
    const auto number = [&](std::size_t from, std::size_t size) {
        int value = 0;
        const std::string_view digits = day.size() >= from + size ? day.substr(from, size) : "";
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                           std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::sys_days(date).time_since_epoch())
        .count();
}

std::string date_words(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace

std::string span_words(std::int64_t seconds, const std::string& language) {
    struct Unit {
        std::int64_t seconds;
        const char *one, *many, *eins, *viele;
    };
    static constexpr std::array units = {
        Unit{31556952, "year", "years", "Jahr", "Jahre"}, Unit{86400, "day", "days", "Tag", "Tage"},
        Unit{3600, "hour", "hours", "Stunde", "Stunden"}, Unit{60, "minute", "minutes", "Minute", "Minuten"}};
    const bool german = language == "de";
    std::int64_t left = std::abs(seconds);
    std::string text;
    int parts = 0;
    for (const Unit& unit : units) {
        const std::int64_t count = left / unit.seconds;
        left %= unit.seconds;
        if (count == 0 && parts == 0) continue;
        if (count > 0) {
            const char* const name =
                german ? (count == 1 ? unit.eins : unit.viele) : (count == 1 ? unit.one : unit.many);
            text += fmt::format("{}{} {}", text.empty() ? "" : german ? " und " : " and ", count, name);
        }
        if (++parts == 2) break;
    }
    return text.empty() ? (german ? "weniger als eine Minute" : "less than a minute") : text;
}

std::optional<Draft> judge_clock(const Picture& picture, std::int64_t now, const std::string& language) {
    const std::vector<Clue> clues = clues_of(picture, now);
    if (clues.empty()) return std::nullopt;
    const std::int64_t offset = clues.front().offset();
    const bool agree = std::ranges::all_of(
        clues, [&](const Clue& clue) { return std::abs(clue.offset() - offset) <= agreement; });
    if (!agree || std::abs(offset) < least_offset || !explains(picture, now + offset)) return std::nullopt;
    Draft draft = draft_about(Cause::client_clock_wrong, *clues.front().seen, "servers-dates");
    draft.subject = {};
    draft.variant = offset > 0 ? "slow" : "fast";
    draft.confidence = clues.size() > 1 ? Confidence::certain : Confidence::likely;
    draft.values["offset"] = span_words(offset, language);
    for (const Clue& clue : clues) {
        draft.evidence.push_back({.kind = "clock",
                                  .text = fmt::format("{}: {}, here: {}", clue.source,
                                                      date_words(clue.theirs), date_words(clue.ours))});
        draft.observations.push_back(clue.seen->id);
    }
    return draft;
}

bool clock_fits_another(const Picture& picture, const Draft& outdated) {
    return std::ranges::any_of(picture.all(), [&](const Observation& seen) {
        return seen.tls && seen.tls->verified && !seen.tls->chain.empty() && seen.subject.host &&
               seen.subject.host != outdated.subject.host;
    });
}

std::optional<Draft> judge_clock_by_root(const Picture& picture, std::int64_t now,
                                         const std::string& language) {
    for (const Observation& seen : picture.all()) {
        if (!seen.dns || !seen.dns->dnssec_link.starts_with(". ")) continue;
        const auto ended = day_after(seen.dns->dnssec_link, "signature expired ");
        const auto begins = day_after(seen.dns->dnssec_link, "signature not valid before ");
        const std::optional<std::int64_t> bound = ended ? ended : begins;
        if (!bound || std::abs(now - *bound) < least_offset) continue;
        Draft draft = draft_about(Cause::client_clock_wrong, seen, "root-signature");
        draft.subject = {};
        draft.variant = ended ? "fast" : "slow";
        draft.confidence = Confidence::likely;
        draft.values["offset"] = span_words(now - *bound, language);
        draft.evidence.push_back(
            {.kind = "clock",
             .text = fmt::format("root zone of DNS: {}, here: {}", seen.dns->dnssec_link, date_words(now))});
        return draft;
    }
    return std::nullopt;
}

}  // namespace maildoctor::diagnose
