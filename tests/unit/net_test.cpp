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
#include "jwtdomain/net/snapshot.h"

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

TEST_CASE("net/metadata: of exactly this issuer, and it leads nowhere that it must not") {
    const auto read = [](const std::string& body, const char* issuer = "https://a.example") {
        return read_issuer_metadata({.url = "https://a.example/m", .body = body}, issuer);
    };
    const auto why = [&](const std::string& body) {
        const auto metadata = read(body);
        return metadata ? std::string() : metadata.error().message + " " + metadata.error().rule;
    };
    CHECK(read(R"({"issuer":"https://a.example","jwks_uri":"https://b.example/k"})")->jwks_uri ==
          "https://b.example/k");
    CHECK(read(R"({"issuer":"http://localhost","jwks_uri":"http://127.0.0.1/k"})", "http://localhost").has_value());
    for (const auto& each : {std::pair{R"({"issuer":"https://a.example/","jwks_uri":"https://a.example/k"})", "JWK-05"},
                             {R"({"issuer":1,"jwks_uri":"https://a.example/k"})", "JWK-05"},
                             {R"({"issuer":"https://a.example","jwks_uri":"http://a.example/k"})", "JWK-04"},
                             {R"({"issuer":"https://a.example","jwks_uri":"http://127.0.0.1/k"})", "lead"},
                             {R"({"issuer":"https://a.example","jwks_uri":["https://a.example/k"]})", "no jwks_uri"},
                             {R"({"issuer":"https://a.example"})", "no jwks_uri"},
                             {R"({"issuer":"https://a.example","issuer":"https://a.example"})", "no JSON"},
                             {R"([{"issuer":"https://a.example"}])", "no JSON object"},
                             {"<html>", "no JSON"},
                             {"", "no JSON"}}) {
        CAPTURE(each.first);
        CHECK(why(each.first).find(each.second) != std::string::npos);
    }
    Documents nothing({.clock = [] { return Time{0}; }});
    for (const char* issuer : {"https://a.example?b", "https://a.example/#b"}) {
        const auto metadata = issuer_metadata(nothing, issuer);
        CHECK((!metadata && metadata.error().fault == Fault::invalid));
    }
}

TEST_CASE("net/metadata: at an address that a verifier was given") {
    const std::string below = "https://a.example/r/.well-known/openid-configuration";
    const auto at = [](const std::string& url, const char* issuer) {
        const std::string body = R"({"issuer":")" + std::string(issuer) + R"(","jwks_uri":"https://a.example/k"})";
        Documents kept({.clock = [] { return Time{0}; }, .kept = Answers{{url, Fetched{.url = url, .body = body}}}});
        return metadata_at(kept, url).has_value();
    };
    CHECK(at(below, "https://a.example/r"));
    CHECK(at(below, "https://a.example/r/"));
    CHECK(!at(below, "https://a.example/s"));
    CHECK(!at(below, "https://a.example"));
    CHECK(at("https://a.example/.well-known/oauth-authorization-server/r", "https://a.example/r"));
    CHECK(!at("https://a.example/.well-known/oauth-authorization-server/r", "https://a.example"));
    CHECK(at("https://a.example/t/v2/.well-known/openid-configuration", "https://a.example/{tenantid}/v2"));
    CHECK(!at("https://a.example/t/u/v2/.well-known/openid-configuration", "https://a.example/{tenantid}/v2"));
    CHECK(!at("https://b.example/t/v2/.well-known/openid-configuration", "https://a.example/{tenantid}/v2"));
    CHECK(!at("https://a.example/v2/.well-known/openid-configuration", "https://a.example/{tenantid}/v2"));
    for (const char* url : {"https://a.example/jwks", "https://a.example/x?u=/.well-known/openid-configuration",
                            "https://a.example/.well-known/openid-configuration/r/../x?y",
                            "https://a.example/b/.well-known/oauth-authorization-server/r",
                            "https://a.example/.well-known/openid-configurations"}) {
        CAPTURE(url);
        CHECK(!is_metadata_place(url));
    }
}

TEST_CASE("net/resource: metadata of a protected resource, by RFC 9728") {
    CHECK(resource_metadata_place("https://a.example") == "https://a.example/.well-known/oauth-protected-resource");
    CHECK(resource_metadata_place("https://a.example/") == "https://a.example/.well-known/oauth-protected-resource");
    CHECK(resource_metadata_place("https://a.example/resource1") ==
          "https://a.example/.well-known/oauth-protected-resource/resource1");
    CHECK(resource_metadata_place("https://a.example/b/") ==
          "https://a.example/.well-known/oauth-protected-resource/b/");
    CHECK(resource_metadata_place("https://a.example?x=/y") ==
          "https://a.example/.well-known/oauth-protected-resource?x=/y");
    CHECK(resource_metadata_place("https://a.example/?x") ==
          "https://a.example/.well-known/oauth-protected-resource?x");
    const auto read = [](const std::string& more, const char* resource = "https://a.example/b") {
        return read_resource_metadata(
            {.url = "https://a.example/m", .body = R"({"resource":"https://a.example/b")" + more + "}"}, resource);
    };
    const auto full =
        read(R"(,"authorization_servers":["https://i.example"],"scopes_supported":["r"],"signed_metadata":"x")");
    REQUIRE(full.has_value());
    CHECK(full->authorization_servers == std::vector<std::string>{"https://i.example"});
    CHECK(full->scopes == std::vector<std::string>{"r"});
    CHECK(full->signed_copy);
    CHECK((read("") && read("")->authorization_servers.empty() && !read("")->signed_copy));
    CHECK(!read("", "https://a.example/b/").has_value());
    CHECK(!read("", "https://A.example/b").has_value());
    for (const char* more :
         {R"(,"authorization_servers":"https://i.example")", R"(,"authorization_servers":[["https://i.example"]])",
          R"(,"authorization_servers":["http://i.example"])", R"(,"authorization_servers":["http://127.0.0.1"])",
          R"(,"authorization_servers":["x"])", R"(,"scopes_supported":{})"}) {
        CAPTURE(more);
        CHECK(!read(more).has_value());
    }
    Documents nothing({.clock = [] { return Time{0}; }});
    CHECK(resource_metadata(nothing, "https://a.example#b").error().fault == Fault::invalid);
}

TEST_CASE("net/snapshot: the same octets and refusals for another run, and nothing else") {
    const Answers answers{
        {"https://a.example/k",
         Fetched{.url = "https://a.example/k", .body = "{\"keys\":[]}\xff", .confirmed = 1000, .lives = 60}},
        {"https://b.example/", fail(Fault::not_found, "gone")},
        {"https://c.example/", fail(Fault::retry, "no answer in time")}};
    const std::string text = write_snapshot(answers);
    auto read = read_snapshot(text, "f");
    REQUIRE(read.has_value());
    Documents kept({.online = true, .clock = [] { return Time{5000}; }, .kept = std::move(*read)});
    const auto a = kept.get("https://a.example/k");
    REQUIRE(a.has_value());
    CHECK(a->body == "{\"keys\":[]}\xff");
    CHECK(a->confirmed == 1000);
    CHECK(a->from_disk);
    CHECK(kept.get("https://b.example/").error().fault == Fault::not_found);
    CHECK(kept.get("https://c.example/").error().message == "no answer in time");
    CHECK(kept.get("https://d.example/").error().fault == Fault::not_found);
    CHECK(kept.answers().size() == 4);
    CHECK(!read_snapshot(text.substr(0, text.size() / 2), "f").has_value());
    CHECK(!read_snapshot("{}", "f").has_value());
    std::string other = text;
    other.replace(other.find("eyJr"), 4, "eyJs"); // an octet of the body
    CHECK(read_snapshot(other, "f").error().message.find("was changed") != std::string::npos);
    other = text;
    other.replace(other.find("b.example"), 9, "a.example");
    other.replace(other.find("a.example/\""), 11, "a.example/k\"");
    CHECK(read_snapshot(other, "f").error().message.find("twice") != std::string::npos);
}
