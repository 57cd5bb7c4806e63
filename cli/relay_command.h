// The command `relay`.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_relay_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
