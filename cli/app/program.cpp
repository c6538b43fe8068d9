#include "cli/app/program.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

#include <fmt/format.h>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
public:
    bool open() { return pipe2(ends_, O_CLOEXEC) == 0; }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    int read_end() const { return ends_[0]; }
    int write_end() const { return ends_[1]; }
    void close_end(int which) {
        if (ends_[which] >= 0) close(ends_[which]);
        ends_[which] = -1;
    }

private:
    int ends_[2] = {-1, -1};
};

// It stays in our process group: it may ask for a PIN at the terminal.
[[noreturn]] void become(char* const* arguments, const Pipe& in, const Pipe& out, int trouble) {
    std::ignore = std::signal(SIGPIPE, SIG_DFL);
    dup2(in.read_end(), STDIN_FILENO);
    dup2(out.write_end(), STDOUT_FILENO);
    execvp(arguments[0], arguments);
    const int error = errno;
    [[maybe_unused]] const auto told = write(trouble, &error, sizeof error);
    _exit(127);
}

// The child, which is killed if it is still there at the end.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        wait();
    }
    int wait() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }
    // Its status once it has ended, asked until `deadline`.
    std::optional<int> wait_until(Clock::time_point deadline) {
        for (;;) {
            int status = 0;
            const pid_t done = waitpid(pid_, &status, WNOHANG);
            if (done == pid_) {
                pid_ = -1;
                return status;
            }
            if (Clock::now() >= deadline) return std::nullopt;
            poll(nullptr, 0, 2);
        }
    }

private:
    pid_t pid_;
};

// A write to a pipe that nobody reads any more gives EPIPE, and no signal, whatever the process has arranged for it.
ssize_t write_quietly(int descriptor, std::string_view text) {
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ssize_t put = write(descriptor, text.data(), text.size());
    const int error = errno;
    const timespec now{};
    if (put < 0 && error == EPIPE && sigismember(&pending, SIGPIPE) == 0) sigtimedwait(&pipe, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return put;
}

struct Talk {
    Pipe& in;
    Pipe& out;
    std::string_view input;
    const ProgramLimits& limits;
    Clock::time_point deadline;
    std::string output = {};

    // False if the time is up or too much has come.
    bool run() {
        char buffer[4096];
        for (;;) {
            pollfd ends[2] = {{out.read_end(), POLLIN, 0}, {in.write_end(), POLLOUT, 0}};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
            const int ready = left > 0 ? poll(ends, in.write_end() >= 0 ? 2 : 1, static_cast<int>(left)) : 0;
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) return false;
            if (in.write_end() >= 0 && ends[1].revents != 0) feed();
            if (ends[0].revents == 0) continue;
            const ssize_t got = read(out.read_end(), buffer, sizeof buffer);
            if (got == 0) return true;
            if (got > 0) output.append(buffer, static_cast<std::size_t>(got));
            if (output.size() > limits.output) return false;
        }
    }

    void feed() {
        const ssize_t put = write_quietly(in.write_end(), input);
        if (put < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (put > 0) input.remove_prefix(static_cast<std::size_t>(put));
        if (put < 0 || input.empty()) in.close_end(1); // all is said, or nobody listens
    }
};

std::string name_of(const std::vector<std::string>& words) { return "the program " + escape_text(words.front(), 100); }

} // namespace

Result<std::vector<std::string>> split_command(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            inside = false;
            continue;
        }
        if (!inside) words.emplace_back();
        inside = true;
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        else if (c == '\\' && quote != '\'' && i + 1 < text.size())
            words.back() += text[++i];
        else
            words.back() += c;
    }
    if (quote != 0) return fail(Fault::usage, "a quote in the command is not closed");
    if (words.empty() || words.front().empty()) return fail(Fault::usage, "there is no program in the command");
    return words;
}

std::optional<std::string_view> command_in(std::string_view text) {
    constexpr std::string_view kKind = "cmd:";
    if (!text.starts_with(kKind)) return std::nullopt;
    return text.substr(kKind.size());
}

Result<std::string> run_program(const std::vector<std::string>& words, std::string_view input,
                                const ProgramLimits& limits) {
    auto ended = run_to_end(words, input, limits);
    if (!ended) return tl::unexpected(ended.error());
    if (ended->status != 0)
        return fail(Fault::invalid, fmt::format("{} failed with status {}", name_of(words), ended->status));
    return std::move(ended->output);
}

Result<Ended> run_to_end(const std::vector<std::string>& words, std::string_view input, const ProgramLimits& limits) {
    const std::string name = name_of(words);
    const auto too_slow = [&] {
        return fail(Fault::limit, fmt::format("{} took longer than {} s", name, limits.milliseconds / 1000));
    };
    Pipe in, out, trouble;
    if (!in.open() || !out.open() || !trouble.open())
        return fail(Fault::unreadable, std::string("cannot make a pipe: ") + std::strerror(errno));
    fcntl(in.write_end(), F_SETFL, O_NONBLOCK);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t pid = fork();
    if (pid < 0) return fail(Fault::unreadable, std::string("cannot start a program: ") + std::strerror(errno));
    if (pid == 0) become(arguments.data(), in, out, trouble.write_end());
    Child child(pid);
    in.close_end(0);
    out.close_end(1);
    trouble.close_end(1);
    int error = 0;
    if (read(trouble.read_end(), &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
        return fail(error == ENOENT ? Fault::not_found : Fault::unreadable,
                    fmt::format("{} cannot be run: {}", name, std::strerror(error)), "is it installed, and in PATH?");
    }
    Talk talk{.in = in,
              .out = out,
              .input = input,
              .limits = limits,
              .deadline = Clock::now() + std::chrono::milliseconds(limits.milliseconds)};
    if (!talk.run()) {
        if (talk.output.size() <= limits.output) return too_slow();
        return fail(Fault::limit, fmt::format("{} wrote more than {} octets", name, limits.output));
    }
    const std::optional<int> status = child.wait_until(talk.deadline);
    if (!status) return too_slow();
    if (WIFSIGNALED(*status))
        return fail(Fault::invalid, fmt::format("{} was ended by signal {}", name, WTERMSIG(*status)));
    return Ended{WEXITSTATUS(*status), std::move(talk.output)};
}

} // namespace jwtdomain::cli
