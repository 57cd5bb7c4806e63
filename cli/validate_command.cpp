#include "cli/validate_command.h"

#include <memory>
#include <optional>

#include "cli/bulk_validation.h"
#include "cli/command.h"
#include "cli/history_command.h"
#include "cli/interrupt.h"
#include "cli/nagios.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/result_file.h"
#include "cli/validate_arguments.h"

namespace maildoctor::cli {
namespace {

ExitStatus status_of(const Validation& validation) {
    for (const PolicyLine& line : validation.policy)
        if (line.met == Answer::no) return ExitStatus::problem;
    switch (validation.report.verdict) {
        case Verdict::ok:
            return ExitStatus::ok;
        case Verdict::problem:
            return ExitStatus::problem;
        case Verdict::inconclusive:
            break;
    }
    return ExitStatus::inconclusive;
}

int validate(const ValidateArguments& typed) {
    const ValidateOrder order = read_validate_arguments(typed);
    if (!order.list.empty()) return validate_list(order);
    std::optional<ResultFile> file;
    if (order.output.empty()) {
        file.emplace();
    } else {
        file.emplace(order.output, 0);
    }
    ProgressLine progress;
    auto run = doctor::start_validation(*order.account, order.options, order.validation,
                                        [&progress](const doctor::Progress& step) { progress.show(step); });
    if (!run) throw UsageError(run.error().line);
    Validation validation;
    bool cancelled = false;
    {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        validation = (*run)->wait();
        cancelled = Interrupt::came();
    }
    progress.erase();
    if (!order.nagios) {
        const auto writer = report::validation_writer(order.format, order.style);
        (void)file->write(writer->begin() + writer->one(validation) + writer->end());
    }
    if (!order.store.empty()) {
        const auto kept = report::validation_writer(report::ValidationFormat::json, {});
        keep_run(order.store, "validate", kept->one(validation));
    }
    if (order.nagios) {
        if (cancelled) return write_plugin(report::plugin_unknown("it was stopped"));
        report::PluginSummary summary;
        summary.add(validation);
        return write_plugin(summary.output());
    }
    return static_cast<int>(cancelled ? ExitStatus::inconclusive : status_of(validation));
}

}  // namespace

void add_validate_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<ValidateArguments>();
    CLI::App* const command = app.add_subcommand(
        "validate", "Prove that all settings which a domain publishes work, and that they agree");
    add_validate_options(*command, *typed);
    command->callback([typed, &status] { status = validate(*typed); });
}

}  // namespace maildoctor::cli
