// Small files: reading with a bound, writing so that nobody else can read and nothing is half written.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace maildoctor::platform {

/// Reads a whole file as bytes.
/// @param limit octets; a longer file is a failure, not cut
/// @return the bytes, or one line that says what is wrong: "<path>: cannot be read: <reason>"
std::expected<std::string, std::string> read_file(const std::filesystem::path& path, std::size_t limit);

/// Writes a file that only its owner can read (mode 0600), atomically: other readers see the old or the new
/// content, never a part. Missing folders are not made.
/// @return nothing, or one line that says what is wrong
std::expected<void, std::string> write_private_file(const std::filesystem::path& path,
                                                    std::string_view bytes);

/// Makes sure that a file exists and that only its owner can read and write it: a missing one is made empty
/// with mode 0600, of an existing one the rights of others are taken away. Missing folders are not made.
/// @return nothing, or one line that says what is wrong: "<path>: cannot be written: <reason>"
std::expected<void, std::string> make_private(const std::filesystem::path& path);

}  // namespace maildoctor::platform
