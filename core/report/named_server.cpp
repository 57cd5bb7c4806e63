#include "core/report/named_server.h"

#include <algorithm>
#include <array>

namespace maildoctor::report {
namespace {

struct Pair {
    std::string_view english, german;
};
constexpr std::array<Pair, static_cast<std::size_t>(NamedServerPhrase::count)> phrases = {{
    {"The text names no server and port that could be asked. Try: maildoctor check you@example.org",
     "Der Text nennt keinen Server und Port, der gefragt werden könnte. Versuchen Sie: maildoctor check "
     "sie@example.org"},
    {"The port in the text is not a mail port, so it is not asked.",
     "Der Port im Text ist kein Mail-Port und wird deshalb nicht gefragt."},
    {"Asked from here: ", "Von hier aus gefragt: "},
    {"The same fault is still there.", "Derselbe Fehler besteht noch."},
    {"Seen from here the server works now: the fault is gone, or it is on the side of the mail program or "
     "its network.",
     "Von hier aus arbeitet der Server jetzt: Der Fehler ist behoben, oder er liegt beim Mailprogramm oder "
     "seinem Netz."},
    {"The server has another problem now; see below.",
     "Der Server hat jetzt ein anderes Problem; siehe unten."},
    {"Whether the fault is still there could not be told from here.",
     "Ob der Fehler noch besteht, ließ sich von hier aus nicht feststellen."},
    {"The server answers. Whether the login is accepted shows only with the password: maildoctor check "
     "you@example.org --ask-password",
     "Der Server antwortet. Ob er die Anmeldung annimmt, zeigt sich nur mit dem Passwort: maildoctor check "
     "sie@example.org --ask-password"},
}};

}  // namespace

std::string_view phrase(NamedServerPhrase which, Language language) noexcept {
    const Pair& words = phrases[static_cast<std::size_t>(which)];
    return language == Language::german ? words.german : words.english;
}

std::optional<NamedServerPhrase> cannot_ask(const Clues& clues) noexcept {
    const TextFields& fields = clues.fields;
    if (!fields.server || (!fields.port && !fields.protocol)) return NamedServerPhrase::no_server;
    if (fields.port && std::ranges::find(mail_ports, *fields.port) == mail_ports.end())
        return NamedServerPhrase::no_mail_port;
    return std::nullopt;
}

std::optional<bool> still_there(const Clues& clues, const Report& report) {
    if (clues.causes.empty() || report.verdict == Verdict::inconclusive) return std::nullopt;
    const auto named = [&](const Finding& finding) {
        return finding.severity == Severity::error &&
               std::ranges::any_of(clues.causes,
                                   [&](const CauseCandidate& c) { return c.cause == finding.cause; });
    };
    if (std::ranges::any_of(report.findings, named)) return true;
    const std::string_view layer = cause_id(clues.causes.front().cause);
    if (layer.starts_with("auth.") || layer.starts_with("mailbox.") || layer.starts_with("smtp.") ||
        layer.starts_with("client."))
        return std::nullopt;
    return false;
}

NamedServerPhrase verdict_on(const Clues& clues, const Report& report) {
    const auto still = still_there(clues, report);
    if (still == true) return NamedServerPhrase::still;
    if (report.verdict == Verdict::problem) return NamedServerPhrase::other;
    if (still == false) return NamedServerPhrase::gone;
    const bool login = !clues.causes.empty() && cause_id(clues.causes.front().cause).starts_with("auth.");
    return login && report.verdict == Verdict::ok ? NamedServerPhrase::login : NamedServerPhrase::untold;
}

}  // namespace maildoctor::report
