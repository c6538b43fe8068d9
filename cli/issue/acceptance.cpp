#include "cli/app/policy.h"
#include "cli/issue/issuer.h"
#include "jwtdomain/accept/judge.h"

namespace jwtdomain::cli {
struct Acceptance::Impl {
    accept::Verifier verifier;
    accept::Judge judge;
    RevocationReader revocations;
    accept::TokenReadings readings = {};

    Impl(Session& session, const policy::Policy& policy, const policy::Domain& of)
        : verifier(policy::lower(policy, of, key_reader(session, policy))), judge(verifier),
          revocations(session, policy) {}
};

Acceptance::Acceptance(Session& session, const policy::Policy& policy, const policy::Domain& domain)
    : impl_(std::make_unique<Impl>(session, policy, domain)) {}
Acceptance::~Acceptance() = default;

Result<std::vector<Finding>> Acceptance::objections(std::string_view token, Time when) {
    const auto revocations = impl_->revocations.current();
    if (!revocations) return tl::unexpected(revocations.error());
    impl_->readings.reset(token);
    return impl_->judge.decide(impl_->readings, {.now = when, .revocations = *revocations}).findings;
}

std::string codes_of(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) out += (out.empty() ? "" : ", ") + std::string(info(finding.reason).code);
    return out;
}

} // namespace jwtdomain::cli
