#include "cli/serve_command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <optional>
#include <string>

#include "cli/bulk_validation.h"
#include "cli/command.h"
#include "cli/domain_list.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/validate_arguments.h"
#include "core/doctor/watch.h"

namespace maildoctor::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor serve --domains domains.txt\n"
    "      Validate them now and every 24 hours; Prometheus reads http://127.0.0.1:9115/metrics.\n"
    "  maildoctor serve --domains domains.txt --every 1h --listen 192.0.2.7:9115\n"
    "      Every hour, for a monitoring server elsewhere.\n"
    "\n"
    "Pages: /metrics (Prometheus), /status (JSON), /healthz. Nobody is ever logged in, and the\n"
    "pages hold no addresses of people. Runs until it is stopped.";

struct ServeArguments {
    std::string listen{"127.0.0.1:9115"}, every{"24h"};
    ValidateArguments rest{};
};

/// "90s", "15m", "24h", "7d".
std::chrono::seconds read_every(const std::string& text) {
    long number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const long unit = stop + 1 != end ? 0
                      : *stop == 's'  ? 1
                      : *stop == 'm'  ? 60
                      : *stop == 'h'  ? 3600
                      : *stop == 'd'  ? 86400
                                      : 0;
    constexpr long longest = 366;
    if (error != std::errc{} || unit == 0 || number < 1 || number > longest * 86400 / unit)
        throw UsageError("--every: '" + text + "' is not a time such as 15m, 24h or 7d");
    return std::chrono::seconds(number * unit);
}

ExitStatus serve(const ServeArguments& typed) {
    const ValidateOrder order = read_worker_arguments(typed.rest);
    if (typed.rest.list.empty()) throw UsageError("--domains is missing: a file with a domain a line");
    DomainList list = read_domain_list(read_list(typed.rest.list), {}, false);
    for (const std::string& line : list.complaints)
        complain(typed.rest.list + ":" + line);
    if (list.domains.empty()) throw UsageError("--domains: " + typed.rest.list + " holds no domain");
    std::vector<EmailAddress> domains;
    domains.reserve(list.domains.size());
    for (ListedDomain& one : list.domains)
        domains.push_back(std::move(one.account));
    auto run = doctor::start_watch(
        std::move(domains), {.listen = typed.listen, .every = read_every(typed.every)}, order.options,
        order.validation, order.bulk, [](const std::string& line) { complain(line); });
    if (!run) throw UsageError(run.error().line);
    complain("listening on http://" + (*run)->address() + "/metrics");
    const Interrupt interrupt([&run] { (*run)->cancel(); });
    (*run)->wait();
    return ExitStatus::ok;
}

}  // namespace

void add_serve_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<ServeArguments>();
    CLI::App* const command = app.add_subcommand("serve", "Validate domains on a schedule, for monitoring");
    command->footer(examples);
    command->add_option("--domains", typed->rest.list, "The domains, one a line; - is standard input")
        ->option_text("FILE");
    command->add_option("--every", typed->every, "From one round to the next: 15m, 24h, 7d; 24h unless given")
        ->option_text("TIME");
    command->add_option("--listen", typed->listen, "Where the pages are; 127.0.0.1:9115 unless given")
        ->option_text("ADDRESS:PORT");
    add_worker_options(*command, typed->rest);
    command->callback([typed, &status] { status = static_cast<int>(serve(*typed)); });
}

}  // namespace maildoctor::cli
