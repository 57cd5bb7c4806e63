// maildoctor serve: validates domains on a schedule and shows the results to monitoring.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. It runs until it is stopped; then `status` is 0. What is wrong with the arguments is
/// thrown as UsageError.
void add_serve_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
