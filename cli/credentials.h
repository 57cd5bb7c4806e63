// Passwords and tokens of the command line: where they come from, and what is typed about logging in.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/doctor/credentials.h"
#include "core/model/report.h"

namespace maildoctor::cli {

/// The options about logging in, as typed.
struct CredentialArguments {
    std::string user{}, password_file{}, password_fd{}, token_file{}, token_fd{};
    std::string outgoing_user{}, outgoing_password_file{};
    std::string mechanism{}, budget{};
    bool ask_password{false}, each_side{false}, allow_insecure{false};
};

/// Takes MAILDOCTOR_PASSWORD out of the environment, before anything else can see it. Once, at the start of
/// the program.
void take_password_from_environment();

/// Declares the options on `app`, to be stored into `typed`, which must outlive the parsing.
void add_credential_options(CLI::App& app, CredentialArguments& typed);

/// Reads the secrets, and checks what was typed beside them; asks on the terminal where that is wanted.
/// MAILDOCTOR_PASSWORD counts where nothing else gives a password. Throws UsageError with one line that says
/// what is wrong.
doctor::Credentials read_credentials(const CredentialArguments& typed, const Request& request);

}  // namespace maildoctor::cli
