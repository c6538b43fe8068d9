#include "jwtdomain/net/metadata.h"

#include "jwtdomain/base/json.h"

namespace jwtdomain::net {
namespace {

constexpr std::string_view kOidc = "/.well-known/openid-configuration";
constexpr std::string_view kOauth = "/.well-known/oauth-authorization-server";

std::string without_slash(std::string text) {
    if (text.ends_with('/')) text.pop_back();
    return text;
}

// Between host and path (RFC 8414 3.1).
std::string inserted(const std::string& url, std::string_view part) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return url + std::string(part);
    const std::size_t path = std::min(url.find_first_of("/?#", scheme + 3), url.size());
    return url.substr(0, path) + std::string(part) + without_slash(url.substr(path));
}

std::optional<std::string> text_at(const json::Value& root, std::string_view name) {
    const auto value = root.find(name);
    return value && value->is(json::Kind::string) ? std::optional<std::string>(value->text()) : std::nullopt;
}

Result<void> parse(json::Document& document, const Fetched& fetched) {
    if (const json::Problem problem = document.parse(fetched.body))
        return fail(Fault::invalid,
                    fetched.url + " holds no JSON that can be read, at octet " + std::to_string(problem.offset));
    if (!document.root().is(json::Kind::object)) return fail(Fault::invalid, fetched.url + " holds no JSON object");
    return {};
}

Result<IssuerMetadata> read_issuer(const Fetched& fetched, const std::string& issuer) {
    json::Document document;
    if (const auto parsed = parse(document, fetched); !parsed) return tl::unexpected(parsed.error());
    const json::Value root = document.root();
    IssuerMetadata out{.url = fetched.url,
                       .issuer = text_at(root, "issuer").value_or(""),
                       .jwks_uri = text_at(root, "jwks_uri").value_or("")};
    if (out.issuer != issuer)
        return fail(Error{.fault = Fault::invalid,
                          .message = "the metadata at " + fetched.url + " is of the issuer " + out.issuer +
                                     ", not of " + issuer,
                          .hint = "they are compared octet by octet (RFC 8414 section 3.3)",
                          .rule = "JWK-05"});
    if (out.jwks_uri.empty()) return fail(Fault::invalid, "the metadata at " + fetched.url + " has no jwks_uri");
    const auto keys = parse_url(out.jwks_uri), own = parse_url(issuer);
    if (!keys)
        return fail(Error{.fault = keys.error().fault,
                          .message = "the metadata at " + fetched.url + " names its keys so: " + keys.error().message,
                          .hint = keys.error().hint,
                          .rule = "JWK-04"});
    if (keys->names_loopback() && !(own && own->names_loopback()))
        return fail(Error{.fault = Fault::invalid,
                          .message = "the metadata at " + fetched.url + " lead to this machine: " + out.jwks_uri,
                          .hint = {},
                          .rule = "JWK-04"});
    return out;
}

} // namespace

std::vector<std::string> metadata_places(const std::string& issuer) {
    std::vector<std::string> out{without_slash(issuer) + std::string(kOidc), inserted(issuer, kOauth)};
    return out;
}

Result<IssuerMetadata> issuer_metadata(Documents& documents, const std::string& issuer) {
    tl::unexpected<Error> last = fail(Fault::not_found, "no metadata");
    for (const std::string& place : metadata_places(issuer)) {
        auto fetched = documents.get(place);
        if (fetched) return read_issuer(*fetched, issuer);
        if (fetched.error().fault != Fault::not_found) return tl::unexpected(fetched.error());
        last = tl::unexpected(fetched.error());
    }
    return last;
}

} // namespace jwtdomain::net
