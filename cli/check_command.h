// maildoctor check: find out why an account cannot receive or send, and what to do about it.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

struct CheckOrder;
enum class ExitStatus : int;

/// Runs a check, prints its report, and tells how the program ends.
ExitStatus carry_out(CheckOrder order);

/// Adds the command. When it has run, `status` holds its exit status: 0 all that was asked for works, 1 a
/// problem was found, 3 nothing could be concluded. What is wrong with the arguments is thrown as UsageError.
void add_check_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
