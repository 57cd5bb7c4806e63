// maildoctor tls
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_tls_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
