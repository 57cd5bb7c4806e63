#include "core/platform/file.h"

#include <fstream>
#include <system_error>

namespace maildoctor::platform {

std::expected<std::string, std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
    const auto failed = [&](std::string_view why) {
        return std::unexpected(path.string() + ": " + std::string(why));
    };
    std::error_code error;
    const auto kind = std::filesystem::status(path, error);
    if (!std::filesystem::exists(kind)) return failed("does not exist");
    if (std::filesystem::is_directory(kind)) return failed("is a folder, not a file");
    std::ifstream in(path, std::ios::binary);
    if (!in) return failed("cannot be read");
    std::string bytes;
    constexpr std::size_t step = 16 * 1024;
    while (bytes.size() <= limit) {
        const std::size_t have = bytes.size();
        bytes.resize(have + step);
        in.read(bytes.data() + have, static_cast<std::streamsize>(step));
        const auto got = static_cast<std::size_t>(in.gcount());
        bytes.resize(have + got);
        if (got == 0) break;
    }
    if (in.bad()) return failed("cannot be read");
    if (bytes.size() > limit) return failed("is larger than " + std::to_string(limit) + " bytes");
    return bytes;
}

}  // namespace maildoctor::platform
