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
    std::string ca_file{}, trust_anchor{}, rules{}, probes{"full"}, tls{"basic"};
    std::string timeout{};  ///< empty: what the command usually takes
    std::string relay{"basic"}, relay_sender{}, relay_recipient{}, message_size{}, send_test_to{};
    std::string store{}, format{"text"}, width{}, language{}, colour{"auto"};
    std::vector<std::string> resolvers{}, control_hosts{}, compare{};
    bool only_typed{false};  ///< the servers that are named, and nothing else of the account
    bool for_someone_else{false}, allow_local{false}, no_third_party{false}, verbose{false};
    bool nagios{false};
};

enum class Format { text, json, markdown, html, message };

/// What a check is to do and how its answer is to look.
struct CheckOrder {
    Request request{};
    doctor::Options options{};
    Format format{Format::text};
    bool nagios{false};  ///< one line and the exit status of a monitoring plugin
    Colour colour{Colour::automatic};
    std::size_t width{0};  ///< columns; 0: those of the terminal
    std::string language{"en"};
    bool verbose{false};
    std::string store{};  ///< file in which the run is kept; empty: it is not
    doctor::Credentials credentials{};
};

/// Seconds that a check may take unless --timeout says otherwise.
inline constexpr int usual_check_timeout = 45;

/// Options that several commands share: what the answer looks like, and how the work is done.
/// @param usual_timeout in seconds, for the help
void add_answer_options(CLI::App& app, CheckArguments& typed);
void add_work_options(CLI::App& app, CheckArguments& typed, int usual_timeout);
/// Reads those into an order; reports of other runs with them. The request must be there. Throws UsageError
/// as read_check_arguments().
void read_shared_arguments(const CheckArguments& typed, int usual_timeout, CheckOrder& order);
/// Declares --relay-sender and --relay-recipient, and reads them.
void add_relay_options(CLI::App& app, CheckArguments& typed, const char* group);
void read_relay_addresses(const CheckArguments& typed, RelayWish& wish);

/// Declares the options on `app`, to be stored into `typed`, which must outlive the parsing.
void add_check_options(CLI::App& app, CheckArguments& typed);

/// Reads what was typed. Throws UsageError with one line that says what is wrong and what would be right.
CheckOrder read_check_arguments(const CheckArguments& typed);

}  // namespace maildoctor::cli
