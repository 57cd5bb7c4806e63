// What the program's help says, as values: the one source of the manual pages and of the completions.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace maildoctor::cli {

struct OptionText {
    std::string group{};                 ///< heading in the help
    std::vector<std::string> names{};    ///< "--format", "-v"
    std::string value{};                 ///< what follows the name: "FILE"; empty for a flag
    std::vector<std::string> choices{};  ///< values that it takes, where there are few
    std::string description{};
};

struct PositionalText {
    std::string name{};
    std::string description{};
    bool required{false};
};

struct CommandText {
    std::string name{};
    std::string description{};
    std::vector<PositionalText> positionals{};
    std::vector<OptionText> options{};
    std::vector<CommandText> commands{};
    std::string footer{};  ///< examples and remarks, as the help ends with them
};

/// The program with all its commands, as --help describes them; hidden options are left out.
CommandText manual();

/// Takes the value's name and choices apart: "TEXT:{text,json}", or a description that begins "text, json or
/// html".
std::vector<std::string> choices_in(const std::string& type, const std::string& description);

}  // namespace maildoctor::cli
