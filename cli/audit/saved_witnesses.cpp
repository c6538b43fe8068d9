#include "cli/audit/saved_witnesses.h"

#include <set>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/issue/signing_key.h"
#include "jwtdomain/audit/witness_case.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

// What is no letter, digit or dot becomes '-', and none of those at either end.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
        if (kept)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out;
}

// An example of a crossing, and what stands for it in names of files: "staging--prod-gateway--replay".
struct Example {
    const audit::Crossing* crossing;
    audit::WitnessCase witness;
    std::string name;
};

std::string base_name(const audit::WitnessCase& witness, std::set<std::string>& taken) {
    const std::string_view attacker = name_of(witness.attacker);
    std::string out = fmt::format("{}--{}--{}", plain(witness.source), plain(witness.service), attacker);
    if (out.front() == '.') out.insert(0, 1, '-');
    constexpr std::size_t kLongest = 120; // of a name; the fingerprint of the whole keeps long and equal ones apart
    if (out.size() > kLongest || !taken.insert(out).second) {
        const std::string all = fmt::format("{}--{}--{}", witness.source, witness.service, attacker);
        out = out.substr(0, kLongest) + "-" + fingerprint(all).substr(0, 12);
    }
    return out;
}

std::vector<Example> examples_of(const audit::Estate& estate, const audit::Findings& findings) {
    std::vector<Example> out;
    std::set<std::string> taken;
    for (const audit::Crossing& crossing : findings.crossings) {
        if (!crossing.witness) continue;
        audit::WitnessCase witness = case_of(estate, crossing);
        std::string name = base_name(witness, taken);
        out.push_back({&crossing, std::move(witness), std::move(name)});
    }
    return out;
}

// The private half of the key that signs the token; of a secret, the secret.
Result<SigningKey> signing_key(const audit::Crossing& crossing, const store::KeyStore& keys) {
    const audit::TokenShape& shape = crossing.check.token;
    if (shape.key == audit::TokenShape::kNewKey)
        return fail(Fault::unsupported, "the attacker first adds a key to a source of the path");
    const VerificationKey& key = crossing.path->signing.keys[shape.key].key;
    if (const auto* secret = std::get_if<HmacKey>(&key)) return *secret;
    auto half = load_private_half(keys, std::get<PublicKey>(key));
    if (!half) return tl::unexpected(half.error());
    return std::move(*half);
}

} // namespace

Result<audit::Witness> real_witness(const audit::Estate& estate, const audit::Crossing& crossing,
                                    const store::KeyStore& keys) {
    const audit::TokenShape& shape = crossing.check.token;
    std::optional<SigningKey> key;
    if (shape.is_signed) {
        auto signs = signing_key(crossing, keys);
        if (!signs) return tl::unexpected(signs.error());
        key = std::move(*signs);
    }
    auto witness = make_real_witness(estate, *crossing.path, shape, key ? &*key : nullptr);
    if (witness && !witness->accepted) return fail(Fault::invalid, "the engine did not take it");
    return witness;
}

Status save_witnesses(const audit::Estate& estate, const audit::Findings& findings, const std::string& directory) {
    for (const Example& example : examples_of(estate, findings)) {
        const std::string path = directory + "/" + example.name + ".json";
        if (auto written = store::write_file(path, write_case(example.witness), store::Existing::replace); !written)
            return written;
    }
    return {};
}

Result<RealTokens> save_real_tokens(const audit::Estate& estate, const audit::Findings& findings,
                                    const store::KeyStore& keys, const std::string& directory) {
    RealTokens out;
    for (const Example& example : examples_of(estate, findings)) {
        const auto witness = real_witness(estate, *example.crossing, keys);
        if (!witness) {
            const audit::WitnessCase& of = example.witness;
            out.left_out.push_back(fmt::format("{} of {} into {}: {}", name_of(of.attacker), of.source, of.service,
                                               describe(witness.error())));
            continue;
        }
        const std::string path = directory + "/" + example.name + ".jwt";
        if (auto written = store::write_private_file(path, witness->token + "\n", store::Existing::replace); !written)
            return tl::unexpected(written.error());
        ++out.written;
    }
    return out;
}

} // namespace jwtdomain::cli
