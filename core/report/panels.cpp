#include "core/report/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/model/text.h"
#include "core/report/clean.h"

namespace maildoctor::report {
namespace {

constexpr std::size_t most_answer = 60;  // octets; the transcript has all of it

std::string value_text(const ServerLimit& limit, std::uint64_t value, Language language) {
    switch (limit.kind) {
        case ServerLimit::Kind::message_size:
        case ServerLimit::Kind::upload_size:
            return size_words(value);
        case ServerLimit::Kind::login_delay:
            return fmt::format("{} {}", value, phrase(Phrase::seconds, language));
        case ServerLimit::Kind::keep_days:
            return fmt::format("{} {}", value, phrase(Phrase::days, language));
        default:
            return fmt::format("{}", value);
    }
}

/// The limit itself, and whether it stood in the way; a server that refused may not say how high it is.
std::string stated_text(const ServerLimit& limit, Language language) {
    if (!limit.reached) return value_text(limit, limit.value, language);
    const std::string reached(phrase(Phrase::limit_reached, language));
    return limit.value == 0 ? reached : value_text(limit, limit.value, language) + " (" + reached + ")";
}

Phrase name_of(ServerLimit::Kind kind) noexcept {
    constexpr std::array names = {Phrase::limit_message_size, Phrase::limit_recipients,
                                  Phrase::limit_messages,     Phrase::limit_login_delay,
                                  Phrase::limit_keep_days,    Phrase::limit_upload_size,
                                  Phrase::limit_connections};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<std::string> head(std::initializer_list<Phrase> columns, Language language) {
    std::vector<std::string> row;
    for (const Phrase column : columns)
        row.emplace_back(phrase(column, language));
    return row;
}

void add_trial(Rows& rows, const RelayTrial& trial) {
    rows.push_back({"<" + cleaned(trial.sender) + ">", "<" + cleaned(trial.recipient) + ">",
                    maildoctor::cleaned(trial.reply, most_answer)});
}

}  // namespace

Phrase relay_phrase(const Report& report) noexcept {
    const bool closed = std::ranges::all_of(report.observations, [](const Observation& seen) {
        return !seen.relay || seen.relay->grade == RelayGrade::refused ||
               seen.relay->grade == RelayGrade::asks_for_login;
    });
    return closed ? Phrase::relay_closed : Phrase::relay_not_shown;
}

Rows relay_rows(const Report& report, Language language) {
    if (!report.request.relay.server) return {};
    Rows rows;
    for (const Observation& seen : report.observations) {
        if (!seen.relay) continue;
        if (seen.relay->baseline) add_trial(rows, *seen.relay->baseline);
        for (const RelayTrial& trial : seen.relay->trials)
            add_trial(rows, trial);
    }
    if (!rows.empty())
        rows.insert(rows.begin(),
                    head({Phrase::relay_sender, Phrase::relay_recipient, Phrase::relay_answer}, language));
    return rows;
}

Rows limit_rows(const Report& report, Language language) {
    if (report.limits.empty()) return {};
    const bool wanted =
        std::ranges::any_of(report.limits, [](const ServerLimit& l) { return l.wanted.has_value(); });
    Rows rows = {head({Phrase::server, Phrase::limit, Phrase::limit_value}, language)};
    if (wanted) rows.front().emplace_back(phrase(Phrase::limit_wanted, language));
    for (const ServerLimit& limit : report.limits) {
        rows.push_back({cleaned(limit.subject.host.value_or("")) +
                            (limit.subject.port ? fmt::format(":{}", limit.subject.port->number()) : ""),
                        std::string(phrase(name_of(limit.kind), language)), stated_text(limit, language)});
        if (wanted)
            rows.back().push_back(limit.wanted ? value_text(limit, *limit.wanted, language) : std::string{});
    }
    return rows;
}

}  // namespace maildoctor::report
