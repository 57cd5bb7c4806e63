// Arguments, environment and limits of the process on POSIX systems.
#include <fcntl.h>
#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <cstdlib>

#include "core/platform/process.h"

namespace maildoctor::platform {

std::vector<std::string> arguments(int argc, char* const* argv) {
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>{};
}

std::optional<std::string> environment(std::string_view name) {
    const char* value = std::getenv(
        std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe): nobody writes it after start-up
    if (value == nullptr) return std::nullopt;
    return value;
}

std::filesystem::path home_folder() {
    if (auto home = environment("HOME"); home && !home->empty()) return *home;
    std::string buffer(16 * 1024, '\0');
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return found->pw_dir;
    return {};
}

void open_missing_standard_streams() {
    for (int descriptor = 0; descriptor <= 2; ++descriptor) {
        if (fcntl(descriptor, F_GETFD) != -1) continue;
        // The lowest free number is this one. It stays open until the end of the process.
        if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) return;
    }
}

ProcessLimits process_limits() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
    return {.open_files = limit.rlim_cur, .open_files_max = limit.rlim_max};
}

std::uint64_t raise_open_files(std::uint64_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur >= wanted) return limit.rlim_cur;
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    return process_limits().open_files;
}

bool no_core_dump() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    bool agreed = setrlimit(RLIMIT_CORE, &none) == 0;
#ifdef __linux__
    agreed = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && agreed;  // also against ptrace and /proc/PID/mem
#endif
    return agreed;
}

}  // namespace maildoctor::platform
