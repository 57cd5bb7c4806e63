// Manual pages from the help's texts.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace maildoctor::report {

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

/// An environment variable that the program reads.
struct VariableText {
    std::string name{}, description{};
};

/// The page of a program, or of one of its commands ("maildoctor-check(1)"), in the man macros.
/// @param command nullptr: the page of the program
/// @param variables are told on the page of the program
std::string man_page(const CommandText& program, const CommandText* command, const std::string& version,
                     std::span<const VariableText> variables);

}  // namespace maildoctor::report
