// The ways in which a password can come in: none of them leaves it on a command line or on the screen.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/secret.h"

namespace maildoctor::platform {

/// Asks on the terminal without showing what is typed. The terminal is put back also when a signal ends the
/// program.
/// @return nothing when there is no terminal, or when the user gave up (end of input)
std::optional<Secret> ask_secret(std::string_view prompt);

/// Takes a secret out of the environment: reads the variable, overwrites its bytes and removes it, so that
/// children and /proc do not show it. @return nothing when it is not set
std::optional<Secret> take_secret_environment(std::string_view name);

/// The first line of an open descriptor, without its line end. Reads no further than it must; 64 KiB at most.
/// @return the secret, or one line that says what is wrong (empty, too long, not readable)
std::expected<Secret, std::string> read_secret_fd(int descriptor);

/// The first line of a file, like read_secret_fd; "-" is standard input.
std::expected<Secret, std::string> read_secret_file(const std::filesystem::path& path);

}  // namespace maildoctor::platform
