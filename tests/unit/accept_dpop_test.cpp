#include <doctest/doctest.h>

#include "jwtdomain/accept/dpop.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/jwt/mint.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;

namespace {

constexpr Time kNow = 1'700'000'000;
const std::string kUri = "https://server.example.com/token";

PrivateKey fresh(KeyType type = KeyType::p256) {
    auto key = PrivateKey::generate(type);
    REQUIRE(key);
    return std::move(*key);
}

std::string part(const std::string& text) { return base64url_encode(text); }

// A proof with that header and those claims, signed by the key.
std::string signed_proof(const PrivateKey& key, const std::string& header, const std::string& claims) {
    const auto out = sign_compact(key, default_algorithm(key.type()), part(header) + "." + part(claims));
    REQUIRE(out);
    return *out;
}

std::string header_of(const PrivateKey& key, const std::string& more = "") {
    std::string jwk = write_jwk(key.public_key(), {});
    jwk.pop_back();
    return R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + jwk + more + "}";
}

std::string claims_of(Time iat = kNow, const std::string& htm = "POST", const std::string& htu = kUri) {
    return R"({"jti":"-BwC3ESc6acc2lTc","htm":")" + htm + R"(","htu":")" + htu + R"(","iat":)" + std::to_string(iat) +
           "}";
}

std::string fault_of(const std::string& proof, const ProofRequest& request = {.method = "POST", .uri = kUri}) {
    const auto result = check_proof(proof, request, kNow);
    return result ? "" : result.error().message;
}

bool says(const std::string& message, const std::string& what) { return message.find(what) != std::string::npos; }

} // namespace

TEST_CASE("accept/dpop: the first example of RFC 9449 (section 4.1) holds, with the thumbprint of its key") {
    const std::string proof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscE"
        "Jo"
        "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19."
        "eyJ"
        "qdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0I"
        "jo"
        "xNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    const auto good = check_proof(proof, {.method = "POST", .uri = kUri}, 1562262616);
    REQUIRE_MESSAGE(good, good.error().message);
    CHECK(good->thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"); // as section 6.1 has it
    CHECK(good->issued == 1562262616);
}

TEST_CASE("accept/dpop: what we make is what we take, for keys of every kind") {
    for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa}) {
        const PrivateKey key = fresh(type);
        const ProofRequest request{
            .method = "GET", .uri = "https://api.example.com/a?b=c", .access_token = "a.b.c", .nonce = "n"};
        const auto proof = make_proof(key, request, kNow);
        REQUIRE(proof);
        const auto good = check_proof(*proof, request, kNow + 5);
        REQUIRE_MESSAGE(good, good.error().message);
        CHECK(good->thumbprint == key.public_key().thumbprint());
        const auto other = make_proof(key, request, kNow);
        CHECK(check_proof(*other, request, kNow)->id != good->id);
    }
}

TEST_CASE("accept/dpop: every check of section 4.3, by itself") {
    const PrivateKey key = fresh(), thief = fresh();
    CHECK(fault_of(signed_proof(key, header_of(key), claims_of())).empty());
    CHECK(
        fault_of(signed_proof(key, header_of(key), claims_of(kNow, "POST", "https://SERVER.example.com:443/token?x#y")))
            .empty());
    CHECK(says(fault_of(signed_proof(key, header_of(key), claims_of(kNow - 61))), "older than"));
    CHECK(says(fault_of(signed_proof(key, header_of(key), claims_of(kNow + 11))), "future"));
    CHECK(says(fault_of(signed_proof(key, header_of(key), claims_of(kNow, "GET"))), "another method"));
    CHECK(says(fault_of(signed_proof(key, header_of(key), claims_of(kNow, "POST", kUri + "s"))), "another URI"));
    CHECK(says(fault_of(signed_proof(thief, header_of(key), claims_of())), "signature"));
    CHECK(says(fault_of(signed_proof(key, R"({"typ":"dpop+jwt","alg":"ES256"})", claims_of())), "no jwk"));
    CHECK(says(fault_of(signed_proof(key, R"({"typ":"JWT","alg":"ES256"})", claims_of())), "typ"));
    CHECK(says(fault_of(signed_proof(key, R"({"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"oct","k":"c2VjcmV0"}})",
                                     claims_of())),
               "shared secret"));
    const auto secret = write_private_jwk(SigningKey(key), {});
    REQUIRE(secret);
    CHECK(
        says(fault_of(signed_proof(
                 key, R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + std::string(secret->expose()) + "}", claims_of())),
             "private key"));
    CHECK(says(fault_of(signed_proof(key, header_of(key), R"({"htm":"POST"})")), "jti"));
    CHECK(
        says(fault_of(signed_proof(key, header_of(key), R"({"jti":"x","htm":"POST","htu":")" + kUri + "\"}")), "iat"));
    CHECK(says(fault_of(part(R"({"alg":"none","typ":"dpop+jwt"})") + "." + part(claims_of()) + "."), "no jwk"));
    CHECK(says(fault_of("nonsense"), "no JWT"));
    CHECK(says(fault_of(std::string(20000, 'x')), "too long"));
    const std::string plain = signed_proof(key, header_of(key), claims_of());
    CHECK(says(fault_of(plain, {.method = "POST", .uri = kUri, .access_token = "a.b.c"}), "another access token"));
    CHECK(says(fault_of(plain, {.method = "POST", .uri = kUri, .access_token = {}, .nonce = "n"}), "nonce"));
}
