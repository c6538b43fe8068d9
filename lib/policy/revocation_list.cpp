#include "jwtdomain/policy/revocation_list.h"

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/accept/keys.h"

namespace jwtdomain::policy {
namespace {

constexpr Seconds kLeeway = 60;

accept::Path list_path(std::vector<accept::KeyUse> keys) {
    accept::Path path;
    path.name = "revocations";
    path.signing.keys = std::move(keys);
    path.type.allowed = {"revocations+jwt"};
    path.issuer = {.allowed = {.any = true, .exact = {}, .patterns = {}}, .absent_ok = true};
    path.audience.any = true;
    path.time.expiry = accept::Presence::optional;
    path.time.leeway = kLeeway;
    return path;
}

// Keys of the policy's own list if it has one, else those of all domains.
Result<std::vector<accept::KeyUse>> signers(const Policy& policy, const KeyReader& keys) {
    std::vector<accept::KeyUse> all;
    const auto append = [&](const KeyLocation& location, const std::string& owner) -> Status {
        auto set = keys(location);
        if (!set) return tl::unexpected(set.error());
        for (accept::KeyUse& use : accept::key_uses(*set, std::nullopt, owner)) {
            if (std::holds_alternative<PublicKey>(use.key)) all.push_back(std::move(use));
        }
        return {};
    };
    for (const std::string& file : policy.revocation_keys) {
        if (const Status done = append({KeyLocation::Kind::file, file}, ""); !done) return tl::unexpected(done.error());
    }
    if (!policy.revocation_keys.empty()) return all;
    for (const Domain& domain : policy.domains) {
        // A domain whose keys cannot be read here signs no list; that must not hide the lists of the others.
        if (domain.keys.kind == KeyLocation::Kind::file) (void)append(domain.keys, domain.name);
    }
    return all;
}

} // namespace

Result<accept::Revocations> read_revocation_list(const Policy& policy, std::string_view content,
                                                 const std::string& file, const KeyReader& keys, Time now) {
    const auto invalid = [&](const std::string& why) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the revocation list cannot be believed: " + why,
                          .where = {file, 0, 0},
                          .hint = "sign it anew; until then nothing can be said about tokens"});
    };
    auto uses = signers(policy, keys);
    if (!uses) return tl::unexpected(uses.error());
    const accept::Path path = list_path(std::move(*uses));
    accept::PathEngine engine(path);
    UnverifiedToken token;
    token.parse(trim_token(content));
    const accept::Outcome outcome = engine.evaluate(token, {.now = now});
    if (!outcome.verified) {
        std::string why;
        for (const Finding& finding : outcome.findings)
            why += (why.empty() ? "" : ", ") + std::string(info(finding.reason).code);
        return invalid(why);
    }
    auto listed = accept::parse_revocations(token.payload(), file);
    if (!listed) return listed;
    const std::string owner = outcome.verified->key() ? outcome.verified->key()->owner : "";
    if (owner.empty()) return listed;
    accept::Revocations own;
    for (accept::Revocation entry : listed->entries()) {
        if (entry.domain.empty()) entry.domain = owner;
        if (entry.domain != owner) return invalid("it is signed by " + owner + " and revokes in " + entry.domain);
        own.add(std::move(entry));
    }
    return own;
}

} // namespace jwtdomain::policy
