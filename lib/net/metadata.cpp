#include "jwtdomain/net/metadata.h"

#include "jwtdomain/base/json.h"

namespace jwtdomain::net {
namespace {

constexpr std::string_view kOidc = "/.well-known/openid-configuration";
constexpr std::string_view kOauth = "/.well-known/oauth-authorization-server";
constexpr std::string_view kResource = "/.well-known/oauth-protected-resource";
constexpr std::size_t kMostValues = 100; // of a list in a resource's metadata

std::string without_slash(std::string text) {
    if (text.ends_with('/')) text.pop_back();
    return text;
}

// Where the path begins, or what follows the host in its place.
std::size_t end_of_host(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return url.size();
    return std::min(url.find_first_of("/?#", scheme + 3), url.size());
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

// Whose metadata is there, without a slash at its end; empty: it is no such place.
std::string issuer_of_place(const std::string& url) {
    if (url.find_first_of("?#") != std::string::npos) return {};
    for (const std::string_view known : {kOidc, kOauth}) {
        const std::size_t at = url.find(known, end_of_host(url));
        if (at == std::string::npos) continue;
        const std::string rest = url.substr(at + known.size());
        if (rest.empty() || (rest.front() == '/' && at == end_of_host(url)))
            return without_slash(url.substr(0, at) + rest);
    }
    return {};
}

Result<std::string> issuer_in(const Fetched& fetched) {
    json::Document document;
    if (const auto parsed = parse(document, fetched); !parsed) return tl::unexpected(parsed.error());
    return text_at(document.root(), "issuer").value_or("");
}

// Is that name the one of the issuer whose place this is?
bool is_called(const std::string& named, const std::string& issuer) {
    constexpr std::string_view kTenant = "/{tenantid}/";
    const std::size_t at = named.find(kTenant);
    if (at == std::string::npos) return without_slash(named) == issuer;
    if (issuer.compare(0, at + 1, named, 0, at + 1) != 0) return false;
    const std::size_t end = std::min(issuer.find('/', at + 1), issuer.size());
    return issuer.substr(end) == "/" + without_slash(named.substr(at + kTenant.size()));
}

// Names that a public document gives must not lead into this machine, unless it comes from there itself.
Status check_way(const std::string& to, const std::string& whose) {
    const auto url = parse_url(to), own = parse_url(whose);
    if (!url) return fail(Error{.fault = url.error().fault, .message = url.error().message, .hint = url.error().hint});
    if (url->names_loopback() && !(own && own->names_loopback()))
        return fail(Fault::invalid, "it leads to this machine: " + to);
    return {};
}

// Absent is none. A list with anything else in it than strings is no list.
Result<std::vector<std::string>> list_at(const json::Value& root, std::string_view name, const std::string& url) {
    std::vector<std::string> out;
    const auto value = root.find(name);
    if (!value) return out;
    const auto refuse = [&](const char* what) {
        return fail(Fault::invalid, "the metadata at " + url + ": " + std::string(name) + what);
    };
    if (!value->is(json::Kind::array)) return refuse(" is no list");
    for (const json::Member& element : *value) {
        if (!element.value.is(json::Kind::string)) return refuse(" holds something else than strings");
        if (out.size() == kMostValues) return refuse(" holds more than 100 values");
        out.emplace_back(element.value.text());
    }
    return out;
}

} // namespace

std::vector<std::string> metadata_places(const std::string& issuer) {
    const std::size_t host = end_of_host(issuer);
    return {without_slash(issuer) + std::string(kOidc),
            issuer.substr(0, host) + std::string(kOauth) + without_slash(issuer.substr(host))};
}

bool is_metadata_place(const std::string& url) { return !issuer_of_place(url).empty(); }

Result<IssuerMetadata> metadata_at(Documents& documents, const std::string& url) {
    const std::string issuer = issuer_of_place(url);
    if (issuer.empty()) return fail(Fault::invalid, url + " is no address of an issuer's metadata");
    const auto fetched = documents.get(url);
    if (!fetched) return tl::unexpected(fetched.error());
    const auto named = issuer_in(*fetched);
    if (!named) return tl::unexpected(named.error());
    return read_issuer_metadata(*fetched, is_called(*named, issuer) ? *named : issuer);
}

Result<IssuerMetadata> read_issuer_metadata(const Fetched& fetched, const std::string& issuer) {
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
    if (const Status good = check_way(out.jwks_uri, issuer); !good)
        return fail(Error{.fault = good.error().fault,
                          .message = "the metadata at " + fetched.url + " names its keys so: " + good.error().message,
                          .hint = good.error().hint,
                          .rule = "JWK-04"});
    return out;
}

Result<IssuerMetadata> issuer_metadata(Documents& documents, const std::string& issuer) {
    if (issuer.find_first_of("?#") != std::string::npos)
        return fail(Fault::invalid, "an issuer has no query and no fragment (RFC 8414 section 2): " + issuer);
    tl::unexpected<Error> last = fail(Fault::not_found, "no metadata");
    for (const std::string& place : metadata_places(issuer)) {
        auto fetched = documents.get(place);
        if (fetched) return read_issuer_metadata(*fetched, issuer);
        if (fetched.error().fault != Fault::not_found) return tl::unexpected(fetched.error());
        last = tl::unexpected(fetched.error());
    }
    return last;
}

std::string resource_metadata_place(const std::string& resource) {
    const std::size_t host = end_of_host(resource);
    std::string rest = resource.substr(host);
    if (rest == "/" || rest.starts_with("/?")) rest.erase(0, 1);
    return resource.substr(0, host) + std::string(kResource) + rest;
}

Result<ResourceMetadata> read_resource_metadata(const Fetched& fetched, const std::string& resource) {
    json::Document document;
    if (const auto parsed = parse(document, fetched); !parsed) return tl::unexpected(parsed.error());
    const json::Value root = document.root();
    ResourceMetadata out{.url = fetched.url,
                         .resource = text_at(root, "resource").value_or(""),
                         .authorization_servers = {},
                         .scopes = {},
                         .signed_copy = root.find("signed_metadata").has_value()};
    if (out.resource != resource)
        return fail(Fault::invalid,
                    "the metadata at " + fetched.url + " is of the resource " + out.resource + ", not of " + resource,
                    "they are compared octet by octet, and what is not the same is not used (RFC 9728 section 3.3)");
    auto servers = list_at(root, "authorization_servers", fetched.url);
    if (!servers) return tl::unexpected(servers.error());
    auto scopes = list_at(root, "scopes_supported", fetched.url);
    if (!scopes) return tl::unexpected(scopes.error());
    for (const std::string& server : *servers) {
        if (const Status good = check_way(server, resource); !good)
            return fail(Fault::invalid, "the metadata at " + fetched.url +
                                            " names an authorization server so: " + good.error().message);
    }
    out.authorization_servers = std::move(*servers);
    out.scopes = std::move(*scopes);
    return out;
}

Result<ResourceMetadata> resource_metadata(Documents& documents, const std::string& resource) {
    if (resource.find('#') != std::string::npos)
        return fail(Fault::invalid, "a resource has no fragment (RFC 9728 section 1.2): " + resource);
    const auto fetched = documents.get(resource_metadata_place(resource));
    if (!fetched) return tl::unexpected(fetched.error());
    return read_resource_metadata(*fetched, resource);
}

} // namespace jwtdomain::net
