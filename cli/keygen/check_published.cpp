#include "cli/keygen/check_published.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/network.h"
#include "cli/app/policy.h"
#include "cli/app/text.h"
#include "jwtdomain/net/metadata.h"

namespace jwtdomain::cli {
namespace {

std::string name_of(const Jwk& key) {
    const auto* const known = std::get_if<PublicKey>(&key.key);
    return known ? known->thumbprint() : "a shared secret";
}

std::string called(const std::optional<std::string>& kid) { return kid ? "the kid " + *kid : "no kid"; }

std::string issuer_text(const std::optional<std::string>& issuer) { return issuer.value_or("every issuer"); }

const Jwk* find(const JwkSet& set, const Jwk& key) {
    const auto same = [&](const Jwk& other) { return identity_of(other.key) == identity_of(key.key); };
    const auto found = std::find_if(set.keys.begin(), set.keys.end(), same);
    return found == set.keys.end() ? nullptr : &*found;
}

void compare(const JwkSet& own, const JwkSet& published, PublishedCheck& out) {
    out.compared = true;
    for (const Jwk& key : own.keys) {
        const Jwk* const there = find(published, key);
        if (there == nullptr) {
            out.differences.push_back({"not-published", name_of(key),
                                       "the policy trusts it, and it is not published: tokens that it has signed are "
                                       "still accepted here"});
        } else if (there->metadata.kid != key.metadata.kid) {
            out.differences.push_back({"other-kid", name_of(key),
                                       "it is published with " + called(there->metadata.kid) +
                                           ", and the policy has it with " + called(key.metadata.kid)});
        } else if (there->metadata.issuer != key.metadata.issuer) {
            out.differences.push_back({"other-issuer", name_of(key),
                                       "it is published for tokens of " + issuer_text(there->metadata.issuer) +
                                           ", and the policy has it for those of " + issuer_text(key.metadata.issuer)});
        }
    }
    for (const Jwk& key : published.keys) {
        if (find(own, key) == nullptr)
            out.differences.push_back({"not-in-policy", name_of(key),
                                       "it is published, and the policy does not have it: tokens that it signs are "
                                       "refused here"});
    }
}

bool is_of_keys(std::string_view rule) { return rule.starts_with("JWK-") || rule.starts_with("KEY-"); }

// With what is published in the place of the domain's keys.
void check_rules(Session& session, const policy::Policy& policy, std::size_t domain, const JwkSet& published,
                 PublishedCheck& out) {
    const policy::KeyLocation& own = policy.domains[domain].keys;
    const policy::KeyReader others = key_reader(session, policy);
    const policy::KeyReader reader = [&](const policy::KeyLocation& location) -> Result<JwkSet> {
        if (location.kind == own.kind && location.value == own.value) return published;
        return others(location);
    };
    const audit::Estate estate = audit::make_estate(policy, reader, session.now());
    EphemeralKeys ephemeral;
    const audit::Findings findings = audit::prove(estate, ephemeral);
    for (const audit::RuleFinding& finding : audit::check_rules({.estate = estate, .findings = findings})) {
        const auto& of = finding.domains;
        if (is_of_keys(finding.rule) && std::binary_search(of.begin(), of.end(), domain))
            out.broken.push_back({finding.rule, finding.severity, finding.message});
    }
}

// What is there now, or where the metadata lead that are there now.
Result<JwkSet> keys_now(Session& session, const std::string& url) {
    net::Documents& documents = session.documents();
    const auto fetched = documents.get_now(url);
    if (!fetched) return tl::unexpected(fetched.error());
    if (!net::is_metadata_place(url)) return parse_jwks(fetched->body, url);
    const auto metadata = net::metadata_at(documents, url);
    if (!metadata) return tl::unexpected(metadata.error());
    const auto keys = documents.get_now(metadata->jwks_uri);
    if (!keys) return tl::unexpected(keys.error());
    return parse_jwks(keys->body, metadata->jwks_uri);
}

} // namespace

Result<PublishedCheck> check_published(Session& session, const std::string& name, const std::string& url) {
    const auto policy = load_guarded_policy(session);
    if (!policy) return tl::unexpected(policy.error());
    const auto domain = policy::require_domain(*policy, name);
    if (!domain) return tl::unexpected(domain.error());
    const auto published = keys_now(session, url);
    if (!published) return tl::unexpected(published.error());
    PublishedCheck out{.domain = name,
                       .url = url,
                       .now = session.now(),
                       .published = published->keys.size(),
                       .differences = {},
                       .broken = {}};
    const policy::KeyLocation& keys = (*domain)->keys;
    if (keys.kind == policy::KeyLocation::Kind::file || keys.kind == policy::KeyLocation::Kind::text) {
        const auto own = key_reader(session, *policy)(keys);
        if (!own) return tl::unexpected(own.error());
        compare(*own, *published, out);
    }
    check_rules(session, *policy, static_cast<std::size_t>(*domain - policy->domains.data()), *published, out);
    return out;
}

std::string to_text(const PublishedCheck& report, bool color) {
    TextReport out(color);
    const std::string keys = fmt::format("{} key{}", report.published, report.published == 1 ? "" : "s");
    if (!report.good())
        out.headline(Tone::bad, "DIFFERS", fmt::format("{}: what is published is not as it should be", report.domain));
    else if (report.compared)
        out.headline(Tone::good, "SAME", fmt::format("{}: {}, as the policy has them", report.domain, keys));
    else
        out.headline(Tone::good, "GOOD", fmt::format("{}: {}, by the rules on keys", report.domain, keys));
    out.path("published", report.url);
    if (!report.compared) out.line("The policy holds no keys of the domain: there is nothing to compare them with.");
    for (const auto& each : report.differences) out.entry(Tone::bad, each.code, each.key + ": " + each.what);
    for (const auto& each : report.broken) out.entry(Tone::bad, each.rule, each.message);
    return out.take();
}

} // namespace jwtdomain::cli
