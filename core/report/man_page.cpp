#include "core/report/man_page.h"

#include <string_view>

#include "core/model/text.h"

namespace maildoctor::report {
namespace {

/// Text that roff prints as it stands.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '\'')
            out += "\\(aq";
        else
            out += c;
    }
    std::string safe;
    for (std::size_t at = 0; at < out.size(); ++at) {  // a dot that begins a line would be a request
        if ((at == 0 || out[at - 1] == '\n') && out[at] == '.') safe += "\\&";
        safe += out[at];
    }
    for (std::size_t at = safe.find("…"); at != std::string::npos; at = safe.find("…"))
        safe.replace(at, std::string_view("…").size(), "...");
    return safe;
}

std::string section(const std::string& title) {
    return ".SH " + title + "\n";
}

std::string bold(const std::string& text) {
    return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + escaped(text) + "\\fR";
}

std::string option_entry(const OptionText& option) {
    std::string names;
    for (const std::string& name : option.names)
        names += (names.empty() ? "" : ", ") + bold(name);
    if (!option.value.empty()) names += " " + italic(option.value);
    std::string description = escaped(option.description);
    return ".TP\n" + names + "\n" + description + (description.ends_with('.') ? "" : ".") + "\n";
}

std::string options_of(const CommandText& command) {
    std::string out = section("OPTIONS"), group = "Options";
    for (const OptionText& option : command.options) {
        if (option.group != group) {
            group = option.group;
            out += ".SS " + escaped(group) + "\n";
        }
        out += option_entry(option);
    }
    return out;
}

std::string synopsis(const std::string& program, const CommandText& command) {
    std::string out = section("SYNOPSIS") + bold(program) + " [" + italic("OPTION") + "...]";
    for (const PositionalText& each : command.positionals)
        out += each.required ? " " + italic(each.name) : " [" + italic(each.name) + "]";
    if (!command.commands.empty()) out += " " + italic("COMMAND");
    return out + "\n";
}

/// The help's footer: lines set off by blanks are kept as they are.
std::string footer(const CommandText& command) {
    if (command.footer.empty()) return "";
    std::string_view rest = command.footer;
    std::string out;
    if (rest.starts_with("Examples:\n")) {
        out += section("EXAMPLES");
        rest.remove_prefix(std::string_view("Examples:\n").size());
    } else {
        out += section("NOTES");
    }
    return out + ".nf\n" + escaped(rest) + "\n.fi\n";
}

std::string entries(const CommandText& command, const std::string& prefix) {
    std::string out = section("COMMANDS");
    for (const CommandText& each : command.commands)
        out += ".TP\n" + bold(prefix + each.name) + "\n" + escaped(each.description) + ".\n";
    return out;
}

/// Commands of a command, such as those of `rules`, stand on its page.
std::string nested(const CommandText& command) {
    std::string out;
    for (const CommandText& each : command.commands) {
        out += ".SS " + escaped(command.name + " " + each.name) + "\n" + escaped(each.description) + ".\n";
        for (const PositionalText& positional : each.positionals)
            out += ".TP\n" + italic(positional.name) + "\n" + escaped(positional.description) + ".\n";
        for (const OptionText& option : each.options)
            if (option.names.front() != "--help") out += option_entry(option);
    }
    return out;
}

std::string exit_status() {
    return section("EXIT STATUS") +
           ".TP\n.B 0\nNothing wrong; warnings are allowed.\n"
           ".TP\n.B 1\nA problem was found, or something differs.\n"
           ".TP\n.B 2\nUsed wrongly: arguments, files that cannot be read, output that cannot be written.\n"
           ".TP\n.B 3\nNothing could be concluded: no network, cancelled, nothing known.\n"
           ".TP\n.B 70\nA fault of maildoctor itself.\n";
}

std::string environment(std::span<const VariableText> variables) {
    std::string out = section("ENVIRONMENT");
    for (const VariableText& variable : variables)
        out += ".TP\n" + bold(variable.name) + "\n" + escaped(variable.description) + ".\n";
    out += ".TP\n.B MAILDOCTOR_CONFIG\nThe configuration file to read.\n";
    return out + section("FILES") +
           ".TP\n.I ~/.config/maildoctor/config.toml\nDefaults: the same keys in lower case, without "
           "MAILDOCTOR_. See \\fBmaildoctor\\-config\\fR(1).\n"
           ".TP\n.I ~/.local/share/maildoctor/history.sqlite\nWhere \\fBmaildoctor history\\fR looks for "
           "kept runs.\n";
}

std::string see_also(const CommandText& program, const CommandText* command) {
    std::string out = section("SEE ALSO") + (command == nullptr ? "" : bold("maildoctor") + "(1)");
    for (const CommandText& each : program.commands) {
        if (command != nullptr && each.name == command->name) continue;
        out += (out.ends_with('\n') ? "" : ",\n") + bold("maildoctor-" + each.name) + "(1)";
    }
    return out + "\n";
}

}  // namespace

std::string man_page(const CommandText& program, const CommandText* command, const std::string& version,
                     std::span<const VariableText> variables) {
    const CommandText& shown = command == nullptr ? program : *command;
    const std::string page = command == nullptr ? program.name : program.name + "-" + command->name;
    std::string brief = shown.description;
    if (brief.starts_with("maildoctor ")) brief.erase(0, std::string_view("maildoctor ").size());
    while (brief.ends_with('.'))
        brief.pop_back();
    std::string out = ".\\\" Made from the texts of --help.\n.TH " + upper_case(page) +
                      " 1 \"\" \"maildoctor " + version + "\" \"maildoctor manual\"\n.nh\n" +
                      section("NAME") + escaped(page) + " \\- " + escaped(brief) + "\n";
    out += synopsis(command == nullptr ? program.name : program.name + " " + command->name, shown);
    out += section("DESCRIPTION") + escaped(shown.description) +
           (shown.description.ends_with('.') ? "\n" : ".\n");
    for (const PositionalText& each : shown.positionals)
        out += ".TP\n" + italic(each.name) + "\n" + escaped(each.description) + ".\n";
    if (!shown.commands.empty()) out += entries(shown, command == nullptr ? "" : shown.name + " ");
    out += options_of(shown);
    if (command != nullptr) out += nested(shown);
    out += footer(shown) + exit_status();
    if (command == nullptr) out += environment(variables);
    if (command == nullptr && program.commands.empty())
        return out + section("SEE ALSO") + bold("maildoctor") + "(1)\n";
    return out + see_also(program, command);
}

}  // namespace maildoctor::report
