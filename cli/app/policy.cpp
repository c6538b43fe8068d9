#include "cli/app/policy.h"

#include <filesystem>
#include <utility>

#include <sys/stat.h>

#include "cli/app/gateways.h"
#include "cli/app/network.h"
#include "jwtdomain/jwt/keyfile.h"
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

// A JWK Set, or public keys of any other format.
Result<JwkSet> read_keys(const std::string& content, const std::string& name) {
    constexpr std::string_view kBegin = "-----BEGIN ";
    const std::size_t first = content.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || content[first] != '-') return parse_jwks(content, name);
    if (content.find(kBegin, content.find(kBegin) + 1) != std::string::npos)
        return fail({.fault = Fault::unsupported,
                     .message = "several PEM blocks in one file of keys",
                     .where = {name},
                     .hint = "put each into a file of its own, or make a JWK Set of them"});
    auto loaded = load_key(content, name, [] { return fail(Fault::unsupported, "an encrypted private key"); });
    if (!loaded) return tl::unexpected(loaded.error());
    return verification_keys(std::move(*loaded));
}

std::string in_policy(const std::string& directory, const std::string& path) {
    return path.front() == '/' ? path : directory + "/" + path;
}

// What the policy only says where it is to be found.
void read_gateways(Session& session, const policy::Reader& files, policy::Policy& policy) {
    std::vector<policy::DeclaredVerifier> out;
    for (policy::DeclaredVerifier& verifier : policy.verifiers) {
        if (verifier.type.empty()) {
            out.push_back(std::move(verifier));
            continue;
        }
        const std::string place = in_policy(policy.directory, verifier.path);
        for (policy::DeclaredVerifier& each :
             read_verifiers(session, files, policy, verifier.domain, place, verifier.type)) {
            each.resource = verifier.resource;
            if (each.methods.empty()) each.methods = verifier.methods;
            for (const accept::UnsignedInput& input : verifier.unsigned_inputs) each.unsigned_inputs.push_back(input);
            out.push_back(std::move(each));
        }
    }
    policy.verifiers = std::move(out);
}

} // namespace

policy::Reader policy_reader(ReadLog* log) {
    return {.read = [log](const std::string& path) { return read(path, log); }, .glob = store::glob};
}

void name_files_once(policy::Policy& policy) {
    namespace fs = std::filesystem;
    std::error_code none;
    const std::string base = fs::weakly_canonical(policy.directory, none).string() + "/";
    std::map<std::string, std::string> known;
    std::map<std::pair<dev_t, ino_t>, std::string> inodes; // hard links are one file
    const auto rename = [&](policy::KeyLocation& location) {
        if (location.kind != policy::KeyLocation::Kind::file || location.value.empty()) return;
        const auto [name, fresh] = known.try_emplace(location.value);
        if (fresh) {
            std::error_code failed;
            const fs::path path = fs::path(policy.directory) / location.value; // an absolute one stays as it is
            const std::string real = fs::weakly_canonical(path, failed).string();
            name->second = failed ? location.value : real.rfind(base, 0) == 0 ? real.substr(base.size()) : real;
            struct stat info {};
            if (stat(path.c_str(), &info) == 0)
                name->second = inodes.try_emplace({info.st_dev, info.st_ino}, name->second).first->second;
        }
        location.value = name->second;
    };
    for (policy::Domain& domain : policy.domains) {
        rename(domain.keys);
        for (policy::KeyLocation& earlier : domain.earlier_keys) rename(earlier);
    }
    for (policy::DeclaredVerifier& verifier : policy.verifiers) {
        for (policy::DeclaredPath& path : verifier.accepts) {
            for (policy::DeclaredKeys& keys : path.keys) rename(keys.location);
        }
    }
}

Result<policy::Policy> load_policy(Session& session, const policy::Reader& files) {
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    return policy::load(*directory, files);
}

Result<policy::Policy> load_guarded_policy(Session& session, const policy::Reader& files) {
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    return load_guarded_policy(session, *directory, files);
}

Result<policy::Policy> load_guarded_policy(Session& session, const std::string& directory,
                                           const policy::Reader& files) {
    auto policy = policy::load(directory, files);
    if (!policy) return policy;
    read_gateways(session, files, *policy);
    name_files_once(*policy);
    return policy;
}

Result<policy::Policy> load_policy_of(Session& session, const std::string& domain) {
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    auto partial = policy::load_domain(*directory, domain, policy_reader());
    // A revocation list without keys of its own may be signed by any domain, so all of them must be there.
    const bool all_sign = partial && !partial->revocations.empty() && partial->revocation_keys.empty();
    return all_sign ? policy::load(*directory, policy_reader()) : std::move(partial);
}

void warn_of_defects(Session& session, const JwkSet& set, const std::string& place) {
    for (const SkippedKey& skipped : set.skipped) {
        if (skipped.defective)
            session.warn(place + ": key number " + std::to_string(skipped.index + 1) + " is not used: " + skipped.why);
    }
}

policy::KeyReader key_reader(Session& session, const policy::Policy& policy, const policy::Reader& files) {
    return [&session, directory = policy.directory,
            read_file = files.read](const policy::KeyLocation& location) -> Result<JwkSet> {
        switch (location.kind) {
        case policy::KeyLocation::Kind::none: return JwkSet{};
        case policy::KeyLocation::Kind::url:
        case policy::KeyLocation::Kind::discovery: {
            auto set = fetch_keys(session, location);
            if (set) warn_of_defects(session, *set, location.value);
            return set;
        }
        case policy::KeyLocation::Kind::text: return read_keys(location.value, "keys in a verifier");
        case policy::KeyLocation::Kind::file: break;
        }
        const std::string path = in_policy(directory, location.value);
        auto content = read_file(path);
        if (!content) return tl::unexpected(content.error());
        auto set = read_keys(*content, path);
        if (!set) return set;
        warn_of_defects(session, *set, path);
        return set;
    };
}

Result<const accept::Revocations*> RevocationReader::current() {
    const std::string path = revocation_path(policy_);
    auto content = store::read_file(path, kMaxRevocations);
    // One that appears, or goes, while we run is one of a policy that names none.
    const bool none = policy_.revocations.empty() && !content && content.error().fault == Fault::not_found;
    if (none) content = std::string();
    if (!content) return tl::unexpected(content.error());
    if (*content == content_) return &list_;
    auto list =
        none ? Result<accept::Revocations>(accept::Revocations{})
             : policy::read_revocation_list(policy_, *content, path, key_reader(session_, policy_), session_.now());
    if (!list) return tl::unexpected(list.error());
    list_ = std::move(*list);
    content_ = std::move(*content);
    return &list_;
}

std::string revocation_path(const policy::Policy& policy) {
    return in_policy(policy.directory,
                     policy.revocations.empty() ? std::string(policy::kRevocationList) : policy.revocations);
}

Result<accept::Revocations> load_revocations(Session& session, const policy::Policy& policy) {
    policy::Reader files = policy_reader();
    files.read = [](const std::string& path) { return store::read_file(path, kMaxRevocations); };
    return load_revocations(session, policy, files);
}

Result<accept::Revocations> load_revocations(Session& session, const policy::Policy& policy,
                                             const policy::Reader& files) {
    if (policy.revocations.empty()) return accept::Revocations{};
    const std::string path = revocation_path(policy);
    const auto content = files.read(path);
    if (!content) return tl::unexpected(content.error());
    return policy::read_revocation_list(policy, *content, path, key_reader(session, policy, files), session.now());
}

} // namespace jwtdomain::cli
