// This process: its arguments, environment and limits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::platform {

/// The command line after the program's name, in UTF-8.
std::vector<std::string> arguments(int argc, char* const* argv);

/// A variable of the environment; nothing when it is not set. Not for secrets: see take_secret_environment().
std::optional<std::string> environment(std::string_view name);

/// The user's home folder ($HOME, else from the user database); empty when there is none.
std::filesystem::path home_folder();

/// Opens those of descriptors 0, 1 and 2 that the caller had closed, in the wrong direction: using them fails
/// with "bad file descriptor", and no socket can take their number and be taken for a standard stream.
void open_missing_standard_streams();

struct ProcessLimits {
    std::uint64_t open_files{};      ///< descriptors this process may have open now
    std::uint64_t open_files_max{};  ///< what it may raise that to
};
ProcessLimits process_limits();

/// Raises the limit of open descriptors as far as `wanted` or the hard limit. @return the limit afterwards
std::uint64_t raise_open_files(std::uint64_t wanted);

/// Keeps secrets out of core files and away from debuggers of the same user. @return whether the system
/// agreed
bool no_core_dump();

}  // namespace maildoctor::platform
