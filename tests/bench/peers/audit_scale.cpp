// The prover over many domains, made through the library. Usage:
//   audit_scale prove SHAPE COUNT      one line: seconds of the processor, MiB at the most, separated or not
//   audit_scale pairwise SHAPE COUNT   the same by asking every pair alone; fails where the two disagree
//   audit_scale depth SHAPE COUNT      the isolation depth, once the proof is there
//   audit_scale gcd COUNT              the batch GCD of so many moduli of 2048 bits, two of which share a prime
//   audit_scale junk COUNT             the same of odd numbers, most of which share small primes
// Shapes: distinct (each domain has a key), shared (one pair in a hundred shares a key), one-key (all share issuer and
// key, and differ by audience).
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <openssl/bn.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "jwtdomain/audit/depth.h"
#include "jwtdomain/audit/prove.h"
#include "jwtdomain/audit/weak_keys.h"

using namespace jwtdomain;

namespace {

constexpr Time kNow = 1'700'000'000;

[[noreturn]] void die(const std::string& what) {
    std::fprintf(stderr, "audit_scale: %s\n", what.c_str());
    std::exit(1);
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Shape {
    std::size_t keys = 0; // of all domains; domain i has key i % keys
    bool one_issuer = false;
};

Shape shape_of(const std::string& name, std::size_t count) {
    if (name == "distinct") return {count, false};
    if (name == "shared")
        return {count < 100 ? count : 100, false}; // 100 groups: a pair is in one group one time in 100
    if (name == "one-key") return {1, true};
    die("no such shape: " + name);
}

struct Made {
    policy::Policy policy;
    std::vector<JwkSet> keys;
};

Made make(const Shape& shape, std::size_t count) {
    Made out;
    for (std::size_t i = 0; i < shape.keys; ++i) {
        JwkSet set;
        set.keys.push_back({.key = PrivateKey::generate(KeyType::p256).value().public_key()});
        out.keys.push_back(std::move(set));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i), name = "tenant-" + number;
        policy::Domain domain;
        domain.name = name;
        domain.issuer = shape.one_issuer ? "https://auth.example.com" : "https://auth.example.com/" + name;
        domain.audiences = {"https://" + name + ".example.com"};
        domain.types = {"at+jwt"};
        domain.algorithms = {Algorithm::ES256};
        domain.scope_claim = "scope";
        domain.keys = {policy::KeyLocation::Kind::file, std::to_string(i % shape.keys)};
        domain.issue.declared = true;
        out.policy.domains.push_back(std::move(domain));
        policy::DeclaredPath path;
        path.name = "main";
        path.keys.push_back({.location = out.policy.domains.back().keys, .algorithms = {}, .kid = {}, .owner = name});
        path.type.allowed = {"at+jwt"};
        path.issuer.allowed.exact = {out.policy.domains.back().issuer};
        path.audience.any_of.exact = out.policy.domains.back().audiences;
        policy::DeclaredVerifier verifier;
        verifier.domain = verifier.name = name;
        verifier.accepts.push_back(std::move(path));
        out.policy.verifiers.push_back(std::move(verifier));
    }
    return out;
}

long peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

// By every pair alone, without an index: what the index leaves out must be separated.
std::size_t pairwise(const audit::Estate& estate, const audit::Findings* findings) {
    std::size_t crossing = 0;
    std::vector<audit::Mintable> all;
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d)
        all.push_back(audit::mintable(estate.domain(d), d, audit::Attacker::insider));
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        for (const audit::Mintable& tokens : all) {
            if (tokens.holder == estate.services[s].domain) continue;
            bool separated = true;
            for (const accept::Path& path : estate.services[s].entry->paths)
                separated = separated && audit::check(estate, tokens, path).separated();
            crossing += !separated;
            if (!findings) continue;
            const audit::Cell cell = findings->cell(estate, tokens.holder, s);
            const auto crosses = [](const auto& weakest) { return weakest && *weakest <= audit::Attacker::insider; };
            if (separated == (crosses(cell.leak) || crosses(cell.unknown))) die("the two provers disagree");
        }
    }
    return crossing;
}

// No prime below 2^16 divides it, as none does an RSA modulus.
bool has_small_factor(const BIGNUM* number) {
    static const std::vector<BN_ULONG> primes = [] {
        std::vector<BN_ULONG> out;
        for (BN_ULONG n = 2; n < 65536; ++n) {
            bool prime = true;
            for (std::size_t i = 0; prime && i < out.size() && out[i] * out[i] <= n; ++i) prime = n % out[i] != 0;
            if (prime) out.push_back(n);
        }
        return out;
    }();
    for (const BN_ULONG prime : primes) {
        if (BN_mod_word(number, prime) == 0) return true;
    }
    return false;
}

std::string octets_of(const BIGNUM* number) {
    std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
    return out;
}

// What RSA moduli are to the algorithm, without the hours that making so many primes takes; the first and the last
// share a prime. `junk`: any odd numbers, most of which have small primes in common.
std::vector<std::string> make_moduli(std::size_t count, bool junk) {
    std::vector<std::string> out;
    BIGNUM* const number = BN_new();
    while (out.size() + (junk ? 0 : 2) < count) {
        BN_rand(number, 2048, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
        if (junk || !has_small_factor(number)) out.push_back(octets_of(number));
    }
    if (junk) return out;
    BN_CTX* const context = BN_CTX_new();
    BIGNUM* const shared = BN_new();
    BIGNUM* const other = BN_new();
    BN_generate_prime_ex(shared, 1024, 0, nullptr, nullptr, nullptr);
    for (const bool front : {true, false}) {
        BN_generate_prime_ex(other, 1024, 0, nullptr, nullptr, nullptr);
        BN_mul(number, shared, other, context);
        out.insert(front ? out.begin() : out.end(), octets_of(number));
    }
    return out; // the numbers go with the process
}

int run_gcd(std::size_t count, bool junk) {
    const std::vector<std::string> moduli = make_moduli(count, junk);
    const double begin = seconds();
    const auto found = audit::shared_factors(moduli);
    std::printf("%.3f %ld %zu\n", seconds() - begin, peak_mib(), found.size());
    const bool pair = !found.empty() && found.front().modulus == 0 && found.front().other + 1 == count;
    if (!junk && !pair) die("the two that share a prime were not found");
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if ((mode == "gcd" || mode == "junk") && argc == 3)
        return run_gcd(std::strtoull(argv[2], nullptr, 10), mode == "junk");
    if ((mode != "prove" && mode != "pairwise" && mode != "depth") || argc != 4)
        die("prove|pairwise|depth SHAPE COUNT, or gcd|junk COUNT");
    const std::size_t count = std::strtoull(argv[3], nullptr, 10);
    const Made made = make(shape_of(argv[2], count), count);
    const policy::KeyReader reader = [&](const policy::KeyLocation& location) -> Result<JwkSet> {
        return made.keys[std::strtoull(location.value.c_str(), nullptr, 10)];
    };
    const double begin = seconds();
    const audit::Estate estate = audit::make_estate(made.policy, reader, kNow);
    EphemeralKeys keys;
    if (mode == "prove") {
        const audit::Findings findings = audit::prove(estate, keys);
        std::size_t crossing = 0;
        for (const audit::Crossing& each : findings.crossings) crossing += each.attacker <= audit::Attacker::insider;
        std::printf("%.3f %ld %zu\n", seconds() - begin, peak_mib(), crossing);
        return 0;
    }
    if (mode == "depth") {
        const audit::Findings findings = audit::prove(estate, keys);
        const double proved = seconds();
        const audit::Depths depths = audit::depths_of(estate, findings);
        if (!depths.nearest.counted) die("the depth was not counted");
        std::printf("%.3f %ld %u\n", seconds() - proved, peak_mib(), depths.nearest.edits.value_or(99));
        return 0;
    }
    const std::size_t crossing = pairwise(estate, nullptr);
    const double spent = seconds() - begin;
    const audit::Findings findings = audit::prove(estate, keys);
    pairwise(estate, &findings);
    std::printf("%.3f %ld %zu\n", spent, peak_mib(), crossing);
    return 0;
}
