// What needs no server: addresses, URLs, how long an answer lives, where metadata are. tests/interop/fetch asks real
// ones.
#include <arpa/inet.h>
#include <cstring>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "jwtdomain/net/address.h"
#include "jwtdomain/net/documents.h"
#include "jwtdomain/net/metadata.h"

using namespace jwtdomain;
using namespace jwtdomain::net;

namespace {

struct Address {
    explicit Address(const std::string& text) {
        sockaddr_in four{};
        sockaddr_in6 six{};
        four.sin_family = AF_INET;
        six.sin6_family = AF_INET6;
        if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1)
            std::memcpy(&storage, &four, sizeof four);
        else if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1)
            std::memcpy(&storage, &six, sizeof six);
    }
    const sockaddr& get() const { return reinterpret_cast<const sockaddr&>(storage); }
    sockaddr_storage storage{};
};

std::optional<Seconds> life(const Headers& headers) {
    Response response;
    response.headers = headers;
    return life_of(response);
}

} // namespace

TEST_CASE("net/address: what is on the public internet, and what is not") {
    for (const char* text : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "127.255.255.255",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.0.2.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::a00:1",
                             "2002:7f00:1::",
                             "2002:c0a8:101::",
                             "fc00::1",
                             "fd12::1",
                             "fe80::1",
                             "ff02::1",
                             "2001:db8::1",
                             "2001::1",
                             "2001:10::1",
                             "3fff::1",
                             "100::1",
                             "4000::1"}) {
        CAPTURE(text);
        CHECK(is_private(Address(text).get()));
    }
    for (const char* text : {"1.1.1.1",          "9.255.255.255",  "11.0.0.0",     "100.63.255.255",  "100.128.0.0",
                             "126.0.0.1",        "128.0.0.1",      "172.15.0.1",   "172.32.0.1",      "192.0.1.1",
                             "192.167.1.1",      "198.17.0.1",     "198.20.0.1",   "223.255.255.255", "::ffff:1.1.1.1",
                             "64:ff9b::101:101", "2002:101:101::", "2606:4700::1", "2a00:1450::1",    "2001:200::1"}) {
        CAPTURE(text);
        CHECK(!is_private(Address(text).get()));
    }
    CHECK(is_loopback(Address("127.9.9.9").get()));
    CHECK(is_loopback(Address("::1").get()));
    CHECK(!is_loopback(Address("::ffff:127.0.0.1").get()));
    CHECK(!is_loopback(Address("128.0.0.1").get()));
    sockaddr other{};
    other.sa_family = AF_UNIX;
    CHECK(is_private(other));
    CHECK(text_of(Address("127.0.0.2").get()) == "127.0.0.2");
}

TEST_CASE("net/url: what may be fetched, and what is one origin") {
    for (const char* text : {"https://a.example/x", "https://a.example:8443/", "http://127.0.0.1:80/",
                             "http://localhost/x", "http://[::1]:8080/", "http://127.1.2.3/"}) {
        CAPTURE(text);
        CHECK(parse_url(text).has_value());
    }
    const std::string nul("https://a.example/\0x", 20);
    for (const std::string text :
         {"http://a.example/", "ftp://a.example/", "file:///etc/passwd", "https://u:p@a.example/",
          "https://u@a.example/", "a.example", "", "https://", "http://127.0.0.1.a.example/",
          "http://localhost.a.example/", "http://128.0.0.1/", "javascript:x", nul.c_str()}) {
        if (text.starts_with("https://a.example/")) continue; // cut at the NUL
        CAPTURE(text);
        CHECK(!parse_url(text).has_value());
    }
    CHECK(!parse_url(nul).has_value());
    const auto origin = [](const std::string& text) { return parse_url(text).value().origin; };
    CHECK(origin("https://A.example/x") == origin("https://a.example:443/y"));
    CHECK(origin("https://a.example/") != origin("https://a.example:444/"));
    CHECK(origin("https://a.example/") != origin("https://b.example/"));
    const Url base = parse_url("https://a.example/x/y").value();
    CHECK(resolve(base, "/z").value().text == "https://a.example/z");
    CHECK(resolve(base, "//b.example/z").value().origin != base.origin);
    CHECK(!resolve(base, "http://a.example/z").has_value());
    CHECK(!resolve(base, "file:///etc/passwd").has_value());
}

TEST_CASE("net/life: how long an answer may be used") {
    CHECK(life({}) == 300);
    CHECK(life({{"cache-control", "max-age=60"}}) == 60);
    CHECK(life({{"cache-control", "public, MAX-AGE=60, must-revalidate"}}) == 60);
    CHECK(life({{"cache-control", "max-age=60"}, {"cache-control", "max-age=10"}}) == 10);
    CHECK(life({{"cache-control", "max-age=9999999999"}}) == 86'400);
    CHECK(life({{"cache-control", "max-age=99999999999999999999999"}}) == 0);
    CHECK(life({{"cache-control", "max-age=-1"}}) == 0);
    CHECK(life({{"cache-control", "max-age=x"}}) == 0);
    CHECK(life({{"cache-control", "max-age=\"60\""}}) == 60);
    CHECK(life({{"cache-control", "no-cache"}}) == 0);
    CHECK(life({{"cache-control", "max-age=60"}, {"age", "50"}}) == 10);
    CHECK(life({{"cache-control", "max-age=60"}, {"age", "70"}}) == 0);
    CHECK(!life({{"cache-control", "no-store, max-age=60"}}));
}

TEST_CASE("net/metadata: where an issuer's are looked for") {
    using Places = std::vector<std::string>;
    CHECK(metadata_places("https://a.example") == Places{"https://a.example/.well-known/openid-configuration",
                                                         "https://a.example/.well-known/oauth-authorization-server"});
    CHECK(metadata_places("https://a.example/realm") ==
          Places{"https://a.example/realm/.well-known/openid-configuration",
                 "https://a.example/.well-known/oauth-authorization-server/realm"});
    CHECK(metadata_places("https://a.example/realm/")[1] ==
          "https://a.example/.well-known/oauth-authorization-server/realm");
}
