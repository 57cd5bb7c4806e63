// Secrets from terminal, descriptor, file and environment on POSIX systems.
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "core/platform/secrets.h"

namespace maildoctor::platform {
namespace {

constexpr std::size_t max_secret = 64 * 1024;

class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

enum class LineEnd { line, end_of_input, failed, interrupted, too_long };

/// Reads up to the line end, octet by octet: what follows on a pipe belongs to somebody else.
LineEnd read_line(int fd, std::string& line, const std::atomic<int>* interrupted) {
    line.reserve(256);
    while (true) {
        if (interrupted != nullptr && interrupted->load() != 0) return LineEnd::interrupted;
        char c = 0;
        const ssize_t size = ::read(fd, &c, 1);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return LineEnd::failed;
        if (size == 0) return LineEnd::end_of_input;
        if (c == '\n') return LineEnd::line;
        if (line.size() == max_secret) return LineEnd::too_long;
        if (line.size() == line.capacity()) {  // grow by hand: the old bytes must be wiped
            std::string larger;
            larger.reserve(2 * line.capacity());
            larger = line;
            wipe(line);
            line.swap(larger);
        }
        line.push_back(c);
    }
}

std::atomic<int> caught_signal{0};
void remember_signal(int number) {
    caught_signal.store(number);
}

/// While it lives, the signals that end or stop a program are only remembered; afterwards they are delivered.
class SignalsHeldBack {
public:
    SignalsHeldBack() {
        caught_signal.store(0);
        struct sigaction remember{};
        remember.sa_handler = remember_signal;  // no SA_RESTART: read() must return
        sigemptyset(&remember.sa_mask);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            sigaction(numbers.at(i), &remember, &before_.at(i));
    }
    SignalsHeldBack(const SignalsHeldBack&) = delete;
    SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;
    ~SignalsHeldBack() {
        for (std::size_t i = 0; i < numbers.size(); ++i)
            sigaction(numbers.at(i), &before_.at(i), nullptr);
        if (const int number = caught_signal.exchange(0); number != 0) ::raise(number);
    }

private:
    static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    std::array<struct sigaction, numbers.size()> before_{};
};

/// While it lives, the terminal does not show what is typed.
class EchoOff {
public:
    explicit EchoOff(int fd) : fd_(fd), changed_(tcgetattr(fd, &before_) == 0) {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        changed_ = changed_ && tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    ~EchoOff() {
        while (changed_ && tcsetattr(fd_, TCSAFLUSH, &before_) != 0 && errno == EINTR) {
        }
    }
    bool changed() const noexcept { return changed_; }

private:
    int fd_;
    termios before_{};
    bool changed_;
};

void say(int fd, std::string_view text) {
    [[maybe_unused]] const ssize_t ignored = ::write(fd, text.data(), text.size());
}

}  // namespace

std::optional<Secret> ask_secret(std::string_view prompt) {
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (terminal.get() < 0) return std::nullopt;
    const SignalsHeldBack signals;  // ends last: the terminal is as before when the signal takes effect
    const EchoOff quiet(terminal.get());
    if (!quiet.changed()) return std::nullopt;
    say(terminal.get(), prompt);
    std::string line;
    const LineEnd end = read_line(terminal.get(), line, &caught_signal);
    say(terminal.get(), "\n");
    Secret secret(std::move(line));
    if (end != LineEnd::line) return std::nullopt;
    return secret;
}

std::optional<Secret> take_secret_environment(std::string_view name) {
    const std::string key(name);
    char* value =
        std::getenv(key.c_str());  // NOLINT(concurrency-mt-unsafe): called at start-up, before threads
    if (value == nullptr) return std::nullopt;
    const std::size_t size = std::strlen(value);
    std::string copy(value, size);
    wipe(value, size);
    ::unsetenv(key.c_str());  // NOLINT(concurrency-mt-unsafe)
    return Secret(std::move(copy));
}

std::expected<Secret, std::string> read_secret_fd(int descriptor) {
    std::string line;
    const LineEnd end = read_line(descriptor, line, nullptr);
    if (end == LineEnd::line && !line.empty() && line.back() == '\r') line.pop_back();
    const bool empty = line.empty();
    Secret secret(std::move(line));
    if (end == LineEnd::failed) return std::unexpected("the password cannot be read");
    if (end == LineEnd::too_long) return std::unexpected("the password is longer than 65536 bytes");
    if (empty) return std::unexpected("the password is empty");
    return secret;
}

std::expected<Secret, std::string> read_secret_file(const std::filesystem::path& path) {
    if (path == "-") return read_secret_fd(STDIN_FILENO);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return std::unexpected(path.native() + ": cannot be read");
    auto secret = read_secret_fd(file.get());
    if (!secret) return std::unexpected(path.native() + ": " + secret.error());
    return secret;
}

}  // namespace maildoctor::platform
