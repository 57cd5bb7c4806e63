// `maildoctor generate`: manual pages and completions, for packages. Not in the help.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_generate_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
