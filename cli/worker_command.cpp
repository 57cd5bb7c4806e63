#include "cli/worker_command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <future>
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
    std::string name{}, claim_after{};
    bool until_empty{false};
};

std::chrono::milliseconds read_claim(const std::string& text) {
    if (text.empty()) return {};
    double seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc{} || stop != end || !(seconds >= 1 && seconds <= 86400))
        throw UsageError("--claim-after: '" + text + "' is not a number of seconds from 1 to 86400");
    return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

ExitStatus work(const WorkerArguments& typed) {
    const ValidateOrder order = read_worker_arguments(typed.rest);
    // Listens before the work begins: whoever reads its first word may want it to end.
    std::promise<std::shared_ptr<doctor::QueueRun>> started;
    const Interrupt interrupt([run = started.get_future().share()] {
        if (run.get()) run.get()->cancel();
    });
    auto run = doctor::start_worker(read_queue_place(typed.queue),
                                    {.name = typed.name.empty() ? worker_name() : typed.name,
                                     .claim = read_claim(typed.claim_after),
                                     .until_empty = typed.until_empty},
                                    order.options, order.validation, order.bulk,
                                    [](const std::string& line) { complain(line); });
    started.set_value(run ? *run : nullptr);
    if (!run) throw UsageError(run.error().line);
    const std::string fault = (*run)->wait();
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
    command
        ->add_option("--claim-after", typed->claim_after,
                     "Take over what another worker has held for so long; twice --timeout, and at least 60, "
                     "unless given")
        ->option_text("SECONDS");
    command->add_flag("--until-empty", typed->until_empty,
                      "End when no domain is left, instead of waiting for more");
    add_worker_options(*command, typed->rest);
    command->callback([typed, &status] { status = static_cast<int>(work(*typed)); });
}

}  // namespace maildoctor::cli
