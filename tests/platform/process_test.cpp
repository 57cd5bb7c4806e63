// The process, its terminal, and asking for a secret on a pseudo-terminal.
#include "core/platform/process.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "core/platform/secrets.h"
#include "core/platform/terminal.h"

using namespace maildoctor;
using namespace maildoctor::platform;

namespace {

/// A pseudo-terminal; the child's side is opened by the child.
struct PseudoTerminal {
    int master{posix_openpt(O_RDWR | O_NOCTTY)};
    std::string name;
    PseudoTerminal() {
        REQUIRE(master >= 0);
        REQUIRE(grantpt(master) == 0);
        REQUIRE(unlockpt(master) == 0);
        name = ptsname(master);
    }
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;
    ~PseudoTerminal() { close(master); }

    bool echo() const {
        termios mode{};
        tcgetattr(master, &mode);
        return (mode.c_lflag & ECHO) != 0;
    }
    void wait_for_echo(bool wanted) const {
        for (int i = 0; i < 500 && echo() != wanted; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        REQUIRE(echo() == wanted);
    }
    std::string shown() const {
        std::array<char, 1000> buffer{};
        fcntl(master, F_SETFL, O_NONBLOCK);
        const ssize_t size = read(master, buffer.data(), buffer.size());
        return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }
    void type(std::string_view keys) const {
        REQUIRE(write(master, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }
};

/// Runs `work` in a child whose controlling terminal is `terminal`; its result is the exit status.
template <class Work>
pid_t child_on(const PseudoTerminal& terminal, Work work) {
    const pid_t child = fork();
    if (child == 0) {
        setsid();
        signal(SIGINT, SIG_DFL);
        const int fd = open(terminal.name.c_str(), O_RDWR);
        ioctl(fd, TIOCSCTTY, 0);
        _exit(work());
    }
    return child;
}

}  // namespace

TEST_CASE("ask secret: nothing typed is shown, and the terminal is as before", "[platform]") {
    const PseudoTerminal terminal;
    const int keep = open(terminal.name.c_str(), O_RDWR | O_NOCTTY);
    const pid_t child = child_on(terminal, [] {
        const auto secret = ask_secret("Password: ");
        return secret && secret->reveal() == "geheim" ? 42 : 1;
    });
    terminal.wait_for_echo(false);
    terminal.type("geheim\n");
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 42);
    const std::string shown = terminal.shown();
    CHECK(shown.find("Password: ") != std::string::npos);
    CHECK(shown.find("geheim") == std::string::npos);
    CHECK(terminal.echo());
    close(keep);
}

TEST_CASE("ask secret: Ctrl-C ends the program with the terminal as before", "[platform]") {
    const PseudoTerminal terminal;
    const int keep = open(terminal.name.c_str(), O_RDWR | O_NOCTTY);
    const pid_t child = child_on(terminal, [] {
        const auto secret = ask_secret("Password: ");
        return secret ? 1 : 2;
    });
    terminal.wait_for_echo(false);
    terminal.type("abc\x03");
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
    CHECK(terminal.echo());
    close(keep);
}

TEST_CASE("ask secret: nothing without a terminal", "[platform]") {
    const pid_t child = fork();
    if (child == 0) {
        setsid();  // no controlling terminal any more
        _exit(ask_secret("Password: ") ? 1 : 0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("terminal: width and colours of a real one, and of a file", "[platform]") {
    const PseudoTerminal terminal_device;
    const winsize size{.ws_row = 24, .ws_col = 132, .ws_xpixel = 0, .ws_ypixel = 0};
    REQUIRE(ioctl(terminal_device.master, TIOCSWINSZ, &size) == 0);
    const auto on_terminal = [&](const char* no_color, const char* kind) {
        const pid_t child = child_on(terminal_device, [&] {
            dup2(open(terminal_device.name.c_str(), O_RDWR), STDOUT_FILENO);
            setenv("NO_COLOR", no_color, 1);
            setenv("TERM", kind, 1);
            const Terminal seen = terminal(StandardStream::output);
            if (!seen.is_terminal || seen.width != 132) return 9;
            return seen.colours ? 1 : 0;
        });
        int status = 0;
        waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    };
    CHECK(on_terminal("", "xterm-256color") == 1);
    CHECK(on_terminal("1", "xterm-256color") == 0);
    CHECK(on_terminal("", "dumb") == 0);

    const pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        setenv("COLUMNS", "97", 1);
        const Terminal seen = terminal(StandardStream::output);
        _exit(!seen.is_terminal && !seen.colours && seen.width == 97 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("process: arguments, environment and limits", "[platform]") {
    std::string program = "maildoctor", first = "check", second = "jürgen@example.test";
    const std::array<char*, 3> argv{program.data(), first.data(), second.data()};
    CHECK(arguments(3, argv.data()) == std::vector<std::string>{"check", "jürgen@example.test"});
    CHECK(arguments(0, argv.data()).empty());
    CHECK_FALSE(environment("MAILDOCTOR_NOT_SET"));
    CHECK(environment("PATH"));
    const ProcessLimits limits = process_limits();
    CHECK(limits.open_files > 0);
    CHECK(raise_open_files(limits.open_files_max + 1) == limits.open_files_max);
}

TEST_CASE("process: no core dump", "[platform]") {
    const pid_t child = fork();
    if (child == 0) _exit(no_core_dump() && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}
