// A policy of five files, divided by NUL. What loads can be lowered and judged by, and its parts are what the whole is;
// a domain that has no keys accepts nothing.
#include <array>
#include <map>
#include <string>

#include "check.h"
#include "jwtdomain/accept/judge.h"
#include "jwtdomain/policy/load.h"
#include "jwtdomain/policy/lower.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;

namespace {

constexpr std::array<const char*, 5> kNames{"p/policy.yaml", "p/domains/prod.yaml", "p/domains/staging.yaml",
                                            "p/domains/tenants/all.yaml", "p/tenants.txt"};
constexpr std::string_view kToken =
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2F1dGgucHJvZC5leGFtcGxlLmNvbSJ9."; // alg none

using Files = std::map<std::string, std::string>;

Reader reader_of(const Files& files) {
    Reader reader;
    reader.read = [&files](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return fail(Fault::not_found, "there is no such file");
        return found->second;
    };
    reader.glob = [&files](const std::string&, const std::vector<std::string>&) -> Result<std::vector<std::string>> {
        std::vector<std::string> paths;
        for (const auto& [path, text] : files) {
            if (path.rfind("p/domains/", 0) == 0) paths.push_back(path);
        }
        return paths;
    };
    return reader;
}

Result<JwkSet> no_keys(const KeyLocation&) { return JwkSet{}; }

void check_domain(const Policy& policy, const Domain& domain, const Reader& reader) {
    CHECK(policy.find(domain.name) == &domain);
    const auto part = load_domain("p", domain.name, reader);
    CHECK(part && part->find(domain.name));
    const Domain& same = *part->find(domain.name);
    CHECK(same.issuer == domain.issuer && same.audiences == domain.audiences && same.algorithms == domain.algorithms);
    CHECK(same.required == domain.required && same.types == domain.types && same.leeway == domain.leeway);
    const accept::Verifier verifier = lower(policy, domain, no_keys);
    accept::Judge judge(verifier);
    accept::TokenReadings token;
    token.reset(kToken);
    CHECK(!judge.decide(token, {.now = 1700000000}).accepted());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = view(data, size);
    Files files;
    for (const char* name : kNames) {
        const std::size_t end = rest.find('\0');
        if (!rest.empty()) files[name] = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    const Reader reader = reader_of(files);
    const auto policy = load("p", reader);
    if (!policy) {
        CHECK(!policy.error().message.empty());
        return 0;
    }
    for (std::size_t i = 0; i < policy->domains.size() && i < 8; ++i) check_domain(*policy, policy->domains[i], reader);
    for (const DeclaredVerifier& declared : policy->verifiers) {
        const accept::Verifier verifier = lower(declared, no_keys);
        accept::Judge judge(verifier);
        accept::TokenReadings token;
        token.reset(kToken);
        const accept::Decision decision = judge.decide(token, {.now = 1700000000});
        CHECK(decision.accepted() == decision.findings.empty());
    }
    return 0;
}
