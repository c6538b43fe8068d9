// A policy of one domain that is exported, another domain beside it, and what is read back of what was made.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "../support/mint.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/order.h"
#include "jwtdomain/policy/load.h"
#include "policy_memory.h"

namespace jwtdomain::gateway::test {

// One of each kind is enough for a whole run.
inline const PrivateKey& private_key(KeyType type, int number = 0) {
    static std::map<std::pair<KeyType, int>, PrivateKey> keys;
    const auto found = keys.find({type, number});
    if (found != keys.end()) return found->second;
    return keys.emplace(std::pair{type, number}, PrivateKey::generate(type).value()).first->second;
}

inline PublicJwk jwk(KeyType type, const std::string& kid, const std::string& algorithm = {}, int number = 0) {
    PublicJwk out{.key = private_key(type, number).public_key()};
    out.metadata.kid = kid;
    if (!algorithm.empty()) out.metadata.algorithm = algorithm;
    return out;
}

inline std::string yaml_text(const std::string& text) { return json::quote(text); }

struct Exporting {
    std::map<std::string, std::string> domain{{"domain", "prod"},
                                              {"issuer", "https://auth.prod.example"},
                                              {"audiences", "[https://api.prod.example]"},
                                              {"jwks", "jwks/prod.json"}};
    std::vector<PublicJwk> keys{jwk(KeyType::p256, "prod-1", "ES256")};
    std::string further = {}; // of policy.yaml

    // Sets a field, and returns the whole for what follows.
    Exporting& with(const std::string& field, const std::string& value) {
        domain[field] = value;
        return *this;
    }

    Result<policy::Policy> load() const {
        policy::test::Files files{{"p/policy.yaml", "version: 1\ninclude: [domains/*.yaml]\n" + further},
                                  {"p/domains/other.yaml",
                                   "domain: other\nissuer: https://auth.other.example\n"
                                   "audiences: [https://api.other.example]\njwks: jwks/other.json\n"}};
        for (const auto& [name, value] : domain) files["p/domains/prod.yaml"] += name + ": " + value + "\n";
        return policy::load("p", policy::test::reader_of(files));
    }
    policy::Policy policy() const {
        auto loaded = load();
        if (!loaded) FAIL(describe(loaded.error()) << " " << loaded.error().hint);
        return std::move(*loaded);
    }

    // A file or URL that a configuration names is the domain's set, wherever it lies.
    policy::KeyReader reader() const {
        return [keys = keys](const policy::KeyLocation& location) -> Result<JwkSet> {
            if (location.kind == policy::KeyLocation::Kind::text) {
                if (location.value.starts_with("-----")) return parse_jwks(write_jwks(keys));
                return parse_jwks(location.value);
            }
            if (location.value.find("other") != std::string::npos)
                return parse_jwks(write_jwks({jwk(KeyType::p256, "other-1", "ES256", 1)}));
            return parse_jwks(write_jwks(keys));
        };
    }

    Result<Order> order(const OrderOptions& options = {}) const {
        const policy::Policy all = policy();
        return make_order(all, *all.find("prod"), reader(), options);
    }
};

inline Result<Exported> exported(const Exporting& what, std::string_view target, const OrderOptions& options = {}) {
    const auto order = what.order(options);
    if (!order) FAIL(describe(order.error()));
    return write(*order, target);
}

inline std::string text_of(const Exporting& what, std::string_view target, const OrderOptions& options = {}) {
    const auto made = exported(what, target, options);
    if (!made) FAIL(describe(made.error()));
    return made->text;
}

// Why it cannot be made.
inline std::string refusal(const Exporting& what, std::string_view target, const OrderOptions& options = {}) {
    const auto made = exported(what, target, options);
    if (made) return "made";
    CHECK(made.error().fault == Fault::unsupported);
    CHECK(!made.error().hint.empty());
    return made.error().message;
}

// Each field that is lost, once, with blanks between them.
inline std::string lost(const Exporting& what, std::string_view target, const OrderOptions& options = {}) {
    const auto made = exported(what, target, options);
    if (!made) FAIL(describe(made.error()));
    std::vector<std::string> fields;
    const auto known = loss_words();
    for (const Loss& loss : made->losses) {
        CHECK(std::find(known.begin(), known.end(), loss.field) != known.end());
        CHECK(made->text.find("not enforced: " + std::string(loss.field) + ": ") != std::string::npos);
        if (std::find(fields.begin(), fields.end(), loss.field) == fields.end()) fields.emplace_back(loss.field);
    }
    std::sort(fields.begin(), fields.end());
    std::string out;
    for (const std::string& field : fields) out += (out.empty() ? "" : " ") + field;
    return out;
}

inline std::vector<policy::DeclaredVerifier> read_back(const std::string& text, std::string_view target) {
    const auto import = read({.file = "what was made", .text = text}, target);
    if (!import) FAIL(describe(import.error()) << "\n" << text);
    auto verifiers = verifiers_of(*import, "prod");
    if (!verifiers) FAIL(describe(verifiers.error()) << "\n" << text);
    return std::move(*verifiers);
}

} // namespace jwtdomain::gateway::test
