// Validating a list of domains, from the list to the output and the exit status.
#pragma once

#include <string>

#include "cli/command.h"
#include "cli/validate_arguments.h"

namespace maildoctor::cli {

/// The bytes of a list: a file, or "-" for standard input. Throws UsageError.
std::string read_list(const std::string& path);

/// Works the list off. Throws UsageError and OutputError. @return the exit status
int validate_list(const ValidateOrder& order);

}  // namespace maildoctor::cli
