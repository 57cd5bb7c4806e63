// What a command of the program is made of.
#pragma once

#include <span>
#include <stdexcept>

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// How the program ends (docs/exit-status.md).
enum class ExitStatus : int {
    ok = 0,            ///< nothing wrong; warnings are allowed
    problem = 1,       ///< a problem was found
    usage = 2,         ///< used wrongly: arguments, files that cannot be read, output that cannot be written
    inconclusive = 3,  ///< nothing could be concluded: no network, cancelled, nothing known in the text
    internal = 70,     ///< a fault of maildoctor itself
};

/// Something that the person who typed the command can mend, in one line without the program's name. Ends the
/// program with ExitStatus::usage.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Command {
    const char* name;
    /// Adds the subcommand of this name to `app`. When it has run, `status` holds its exit status. Called
    /// only for the command that was typed and for the help, so that the others cost nothing.
    void (*add)(CLI::App& app, int& status);
};

/// All commands in the order of the help.
std::span<const Command> commands();

}  // namespace maildoctor::cli
