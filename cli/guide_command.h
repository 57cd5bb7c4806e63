// maildoctor guide: the numbered steps to set up an account in a mail program.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. When it has run, `status` holds its exit status: 0 answered, 3 no guide for that
/// program, 2 used wrongly.
void add_guide_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
