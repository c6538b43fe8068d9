// Two domains in a directory, with their keys, and what their issuers and thieves could mint: the fixture of command
// tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "../unit/temporary_directory.h"
#include "fake_world.h"
#include "jwtdomain/jwt/jwk.h"
#include "mint.h"

namespace jwtdomain::test {

// What an issuer of the estate signs with. The kid is fixed, so that reports can be golden; the key is new in each run.
struct Issuer {
    std::string name;
    PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    Signer signer = Signer::make(key, Algorithm::ES256).value();

    explicit Issuer(std::string n) : name(std::move(n)) {}
    std::string kid() const { return name + "-1"; }
    std::string header() const { return R"({"alg":"ES256","kid":")" + kid() + R"(","typ":"at+jwt"})"; }
    std::string claims(const std::string& more = "") const {
        return R"({"iss":"https://auth.)" + name + R"(.example.com","aud":"https://api.)" + name +
               R"(.example.com","sub":"alice","jti":"1","domain":")" + name + R"(","iat":1700000000,"exp":1700000300)" +
               more + "}";
    }
    std::string token(const std::string& more = "") { return sign(signer, header(), claims(more)); }
};

struct Estate {
    TemporaryDirectory directory;
    FakeWorld world;
    Issuer staging{"staging"}, prod{"prod"};

    void put(const std::string& name, const std::string& text) const {
        const std::filesystem::path path = directory / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }

    std::string read(const std::string& name) const {
        std::ifstream file(directory / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    explicit Estate(const std::string& policy_tail = "") {
        put("jwtdomain/policy.yaml", "version: 1\n" + policy_tail);
        for (const Issuer* issuer : {&staging, &prod}) {
            const std::string name = issuer->name;
            put("jwtdomain/domains/" + name + ".yaml",
                "domain: " + name + "\nissuer: https://auth." + name + ".example.com\naudiences: [https://api." + name +
                    ".example.com]\njwks: jwks/" + name + ".json\nresources:\n  - uri: https://api." + name +
                    ".example.com/orders\n    methods: {GET: [orders:read], POST: [orders:write]}\n");
            JwkMetadata metadata;
            metadata.kid = issuer->kid();
            metadata.algorithm = "ES256";
            put("jwtdomain/jwks/" + name + ".json", write_jwks({{issuer->key.public_key(), metadata}}));
        }
        world.working_directory = directory.path();
        world.variables["XDG_STATE_HOME"] = directory / "state";
    }
};

} // namespace jwtdomain::test
