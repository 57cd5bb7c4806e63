// Validating a list of domains, from the list to the output and the exit status.
#pragma once

#include "cli/command.h"
#include "cli/validate_arguments.h"

namespace maildoctor::cli {

/// Works the list off. Throws UsageError and OutputError.
ExitStatus validate_list(const ValidateOrder& order);

}  // namespace maildoctor::cli
