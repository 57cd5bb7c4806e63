// `maildoctor publish`: what a domain publishes so that mail programs find its servers.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_publish_command(CLI::App& app, int& status);

}  // namespace maildoctor::cli
