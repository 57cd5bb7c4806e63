// The program: finds the command, lets it work, and turns what happened into one line and an exit status.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#ifdef MAILDOCTOR_MIMALLOC
#include <mimalloc.h>  // after <new>; calling it is what links it in
#endif

#include "cli/command.h"
#include "cli/config_command.h"
#include "cli/credentials.h"
#include "cli/help.h"
#include "cli/nagios.h"
#include "cli/output.h"
#include "core/doctor/version.h"
#include "core/platform/process.h"

namespace maildoctor::cli {
namespace {

/// "unknown option '--foo'", without the values that stand beside it: they may be a password.
std::string describe_extra(const std::vector<std::string>& arguments, const CLI::App& app) {
    std::vector<std::string> extras = app.remaining(true);
    std::erase(extras, "--");
    const auto option = std::ranges::find_if(
        extras, [](const std::string& text) { return text.size() > 1 && text.starts_with('-'); });
    if (option != extras.end()) return "unknown option '" + option->substr(0, option->find('=')) + "'";
    if (!arguments.empty() && app.get_subcommands().empty())
        return "unknown command '" + arguments.front() + "'";
    return extras.empty() ? "an argument is not understood"
                          : "one argument too many: '" + extras.front() + "'";
}

/// "--timeout: a value is missing", from CLI11's words.
std::string describe_mismatch(const std::string& words) {
    const std::string option = words.substr(0, words.find(':'));
    const bool too_many = words.find("received") != std::string::npos;
    return option + (too_many ? " is given more than once" : ": a value is missing");
}

/// What a report of a fault needs to say about this program.
std::string versions() {
    std::string out = "maildoctor " MAILDOCTOR_VERSION "\n";
    for (const doctor::Component& component : doctor::components())
        out += "  " + component.name + " " + component.version + "\n";
#ifdef MAILDOCTOR_MIMALLOC
    const int number = mi_version();  // 209 for 2.0.9
    out += fmt::format("  mimalloc {}.{}.{}\n", number / 100, number / 10 % 10, number % 10);
#endif
    return out;
}

/// The command that was typed, or nothing.
const Command* find_command(const std::vector<std::string>& arguments) {
    const auto found = std::ranges::find_if(commands(), [&](const Command& command) {
        return !arguments.empty() && arguments.front() == command.name;
    });
    return found == commands().end() ? nullptr : &*found;
}

/// A pasted POP3 answer ("-ERR …") is a text, not an option: it moves behind "--".
std::vector<std::string> with_answer_as_text(std::vector<std::string> arguments) {
    if (arguments.empty() || arguments.front() != "explain" ||
        std::ranges::find(arguments, "--") != arguments.end())
        return arguments;
    const auto answer = std::ranges::find_if(
        arguments, [](const std::string& text) { return text == "-ERR" || text.starts_with("-ERR "); });
    if (answer == arguments.end()) return arguments;
    std::string text = std::move(*answer);
    arguments.erase(answer);
    arguments.insert(arguments.end(), {"--", std::move(text)});
    return arguments;
}

int run(const std::vector<std::string>& arguments) {
    CLI::App app("maildoctor finds out why e-mail does not work and says what to do about it.", "maildoctor");
    app.formatter(help_formatter());  // commands inherit it
    const ProgramOptions& own = add_program_options(app);
    int status = 0;
    const Command* const chosen = find_command(arguments);
    for (const Command& command : commands())
        if (chosen == nullptr || chosen == &command) command.add(app, status);
    if (chosen == nullptr) app.footer(program_examples);  // not earlier: commands would inherit it
    const std::string see = std::string("; see 'maildoctor ") + (chosen != nullptr ? chosen->name : "") +
                            (chosen != nullptr ? " --help'" : "--help'");
    const auto refuse = [&](const std::string& why) {
        if (asked_for_nagios(arguments)) return write_plugin(report::plugin_unknown(why + see));
        complain(why + see);
        return static_cast<int>(ExitStatus::usage);
    };
    try {
        if (chosen != nullptr && arguments.front() != "config" && arguments.front() != "generate")
            apply_configuration(*app.get_subcommand(chosen->name));
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
        app.parse(reversed);
        if (own.version && own.verbose && chosen == nullptr) {
            write_output(versions());
            return 0;
        }
        if (own.version) throw UsageError("--version stands alone");
        if (chosen == nullptr)
            throw UsageError(arguments.empty() ? "a command is missing"
                                               : "unknown command '" + arguments.front() + "'");
        return status;
    } catch (const CLI::CallForHelp&) {
        write_output(app.help());
        return 0;
    } catch (const CLI::ArgumentMismatch& error) {
        return refuse(describe_mismatch(error.what()));
    } catch (const CLI::ExtrasError&) {
        return refuse(describe_extra(arguments, app));
    } catch (const CLI::ParseError& error) {
        return refuse(error.what());
    } catch (const UsageError& error) {
        return refuse(error.what());
    }
}

int guarded(int argc, char** argv) {
    try {
        take_password_from_environment();
        platform::open_missing_standard_streams();
        const std::vector<std::string> arguments = platform::arguments(argc, argv);
        if (arguments.size() == 1 && (arguments.front() == "--version" || arguments.front() == "-V")) {
            write_output("maildoctor " MAILDOCTOR_VERSION "\n");
            return 0;
        }
        const int status = run(with_answer_as_text(arguments));
        write_output("");  // what a command left in the buffer
        return status;
    } catch (const OutputError& error) {
        complain(error.what());
        return static_cast<int>(ExitStatus::usage);
    } catch (const std::exception& error) {
        complain(std::string("this is a fault of maildoctor itself, please report it: ") + error.what());
    } catch (...) {
        complain("this is a fault of maildoctor itself, please report it");
    }
    return static_cast<int>(ExitStatus::internal);
}

}  // namespace
}  // namespace maildoctor::cli

int main(int argc, char** argv) {
    return maildoctor::cli::guarded(argc, argv);
}
