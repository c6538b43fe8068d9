#include "cli/app/keys.h"
#include "cli/verify/options.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

constexpr Seconds kLeeway = 30;

Result<std::vector<Algorithm>> algorithms_of(const std::vector<std::string>& names) {
    std::vector<Algorithm> list;
    for (const std::string& name : names) {
        if (const auto algorithm = find_algorithm(name)) {
            list.push_back(*algorithm);
        } else if (name == "EdDSA") {
            list.insert(list.end(), {Algorithm::Ed25519, Algorithm::Ed448});
        } else {
            std::vector<std::string_view> known{"EdDSA"};
            for (const AlgorithmInfo& entry : algorithms()) known.push_back(entry.name);
            const std::string_view near = nearest(name, known);
            return fail(Fault::usage, "there is no algorithm \"" + name + "\"",
                        near.empty() ? "`jwtdomain explain algorithms` lists them"
                                     : "did you mean " + std::string(near) + "?");
        }
    }
    return list;
}

Result<JwkSet> keys_of(Session& session, const VerifyOptions& options) {
    if (options.secret) {
        auto secret = session.read_secret(*options.secret, "HMAC secret");
        if (!secret) return tl::unexpected(secret.error());
        auto key = HmacKey::from_secret(std::move(*secret));
        if (!key) return tl::unexpected(key.error());
        JwkSet set;
        set.keys.push_back({.key = std::move(*key), .metadata = {}});
        return set;
    }
    return load_verification_keys(session, options.key ? *options.key : *options.jwks);
}

} // namespace

Result<accept::Verifier> ad_hoc_verifier(Session& session, const VerifyOptions& options) {
    if ((options.key ? 1 : 0) + (options.jwks ? 1 : 0) + (options.secret ? 1 : 0) > 1) {
        return fail(Fault::usage, "give one of --key, --jwks and --secret");
    }
    if (!options.signature_only && (options.issuers.empty() || options.audiences.empty())) {
        return fail(Fault::usage,
                    "a signature alone does not say for whom a token is: --issuer and --audience are both needed",
                    "add them, or say --signature-only if nothing else is to be checked");
    }
    if (options.signature_only && !(options.issuers.empty() && options.audiences.empty() && options.scopes.empty())) {
        return fail(Fault::usage, "--signature-only checks nothing else: drop it, or --issuer, --audience and --scope");
    }
    auto algorithms = algorithms_of(options.algorithms);
    if (!algorithms) return tl::unexpected(algorithms.error());
    auto keys = keys_of(session, options);
    if (!keys) return tl::unexpected(keys.error());

    accept::Path path;
    path.name = "ad hoc";
    if (!options.algorithms.empty()) path.signing.algorithms = *algorithms;
    path.signing.keys = accept::key_uses(*keys, path.signing.algorithms, "");
    // Whoever names one key means that one, whatever the token calls it; a set of one key keeps its name.
    if (keys->keys.size() == 1) path.signing.kid = options.jwks ? accept::KidRule::hint : accept::KidRule::ignored;
    path.signing.origins.push_back({.location = options.key ? *options.key : options.jwks.value_or("a secret")});
    path.type.any = true;
    path.signature_only = options.signature_only;
    if (!options.signature_only) {
        path.issuer.allowed.exact = options.issuers;
        path.audience.any_of.exact = options.audiences;
        path.audience.subset_of = options.audiences;
        path.time.leeway = kLeeway;
        if (options.leeway) {
            const auto leeway = parse_duration(*options.leeway);
            if (!leeway) return tl::unexpected(leeway.error());
            path.time.leeway = *leeway;
        }
    }
    accept::Verifier verifier;
    verifier.name = "ad hoc";
    verifier.entries.push_back(
        {.resource = {}, .methods = {}, .guard = accept::Entry::Guard::paths, .why = {}, .paths = {}});
    verifier.entries.back().paths.push_back(std::move(path));
    return verifier;
}

} // namespace jwtdomain::cli
