#include "core/diagnose/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/diagnose/evidence.h"
#include "core/diagnose/picture.h"
#include "core/explain/refused_connection.h"
#include "core/model/dialog.h"
#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

using Kind = ServerLimit::Kind;

/// The size of what the user wants to send, as the server will count it.
std::optional<std::uint64_t> wanted_size(const Case& seen) {
    if (seen.request.message_size) return size_in_message(*seen.request.message_size);
    return seen.clues ? message_size_in(seen.clues->text) : std::nullopt;
}

void add(std::vector<ServerLimit>& limits, const Observation& seen, std::optional<std::uint64_t> wanted) {
    const StatedLimits& stated = seen.mail->limits;
    const auto take = [&](Kind kind, const std::optional<std::uint64_t>& value,
                          std::optional<std::uint64_t> want = std::nullopt) {
        if (value) limits.push_back({.kind = kind, .subject = seen.subject, .value = *value, .wanted = want});
    };
    take(Kind::message_size, stated.message_size, wanted);
    take(Kind::recipients, stated.recipients);
    take(Kind::messages, stated.messages);
    take(Kind::login_delay, stated.login_delay);
    take(Kind::keep_days, stated.keep_days);
    take(Kind::upload_size, stated.upload_size, wanted);
}

/// The words with which a server turned a dialog or a login away.
std::vector<std::string> refusals_of(const Observation& seen) {
    std::vector<std::string> words;
    if (seen.mail) words.push_back(seen.mail->refusal);
    if (!seen.login) return words;
    words.push_back(seen.login->refusal);
    words.push_back(seen.login->after_refusal);
    words.insert(words.end(), seen.login->notices.begin(), seen.login->notices.end());
    return words;
}

void add_refused_connections(std::vector<ServerLimit>& limits, const Observation& seen,
                             const knowledge::Pack& pack) {
    for (const std::string& words : refusals_of(seen)) {
        const auto refused = explain::refused_connection(words, pack);
        if (!refused) continue;
        const bool known = std::ranges::any_of(limits, [&](const ServerLimit& limit) {
            return limit.kind == Kind::connections && limit.subject.host == seen.subject.host &&
                   limit.subject.port == seen.subject.port;
        });
        if (!known)
            limits.push_back({.kind = Kind::connections,
                              .subject = seen.subject,
                              .value = refused->allowed.value_or(0),
                              .reached = true});
        return;
    }
}

/// The setting that the user will use for a role: what was typed, else the best one that works.
const ServerSetting* used(const std::optional<ServerSetting>& typed,
                          const std::vector<ServerSetting>& works) {
    if (typed) return &*typed;
    return works.empty() ? nullptr : &works.front();
}

}  // namespace

std::uint64_t size_in_message(std::uint64_t octets) noexcept {
    constexpr std::uint64_t headers = 2000, most = std::uint64_t{1} << 60U;
    const std::uint64_t base64 = (std::min(octets, most) + 2) / 3 * 4;
    return base64 + base64 / 76 * 2 + headers;
}

std::optional<std::uint64_t> message_size_in(std::string_view text) {
    constexpr std::string_view before = "MESSAGE SIZE ", after = " EXCEEDS";
    const std::string folded = upper_case(text);
    const auto at = folded.find(before);
    if (at == std::string::npos) return std::nullopt;
    const std::string_view rest = std::string_view(folded).substr(at + before.size());
    std::uint64_t size{};
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    if (error != std::errc{} || !rest.substr(static_cast<std::size_t>(end - rest.data())).starts_with(after))
        return std::nullopt;
    return size;
}

std::vector<ServerLimit> stated_limits(const Case& seen, const Settings& works, const knowledge::Pack& pack) {
    std::vector<ServerLimit> limits;
    const Picture picture(seen.observations);
    for (const ServerSetting* setting :
         {used(seen.request.incoming, works.incoming), used(seen.request.outgoing, works.outgoing)}) {
        const Observation* const dialog = setting == nullptr ? nullptr : picture.dialog(*setting);
        if (dialog == nullptr || !dialog->mail) continue;
        add(limits, *dialog, wanted_size(seen));
    }
    for (const Observation& one : seen.observations)
        if (one.subject.role != Role::mx) add_refused_connections(limits, one, pack);
    return limits;
}

std::vector<Draft> judge_limits(const std::vector<ServerLimit>& limits, const Case& seen) {
    std::vector<Draft> drafts;
    for (const ServerLimit& limit : limits) {
        if (limit.kind != Kind::message_size || !limit.exceeded()) continue;
        Draft draft{.cause = Cause::smtp_message_too_large,
                    .subject = limit.subject,
                    .settings_work = true,
                    .rule = "stated-limit"};
        const std::string most = size_words(limit.value), whole = size_words(*limit.wanted);
        draft.evidence.push_back({.kind = "reply",
                                  .text = fmt::format("{} states SIZE {}: it takes messages up to {}",
                                                      place(limit.subject), limit.value, most)});
        draft.evidence.push_back(
            {.kind = "text",
             .text = seen.request.message_size
                         ? fmt::format("files of {} make a message of about {}, because mail carries them "
                                       "as text",
                                       size_words(*seen.request.message_size), whole)
                         : "the pasted error names a message of " + whole});
        for (const Observation& o : seen.observations) {
            if (is_dialog(o) && o.subject == limit.subject) draft.observations.push_back(o.id);
        }
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace maildoctor::diagnose
