#include "jwtdomain/policy/revocation_list.h"

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::policy {
namespace {

constexpr Seconds kLeeway = 60;

accept::Path list_path(std::vector<accept::KeyUse> keys) {
    accept::Path path;
    path.name = "revocations";
    path.signing.keys = std::move(keys);
    path.type.allowed = {std::string(kRevocationsType)};
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

Result<RevocationLine> read_line(accept::PathEngine& engine, std::string_view text, const std::string& file, Time now) {
    const auto invalid = [&](const std::string& why) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the revocation list cannot be believed: " + why,
                          .where = {file, 0, 0},
                          .hint = "sign it anew; until then nothing can be said about tokens"});
    };
    UnverifiedToken token;
    token.parse(text);
    const accept::Outcome outcome = engine.evaluate(token, {.now = now});
    if (!outcome.verified) {
        std::string why;
        for (const Finding& finding : outcome.findings)
            why += (why.empty() ? "" : ", ") + std::string(info(finding.reason).code);
        return invalid(why);
    }
    auto listed = accept::parse_revocations(token.payload(), file);
    if (!listed) return tl::unexpected(listed.error());
    RevocationLine out{.owner = outcome.verified->key() ? outcome.verified->key()->owner : "",
                       .text = std::string(text),
                       .entries = {}};
    for (accept::Revocation entry : listed->entries()) {
        if (!out.owner.empty() && entry.domain.empty()) entry.domain = out.owner;
        if (!out.owner.empty() && entry.domain != out.owner)
            return invalid("it is signed by " + out.owner + " and revokes in " + entry.domain);
        out.entries.add(std::move(entry));
    }
    return out;
}

} // namespace

Result<std::vector<RevocationLine>> read_revocation_lines(const Policy& policy, std::string_view content,
                                                          const std::string& file, const KeyReader& keys, Time now) {
    auto uses = signers(policy, keys);
    if (!uses) return tl::unexpected(uses.error());
    const accept::Path path = list_path(std::move(*uses));
    accept::PathEngine engine(path);
    std::vector<RevocationLine> out;
    do { // an empty file is no list
        const std::string_view text = trim_token(take_until(content, '\n'));
        if (text.empty() && (!out.empty() || !content.empty())) continue;
        auto line = read_line(engine, text, file, now);
        if (!line) return tl::unexpected(line.error());
        out.push_back(std::move(*line));
    } while (!content.empty());
    return out;
}

Result<accept::Revocations> read_revocation_list(const Policy& policy, std::string_view content,
                                                 const std::string& file, const KeyReader& keys, Time now) {
    auto lines = read_revocation_lines(policy, content, file, keys, now);
    if (!lines) return tl::unexpected(lines.error());
    if (lines->size() == 1) return std::move(lines->front().entries);
    accept::Revocations out;
    for (const RevocationLine& line : *lines) {
        for (const accept::Revocation& entry : line.entries.entries()) out.add(entry);
    }
    return out;
}

} // namespace jwtdomain::policy
