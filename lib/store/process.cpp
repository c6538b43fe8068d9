#include "jwtdomain/store/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace jwtdomain::store {
namespace {

using posix::Descriptor;

constexpr std::size_t kMostSaid = 8u << 10;
constexpr int kPatience = 200; // milliseconds between questions whether to stop

struct Actions {
    posix_spawn_file_actions_t value;
    Actions() { posix_spawn_file_actions_init(&value); }
    ~Actions() { posix_spawn_file_actions_destroy(&value); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

struct Attributes {
    posix_spawnattr_t value;
    // Signals that we ignore or hold back are its own business.
    Attributes() {
        posix_spawnattr_init(&value);
        sigset_t pipe, none;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&value, &pipe);
        posix_spawnattr_setsigmask(&value, &none);
        posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~Attributes() { posix_spawnattr_destroy(&value); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
};

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

tl::unexpected<Error> cannot(std::string_view what, int error) {
    return fail(error == ENOENT ? Fault::not_found : Fault::unreadable,
                std::string("cannot ") + std::string(what) + ": " + std::strerror(error));
}

} // namespace

Result<Process> Process::start(ProcessOptions options) {
    Process process(std::move(options));
    if (const Status launched = process.launch(); !launched) return fail(launched.error());
    return process;
}

Process::Process(Process&& other) noexcept
    : options_(std::move(other.options_)), pid_(std::exchange(other.pid_, -1)), in_(std::move(other.in_)),
      out_(std::move(other.out_)), trouble_(std::move(other.trouble_)), pending_(std::move(other.pending_)),
      said_(std::move(other.said_)) {}

Process::~Process() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    wait();
}

// Its standard input is a socket, since what is sent to one that nobody reads gives an error, and no signal.
Status Process::launch() {
    std::array<int, 2> in{-1, -1}, out{-1, -1}, trouble{-1, -1};
    const auto give_up = [&](std::string_view what) -> Status { return cannot(what, errno); };
    if (options_.feed && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0)
        return give_up("make a socket");
    in_ = Descriptor(in[0]);
    Descriptor its_in(options_.feed ? in[1] : ::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (pipe2(out.data(), O_CLOEXEC) != 0) return give_up("make a pipe");
    out_ = Descriptor(out[0]);
    Descriptor its_out(out[1]);
    if (pipe2(trouble.data(), O_CLOEXEC) != 0) return give_up("make a pipe");
    trouble_ = Descriptor(trouble[0]);
    Descriptor its_trouble(trouble[1]);
    Actions actions;
    posix_spawn_file_actions_adddup2(&actions.value, its_in.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions.value, its_out.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions.value, its_trouble.get(), STDERR_FILENO);
    const Attributes attributes;
    std::vector<std::string> words = options_.words, environment = environment_of(options_);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, words.front().c_str(), &actions.value, &attributes.value,
                                   pointers_to(words).data(), pointers_to(environment).data());
    if (error != 0) return cannot("run " + words.front(), error);
    pid_ = pid;
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
    const ssize_t sent = ::send(in_.get(), pending_.data(), pending_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
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

Result<std::size_t> Process::read(char* to, std::size_t size) {
    for (int waited = 0; out_ || trouble_;) {
        if (options_.stop && options_.stop()) return fail(Fault::retry, "stopped");
        std::array<pollfd, 3> ends{
            {{out_.get(), POLLIN, 0}, {trouble_.get(), POLLIN, 0}, {in_.get(), POLLOUT, 0}}}; // none: passed over
        const int ready = ::poll(ends.data(), ends.size(), kPatience);
        if (ready < 0 && errno != EINTR) return cannot("wait for " + options_.words.front(), errno);
        if (ready == 0 && (waited += kPatience) / 1000 >= options_.patience)
            return fail(Fault::limit, options_.words.front() + " has been silent for too long");
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
        if (got < 0 && errno != EINTR) return cannot("read from " + options_.words.front(), errno);
    }
    return std::size_t{0};
}

int Process::wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Result<Process::End> Process::end() {
    std::array<char, 4096> rest{};
    for (;;) {
        const auto got = read(rest.data(), rest.size());
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
    }
    in_ = Descriptor();
    const int status = wait();
    return End{.status = status, .said = said_};
}

} // namespace jwtdomain::store
