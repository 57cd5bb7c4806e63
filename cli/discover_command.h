// maildoctor discover: where an account's settings are published, and what is published there.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. When it has run, `status` holds its exit status. With --document: 0 no mail program
/// throws the file away, 1 at least one does. With --plan: 0. Else 0 settings were found, 1 a source is
/// faulty, 3 none was found.
void add_discover_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
