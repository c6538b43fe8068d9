#include "jwtdomain/net/listener.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

#include "jwtdomain/net/address.h"

namespace jwtdomain::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostConnections = 32;    // at a time
constexpr std::size_t kMostRequest = 16u << 10; // octets up to the empty line
constexpr std::chrono::seconds kLife{5};        // of a connection
constexpr int kLook = 100;                      // milliseconds: how often it is looked whether it should end

std::optional<int> port_of(std::string_view text) {
    int port = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc() && at == text.data() + text.size();
    return whole && port >= 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

struct Address {
    sockaddr_storage storage = {};
    socklen_t size = 0;
    const sockaddr& get() const { return reinterpret_cast<const sockaddr&>(storage); }
    sockaddr& get() { return reinterpret_cast<sockaddr&>(storage); }
};

// Numbers alone: no name is looked up.
std::optional<Address> address_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : port_of(std::string_view(text).substr(colon + 1));
    if (!port) return std::nullopt;
    const std::string host = text.substr(0, colon);
    Address out;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        auto& six = reinterpret_cast<sockaddr_in6&>(out.storage);
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(static_cast<std::uint16_t>(*port));
        out.size = sizeof six;
        if (inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six.sin6_addr) != 1) return std::nullopt;
    } else {
        auto& four = reinterpret_cast<sockaddr_in&>(out.storage);
        four.sin_family = AF_INET;
        four.sin_port = htons(static_cast<std::uint16_t>(*port));
        out.size = sizeof four;
        if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) != 1) return std::nullopt;
    }
    return is_loopback(out.get()) ? std::optional(out) : std::nullopt;
}

std::string url_of(const Address& address) {
    const bool six = address.storage.ss_family == AF_INET6;
    const auto port = six ? reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_port
                          : reinterpret_cast<const sockaddr_in&>(address.storage).sin_port;
    const std::string host = text_of(address.get());
    return "http://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(ntohs(port));
}

// "GET /a?b HTTP/1.1" -> "/a"; empty of what is no such line.
std::string path_of(std::string_view request, bool& head) {
    const std::string_view line = request.substr(0, request.find_first_of("\r\n"));
    head = line.starts_with("HEAD ");
    if (!head && !line.starts_with("GET ")) return {};
    const std::size_t begin = head ? 5 : 4, end = line.find(' ', begin);
    if (end == line.npos || !line.substr(end + 1).starts_with("HTTP/1.")) return {};
    const std::string_view target = line.substr(begin, end - begin);
    return std::string(target.substr(0, target.find('?')));
}

} // namespace

struct Listener::State {
    struct Document {
        std::string type, body;
        std::size_t visits = 0;
    };

    struct Connection {
        int fd = -1;
        Clock::time_point end;
        std::string in, out;
    };

    State(int listening, std::string where) : fd(listening), url(std::move(where)) {}
    ~State() {
        ended = true;
        if (thread.joinable()) thread.join();
        for (const Connection& each : connections) close(each.fd);
        close(fd);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void work();
    void take_new();
    bool go_on(Connection& connection, short events); // false: it is done
    std::string answer(std::string_view request);

    int fd;
    std::string url;
    std::mutex mutex;
    std::map<std::string, Document> documents;
    std::atomic<bool> ended = false;
    std::vector<Connection> connections; // of the thread
    std::thread thread;
};

void Listener::State::work() {
    while (!ended) {
        std::vector<pollfd> ends;
        for (const Connection& each : connections)
            ends.push_back({each.fd, static_cast<short>(each.out.empty() ? POLLIN : POLLOUT), 0});
        const bool room = connections.size() < kMostConnections;
        if (room) ends.push_back({fd, POLLIN, 0});
        if (poll(ends.data(), ends.size(), kLook) < 0 && errno != EINTR) return;
        const auto now = Clock::now();
        std::size_t number = 0;
        const auto is_done = [&](Connection& each) {
            const short events = ends[number++].revents;
            if (now < each.end && (events == 0 || go_on(each, events))) return false;
            close(each.fd);
            return true;
        };
        const bool fresh = room && ends.back().revents != 0;
        // Not by std::remove_if, which may ask of a moved one.
        for (auto each = connections.begin(); each != connections.end();)
            each = is_done(*each) ? connections.erase(each) : std::next(each);
        if (fresh) take_new();
    }
}

void Listener::State::take_new() {
    const int taken = accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (taken >= 0) connections.push_back({taken, Clock::now() + kLife, {}, {}});
}

bool Listener::State::go_on(Connection& c, short events) {
    if (c.out.empty() && (events & (POLLIN | POLLHUP | POLLERR)) != 0) {
        char buffer[4096];
        const ssize_t got = recv(c.fd, buffer, sizeof buffer, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
        if (got <= 0) return false;
        c.in.append(buffer, static_cast<std::size_t>(got));
        if (c.in.find("\r\n\r\n") != std::string::npos)
            c.out = answer(c.in);
        else
            return c.in.size() <= kMostRequest;
    }
    if (c.out.empty()) return true;
    const ssize_t put = send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR;
    c.out.erase(0, static_cast<std::size_t>(put));
    return !c.out.empty();
}

std::string Listener::State::answer(std::string_view request) {
    bool head = false;
    const std::string path = path_of(request, head);
    const std::lock_guard lock(mutex);
    const auto found = documents.find(path);
    if (found == documents.end()) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    ++found->second.visits;
    const Document& document = found->second;
    return "HTTP/1.1 200 OK\r\nContent-Type: " + document.type +
           "\r\nContent-Length: " + std::to_string(document.body.size()) +
           "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + (head ? std::string() : document.body);
}

Result<Listener> Listener::open(const std::string& text) {
    auto address = address_of(text);
    if (!address)
        return fail(Fault::usage, "'" + text + "' is no loopback address with a port", "for example 127.0.0.1:0");
    const int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    const bool open = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                      bind(fd, &address->get(), address->size) == 0 && listen(fd, 64) == 0 &&
                      getsockname(fd, &address->get(), &address->size) == 0;
    if (!open) {
        const int error = errno;
        if (fd >= 0) close(fd);
        return fail(Fault::unreadable, "cannot listen at " + text + ": " + std::generic_category().message(error));
    }
    auto state = std::make_unique<State>(fd, url_of(*address));
    try {
        state->thread = std::thread([&listening = *state] { listening.work(); });
    } catch (const std::system_error&) {
        return fail(Fault::unreadable, "cannot listen at " + text + ": there is no thread to be had");
    }
    return Listener(std::move(state));
}

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

const std::string& Listener::url() const { return state_->url; }

void Listener::serve(const std::string& path, std::string type, std::string body) {
    const std::lock_guard lock(state_->mutex);
    State::Document& document = state_->documents[path];
    document.type = std::move(type);
    document.body = std::move(body);
}

std::size_t Listener::visits(const std::string& path) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->documents.find(path);
    return found == state_->documents.end() ? 0 : found->second.visits;
}

} // namespace jwtdomain::net
