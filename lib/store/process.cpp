#include "jwtdomain/store/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

#include "jwtdomain/base/escape.h"

extern char** environ;

namespace jwtdomain::store {
namespace {

using posix::Descriptor;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostSaid = 8u << 10;
constexpr int kPatience = 200; // milliseconds between questions whether to stop
constexpr int kEndPatience = 2;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment_of(const ProcessOptions& options) {
    std::vector<std::string> out;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view entry = *each;
        const bool kept_away = std::any_of(options.without.begin(), options.without.end(),
                                           [&](const std::string& prefix) { return entry.starts_with(prefix); });
        if (!kept_away) out.emplace_back(entry);
    }
    for (const auto& [name, value] : options.variables) out.push_back(name + "=" + value);
    return out;
}

std::string program(const ProcessOptions& options) {
    constexpr std::size_t kMost = 100;
    return "the program " + escape_text(options.words.front(), kMost);
}

tl::unexpected<Error> cannot(std::string_view what) {
    return fail(Fault::unreadable, "cannot " + std::string(what) + ": " + std::strerror(errno));
}

struct Pipe {
    Descriptor read, write;
    bool open() {
        std::array<int, 2> ends{-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        read = Descriptor(ends[0]);
        write = Descriptor(ends[1]);
        return true;
    }
};

// Signals that we ignore or hold back are its own business. Nothing is allocated between fork and exec.
[[noreturn]] void become(char* const* words, char* const* environment, int in, int out, int trouble, int failure) {
    std::ignore = std::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    if (trouble >= 0) dup2(trouble, STDERR_FILENO);
    execvpe(words[0], words, environment);
    const int error = errno;
    [[maybe_unused]] const auto told = write(failure, &error, sizeof error);
    _exit(127);
}

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

} // namespace

Process::Process(ProcessOptions options)
    : options_(std::move(options)), deadline_(Clock::now() + std::chrono::milliseconds(options_.milliseconds)) {}

Result<Process> Process::start(ProcessOptions options) {
    Process process(std::move(options));
    if (const Status launched = process.launch(); !launched) return fail(launched.error());
    return process;
}

Process::Process(Process&& other) noexcept
    : options_(std::move(other.options_)), deadline_(other.deadline_), pid_(std::exchange(other.pid_, -1)),
      in_(std::move(other.in_)), out_(std::move(other.out_)), trouble_(std::move(other.trouble_)),
      pending_(std::move(other.pending_)), said_(std::move(other.said_)) {}

Process::~Process() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Status Process::launch() {
    Pipe in, out, trouble, failure;
    const bool piped = (!options_.feed || in.open()) && out.open() && (!options_.hears || trouble.open());
    if (!piped || !failure.open()) return cannot("make a pipe");
    if (!options_.feed) in.read = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (options_.feed) fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
    std::vector<std::string> words = options_.words, environment = environment_of(options_);
    const std::vector<char*> arguments = pointers_to(words), variables = pointers_to(environment);
    const pid_t pid = fork();
    if (pid < 0) return cannot("start a program");
    if (pid == 0)
        become(arguments.data(), variables.data(), in.read.get(), out.write.get(),
               options_.hears ? trouble.write.get() : -1, failure.write.get());
    pid_ = pid;
    failure.write = Descriptor();
    int error = 0;
    ssize_t told = 0;
    while ((told = ::read(failure.read.get(), &error, sizeof error)) < 0 && errno == EINTR) {
    }
    if (told == static_cast<ssize_t>(sizeof error))
        return fail(error == ENOENT ? Fault::not_found : Fault::unreadable,
                    program(options_) + " cannot be run: " + std::strerror(error), "is it installed, and in PATH?");
    in_ = std::move(in.write);
    out_ = std::move(out.read);
    trouble_ = std::move(trouble.read);
    return {};
}

Status Process::feed_some() {
    if (pending_.empty()) {
        constexpr std::size_t kChunk = 16u << 10;
        pending_.resize(kChunk);
        const auto got = options_.feed(pending_.data(), kChunk);
        pending_.resize(got ? *got : 0);
        if (!got) return fail(got.error());
        if (*got == 0) {
            in_ = Descriptor();
            return {};
        }
    }
    const ssize_t sent = write_quietly(in_.get(), pending_);
    if (sent > 0) pending_.erase(0, static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) in_ = Descriptor(); // nobody listens any more
    return {};
}

void Process::hear() {
    std::array<char, 1024> buffer{};
    const ssize_t got = ::read(trouble_.get(), buffer.data(), buffer.size());
    if (got > 0) {
        const std::size_t room = kMostSaid - std::min(kMostSaid, said_.size());
        said_.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    } else if (got == 0 || errno != EINTR) {
        trouble_ = Descriptor();
    }
}

int Process::time_left() const {
    if (options_.milliseconds == 0) return kPatience;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, kPatience));
}

tl::unexpected<Error> Process::too_long() const {
    return fail(Fault::limit,
                program(options_) + " took longer than " + std::to_string(options_.milliseconds / 1000) + " s");
}

Result<std::size_t> Process::read(char* to, std::size_t size) {
    for (int waited = 0; out_ || trouble_;) {
        if (options_.stop && options_.stop()) return fail(Fault::retry, "stopped");
        const int left = time_left();
        if (left == 0) return too_long();
        std::array<pollfd, 3> ends{
            {{out_.get(), POLLIN, 0}, {trouble_.get(), POLLIN, 0}, {in_.get(), POLLOUT, 0}}}; // none: passed over
        const int ready = ::poll(ends.data(), ends.size(), left);
        if (ready < 0 && errno != EINTR) return cannot("wait for " + program(options_));
        if (ready == 0 && (waited += left) / 1000 >= options_.patience)
            return fail(Fault::limit, program(options_) + " has been silent for too long");
        if (ready <= 0) continue;
        waited = 0;
        if (ends[1].revents != 0) hear();
        if (ends[2].revents != 0) {
            if (const Status fed = feed_some(); !fed) return fail(fed.error());
        }
        if (ends[0].revents == 0) continue;
        const ssize_t got = ::read(out_.get(), to, size);
        if (got > 0) return static_cast<std::size_t>(got);
        if (got == 0) out_ = Descriptor();
        if (got < 0 && errno != EINTR) return cannot("read from " + program(options_));
    }
    return std::size_t{0};
}

Process::End Process::ended(int status) {
    pid_ = -1;
    End out{.status = WEXITSTATUS(status), .said = said_};
    if (!WIFSIGNALED(status)) return out;
    out.signal = WTERMSIG(status);
    out.status = 128 + out.signal;
    return out;
}

Result<Process::End> Process::end() {
    std::array<char, 4096> rest{};
    for (;;) {
        const auto got = read(rest.data(), rest.size());
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
    }
    in_ = Descriptor();
    const bool limited = options_.stop || options_.milliseconds > 0;
    for (;;) {
        int status = 0;
        const pid_t done = waitpid(pid_, &status, limited ? WNOHANG : 0);
        if (done == pid_) return ended(status);
        if (done < 0 && errno != EINTR) return cannot("wait for " + program(options_));
        if (!limited) continue;
        if (options_.stop && options_.stop()) return fail(Fault::retry, "stopped");
        if (time_left() == 0) return too_long();
        ::poll(nullptr, 0, kEndPatience);
    }
}

} // namespace jwtdomain::store
