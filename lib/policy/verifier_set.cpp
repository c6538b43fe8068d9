#include "jwtdomain/policy/verifier_set.h"

#include <algorithm>

namespace jwtdomain::policy {
namespace {

void add(std::vector<std::size_t>& list, std::size_t index) {
    if (std::find(list.begin(), list.end(), index) == list.end()) list.push_back(index);
}

std::optional<std::size_t> index_of(const Policy& policy, std::string_view name) {
    const Domain* const domain = policy.find(name);
    if (!domain) return std::nullopt;
    return static_cast<std::size_t>(domain - policy.domains.data());
}

} // namespace

VerifierSet::VerifierSet(const Policy& policy, KeyReader keys)
    : policy_(policy), keys_(std::move(keys)), lowered_(policy.domains.size()) {
    const auto enter = [&](const Domain& issuing, std::size_t accepting) {
        if (!issuing.issuer.empty()) add(by_issuer_[issuing.issuer], accepting);
        if (issuing.issuer_optional || issuing.issuer.empty()) add(without_issuer_, accepting);
    };
    for (std::size_t i = 0; i < policy.domains.size(); ++i) enter(policy.domains[i], i);
    for (const TrustEdge& edge : policy.trust) {
        const Domain* const from = policy.find(edge.from);
        const auto to = index_of(policy, edge.to);
        if (from && to) enter(*from, *to);
    }
}

const accept::Verifier& VerifierSet::verifier(std::size_t domain) {
    const std::lock_guard lock(mutex_);
    auto& slot = lowered_[domain];
    if (!slot) slot = std::make_unique<const accept::Verifier>(lower(policy_, policy_.domains[domain], keys_));
    return *slot;
}

bool VerifierSet::renew(std::size_t domain, const KeyReader& keys) {
    const std::lock_guard lock(mutex_);
    auto fresh = std::make_unique<const accept::Verifier>(lower(policy_, policy_.domains[domain], keys));
    for (const accept::Entry& entry : fresh->entries) {
        const auto unread = [](const accept::Path& path) {
            return path.signing.source == accept::KeySource::unresolved;
        };
        if (std::any_of(entry.paths.begin(), entry.paths.end(), unread)) return false;
    }
    std::swap(lowered_[domain], fresh);
    if (fresh) retired_.push_back(std::move(fresh)); // somebody may be judging by it
    ++generation_;
    return true;
}

std::vector<std::size_t> VerifierSet::candidates(std::optional<std::string_view> issuer) const {
    if (!issuer) return without_issuer_;
    std::vector<std::size_t> found;
    if (const auto hit = by_issuer_.find(std::string(*issuer)); hit != by_issuer_.end()) found = hit->second;
    // A domain that declares no issuer may take any.
    for (const std::size_t i : without_issuer_) {
        if (policy_.domains[i].issuer.empty()) add(found, i);
    }
    std::sort(found.begin(), found.end());
    return found;
}

DomainJudge::DomainJudge(VerifierSet& set)
    : set_(set), generation_(set.generation()), judges_(set.policy().domains.size()) {}

accept::Judge& DomainJudge::judge(std::size_t domain) {
    auto& slot = judges_[domain];
    if (!slot) slot = std::make_unique<accept::Judge>(set_.verifier(domain));
    return *slot;
}

void DomainJudge::reset(std::string_view token, const accept::Context& context) {
    readings_.reset(token);
    context_ = context;
    decided_.clear();
    if (const unsigned now = set_.generation(); now != generation_) {
        for (auto& each : judges_) each.reset();
        generation_ = now;
    }
}

const accept::Decision& DomainJudge::decide(std::size_t domain) {
    for (const Decided& known : decided_) {
        if (known.domain == domain) return known.decision;
    }
    decided_.push_back({domain, judge(domain).decide(readings_, context_)});
    return decided_.back().decision;
}

const accept::Decision& DomainJudge::decide(std::size_t domain, const accept::Request& request) {
    if (request.resource.empty() && request.method.empty() && request.further.empty()) return decide(domain);
    return requested_ = judge(domain).decide(readings_, context_, request);
}

std::vector<std::size_t> DomainJudge::accepting() {
    const UnverifiedToken& parsed = readings_.read();
    std::vector<std::size_t> found;
    if (!parsed.usable() || !parsed.has_claims()) return found;
    const auto iss = parsed.claims().find("iss");
    if (iss && !iss->is(json::Kind::string)) return found;
    const auto issuer = iss ? std::optional(iss->text()) : std::nullopt;
    for (const std::size_t domain : set_.candidates(issuer)) {
        if (decide(domain).accepted()) found.push_back(domain);
    }
    return found;
}

std::optional<std::size_t> DomainJudge::claimed() {
    const UnverifiedToken& parsed = readings_.read();
    if (!parsed.usable() || !parsed.has_claims()) return std::nullopt;
    const auto iss = parsed.claims().find("iss");
    const auto aud = parsed.claims().find("aud");
    const auto& domains = set_.policy().domains;
    const auto names = [&](const std::vector<std::string>& audiences) {
        if (!aud) return false;
        const auto has = [&](std::string_view value) {
            return std::find(audiences.begin(), audiences.end(), value) != audiences.end();
        };
        if (aud->is(json::Kind::string)) return has(aud->text());
        for (const json::Member& element : *aud) { // NOLINT(readability-use-anyofallof): its iterator is none of std's
            if (has(element.value.text())) return true;
        }
        return false;
    };
    std::optional<std::size_t> by_issuer, by_audience;
    for (std::size_t i = 0; i < domains.size(); ++i) {
        const bool issuer =
            iss && iss->is(json::Kind::string) && !domains[i].issuer.empty() && iss->text() == domains[i].issuer;
        const bool audience = names(domains[i].audiences);
        if (issuer && audience) return i;
        if (issuer && !by_issuer) by_issuer = i;
        if (audience && !by_audience) by_audience = i;
    }
    return by_issuer ? by_issuer : by_audience;
}

std::optional<std::size_t> domain_of_resource(const Policy& policy, std::string_view uri) {
    std::optional<std::size_t> best;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < policy.domains.size(); ++i) {
        for (const Resource& resource : policy.domains[i].resources) {
            if (!accept::covers(resource.uri, uri) || resource.uri.size() <= longest) continue;
            longest = resource.uri.size();
            best = i;
        }
    }
    return best;
}

} // namespace jwtdomain::policy
