#include "cli/explain_check.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/doctor/doctor.h"
#include "core/report/render.h"

namespace maildoctor::cli {
namespace {

struct Words {
    std::string no_server, no_mail_port, asked, still, gone, other, untold, login;
};

const Words& words(const std::string& language) {
    static const Words english{
        .no_server =
            "The text names no server and port that could be asked. Try: maildoctor check you@example.org",
        .no_mail_port = "The port in the text is not a mail port, so it is not asked.",
        .asked = "Asked from here: ",
        .still = "The same fault is still there.",
        .gone =
            "Seen from here the server works now: the fault is gone, or it is on the side of the mail "
            "program or its network.",
        .other = "The server has another problem now; see below.",
        .untold = "Whether the fault is still there could not be told from here.",
        .login =
            "The server answers. Whether the login is accepted shows only with the password: maildoctor "
            "check you@example.org --ask-password"};
    static const Words german{
        .no_server =
            "Der Text nennt keinen Server und Port, der gefragt werden könnte. Versuchen Sie: maildoctor "
            "check sie@example.org",
        .no_mail_port = "Der Port im Text ist kein Mail-Port und wird deshalb nicht gefragt.",
        .asked = "Von hier aus gefragt: ",
        .still = "Derselbe Fehler besteht noch.",
        .gone =
            "Von hier aus arbeitet der Server jetzt: Der Fehler ist behoben, oder er liegt beim Mailprogramm "
            "oder seinem Netz.",
        .other = "Der Server hat jetzt ein anderes Problem; siehe unten.",
        .untold = "Ob der Fehler noch besteht, ließ sich von hier aus nicht feststellen.",
        .login =
            "Der Server antwortet. Ob er die Anmeldung annimmt, zeigt sich nur mit dem Passwort: maildoctor "
            "check sie@example.org --ask-password"};
    return language == "de" ? german : english;
}

bool is_mail_port(int port) {
    return std::ranges::find(mail_ports, port) != mail_ports.end();
}

/// Whether the fault of the text was seen again; nothing when that cannot be told.
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

std::string verdict_words(const Clues& clues, const Report& report, std::optional<bool> still,
                          const Words& say) {
    if (still == true) return say.still;
    if (report.verdict == Verdict::problem) return say.other;
    if (still == false) return say.gone;
    const bool login = !clues.causes.empty() && cause_id(clues.causes.front().cause).starts_with("auth.");
    return login && report.verdict == Verdict::ok ? say.login : say.untold;
}

}  // namespace

NamedServerAnswer check_named_server(const std::string& text, const Clues& clues,
                                     const NamedServerOptions& options) {
    const Words& say = words(options.language);
    const auto refuse = [&](const std::string& line, int status) {
        return NamedServerAnswer{
            .output = options.json ? "{\"check\":null,\"still_there\":null}" : line + "\n", .status = status};
    };
    if (!clues.fields.server || (!clues.fields.port && !clues.fields.protocol))
        return refuse(say.no_server, 3);
    if (clues.fields.port && !is_mail_port(*clues.fields.port)) return refuse(say.no_mail_port, 3);
    Request request;
    request.error_text = text;
    request.only_typed = true;
    request.language = options.language;
    ProgressLine progress;
    auto run = doctor::start_check(request,
                                   {.timeout = std::chrono::seconds(options.timeout),
                                    .resolvers = options.resolvers,
                                    .ca_file = options.ca_file,
                                    .trust_anchor = options.trust_anchor,
                                    .allow_local = options.allow_local},
                                   [&progress](const doctor::Progress& step) { progress.show(step); });
    if (!run) throw UsageError(run.error().line);
    Report report;
    {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        report = (*run)->wait();
    }
    progress.erase();
    const auto still = still_there(clues, report);
    NamedServerAnswer answer{.status = report.verdict == Verdict::ok        ? 0
                                       : report.verdict == Verdict::problem ? 1
                                                                            : 3};
    if (options.json) {
        answer.output = "{\"check\":" + report::render_json(report) +
                        ",\"still_there\":" + (still ? *still ? "true" : "false" : "null") + "}";
        return answer;
    }
    const std::string place =
        *clues.fields.server + (clues.fields.port ? ":" + std::to_string(*clues.fields.port) : "");
    answer.output =
        "\n" + say.asked + place + "\n" + verdict_words(clues, report, still, say) + "\n\n" +
        report::render_text(report, text_style(Colour::automatic, static_cast<std::size_t>(options.width),
                                               options.language, false));
    return answer;
}

}  // namespace maildoctor::cli
