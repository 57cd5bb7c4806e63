#include "cli/worker_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/queue_place.h"
#include "cli/validate_arguments.h"
#include "core/doctor/queued.h"

namespace maildoctor::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor worker --queue redis://queue.example.org:6379/nightly\n"
    "      Work on what 'maildoctor validate --domains FILE --queue …' puts there, until stopped.\n"
    "  maildoctor worker --queue redis://127.0.0.1:6379/nightly --until-empty\n"
    "      The same, but end when nothing is left.\n"
    "\n"
    "Redis is spoken without encryption: use a trusted network, or a tunnel such as stunnel.\n"
    "Exit status: 0 stopped, or nothing left; 1 the queue refuses to go on.";

struct WorkerArguments {
    QueueArguments queue{};
    ValidateArguments rest{};
    std::string name{};
    bool until_empty{false};
};

ExitStatus work(const WorkerArguments& typed) {
    const ValidateOrder order = read_worker_arguments(typed.rest);
    auto run = doctor::start_worker(
        read_queue_place(typed.queue),
        {.name = typed.name.empty() ? worker_name() : typed.name, .until_empty = typed.until_empty},
        order.options, order.validation, order.bulk, [](const std::string& line) { complain(line); });
    if (!run) throw UsageError(run.error().line);
    std::string fault;
    {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        fault = (*run)->wait();
    }
    complain("worked on " + std::to_string((*run)->done()) + " domains");
    if (fault.empty()) return ExitStatus::ok;
    complain(fault);
    return ExitStatus::problem;
}

}  // namespace

void add_worker_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<WorkerArguments>();
    CLI::App* const command =
        app.add_subcommand("worker", "Work off the domains of a queue, one of many machines");
    command->footer(examples);
    add_queue_options(*command, typed->queue);
    command->add_option("--name", typed->name, "Of this worker; else made of the process and a random number")
        ->option_text("NAME");
    command->add_flag("--until-empty", typed->until_empty,
                      "End when no domain is left, instead of waiting for more");
    add_worker_options(*command, typed->rest);
    command->callback([typed, &status] { status = static_cast<int>(work(*typed)); });
}

}  // namespace maildoctor::cli
