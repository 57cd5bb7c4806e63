// The command line of a validation: as it was typed, and as values.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/queue_place.h"
#include "core/doctor/bulk.h"
#include "core/doctor/validation.h"
#include "core/report/validation.h"

namespace maildoctor::cli {

struct ValidateArguments {
    std::string domain{}, format{"text"}, language{}, width{}, timeout{"45"}, connections{"1"};
    std::string ca_file{}, trust_anchor{}, ehlo{}, store{};
    std::string list{}, output{}, policy{}, concurrency{"100"}, threads{"1"}, per_server{"8"},
        per_second{"20"};
    std::string probes{"full"};
    bool resume{false}, nagios{false};
    QueueArguments queue{};
    std::vector<std::string> resolvers{}, selectors{};
    bool no_third_party{false}, no_chain_memory{false}, allow_local{false}, verbose{false};
};

/// What a validation is to do and how its answer is to look.
struct ValidateOrder {
    std::optional<EmailAddress> account{};  ///< the one domain; nothing with a list
    std::string list{};                     ///< file of domains, "-" for standard input
    std::string output{};                   ///< file for the results; empty: standard output
    bool resume{false};
    bool nagios{false};      ///< one line and the exit status of a monitoring plugin
    QueueArguments queue{};  ///< the list is worked off by workers; without an address: here
    doctor::BulkOptions bulk{};
    doctor::Options options{};
    doctor::ValidationOptions validation{};
    report::ValidationFormat format{};
    report::ValidationStyle style{};
    std::string store{};  ///< file in which the run is kept; empty: it is not
};

/// Declares what also a worker and a server need: how domains are validated.
void add_worker_options(CLI::App& app, ValidateArguments& typed);
/// Reads those. Throws UsageError as read_validate_arguments().
ValidateOrder read_worker_arguments(const ValidateArguments& typed);

/// Declares the options on `app`, to be stored into `typed`, which must outlive the parsing.
void add_validate_options(CLI::App& app, ValidateArguments& typed);

/// Reads what was typed. Throws UsageError with one line that says what is wrong and what would be right.
ValidateOrder read_validate_arguments(const ValidateArguments& typed);

}  // namespace maildoctor::cli
