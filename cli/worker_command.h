// maildoctor worker: one of many machines that work off a queue of domains.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. When it has run, `status` holds its exit status: 0 it was stopped or nothing was left, 1
/// the queue refuses to go on. What is wrong with the arguments is thrown as UsageError.
void add_worker_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
