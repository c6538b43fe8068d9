#include "cli/app/world.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <tuple>
#include <unistd.h>

namespace jwtdomain::cli {
namespace {

volatile std::sig_atomic_t g_signal = 0;

std::string system_error(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

Result<std::size_t> read_some(int descriptor, char* to, std::size_t size, const char* what) {
    for (;;) {
        const ssize_t got = ::read(descriptor, to, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EINTR && g_signal == 0) continue;
        if (errno == EINTR) return std::size_t{0};
        return fail(Fault::unreadable, system_error(what));
    }
}

class RealWorld final : public World {
public:
    RealWorld() {
        std::ignore = std::signal(SIGPIPE, SIG_IGN);
        std::ignore = std::signal(SIGXFSZ, SIG_IGN); // a limit on file sizes is told as a full disk is
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    }

    Result<std::size_t> read(char* to, std::size_t size) override {
        return read_some(STDIN_FILENO, to, size, "cannot read standard input");
    }

    std::string program_file() const override { return "/proc/self/exe"; }

    bool input_ready() const override {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        return poll(&input, 1, 0) != 0;
    }

    Status write(std::string_view text) override {
        while (!text.empty()) {
            const ssize_t done = ::write(STDOUT_FILENO, text.data(), text.size());
            if (done < 0 && errno == EINTR) continue;
            if (done < 0 && errno == EPIPE) return fail(Fault::retry, "");
            if (done < 0) return fail(Fault::unreadable, system_error("cannot write to standard output"));
            text.remove_prefix(static_cast<std::size_t>(done));
        }
        return {};
    }

    void write_error(std::string_view text) override {
        while (!text.empty()) {
            const ssize_t done = ::write(STDERR_FILENO, text.data(), text.size());
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) return; // nobody is left to be told
            text.remove_prefix(static_cast<std::size_t>(done));
        }
    }

    bool is_terminal(Stream stream) const override {
        switch (stream) {
        case Stream::in: return isatty(STDIN_FILENO) == 1;
        case Stream::out: return isatty(STDOUT_FILENO) == 1;
        case Stream::err: return isatty(STDERR_FILENO) == 1;
        }
        return false;
    }

    std::optional<std::string> environment(const std::string& name) const override {
        const char* const value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    }

    Time now() const override { return static_cast<Time>(std::time(nullptr)); }

    std::int64_t milliseconds() const override {
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
    }

    std::string directory() const override {
        char buffer[PATH_MAX];
        return getcwd(buffer, sizeof buffer) ? buffer : ".";
    }

    Result<SecretBytes> ask_secret(const std::string& prompt) override {
        const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (tty < 0)
            return fail(Fault::usage, "there is no terminal to ask for a secret",
                        "give it by env:NAME, file:PATH or fd:N");
        termios before{};
        tcgetattr(tty, &before);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(tty, TCSAFLUSH, &silent);
        [[maybe_unused]] const auto shown = ::write(tty, prompt.data(), prompt.size());
        SecretBytes line(4096);
        std::size_t size = 0;
        char c = 0;
        while (size < line.size() && ::read(tty, &c, 1) == 1 && c != '\n') line.expose_mutable()[size++] = c;
        tcsetattr(tty, TCSAFLUSH, &before);
        [[maybe_unused]] const auto ended = ::write(tty, "\n", 1);
        close(tty);
        line.truncate(size);
        return line;
    }

    Result<SecretBytes> read_descriptor(int descriptor, std::size_t limit) override {
        SecretBytes buffer(limit + 1);
        std::size_t size = 0;
        while (size <= limit) {
            const auto got = read_some(descriptor, buffer.expose_mutable() + size, buffer.size() - size,
                                       "cannot read the file descriptor");
            if (!got) return tl::unexpected(got.error());
            if (*got == 0) break;
            size += *got;
        }
        if (size > limit) return fail(Fault::limit, "the secret is too long");
        buffer.truncate(size);
        return buffer;
    }

    // From the first question on, signals are for whoever asks; a command that never does is ended by them.
    int interrupted() const override {
        [[maybe_unused]] static const bool armed = [] {
            struct sigaction action {};
            action.sa_handler = [](int number) {
                if (g_signal != 0) _exit(128 + number); // asked twice
                g_signal = number;
            };
            sigaction(SIGINT, &action, nullptr);
            sigaction(SIGTERM, &action, nullptr);
            return true;
        }();
        return g_signal;
    }

    unsigned processors() const override {
        cpu_set_t set;
        if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
        const int count = CPU_COUNT(&set);
        return count > 0 ? static_cast<unsigned>(count) : 1;
    }
};

} // namespace

World& real_world() {
    static RealWorld world;
    return world;
}

} // namespace jwtdomain::cli
