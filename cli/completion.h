// Completions of the shells from the help's texts.
#pragma once

#include <string>
#include <vector>

#include "cli/manual.h"

namespace maildoctor::cli {

/// Words that are completed beside commands and options.
struct CompletionWords {
    std::vector<std::string> causes{};    ///< ids of causes
    std::vector<std::string> programs{};  ///< ids of mail programs
    std::vector<std::string> domains{};   ///< of known providers
    std::vector<std::string> rules{};     ///< ids of rules
};

/// The words of the built-in rule pack.
CompletionWords built_in_words();

/// @param shell "bash", "zsh" or "fish"; empty for another one
std::string completion(const CommandText& program, const CompletionWords& words, const std::string& shell);

}  // namespace maildoctor::cli
