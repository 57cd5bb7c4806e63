#include "cli/explain_check.h"

#include <chrono>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/doctor/doctor.h"
#include "core/report/named_server.h"
#include "core/report/render.h"

namespace maildoctor::cli {

NamedServerAnswer check_named_server(const std::string& text, const Clues& clues,
                                     const NamedServerOptions& options) {
    using Say = report::NamedServerPhrase;
    const auto say = [language = report::language_from(options.language)](Say which) {
        return std::string(report::phrase(which, language));
    };
    const auto refuse = [&](const std::string& line, int status) {
        return NamedServerAnswer{
            .output = options.json ? "{\"check\":null,\"still_there\":null}" : line + "\n", .status = status};
    };
    if (const auto why = report::cannot_ask(clues)) return refuse(say(*why), 3);
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
    const auto still = report::still_there(clues, report);
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
        "\n" + say(Say::asked) + place + "\n" + say(report::verdict_on(clues, report)) + "\n\n" +
        report::render_text(report, text_style(Colour::automatic, static_cast<std::size_t>(options.width),
                                               options.language, false));
    return answer;
}

}  // namespace maildoctor::cli
