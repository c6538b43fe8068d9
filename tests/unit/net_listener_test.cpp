// A listener on loopback, asked by hand: what it serves, what it counts, and what does not hold it up.
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "jwtdomain/net/listener.h"

using namespace jwtdomain;

namespace {

class Visitor {
public:
    explicit Visitor(const net::Listener& listener) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const std::string url = listener.url();
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{10, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        REQUIRE(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;
    ~Visitor() { close(fd_); }
    void say(const std::string& text) const { ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
    // All until the other side closes.
    std::string hear() const {
        std::string out;
        char buffer[4096];
        for (ssize_t got = 0; (got = recv(fd_, buffer, sizeof buffer, 0)) > 0;)
            out.append(buffer, static_cast<std::size_t>(got));
        return out;
    }

private:
    int fd_;
};

std::string asked(const net::Listener& listener, const std::string& request) {
    const Visitor visitor(listener);
    visitor.say(request);
    return visitor.hear();
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

} // namespace

TEST_CASE("net/listener: it serves what it was told to, and counts who comes for it") {
    auto listener = net::Listener::open("127.0.0.1:0");
    REQUIRE(listener);
    CHECK(listener->url().rfind("http://127.0.0.1:", 0) == 0);
    CHECK(asked(*listener, get("/a/b")).rfind("HTTP/1.1 404", 0) == 0);
    listener->serve("/a/b", "text/plain", "hello");
    CHECK(listener->visits("/a/b") == 0);
    const std::string answer = asked(*listener, get("/a/b"));
    CHECK(answer.rfind("HTTP/1.1 200", 0) == 0);
    CHECK(answer.substr(answer.size() - 9) == "\r\n\r\nhello");
    CHECK(asked(*listener, get("/a/b?c=d")).rfind("HTTP/1.1 200", 0) == 0);
    const std::string head = asked(*listener, "HEAD /a/b HTTP/1.0\r\n\r\n");
    CHECK(head.rfind("HTTP/1.1 200", 0) == 0);
    CHECK(head.find("hello") == std::string::npos);
    CHECK(listener->visits("/a/b") == 3);
    for (const char* other : {"POST /a/b HTTP/1.1\r\n\r\n", "GET /a/b\r\n\r\n", "GET /a/b/ HTTP/1.1\r\n\r\n",
                              "GET /a/../a/b HTTP/1.1\r\n\r\n", "\r\n\r\n"})
        CHECK(asked(*listener, other).rfind("HTTP/1.1 404", 0) == 0);
    CHECK(listener->visits("/a/b") == 3);
    CHECK(listener->visits("/elsewhere") == 0);
}

TEST_CASE("net/listener: who says nothing, or too much, holds nobody up") {
    auto listener = net::Listener::open("127.0.0.1:0");
    REQUIRE(listener);
    listener->serve("/a", "text/plain", "hello");
    const Visitor silent(*listener);
    const Visitor begun(*listener);
    begun.say("GET /a HT");
    CHECK(asked(*listener, get("/a")).rfind("HTTP/1.1 200", 0) == 0);
    CHECK(asked(*listener, "GET /a HTTP/1.1\r\nX: " + std::string(64u << 10, 'x')).empty());
    CHECK(asked(*listener, get("/a")).rfind("HTTP/1.1 200", 0) == 0);
    begun.say("TP/1.1\r\n\r\n");
    CHECK(begun.hear().rfind("HTTP/1.1 200", 0) == 0);
    CHECK(listener->visits("/a") == 3);
}

TEST_CASE("net/listener: on loopback alone, by number") {
    for (const char* address : {"", "127.0.0.1", ":0", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "0.0.0.0:0",
                                "192.0.2.1:80", "[::]:0", "localhost:0", "127.0.0.1:0x", "[127.0.0.1]:0"}) {
        CAPTURE(address);
        const auto listener = net::Listener::open(address);
        REQUIRE(!listener);
        CHECK(listener.error().fault == Fault::usage);
    }
    const auto first = net::Listener::open("127.0.0.2:0");
    REQUIRE(first);
    const auto second = net::Listener::open(first->url().substr(7));
    REQUIRE(!second);
    CHECK(second.error().fault == Fault::unreadable);
}
