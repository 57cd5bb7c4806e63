// maildoctor rules: check, list, show and test the rules that explain uses.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. When it has run, `status` holds its exit status: 0 all is well, 1 a fault was found, 2
/// used wrongly.
void add_rules_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
