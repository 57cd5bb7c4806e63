#include "cli/run_order.h"

#include <utility>

#include "cli/history_command.h"
#include "cli/interrupt.h"
#include "cli/nagios.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/report/render.h"

namespace maildoctor::cli {
namespace {

std::string rendered(const Report& report, const CheckOrder& order) {
    switch (order.format) {
        case Format::json:
            return report::render_json(report);
        case Format::markdown:
            return report::render_markdown(report, order.language);
        case Format::html:
            return report::render_html(report, order.language);
        case Format::message: {
            if (auto message = report::render_message(report, order.language)) return std::move(*message);
            break;  // there is nobody to write to: the report itself says why
        }
        case Format::text:
            break;
    }
    return report::render_text(report, text_style(order.colour, order.width, order.language, order.verbose));
}

ExitStatus status_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return ExitStatus::ok;
        case Verdict::problem:
            return ExitStatus::problem;
        case Verdict::inconclusive:
            break;
    }
    return ExitStatus::inconclusive;
}

}  // namespace

int run_order(CheckOrder order) {
    ProgressLine progress;
    auto run = doctor::start_check(
        order.request, order.options, [&progress](const doctor::Progress& step) { progress.show(step); },
        std::move(order.credentials));
    if (!run) throw UsageError(run.error().line);
    Report report;
    bool cancelled = false;
    {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        report = (*run)->wait();
        cancelled = Interrupt::came();
    }
    progress.erase();
    if (cancelled) report.not_tested.push_back({"the rest of the check", "it was stopped"});
    if (!order.nagios) write_output(rendered(report, order));
    if (!order.store.empty())
        keep_run(order.store, order.request.relay.server ? "relay" : "check", report::render_json(report));
    if (order.nagios)
        return write_plugin(cancelled ? report::plugin_unknown("it was stopped")
                                      : report::render_plugin(report));
    return static_cast<int>(cancelled ? ExitStatus::inconclusive : status_of(report.verdict));
}

}  // namespace maildoctor::cli
