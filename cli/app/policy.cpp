#include "cli/app/policy.h"

#include "jwtdomain/policy/revocation_list.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxFile = 8u << 20;
constexpr std::size_t kMaxRevocations = 256u << 20;

Result<std::string> read(const std::string& path, ReadLog* log) {
    auto content = store::read_file(path, kMaxFile);
    if (content && log) log->insert_or_assign(path, *content);
    return content;
}

} // namespace

policy::Reader policy_reader(ReadLog* log) {
    return {.read = [log](const std::string& path) { return read(path, log); }, .glob = store::glob};
}

Result<policy::Policy> load_policy(Session& session, const policy::Reader& files) {
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    return policy::load(*directory, files);
}

Result<policy::Policy> load_policy_of(Session& session, const std::string& domain) {
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    auto partial = policy::load_domain(*directory, domain, policy_reader());
    // A revocation list without keys of its own may be signed by any domain, so all of them must be there.
    const bool all_sign = partial && !partial->revocations.empty() && partial->revocation_keys.empty();
    return all_sign ? policy::load(*directory, policy_reader()) : std::move(partial);
}

policy::KeyReader key_reader(Session& session, const policy::Policy& policy, const policy::Reader& files) {
    return [&session, directory = policy.directory,
            read_file = files.read](const policy::KeyLocation& location) -> Result<JwkSet> {
        switch (location.kind) {
        case policy::KeyLocation::Kind::none: return JwkSet{};
        case policy::KeyLocation::Kind::url:
        case policy::KeyLocation::Kind::discovery:
            return fail(Fault::unsupported, "the keys are at " + location.value + ", and fetching is not built in yet",
                        "save them to a file of the policy, and name that in `jwks`");
        case policy::KeyLocation::Kind::file: break;
        }
        const std::string path = location.value.front() == '/' ? location.value : directory + "/" + location.value;
        auto content = read_file(path);
        if (!content) return tl::unexpected(content.error());
        auto set = parse_jwks(*content, path);
        if (!set) return set;
        for (const SkippedKey& skipped : set->skipped) {
            if (skipped.defective)
                session.warn(path + ": key number " + std::to_string(skipped.index + 1) +
                             " is not used: " + skipped.why);
        }
        return set;
    };
}

Result<accept::Revocations> load_revocations(Session& session, const policy::Policy& policy) {
    if (policy.revocations.empty()) return accept::Revocations{};
    const std::string path =
        policy.revocations.front() == '/' ? policy.revocations : policy.directory + "/" + policy.revocations;
    const auto content = store::read_file(path, kMaxRevocations);
    if (!content) return tl::unexpected(content.error());
    return policy::read_revocation_list(policy, *content, path, key_reader(session, policy), session.now());
}

} // namespace jwtdomain::cli
