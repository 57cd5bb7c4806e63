// Writing a private file on POSIX systems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>

#include "core/platform/file.h"

namespace maildoctor::platform {
namespace {

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

/// A new file beside `path` that nobody else made or can open. @return its descriptor, or -1
int open_beside(const std::string& path, std::string& made) {
    std::random_device random;
    for (int attempt = 0; attempt < 16; ++attempt) {
        made = path + ".new-" + std::to_string(random());
        const int fd =
            ::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

}  // namespace

std::expected<void, std::string> write_private_file(const std::filesystem::path& path,
                                                    std::string_view bytes) {
    const std::string& name = path.native();
    const auto failed = [&] { return std::unexpected(name + ": cannot be written"); };
    std::string made;
    const int fd = open_beside(name, made);
    if (fd < 0) return failed();
    const bool written = write_all(fd, bytes) && ::fsync(fd) == 0;
    const bool closed = ::close(fd) == 0;
    if (written && closed && ::rename(made.c_str(), name.c_str()) == 0) return {};
    ::unlink(made.c_str());
    return failed();
}

std::expected<void, std::string> make_private(const std::filesystem::path& path) {
    const std::string& name = path.native();
    const auto failed = [&](const std::string& why) {
        return std::unexpected(name + ": cannot be written: " + why);
    };
    const auto system_reason = [] { return std::generic_category().message(errno); };
    // Without O_NONBLOCK a pipe of this name would hold the program until somebody reads it.
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0) return failed(system_reason());
    struct stat seen{};
    std::string fault;
    if (::fstat(fd, &seen) != 0)
        fault = system_reason();
    else if (!S_ISREG(seen.st_mode))
        fault = "it is not an ordinary file";
    else if ((seen.st_mode & (S_IRWXG | S_IRWXO)) != 0 && ::fchmod(fd, S_IRUSR | S_IWUSR) != 0)
        fault = "others can read it, and that cannot be changed";
    ::close(fd);
    if (!fault.empty()) return failed(fault);
    return {};
}

}  // namespace maildoctor::platform
