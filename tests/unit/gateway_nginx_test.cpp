// nginx in the normal form: each thing that its documentation says of a directive, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::ClaimTest;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::claim;
using test::dropped;

namespace {

using Guard = Entry::Guard;

std::vector<DeclaredVerifier> read(const std::string& text, const gateway::Selection& selection = {}) {
    return test::imported("nginx", "nginx.conf", text, selection);
}

// A server with auth_jwt and a key file.
std::vector<DeclaredVerifier> server(const std::string& directives, const std::string& before = "") {
    return read("http { " + before + " server { server_name a; auth_jwt api; auth_jwt_key_file k.json; " + directives +
                " } }");
}

DeclaredVerifier all(const std::string& directives, const std::string& before = "") {
    const auto out = server(directives, before);
    REQUIRE(out.size() == 1);
    CHECK(out.front().name == "a: all else");
    return out.front();
}

DeclaredPath path(const std::string& directives, const std::string& before = "") {
    const DeclaredVerifier out = all(directives, before);
    CAPTURE(out.why);
    REQUIRE(!out.accepts.empty());
    return out.accepts.front();
}

Guard location(const std::string& directives) {
    const auto out = server("location / { " + directives + " }");
    REQUIRE(out.size() == 1);
    return out.front().guard;
}

} // namespace

TEST_CASE("gateway/nginx: the example is recognised and read") {
    const auto out = read(test::gateway_data("nginx.conf"));
    REQUIRE(out.size() == 3);
    CHECK(out[0].name == "api.example.com: /");
    const DeclaredPath& orders = out[0].accepts.front();
    CHECK(orders.issuer.allowed.contains("https://id.example.com"));
    CHECK(!orders.issuer.allowed.contains("https://id.example.co"));
    CHECK(!orders.issuer.absent_ok);
    CHECK(orders.audience.any_of.contains("https://api.example.com"));
    CHECK(orders.time.leeway == 30);
    CHECK(orders.dropped.empty());
    CHECK(orders.keys.front().location.value == "keys.json");
    CHECK(out[1].accepts.front().issuer.allowed.any); // what another location asks for does not hold here
    CHECK(out[2].name == "api.example.com: = /healthz");
    CHECK(out[2].guard == Guard::open);
}

TEST_CASE("gateway/nginx: signature and times, and nothing else unless it is asked for") {
    const DeclaredPath out = path("");
    CHECK(out.issuer.allowed.any);
    CHECK(out.audience.any);
    CHECK(out.type.any);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(out.time.leeway == 0);
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(out.algorithms->size() == 14);
    CHECK(out.dialect.ignores_crit);
    CHECK(out.dropped.empty());
    CHECK(path("auth_jwt_leeway 1m30s;").time.leeway == 90);
    CHECK(path("auth_jwt_leeway 1500ms;").time.leeway == 2);
    CHECK(dropped(path("auth_jwt_leeway 1y;"), "auth_jwt_leeway"));
}

TEST_CASE("gateway/nginx: a map finds texts whatever their case") {
    const std::string map = "map $jwt_claim_iss $good { https://ID.example/A yes; other 0; third ''; }";
    const DeclaredPath out = path("auth_jwt_require $good;", map);
    CHECK(out.issuer.allowed.contains("https://id.EXAMPLE/a"));
    CHECK(!out.issuer.allowed.contains("https://id.example/a/"));
    CHECK(!out.issuer.allowed.contains("other"));
    CHECK(!out.issuer.allowed.contains("third"));
    CHECK(out.dialect.issuer_array_ok); // a list of one value is written as the value
    CHECK(path("auth_jwt_require $GOOD error=403;", map).dropped.empty());
}

TEST_CASE("gateway/nginx: maps that there are no words for are left out") {
    for (const char* inner : {"default 1;", "default 1; a 0;", "'' 1;", "~^a 1;", "~*a 1;", "include x;",
                              "hostnames; a 1;", "a,b 1;", "5 1;", "true 1;", "a 0;", "a ${x}; default $y;"}) {
        CAPTURE(inner);
        const DeclaredPath out =
            path("auth_jwt_require $good;", "map $jwt_claim_iss $good { " + std::string(inner) + " }");
        CHECK(dropped(out, "auth_jwt_require"));
        CHECK(out.issuer.allowed.any);
    }
    for (const char* from : {"$jwt_claim_iss$host", "$other", "$jwt_claim_Iss", "x"}) {
        CAPTURE(from);
        const DeclaredPath out = path("auth_jwt_require $good;", "map " + std::string(from) + " $good { a 1; }");
        CHECK(dropped(out, "auth_jwt_require"));
    }
    CHECK(dropped(path("auth_jwt_require $njs;", "js_set $njs main.f;"), "auth_jwt_require: $njs"));
    const std::string twice = "map $jwt_claim_iss $good { a 1; } map $jwt_claim_iss $Good { b 1; }";
    CHECK(dropped(path("auth_jwt_require $good;", twice), "auth_jwt_require"));
    CHECK(path("auth_jwt_require $good;", "map $jwt_claim_iss $good { a $host; }").issuer.allowed.contains("a"));
}

TEST_CASE("gateway/nginx: other claims, and variables that claims are put into") {
    const DeclaredPath out = path("auth_jwt_require $good $jwt_claim_sub;", "map $jwt_claim_group $good { admin 1; }");
    CHECK(claim(out, {"group"})->test == ClaimTest::has_any);
    CHECK(claim(out, {"group"})->values.contains("ADMIN"));
    CHECK(claim(out, {"sub"})->test == ClaimTest::present);
    const DeclaredPath set = path("auth_jwt_require $good;", "auth_jwt_claim_set $tenant org 'the tenant'; "
                                                             "map $tenant $good { t 1; }");
    CHECK(claim(set, {"org", "the tenant"})->values.contains("t"));
    CHECK(
        dropped(path("auth_jwt_require $x;", "auth_jwt_claim_set $x a; auth_jwt_claim_set $x b;"), "auth_jwt_require"));
    const DeclaredPath twice = path("auth_jwt_require $a $b;", "map $jwt_claim_iss $a { x 1; } "
                                                               "map $jwt_claim_iss $b { y 1; }");
    CHECK(twice.issuer.allowed.contains("x"));
    CHECK(claim(twice, {"iss"})->values.contains("y"));
}

TEST_CASE("gateway/nginx: keys, by file and by request") {
    const DeclaredPath out = path("auth_jwt_key_file b.json;");
    REQUIRE(out.keys.size() == 2); // one set
    CHECK(path("auth_jwt_key_file $f;").keys.back().location.value.find("put in later") != std::string::npos);
    const auto asked = [](const std::string& pass, const std::string& before = "") {
        const auto found = read("http { " + before + " server { auth_jwt x; auth_jwt_key_request /k; location / { } " +
                                "location = /k { internal; proxy_pass " + pass + "; } } }");
        REQUIRE(found.size() == 1);
        return found.front().accepts.front().keys.front().location;
    };
    CHECK(asked("https://id.example/keys").value == "https://id.example/keys");
    CHECK(asked("https://id.example/keys").kind == KeyLocation::Kind::url);
    CHECK(asked("https://id.example").kind == KeyLocation::Kind::file); // not known
    CHECK(asked("https://id$x/keys").kind == KeyLocation::Kind::file);
    CHECK(asked("https://up/keys", "upstream up { server b; }").kind == KeyLocation::Kind::file);
    CHECK(read("http { server { auth_jwt x; } }").front().accepts.front().keys.size() == 1);
    const auto own = server("location / { auth_jwt_key_file own.json; }");
    REQUIRE(own.front().accepts.front().keys.size() == 1); // instead of the server's
    CHECK(own.front().accepts.front().keys.front().location.value == "own.json");
}

TEST_CASE("gateway/nginx: directives are inherited where a level has none of its own") {
    const std::string maps = "map $jwt_claim_iss $a { x 1; } map $jwt_claim_aud $b { y 1; }";
    const auto out = server("auth_jwt_require $a; location / { } location /b { auth_jwt_require $b; }", maps);
    REQUIRE(out.size() == 2);
    CHECK(out[0].accepts.front().issuer.allowed.contains("x"));
    CHECK(!out[0].accepts.front().issuer.allowed.any);
    CHECK(out[1].accepts.front().issuer.allowed.any);
    CHECK(out[1].accepts.front().audience.any_of.contains("y"));
}

TEST_CASE("gateway/nginx: what passes without a token") {
    CHECK(location("auth_jwt off;") == Guard::open);
    CHECK(location("auth_jwt 'off';") == Guard::open);
    CHECK(location("auth_jwt $realm;") == Guard::opaque); // it may come to be off
    CHECK(location("auth_jwt 'API of $host';") == Guard::paths);
    CHECK(location("satisfy any; allow 10.0.0.0/8;") == Guard::opaque);
    CHECK(location("satisfy all; allow 10.0.0.0/8;") == Guard::paths);
    CHECK(location("auth_jwt_type nested;") == Guard::opaque);
    CHECK(location("include snippets/auth.conf;") == Guard::opaque);
    CHECK(location("include fastcgi_params;") == Guard::paths);
    CHECK(read("http { server { location / { auth_jwt_require $x; } } }").front().guard == Guard::open);
    const auto methods = read("http { server { location / { limit_except GET { auth_jwt x; } } } }");
    REQUIRE(methods.size() == 2);
    CHECK(methods[0].name == "a server: /: GET");
    CHECK(methods[0].guard == Guard::open);
    CHECK(methods[1].guard == Guard::paths);
}

TEST_CASE("gateway/nginx: what refused a request may lead it past") {
    const auto named =
        server("location / { error_page 401 = @else; } location @else { auth_jwt off; proxy_pass http://b; }");
    REQUIRE(named.size() == 2);
    CHECK(named[1].guard == Guard::open);
    // only behind what guards it
    CHECK(server("location / { try_files $uri @app; } location @app { auth_jwt off; proxy_pass http://b; }").size() ==
          1);
    CHECK(server("location / { } location /in { internal; auth_jwt off; proxy_pass http://b; }").size() == 1);
    // a rewriting is done before anybody asks for a token
    CHECK(server("location / { rewrite ^ /in/x last; } location /in { internal; auth_jwt off; }").size() == 2);
    CHECK(server("location / { rewrite ^/(.*) /$1 last; } location /in { internal; auth_jwt off; }").size() == 2);
    CHECK(server("location / { } location /x { return 200; }").size() == 1);
    CHECK(server("location / { } error_page 404 /404.html; location = /404.html { internal; auth_jwt off; }").size() ==
          1);
}

TEST_CASE("gateway/nginx: others decide") {
    const auto request = read("http { server { location / { auth_request /auth; } location = /auth { internal; } } }");
    REQUIRE(request.size() == 1);
    CHECK(request.front().guard == Guard::opaque);
    CHECK(request.front().why.find("external") != std::string::npos);
    CHECK(dropped(path("auth_request /auth;"), "auth_request"));
    CHECK(path("auth_request off; auth_basic off;").dropped.empty());
    CHECK(dropped(path("auth_basic x;"), "auth_basic"));
    CHECK(dropped(path("allow 10.0.0.0/8; deny all;"), "allow"));
    CHECK(location("auth_jwt off; auth_basic x;") == Guard::opaque);
    CHECK(location("auth_jwt off; allow 10.0.0.0/8; deny all;") == Guard::opaque);
    CHECK(test::is_nothing(read("http { server { auth_jwt x; location / { deny all; } } }").front()));
}

TEST_CASE("gateway/nginx: servers, by host") {
    const std::string two = "http { server { server_name a.example; auth_jwt x; } server { server_name *.b.example; "
                            "auth_jwt off; } server { listen 80; server_name a.example; return 301 https://a; } }";
    CHECK(read(two).size() == 2);
    CHECK(read(two, {.name_space = "", .host = "x.b.example", .labels = {}}).front().guard == Guard::open);
    CHECK(read(two, {.name_space = "", .host = "a.example", .labels = {}}).front().guard == Guard::paths);
    CHECK(!gateway::read({.file = "nginx.conf", .text = two}, {}, {.name_space = "", .host = "c", .labels = {}}));
}

TEST_CASE("gateway/nginx: files that include each other") {
    std::vector<std::string> others;
    const auto together = [&](std::vector<gateway::Source> sources) {
        const auto all = gateway::read_together(std::move(sources), "", {}, others);
        REQUIRE(all.size() == 1);
        REQUIRE(all.front().import);
        return *gateway::verifiers_of(*all.front().import, "prod");
    };
    const std::string main = "http { auth_jwt_key_file k; include /etc/nginx/conf.d/*.conf; }";
    const std::string inner = "server { auth_jwt x; include snippets/off.conf; location / { } }";
    const auto out =
        together({{"p/nginx.conf", main}, {"p/conf.d/a.conf", inner}, {"p/snippets/off.conf", "auth_jwt off;"}});
    REQUIRE(out.size() == 1);
    CHECK(out[0].guard == Guard::open);
    // those of another folder are not meant, and what is not here is not known
    const auto apart = together({{"p/nginx.conf", main}, {"q/conf.d/a.conf", inner}});
    REQUIRE(apart.size() == 2);
    CHECK(apart[0].guard == Guard::opaque);
    CHECK(apart[1].guard == Guard::opaque);
    const auto circle =
        together({{"p/a.conf", "include b.conf; auth_jwt x;"}, {"p/b.conf", "include a.conf; auth_jwt x;"}});
    CHECK(circle.front().guard == Guard::opaque);
}

TEST_CASE("gateway/nginx: what cannot be read, and parts of a whole") {
    for (const char* text : {"http { server { auth_jwt x;", "http { } } auth_jwt x;", "server { auth_jwt 'x; }",
                             "server { auth_jwt x }", "server { auth_jwt \"a\"b; }"}) {
        CAPTURE(text);
        CHECK(read(text).front().guard == Guard::opaque);
    }
    CHECK(read("location / { auth_jwt x; }").front().guard == Guard::opaque);
    CHECK(read("auth_jwt x; auth_jwt_key_file k;").front().guard == Guard::opaque);
    CHECK(read("# auth\nserver { content_by_lua_block { if x then { } end } auth_jwt 'a b'; }").front().guard ==
          Guard::paths);
    CHECK(!gateway::read({.file = "x.conf", .text = "server { listen 80; }"}));
}
