#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

#include "cli/explain_command.h"
#include "cli/guide_command.h"
#include "cli/rules_command.h"

int main(int argc, char** argv) {
    using namespace maildoctor::cli;
    CLI::App app("Finds out why e-mail does not work and says what to do", "maildoctor");
    app.set_version_flag("--version", "maildoctor " MAILDOCTOR_VERSION);
    app.require_subcommand(1);
    int status = 0;
    add_explain_command(app, status);
    add_guide_command(app, status);
    add_rules_command(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "maildoctor: a fault of its own: %s\n", fault.what());
        return 70;
    }
    return status;
}
