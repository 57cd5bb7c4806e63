// maildoctor explain: what an error text or a code means, and what to do about it.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

/// Adds the command. When it has run, `status` holds its exit status: 0 answered, 3 nothing known in the
/// text, 2 used wrongly.
void add_explain_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
