// Carrying out an order of the command line: from the engine to standard output.
#pragma once

#include "cli/check_arguments.h"
#include "cli/command.h"

namespace maildoctor::cli {

/// Runs the check that was ordered, shows its progress, stops it at Ctrl-C, and prints the report. Throws
/// UsageError where an option cannot be used. @return the exit status
int run_order(CheckOrder order);

}  // namespace maildoctor::cli
