// The command line of a check: as it was typed, and as values.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/credentials.h"
#include "cli/output.h"
#include "core/doctor/doctor.h"

namespace maildoctor::cli {

/// The options as typed; each is read and checked by read_check_arguments(), so that every complaint is one
/// clear line.
struct CheckArguments {
    std::string email{};
    CredentialArguments login{};
    std::string incoming{}, outgoing{}, error_text{}, program{}, ehlo{};
    std::string ca_file{}, trust_anchor{}, rules{}, timeout{"45"}, probes{"full"}, tls{"basic"};
    std::string store{}, format{"text"}, width{}, language{}, colour{"auto"};
    std::vector<std::string> resolvers{}, control_hosts{};
    bool only_typed{false};  ///< the servers that are named, and nothing else of the account
    bool for_someone_else{false}, allow_local{false}, no_third_party{false}, verbose{false};
};

enum class Format { text, json, markdown, html, message };

/// What a check is to do and how its answer is to look.
struct CheckOrder {
    Request request{};
    doctor::Options options{};
    Format format{Format::text};
    Colour colour{Colour::automatic};
    std::size_t width{0};  ///< columns; 0: those of the terminal
    std::string language{"en"};
    bool verbose{false};
    std::string store{};  ///< file in which the run is kept; empty: it is not
    doctor::Credentials credentials{};
};

/// The options about the answer's form, and those about resolver, authorities and time, for other commands
/// that give a report.
void add_answer_options(CLI::App& app, CheckArguments& typed);
void add_ground_options(CLI::App& app, CheckArguments& typed);

/// Declares the options on `app`, to be stored into `typed`, which must outlive the parsing.
void add_check_options(CLI::App& app, CheckArguments& typed);

/// Reads what was typed. Throws UsageError with one line that says what is wrong and what would be right.
CheckOrder read_check_arguments(const CheckArguments& typed);

}  // namespace maildoctor::cli
