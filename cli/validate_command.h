// maildoctor validate: do a domain's published settings work, and do they agree?
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_validate_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
