#include "cli/help.h"

#include <algorithm>
#include <string>

#include "core/platform/terminal.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t first_column = 28;
constexpr int widest = 100;  // longer lines are hard to read

class HelpFormatter final : public CLI::Formatter {
public:
    HelpFormatter()
        : width_(static_cast<std::size_t>(
              std::clamp(platform::terminal(platform::StandardStream::output).width, 60, widest))) {}

    std::string make_option(const CLI::Option* option, bool is_positional) const override {
        return two_columns(make_option_name(option, is_positional) + make_option_opts(option),
                           make_option_desc(option));
    }

    std::string make_subcommand(const CLI::App* sub) const override {
        return two_columns(sub->get_name(), sub->get_description());
    }

    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
        std::string text = Formatter::make_help(app, std::move(name), mode);
        for (std::size_t at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at))
            text.erase(at, 1);
        while (text.ends_with("\n\n"))
            text.pop_back();
        return text;
    }

private:
    std::string two_columns(const std::string& name, const std::string& description) const {
        std::string first = "  " + name;
        const std::string indent(first_column, ' ');
        if (first.size() + 2 > first_column)
            first += "\n" + indent;
        else
            first.resize(first_column, ' ');
        // What stands before the description counts as its indent.
        return first + report::wrapped(description, width_, indent, indent).substr(first_column);
    }

    std::size_t width_;
};

}  // namespace

const char* const program_examples =
    "Examples:\n"
    "  maildoctor check you@example.org\n"
    "  maildoctor explain 0x800CCC0D\n"
    "  maildoctor guide outlook\n"
    "Each command has its own help: maildoctor check --help\n"
    "\n"
    "Exit status: 0 nothing wrong, 1 a problem was found, 2 used wrongly,\n"
    "3 nothing could be concluded, 70 a fault of maildoctor itself.";

ProgramOptions& add_program_options(CLI::App& app) {
    static ProgramOptions options;
    app.add_flag("-V,--version", options.version,
                 "Print the version; with --verbose those of the libraries and rules, too");
    app.add_flag("--verbose", options.verbose, "With --version")->group("");
    return options;
}

std::shared_ptr<CLI::FormatterBase> help_formatter() {
    return std::make_shared<HelpFormatter>();
}

}  // namespace maildoctor::cli
