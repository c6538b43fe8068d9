#include "cli/scan/signatures.h"

#include "cli/app/keys.h"
#include "cli/app/policy.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/jwt/sd_jwt.h"
#include "jwtdomain/policy/lower.h"

namespace jwtdomain::cli {

Result<Signatures> Signatures::load(Session& session, const TriageBasis& basis,
                                    const std::optional<std::string>& jwks) {
    Signatures out;
    if (const policy::Policy* const policy = basis.policy()) {
        const policy::KeyReader keys = policy::once_each(key_reader(session, *policy));
        for (const policy::Domain& domain : policy->domains) {
            const accept::Verifier lowered = policy::lower(*policy, domain, keys);
            if (lowered.entries.empty() || lowered.entries.front().paths.empty()) continue;
            out.add(domain.name, lowered.entries.front().paths.front().signing); // its own, before those of trust edges
        }
    }
    if (!jwks) return out;
    const auto set = load_verification_keys(session, *jwks);
    if (!set) return tl::unexpected(set.error());
    accept::Signing signing;
    signing.keys = accept::key_uses(*set, signing.algorithms, "");
    if (set->keys.size() == 1) signing.kid = accept::KidRule::hint;
    out.add(*jwks, std::move(signing));
    return out;
}

void Signatures::add(std::string owner, accept::Signing signing) {
    if (signing.keys.empty()) return;
    accept::Path path;
    path.name = owner;
    path.signing = std::move(signing);
    path.type.any = true;
    path.signature_only = true;
    auto verifier = std::make_shared<accept::Verifier>();
    verifier->name = owner;
    verifier->entries.push_back(
        {.resource = {}, .methods = {}, .guard = accept::Entry::Guard::paths, .why = {}, .paths = {}});
    verifier->entries.back().paths.push_back(std::move(path));
    auto judge = std::make_unique<accept::Judge>(*verifier);
    sets_.push_back({.owner = std::move(owner), .verifier = std::move(verifier), .judge = std::move(judge)});
}

Signatures Signatures::another() const {
    Signatures out;
    for (const Set& set : sets_)
        out.sets_.push_back({set.owner, set.verifier, std::make_unique<accept::Judge>(*set.verifier)});
    return out;
}

std::optional<SignedBy> Signatures::of(std::string_view token, scan::Form form, accept::CheckedSignatures& checked) {
    if (form == scan::Form::jwe || form == scan::Form::detached) return std::nullopt;
    if (form == scan::Form::sd_jwt) token = split_sd_jwt(token).jws;
    readings_.reset(token);
    for (const Set& set : sets_) {
        const accept::Decision decision = set.judge->decide(readings_, {.checked = &checked});
        if (!decision.accepted() || decision.verified->key() == nullptr) continue;
        return SignedBy{decision.verified->key()->kid.value_or(""), set.owner};
    }
    return std::nullopt;
}

} // namespace jwtdomain::cli
