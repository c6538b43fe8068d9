// HAProxy's rules for one host of many, and what is compared without a signature.
#include <doctest/doctest.h>
#include <string>

#include "../support/imported.h"

using namespace jwtdomain;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

std::vector<DeclaredVerifier> read(const std::string& text, const gateway::Selection& selection = {}) {
    return test::imported("haproxy", "haproxy.cfg", text, selection);
}

const std::string kDefaults = "defaults\n  mode http\n  timeout client 5s\n";
const std::string kSigned =
    "  http-request deny unless { http_auth_bearer,jwt_verify(\"RS256\",\"/k.pem\") -m int 1 }\n";

} // namespace

TEST_CASE("gateway/haproxy: selected by host") {
    const auto both = [](const std::string& acl) {
        return kDefaults + "frontend web\n  bind :443\n" + acl +
               "  use_backend prod if is_prod\n  use_backend staging if is_staging\n"
               "backend prod\n" +
               kSigned + "  server a 127.0.0.1:1\nbackend staging\n  server b 127.0.0.1:2\n";
    };
    const auto names = [&](const std::string& acl, const std::string& host) {
        std::string out;
        for (const DeclaredVerifier& each : read(both(acl), {.name_space = {}, .host = host, .labels = {}}))
            out += each.name.substr(0, each.name.find(", if")) + "\n";
        return out;
    };
    const std::string plain =
        "  acl is_prod hdr(host) -i api.example\n  acl is_staging req.hdr(host) -i test.example other.example\n";
    CHECK(names(plain, "api.example") == "frontend web, backend prod\n");
    CHECK(names(plain, "API.example") == "frontend web, backend prod\n");
    CHECK(names(plain, "other.example") == "frontend web, backend staging\n");
    CHECK(read(both(plain)).size() == 2);

    const std::string parts = "  acl is_prod hdr(host) -m beg api.\n  acl is_staging hdr(host) -m end .test\n";
    CHECK(names(parts, "api.example") == "frontend web, backend prod\n");
    CHECK(names(parts, "x.test") == "frontend web, backend staging\n");
    // What may be true of the host is kept: a file, an expression, another header.
    for (const char* other : {"hdr(host) -f hosts.lst", "hdr(host) -m reg ^a", "hdr(x-host) b", "hdr(host),lower b"}) {
        CAPTURE(other);
        const std::string acls =
            "  acl is_prod hdr(host) -i api.example\n  acl is_staging " + std::string(other) + "\n";
        CHECK(names(acls, "api.example").find("backend staging") != std::string::npos);
    }
    // Everybody else's.
    const std::string rest = kDefaults + "frontend web\n  bind :443\n"
                                         "  http-request deny unless { hdr(host) -i api.example } or "
                                         "{ http_auth_bearer,jwt_verify(\"RS256\",\"/k.pem\") -m int 1 }\n"
                                         "  default_backend b\nbackend b\n  server b 127.0.0.1:2\n";
    CHECK(read(rest, {.name_space = {}, .host = "b.example", .labels = {}}).size() == 1);
    CHECK(read(rest, {.name_space = {}, .host = "api.example", .labels = {}}).size() == 2);
}

TEST_CASE("gateway/haproxy: alg that is compared without a signature says nothing, and is left out by name") {
    const DeclaredPath path =
        read(kDefaults + "frontend api\n  bind :443\n"
                         "  http-request deny unless { http_auth_bearer,jwt_header_query('$.alg') RS256 }\n"
                         "  http-request deny unless { http_auth_bearer,jwt_payload_query('$.iss') a }\n"
                         "  default_backend b\nbackend b\n  server b 127.0.0.1:2\n")
            .front()
            .accepts.front();
    CHECK(path.signature_unchecked);
    CHECK(std::any_of(path.dropped.begin(), path.dropped.end(),
                      [](const std::string& text) { return text.find("$.alg") != std::string::npos; }));
}
