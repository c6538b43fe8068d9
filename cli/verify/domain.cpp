#include "cli/app/policy.h"
#include "cli/verify/options.h"
#include "jwtdomain/policy/verifier_set.h"

namespace jwtdomain::cli {
namespace {

// What the whole policy knows about a token that one domain has refused.
void add_neighbours(Session& session, const policy::Policy& policy, const VerifyOptions& options,
                    std::string_view token, const accept::Context& context, VerifyReport& report) {
    policy::VerifierSet set(policy, key_reader(session, policy));
    policy::DomainJudge judge(set);
    judge.reset(token, context);
    for (const std::size_t i : judge.accepting()) {
        if (policy.domains[i].name != report.domain) report.accepted_by.push_back(policy.domains[i].name);
    }
    if (!options.resource) return;
    for (Finding& finding : report.findings) {
        if (finding.reason != Reason::resource_unknown) continue;
        const auto owner = policy::domain_of_resource(policy, *options.resource);
        if (owner)
            finding = {Reason::resource_foreign, *options.resource + " belongs to " + policy.domains[*owner].name};
    }
}

Result<VerifyReport> verify_auto(Session& session, const VerifyOptions& options, std::string_view token) {
    const auto policy = load_policy(session);
    if (!policy) return tl::unexpected(policy.error());
    if (policy->domains.empty())
        return fail(Fault::no_input, "the policy has no domain", "add one: jwtdomain init --domain NAME");
    const auto revocations = load_revocations(session, *policy);
    if (!revocations) return tl::unexpected(revocations.error());
    const auto proof = proof_of(options);
    const accept::Context context{
        .now = session.now(), .revocations = &*revocations, .proof = proof ? &*proof : nullptr};
    policy::VerifierSet set(*policy, key_reader(session, *policy));
    policy::DomainJudge judge(set);
    judge.reset(token, context);
    const std::vector<std::size_t> accepting = judge.accepting();
    if (accepting.size() == 1) {
        const policy::Domain& domain = policy->domains[accepting.front()];
        VerifyReport report =
            make_report(judge.decide(accepting.front(), request_of(options, domain)), token, session.now());
        report.domain = domain.name;
        return report;
    }
    VerifyReport report;
    if (accepting.empty()) {
        const auto claimed = judge.claimed();
        if (claimed) {
            report = make_report(judge.decide(*claimed), token, session.now());
            report.domain = policy->domains[*claimed].name;
        } else {
            report = make_report(judge.decide(0), token, session.now());
            report.path.clear();
            // Only what is wrong with the token whoever looks at it.
            std::erase_if(report.findings, [](const Finding& f) {
                return info(f.reason).stage != Stage::shape && info(f.reason).stage != Stage::header;
            });
            report.findings.insert(report.findings.begin(),
                                   {Reason::domain_none, "neither its issuer nor its audience is known"});
        }
        return report;
    }
    report = make_report({}, token, session.now());
    std::string names;
    for (const std::size_t i : accepting) {
        report.accepted_by.push_back(policy->domains[i].name);
        names += (names.empty() ? "" : ", ") + policy->domains[i].name;
    }
    report.findings = {{Reason::domain_ambiguous, names}};
    return report;
}

} // namespace

std::optional<accept::PresentedProof> proof_of(const VerifyOptions& options) {
    if (!options.dpop) return std::nullopt;
    return accept::PresentedProof{*options.dpop, options.method.value_or(""), options.resource.value_or("")};
}

accept::Request request_of(const VerifyOptions& options, const policy::Domain& domain) {
    accept::Request request{
        .resource = options.resource.value_or(""), .method = options.method.value_or(""), .further = {}};
    if (options.scopes.empty()) return request;
    accept::ClaimRule rule;
    rule.path = {domain.scope_claim.empty() ? "scope" : domain.scope_claim};
    rule.shape = accept::ClaimShape::words;
    rule.test = accept::ClaimTest::has_all;
    rule.values.exact = options.scopes;
    rule.role = accept::ClaimRule::Role::scope;
    request.further.push_back(std::move(rule));
    return request;
}

Result<VerifyReport> verify_by_policy(Session& session, const VerifyOptions& options, std::string_view token) {
    if (*options.domain == "auto") {
        auto report = verify_auto(session, options, token);
        if (report) report->evidence = "policy";
        return report;
    }
    auto policy = load_policy_of(session, *options.domain);
    if (!policy) return tl::unexpected(policy.error());
    const auto domain = policy::require_domain(*policy, *options.domain);
    if (!domain) return tl::unexpected(domain.error());
    const auto revocations = load_revocations(session, *policy);
    if (!revocations) return tl::unexpected(revocations.error());
    const auto proof = proof_of(options);
    const accept::Context context{
        .now = session.now(), .revocations = &*revocations, .proof = proof ? &*proof : nullptr};
    const accept::Verifier verifier = policy::lower(*policy, **domain, key_reader(session, *policy));
    accept::Judge judge(verifier);
    accept::TokenReadings readings;
    readings.reset(token);
    VerifyReport report =
        make_report(judge.decide(readings, context, request_of(options, **domain)), token, session.now());
    report.domain = (*domain)->name;
    report.evidence = "policy";
    if (report.accepted) return report;
    // The rest of the policy is only read now: a token that is accepted does not need it.
    auto whole = load_policy(session);
    if (!whole) {
        session.warn("the other domains could not be asked: " + describe(whole.error()));
        return report;
    }
    add_neighbours(session, *whole, options, token, context, report);
    return report;
}

} // namespace jwtdomain::cli
