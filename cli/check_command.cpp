#include "cli/check_command.h"

#include <memory>

#include "cli/check_arguments.h"
#include "cli/run_order.h"

namespace maildoctor::cli {

void add_check_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<CheckArguments>();
    CLI::App* const command = app.add_subcommand(
        "check", "Find out why an account cannot receive or send, and what to do about it");
    add_check_options(*command, *typed);
    command->callback([typed, &status] { status = run_order(read_check_arguments(*typed)); });
}

}  // namespace maildoctor::cli
