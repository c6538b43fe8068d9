// What servers say of their keys, of themselves and of how long that holds. The first line of the input is taken for a
// Cache-Control, the rest for a document.
#include <algorithm>

#include "check.h"
#include "jwtdomain/net/metadata.h"
#include "jwtdomain/net/snapshot.h"

using namespace jwtdomain;
using namespace jwtdomain::net;

namespace {

const std::string kIssuer = "https://a.example/b", kResource = "https://a.example/c?d";

void check_life(std::string_view said) {
    Response response;
    response.headers = {{"cache-control", std::string(said)}};
    const auto life = life_of(response);
    CHECK(!life || (*life >= 0 && *life <= kLongestLife));
    response.headers.emplace_back("age", std::string(said));
    const auto aged = life_of(response);
    CHECK(aged.has_value() == life.has_value() && (!aged || (*aged >= 0 && *aged <= *life)));
    response.headers.emplace_back("cache-control", "no-store");
    CHECK(!life_of(response));
}

void check_snapshot(std::string_view text) {
    const auto answers = read_snapshot(text, "f");
    if (!answers) return;
    const auto again = read_snapshot(write_snapshot(*answers), "f");
    CHECK(again && again->size() == answers->size());
    for (const auto& [url, answer] : *answers) {
        const auto& other = again->at(url);
        CHECK(answer.has_value() == other.has_value());
        if (answer) CHECK(other->body == answer->body && other->confirmed == answer->confirmed);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = view(data, size);
    const std::size_t line = std::min(text.find('\n'), text.size());
    const std::string_view rest = text.substr(std::min(line + 1, text.size()));
    check_life(text.substr(0, line));
    const Fetched document{.url = "https://a.example/", .body = std::string(rest)};
    if (const auto issuer = read_issuer_metadata(document, kIssuer)) {
        const auto keys = parse_url(issuer->jwks_uri);
        CHECK(issuer->issuer == kIssuer && keys && !keys->names_loopback());
    }
    if (const auto resource = read_resource_metadata(document, kResource)) {
        CHECK(resource->resource == kResource && resource->authorization_servers.size() <= 100);
        for (const std::string& server : resource->authorization_servers) CHECK(parse_url(server));
    }
    const std::string place(rest);
    if (is_metadata_place(place)) CHECK(place.find("/.well-known/") != std::string::npos);
    for (const std::string& each : metadata_places(place)) CHECK(each.find("/.well-known/") != std::string::npos);
    CHECK(resource_metadata_place(place).find("/.well-known/") != std::string::npos);
    check_snapshot(rest);
    return 0;
}
