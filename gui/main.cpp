// maildoctor-gui: the window. Everything that it says about mail comes from core/.
#include <cstdio>
#include <exception>

#include "core/doctor/version.h"
#include "core/model/text.h"
#include "core/platform/process.h"
#include "gui/model/options.h"
#include "gui/window/window.h"

namespace {

using namespace maildoctor;

enum Status { ok = 0, usage = 2, no_window = 3, internal = 70 };  // docs/exit-status.md

void complain(std::string_view line) {
    const std::string text = "maildoctor-gui: " + cleaned(line, 1000) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

int run(int argc, char** argv) {
    const auto line = gui::read_command_line(platform::arguments(argc, argv));
    if (!line) {
        complain(line.error());
        return usage;
    }
    if (line->help) return std::fputs(gui::help_text().c_str(), stdout), ok;
    if (line->version) return std::printf("maildoctor-gui %s\n", std::string(doctor::version()).c_str()), ok;
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
