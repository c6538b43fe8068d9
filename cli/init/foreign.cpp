#include "cli/init/foreign.h"

#include <algorithm>
#include <set>

#include "cli/app/policy.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/net/metadata.h"
#include "jwtdomain/policy/presets.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxKeys = 4u << 20;

// Of a set that is to stand in a policy, where everybody reads it.
Status check_public(const JwkSet& set, const std::string& where) {
    for (const Jwk& key : set.keys) {
        if (!key.had_private_members && !std::holds_alternative<HmacKey>(key.key)) continue;
        return fail(Error{.fault = Fault::invalid,
                          .message = "the key set holds a private or symmetric key, which must not be committed",
                          .where = {where, 0, 0},
                          .hint = "take the issuer's public keys: its jwks_uri",
                          .rule = "KEY-07"});
    }
    return {};
}

void warn_of_keys(Session& session, const JwkSet& set, const std::string& where) {
    warn_of_defects(session, set, where);
    if (set.keys.empty())
        session.warn(where + " holds no key that can verify a token: the domain will refuse everything");
}

Status read_file(Session& session, const std::string& path, ForeignIssuer& out) {
    auto text = store::read_file(path, kMaxKeys);
    if (!text) return tl::unexpected(text.error());
    auto set = parse_jwks(*text, path);
    if (!set) return tl::unexpected(set.error());
    if (const Status good = check_public(*set, path); !good) return good;
    warn_of_keys(session, *set, path);
    out.keys_text = std::move(*text);
    out.keys = std::move(*set);
    return {};
}

// Whose tokens the resource takes, as it says itself.
Status ask_resource(Session& session, const InitOptions& options, ForeignIssuer& out) {
    const auto metadata = net::resource_metadata(session.documents(), *options.resource);
    if (!metadata) return tl::unexpected(metadata.error());
    const std::vector<std::string>& servers = metadata->authorization_servers;
    const std::string said = "the metadata of the resource, " + metadata->url + ",";
    if (servers.empty())
        return fail(Fault::usage, said + " names no authorization server", "give the issuer: --issuer URL");
    const bool names_given = std::find(servers.begin(), servers.end(), out.issuer) != servers.end();
    if (out.issuer.empty() && servers.size() > 1)
        return fail(Fault::usage, said + " names several authorization servers: which is the domain's issuer?",
                    "--issuer " + join(servers, ", or --issuer "));
    if (!out.issuer.empty() && !names_given)
        return fail(Fault::conflict, said + " does not name the issuer " + out.issuer + ", but " + join(servers, ", "));
    if (out.issuer.empty()) out.issuer = servers.front();
    if (const Status good = policy::check_issuer(out.issuer); !good) return good;
    out.facts.push_back("the resource names it as its authorization server, at " + metadata->url);
    if (metadata->signed_copy) out.facts.emplace_back("the signed copy of the resource's metadata was not looked at");
    if (out.audiences.empty() && !options.sample) {
        out.audiences.push_back(metadata->resource);
        out.facts.emplace_back("its audience is the resource, since no other was given");
    }
    return {};
}

// What the issuer says of itself, and its keys.
Status ask(Session& session, ForeignIssuer& out) {
    const auto metadata = net::issuer_metadata(session.documents(), out.issuer);
    if (!metadata) return tl::unexpected(metadata.error());
    out.facts.push_back("the issuer calls itself exactly so, at " + metadata->url);
    if (out.preset.empty()) {
        out.preset = policy::preset_of(out.issuer, metadata->jwks_uri).value_or("");
        if (!out.preset.empty()) out.facts.push_back("it is of the kind " + out.preset + ", by the form of its URLs");
    }
    if (!out.keys_text.empty()) return {}; // those were given
    auto set = fetch_keys(session, {policy::KeyLocation::Kind::url, metadata->jwks_uri});
    if (!set) return tl::unexpected(set.error());
    if (const Status good = check_public(*set, metadata->jwks_uri); !good) return good;
    warn_of_keys(session, *set, metadata->jwks_uri);
    out.keys = std::move(*set);
    const std::size_t count = out.keys.keys.size();
    out.facts.push_back(std::to_string(count) + (count == 1 ? " key" : " keys") + " that can verify tokens, at " +
                        metadata->jwks_uri);
    return {};
}

Result<std::optional<policy::Sample>> read_sample(Session& session, const std::optional<std::string>& argument) {
    if (!argument) return std::optional<policy::Sample>{};
    const auto text = session.read_argument(argument, "token", kMaxToken);
    if (!text) return tl::unexpected(text.error());
    UnverifiedToken token;
    if (!token.parse(trim_token(*text)) || !token.has_claims()) {
        return fail(Fault::invalid, "the sample is not a token that can be read", "jwtdomain inspect says what it is");
    }
    return std::optional(policy::sample_of(token.header_json(), token.claims()));
}

// Of keys that all say theirs; one that says none may be used with several.
std::vector<std::string> algorithms_of(const JwkSet& set) {
    std::set<std::string> out;
    for (const Jwk& key : set.keys) {
        if (!key.metadata.algorithm || !find_algorithm(*key.metadata.algorithm)) return {};
        out.insert(*key.metadata.algorithm);
    }
    return {out.begin(), out.end()};
}

} // namespace

std::vector<policy::KeyOwner> owners(const JwkSet& set, const std::string& domain) {
    std::vector<policy::KeyOwner> out;
    for (const Jwk& key : set.keys) out.push_back({domain, identity_of(key.key), key.metadata.kid.value_or("")});
    return out;
}

Result<ForeignIssuer> read_foreign(Session& session, const InitOptions& options) {
    ForeignIssuer out{.domain = options.domains.front(),
                      .preset = options.preset.value_or(""),
                      .issuer = options.issuer.value_or(""),
                      .keys_text = {},
                      .keys = {},
                      .audiences = options.audiences,
                      .facts = {}};
    if (options.jwks) {
        if (const Status read = read_file(session, *options.jwks, out); !read) return tl::unexpected(read.error());
    }
    if (options.resource) {
        if (const Status asked = ask_resource(session, options, out); !asked) return tl::unexpected(asked.error());
    }
    if (options.network.fetch) {
        if (const Status asked = ask(session, out); !asked) return tl::unexpected(asked.error());
    }
    if (!out.preset.empty()) return out;
    std::vector<std::string> names;
    for (const policy::PresetInfo& preset : policy::presets()) names.emplace_back(preset.name);
    return fail(Fault::usage, "which kind of issuer is it?", "--preset " + join(names, ", "));
}

Result<policy::NewDomain> foreign_domain(Session& session, const InitOptions& options, const ForeignIssuer& issuer) {
    auto sample = read_sample(session, options.sample);
    if (!sample) return tl::unexpected(sample.error());
    auto text =
        policy::write_preset(issuer.preset, {.domain = issuer.domain,
                                             .issuer = issuer.issuer,
                                             .audiences = issuer.audiences,
                                             .jwks = issuer.keys_text.empty() ? "" : "jwks/" + issuer.domain + ".json",
                                             .sample = std::move(*sample),
                                             .exact_issuer = options.network.fetch,
                                             .algorithms = algorithms_of(issuer.keys),
                                             .resource = options.resource.value_or("")});
    if (!text) return tl::unexpected(text.error());
    return policy::NewDomain{
        .name = issuer.domain, .text = std::move(*text), .keys = owners(issuer.keys, issuer.domain), .algorithm = {}};
}

} // namespace jwtdomain::cli
