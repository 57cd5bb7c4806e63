// maildoctor-gui: the window. Everything that it says about mail comes from core/.
#include <cstdio>
#include <exception>

#include "core/config/config.h"
#include "core/doctor/version.h"
#include "core/model/text.h"
#include "core/platform/process.h"
#include "core/report/man_page.h"
#include "gui/model/options.h"
#include "gui/window/window.h"

namespace {

using namespace maildoctor;

enum Status { ok = 0, usage = 2, no_window = 3, internal = 70 };  // docs/exit-status.md

void complain(std::string_view line) {
    const std::string text = "maildoctor-gui: " + cleaned(line, 1000) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string manual_page() {
    report::CommandText page{.name = "maildoctor-gui", .description = gui::about_the_window};
    page.positionals.push_back({.name = "EMAIL", .description = "The address whose account is checked"});
    for (const gui::OptionHelp& option : gui::option_helps())
        page.options.push_back({.group = "Options",
                                .names = {option.names},
                                .value = option.value,
                                .description = option.description});
    std::vector<report::VariableText> variables;
    for (const config::Key& key : config::keys())
        variables.push_back({key.variable, key.description});
    return report::man_page(page, nullptr, std::string(doctor::version()), variables);
}

int run(int argc, char** argv) {
    const std::vector<std::string> arguments = platform::arguments(argc, argv);
    const auto typed = gui::read_command_line(arguments);
    if (typed && typed->help) return std::fputs(gui::help_text().c_str(), stdout), ok;
    if (typed && typed->manual_page) return std::fputs(manual_page().c_str(), stdout), ok;
    if (typed && typed->version)
        return std::printf("maildoctor-gui %s\n", std::string(doctor::version()).c_str()), ok;
    const auto config = config::load_config();
    auto defaults = config ? gui::configured(*config) : std::unexpected(config.error());
    const auto line =
        defaults ? gui::read_command_line(arguments, std::move(*defaults)) : std::move(defaults);
    if (!line) {
        complain(line.error());
        return usage;
    }
    const auto shown =
        line->screenshot.empty() ? gui::run_window(*line, gui::settings_file()) : gui::take_screenshot(*line);
    if (shown) return ok;
    complain(shown.error());
    return no_window;
}

}  // namespace

int main(int argc, char** argv) {
    platform::open_missing_standard_streams();
    platform::no_core_dump();  // a password may be typed
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        complain(std::string("a fault of maildoctor: ") + error.what());
        return internal;
    }
}
