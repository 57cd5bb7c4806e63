#include "cli/completion.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/knowledge/pack.h"
#include "core/model/cause.h"

namespace maildoctor::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

std::vector<std::string> option_names(const CommandText& command) {
    std::vector<std::string> names;
    for (const OptionText& option : command.options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

std::vector<std::string> command_names(const CommandText& command) {
    std::vector<std::string> names;
    for (const CommandText& each : command.commands)
        names.push_back(each.name);
    return names;
}

/// What an option's value is completed with.
enum class Value { words, programs, files, folders, nothing };

Value value_of(const OptionText& option) {
    if (std::ranges::find(option.names, "--program") != option.names.end()) return Value::programs;
    if (!option.choices.empty()) return Value::words;
    const auto has = [&](std::string_view name) {
        return std::ranges::find(option.names, name) != option.names.end();
    };
    if (option.value == "DIR") return Value::folders;
    if (has("--rules") || has("--only-rules")) return Value::files;
    if (option.value.ends_with("FILE") || has("--ca-file") || has("--trust-anchor") || has("--unknown-log"))
        return Value::files;
    return Value::nothing;
}

/// What stands in the place of a command's argument.
const char* argument_kind(const std::string& command) {
    if (command == "guide") return "programs";
    if (command == "explain") return "causes";
    if (command == "diff") return "files";
    if (command == "check" || command == "discover" || command == "history" || command == "publish" ||
        command == "validate" || command == "relay")
        return "domains";
    return "";
}

/// One line a word, in single quotes for the shell; the words are ids and hold no quote.
std::string quoted(const std::vector<std::string>& words) {
    return "'" + joined(words) + "'";
}

/// bash and zsh share one function that fills an array `found`; they differ in how they ask and answer.
std::string shell_core(const CommandText& program, const CompletionWords& words) {
    std::string out =
        "_maildoctor_causes=" + quoted(words.causes) + "\n_maildoctor_programs=" + quoted(words.programs) +
        "\n_maildoctor_domains=" + quoted(words.domains) + "\n_maildoctor_rules=" + quoted(words.rules) +
        "\n\n# Sets candidates, or files=f (files), files=d (folders).\n"
        "_maildoctor_candidates() {    # COMMAND SUBCOMMAND PREVIOUS CURRENT\n"
        "    candidates= files=\n    case \"$1 $3\" in\n";
    for (const CommandText& command : program.commands) {
        for (const OptionText& option : command.options) {
            if (option.value.empty()) continue;
            std::string pattern;
            for (const std::string& name : option.names)
                pattern += (pattern.empty() ? "" : "|") + ("\"" + command.name + " " + name + "\"");
            const Value value = value_of(option);
            out += "        " + pattern + ") " +
                   (value == Value::words      ? "candidates=" + quoted(option.choices)
                    : value == Value::programs ? "candidates=$_maildoctor_programs"
                    : value == Value::files    ? "files=f"
                    : value == Value::folders  ? "files=d"
                                               : ":") +
                   "; return ;;\n";
        }
    }
    out += "    esac\n    case \"$1\" in\n";
    for (const CommandText& command : program.commands) {
        const std::string kind = argument_kind(command.name);
        out += "        " + command.name + ")\n            case \"$4\" in\n                -*) candidates=" +
               quoted(option_names(command)) + " ;;\n";
        if (!command.commands.empty()) {
            out += "                *) case \"$2\" in\n                    \"\") candidates=" +
                   quoted(command_names(command)) + " ;;\n";
            if (command.name == "rules")
                out +=
                    "                    show) candidates=$_maildoctor_rules ;;\n                    *) "
                    "files=d ;;\n";
            out += "                esac ;;\n";
        } else if (kind == "files") {
            out += "                *) files=f ;;\n";
        } else if (!kind.empty()) {
            out += "                *) candidates=$_maildoctor_" + kind + " ;;\n";
        }
        out += "            esac ;;\n";
    }
    std::vector<std::string> top = command_names(program);
    const auto flags = option_names(program);
    return out + "        *)\n            case \"$4\" in\n                -*) candidates=" + quoted(flags) +
           " ;;\n                *) candidates=" + quoted(top) + " ;;\n            esac ;;\n    esac\n}\n";
}

std::string bash(const CommandText& program, const CompletionWords& words) {
    return "# Completion of maildoctor for bash. Made from the texts of --help.\n" +
           shell_core(program, words) +
           R"(
_maildoctor() {
    local candidates files command= sub= previous=${COMP_WORDS[COMP_CWORD-1]} current=${COMP_WORDS[COMP_CWORD]} i
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] && continue
        if [[ -z $command ]]; then command=${COMP_WORDS[i]}; elif [[ -z $sub ]]; then sub=${COMP_WORDS[i]}; fi
    done
    [[ $current == @ ]] && current=
    _maildoctor_candidates "$command" "$sub" "$previous" "$current"
    if [[ $files == d ]]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    elif [[ $files == f ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
    fi
}
complete -o bashdefault -o default -F _maildoctor maildoctor
)";
}

std::string zsh(const CommandText& program, const CompletionWords& words) {
    return "#compdef maildoctor\n# Completion of maildoctor for zsh. Made from the texts of --help.\n" +
           shell_core(program, words) +
           R"(
_maildoctor() {
    local candidates files command= sub= previous=${words[CURRENT-1]} current=${words[CURRENT]} i prefix=
    for ((i = 2; i < CURRENT; i++)); do
        [[ ${words[i]} == -* ]] && continue
        if [[ -z $command ]]; then command=${words[i]}; elif [[ -z $sub ]]; then sub=${words[i]}; fi
    done
    _maildoctor_candidates "$command" "$sub" "$previous" "$current"
    if [[ $files == d ]]; then
        _files -/
    elif [[ $files == f ]]; then
        _files
    else
        [[ $candidates == $_maildoctor_domains && $current == *@* ]] && prefix=${current%%@*}@
        compadd -p "$prefix" -- ${=candidates}
    fi
}
if [[ $funcstack[1] == _maildoctor ]]; then _maildoctor "$@"; else compdef _maildoctor maildoctor 2>/dev/null; fi
)";
}

/// For fish: single quotes, inside them only \ and ' are special.
std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\\' || c == '\'') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string fish_option(const std::string& condition, const OptionText& option) {
    std::string line = "complete -c maildoctor -n " + fish_quoted(condition);
    for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty()) {
        switch (value_of(option)) {
            case Value::words:
                line += " -x -a " + fish_quoted(joined(option.choices));
                break;
            case Value::programs:
                line += " -x -a \"$__maildoctor_programs\"";
                break;
            case Value::files:
                line += " -r -F";
                break;
            case Value::folders:
                line += " -x -a '(__fish_complete_directories)'";
                break;
            case Value::nothing:
                line += " -x";
                break;
        }
    }
    return line + " -d " + fish_quoted(option.description) + "\n";
}

std::string fish(const CommandText& program, const CompletionWords& words) {
    std::string out =
        "# Completion of maildoctor for fish. Made from the texts of --help.\nset -g __maildoctor_causes " +
        joined(words.causes) + "\nset -g __maildoctor_programs " + joined(words.programs) +
        "\nset -g __maildoctor_domains " + joined(words.domains) + "\nset -g __maildoctor_rules " +
        joined(words.rules) + "\ncomplete -c maildoctor -f\n";
    for (const OptionText& option : program.options)
        out += fish_option("__fish_use_subcommand", option);
    for (const CommandText& command : program.commands) {
        out += "complete -c maildoctor -n __fish_use_subcommand -a " + command.name + " -d " +
               fish_quoted(command.description) + "\n";
        const std::string inside = "__fish_seen_subcommand_from " + command.name;
        for (const OptionText& option : command.options)
            out += fish_option(inside, option);
        for (const CommandText& each : command.commands)
            out += "complete -c maildoctor -n " + fish_quoted(inside) + " -a " + each.name + " -d " +
                   fish_quoted(each.description) + "\n";
        if (command.name == "rules")
            out += "complete -c maildoctor -n '" + inside +
                   "; and __fish_seen_subcommand_from show' -a \"$__maildoctor_rules\"\n";
        const std::string kind = argument_kind(command.name);
        if (kind == "files")
            out += "complete -c maildoctor -n " + fish_quoted(inside) + " -F\n";
        else if (kind == "domains")
            out += "complete -c maildoctor -n " + fish_quoted(inside) + " -a '(__maildoctor_addresses)'\n";
        else if (!kind.empty())
            out +=
                "complete -c maildoctor -n " + fish_quoted(inside) + " -a \"$__maildoctor_" + kind + "\"\n";
    }
    return out + R"(
function __maildoctor_addresses
    set -l current (commandline -ct)
    if string match -q '*@*' -- $current
        printf '%s\n' (string replace -r '@.*' '' -- $current)@$__maildoctor_domains
    else
        printf '%s\n' $__maildoctor_domains
    end
end
)";
}

}  // namespace

CompletionWords built_in_words() {
    const knowledge::Pack& pack = knowledge::built_in();
    CompletionWords words;
    for (std::size_t i = 0; i < cause_count; ++i)
        words.causes.emplace_back(cause_id(static_cast<Cause>(i)));
    for (const auto& program : pack.programs())
        words.programs.emplace_back(pack.text(program.id));
    std::set<std::string> domains;
    for (const auto& provider : pack.providers())
        for (const std::string& domain : pack.strings(provider.domains))
            domains.insert(domain);
    words.domains.assign(domains.begin(), domains.end());
    for (const auto& rule : pack.rules())
        words.rules.emplace_back(pack.text(rule.id));
    std::ranges::sort(words.rules);
    return words;
}

std::string completion(const CommandText& program, const CompletionWords& words, const std::string& shell) {
    if (shell == "bash") return bash(program, words);
    if (shell == "zsh") return zsh(program, words);
    if (shell == "fish") return fish(program, words);
    return {};
}

}  // namespace maildoctor::cli
