// The frame of a report in each language: headings, labels and short words. What a cause means and what to do
// about it comes with the findings and is already in the reader's language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/report.h"

namespace maildoctor::report {

enum class Language : std::uint8_t { english, german };

/// "de" and "de-AT" are German, everything else is English.
Language language_from(std::string_view tag) noexcept;
std::string_view tag_of(Language language) noexcept;

enum class Phrase : std::uint8_t {
    verdict_problem,
    verdict_ok,
    verdict_ok_with_remarks,
    verdict_inconclusive,
    problem,
    warning,
    note,
    why,
    reasons,
    what_to_do,
    as_above,
    for_helpdesk,
    for_operator,
    who_acts,
    consequences,
    also_found,
    certain,
    likely,
    possible,
    actor_user,
    actor_other_user,
    actor_network,
    actor_provider,
    actor_operator,
    actor_recipient,
    works,
    nothing_works,
    receive,
    send,
    protocol,
    server,
    port,
    encryption,
    user_name,
    enc_none,
    no_encryption,
    checked,
    of,
    questions_answered,
    answers,
    certificate_fault,
    not_tested,
    told,
    notes,
    references,
    details,
    vantage_here,
    vantage_other,
    other_side,
    other_side_network,
    other_side_computer,
    other_side_ask,
    took,
    measured_by,
    more_with_verbose,
    evidence_connect,
    evidence_certificate,
    evidence_reply,
    evidence_dialog,
    evidence_pasted,
    relay_closed,
    relay_not_shown,
    relay_asked,
    relay_sender,
    relay_recipient,
    relay_answer,
    limits,
    limit,
    limit_value,
    limit_wanted,
    limit_message_size,
    limit_recipients,
    limit_messages,
    limit_login_delay,
    limit_keep_days,
    limit_upload_size,
    limit_connections,
    limit_reached,
    seconds,
    days,
    evidence_record,
    evidence_fault,
    evidence_better,
    message_subject,
    message_greeting,
    message_problem,
    message_seen,
    message_help,
    message_closing,
    count
};

std::string_view phrase(Phrase which, Language language) noexcept;

/// How a connection or question failed, in two or three words.
std::string_view failure_phrase(FailureKind kind, Language language) noexcept;

std::string_view severity_phrase(Severity severity, Language language) noexcept;
std::string_view confidence_phrase(Confidence confidence, Language language) noexcept;
std::string_view actor_phrase(Actor actor, bool for_someone_else, Language language) noexcept;
std::string_view security_phrase(Security security, Language language) noexcept;
/// A label for a kind of evidence; the kind itself where there is no better word.
std::string_view evidence_phrase(std::string_view kind, Language language) noexcept;
std::string_view protocol_name(Protocol protocol) noexcept;

}  // namespace maildoctor::report
