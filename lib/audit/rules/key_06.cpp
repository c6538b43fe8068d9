#include <array>
#include <set>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::audit::rules {
namespace {

std::string text_of(SecretWeakness weakness) {
    switch (weakness) {
    case SecretWeakness::too_short: return "is shorter than the hash of its algorithm";
    case SecretWeakness::repetition: return "is a repetition";
    case SecretWeakness::words: return "is text that people made up";
    }
    return {};
}

// Of a key that was refused as a key; others were only written wrongly.
bool is_weakness(const SkippedKey& skipped) {
    constexpr auto kSigns = std::to_array<std::string_view>(
        {"modulus", "exponent", "not on the curve", "small order", "secret is empty", "given as an HMAC secret"});
    for (const std::string_view sign : kSigns) {
        if (skipped.defective && skipped.why.find(sign) != std::string::npos) return true;
    }
    return false;
}

class Weak {
public:
    Weak(const RuleInput& input, std::vector<RuleFinding>& out)
        : input_(input), users_(users_of(input.estate)), out_(out) {}

    void look_at_secret(std::size_t domain, const VerificationKey& key, const std::optional<std::string>& kid,
                        Algorithm algorithm, const KeyIdentity& identity) {
        const auto* const secret = std::get_if<HmacKey>(&key);
        if (!secret) return;
        const auto weakness = weak_secret(secret->secret().expose(), algorithm);
        if (!weakness) return;
        report(domain, kid.value_or(""),
               "the secret " + kid_text(kid) + " of " + name(domain) + " " + text_of(*weakness),
               services_with(users_, identity));
    }
    void look_at_skipped(std::size_t domain, const SkippedKey& skipped) {
        if (!is_weakness(skipped)) return;
        const std::string number = std::to_string(skipped.index + 1);
        report(domain, skipped.kid.empty() ? "key " + number : skipped.kid,
               "key number " + number + " in the set of " + name(domain) + " is refused: " + skipped.why, {});
    }

private:
    const std::string& name(std::size_t domain) const { return input_.estate.name(domain); }
    void report(std::size_t domain, std::string subject, std::string message, std::vector<std::size_t> services) {
        if (!told_.insert({domain, message}).second) return;
        RuleFinding finding{.rule = "KEY-06", .domains = {domain}, .services = std::move(services)};
        finding.where = input_.estate.domain(domain).where;
        finding.subject = std::move(subject);
        finding.message = std::move(message);
        finding.severity = Severity::high;
        if (!finding.services.empty())
            finding.severity = weigh(input_, {}, finding.services, Severity::high, finding.attacker);
        out_.push_back(std::move(finding));
    }
    const RuleInput& input_;
    Users users_;
    std::vector<RuleFinding>& out_;
    std::set<std::pair<std::size_t, std::string>> told_;
};

} // namespace

void key_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    Weak weak(input, out);
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        const DomainKeys& keys = estate.keys[d];
        for (std::size_t k = 0; k < keys.keys.size(); ++k)
            weak.look_at_secret(d, keys.keys[k].key, keys.keys[k].metadata.kid, hmac_algorithm(keys.keys[k]),
                                keys.identities[k]);
        for (const SkippedKey& skipped : keys.skipped) weak.look_at_skipped(d, skipped);
    }
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            const accept::KeyUse& use = path.signing.keys[k];
            weak.look_at_secret(estate.services[service].domain, use.key, use.kid, use.algorithms.front(),
                                identities[k]);
        }
    });
}

} // namespace jwtdomain::audit::rules
