#include "cli/keygen/publication.h"

#include <algorithm>

#include "cli/app/json_text.h"
#include "cli/keygen/generate.h"
#include "cli/keygen/publish.h"
#include "jwtdomain/net/metadata.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostOctets = 4u << 20;
constexpr std::string_view kSetName = "/jwks.json";

// Of a URL that can be a file below a directory; nullopt for others.
std::optional<std::string> path_of_url(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos || url.find_first_of("?#\\%") != std::string::npos) return std::nullopt;
    const std::size_t slash = url.find('/', scheme + 3);
    std::string path = slash == std::string::npos ? "" : url.substr(slash);
    std::string rest = path;
    while (!rest.empty()) { // "/a/b"
        const std::size_t end = std::min(rest.find('/', 1), rest.size());
        const std::string segment = rest.substr(1, end - 1);
        const bool control = std::any_of(segment.begin(), segment.end(), [](unsigned char c) { return c <= ' '; });
        if (segment.empty() || segment == "." || segment == ".." || control) return std::nullopt;
        rest.erase(0, end);
    }
    return path;
}

// Without the endpoints of an authorization server: like those of Kubernetes and GitHub Actions, it leads verifiers to
// the keys, and nobody signs in there.
std::string metadata_text(const policy::Domain& domain, const std::string& jwks_uri) {
    nlohmann::ordered_json out{{"issuer", domain.issuer}, {"jwks_uri", jwks_uri}};
    out["response_types_supported"] = {"id_token"};
    out["subject_types_supported"] = {"public"};
    for (const Algorithm algorithm : domain.algorithms)
        out["id_token_signing_alg_values_supported"].push_back(usual_name(algorithm).name);
    return json_text(out);
}

// In the form that Netlify, Cloudflare Pages and others read, and people can.
std::string headers_text(const std::vector<PublishedFile>& files) {
    std::string out = "# How these files are to be served.\n";
    for (const PublishedFile& file : files) {
        out += file.path + "\n  Content-Type: " + std::string(file.type) +
               "\n  Cache-Control: " + std::string(kCacheControl) + "\n";
    }
    return out;
}

} // namespace

std::string publication_directory(const policy::Policy& policy, const policy::Domain& domain) {
    return policy.directory + "/publish/" + domain.name;
}

Publication publication_of(const policy::Policy& policy, const policy::Domain& domain, const JwkSet& set) {
    Publication out{.directory = publication_directory(policy, domain), .files = {}, .jwks_uri = {}};
    std::string issuer = domain.issuer;
    if (issuer.ends_with('/')) issuer.pop_back();
    const auto below = path_of_url(issuer);
    out.files.push_back({below.value_or("") + std::string(kSetName), kKeySetType, write_jwks(public_keys(set))});
    if (below) {
        out.jwks_uri = issuer + std::string(kSetName);
        std::vector<std::string> seen;
        for (const std::string& place : net::metadata_places(domain.issuer)) {
            const auto path = path_of_url(place);
            if (!path || std::find(seen.begin(), seen.end(), *path) != seen.end()) continue;
            seen.push_back(*path);
            out.files.push_back({*path, kMetadataType, metadata_text(domain, out.jwks_uri)});
        }
    }
    out.files.push_back({"/_headers", "text/plain", headers_text(out.files)});
    return out;
}

Result<std::size_t> publish(const Publication& publication) {
    std::size_t written = 0;
    for (const PublishedFile& file : publication.files) {
        const std::string path = publication.directory + file.path;
        const auto there = store::read_file(path, kMostOctets);
        if (there && *there == file.text) continue;
        if (const Status put = store::write_file(path, file.text, store::Existing::replace); !put)
            return tl::unexpected(put.error());
        ++written;
    }
    return written;
}

std::optional<JwkSet> published_there(const Publication& publication) {
    const auto text = store::read_file(publication.directory + publication.files.front().path, kMostOctets);
    if (!text) return std::nullopt;
    auto set = parse_jwks(*text);
    return set ? std::optional(std::move(*set)) : std::nullopt;
}

} // namespace jwtdomain::cli
