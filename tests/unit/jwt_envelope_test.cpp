#include <doctest/doctest.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/envelope.h"

using namespace jwtdomain;

namespace {

constexpr std::size_t kMost = 1u << 16;

PrivateJwk a_key(KeyType type) { return {.key = PrivateKey::generate(type).value()}; }

JwkSet public_half(const PrivateJwk& key) {
    return {.keys = {{.key = std::get<PrivateKey>(key.key).public_key()}}, .skipped = {}};
}

} // namespace

TEST_CASE("jwt/envelope: what was sealed is opened, and verified by its key alone") {
    for (const KeyType type : {KeyType::p256, KeyType::ed25519, KeyType::p521}) {
        const PrivateJwk key = a_key(type), other = a_key(type);
        const auto text = seal("{\"a\":1}", "application/x", key);
        REQUIRE(text.has_value());
        CHECK(looks_sealed(*text));
        const auto envelope = open_envelope(*text, "e.json", kMost);
        REQUIRE(envelope.has_value());
        CHECK(envelope->payload == "{\"a\":1}");
        CHECK(envelope->type == "application/x");
        REQUIRE(envelope->signatures.size() == 1);
        CHECK(envelope->signatures[0].key_id == std::get<PrivateKey>(key.key).public_key().thumbprint());
        CHECK(is_signed_by(*envelope, public_half(key)));
        CHECK(!is_signed_by(*envelope, public_half(other)));
        CHECK(!is_signed_by(*envelope, {}));
        Envelope changed = *envelope;
        changed.payload[5] = '2';
        CHECK(!is_signed_by(changed, public_half(key)));
        changed = *envelope;
        changed.type += "y";
        CHECK(!is_signed_by(changed, public_half(key)));
    }
}

// The vector of the DSSE v1 protocol (secure-systems-lab/dsse, protocol.md, "Test Vectors").
TEST_CASE("jwt/envelope: DSSE's own example") {
    const std::string text = R"({"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld",)"
                             R"( "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUi)"
                             R"(HqJPcIAriEGAHTVeCUjW2JIZA=="}]})";
    const auto envelope = open_envelope(text, "e.json", kMost);
    REQUIRE(envelope.has_value());
    CHECK(envelope->payload == "hello world");
    CHECK(envelope->signatures[0].octets.size() == 64);
    const auto octets = [](std::string_view encoded) {
        std::string out;
        CHECK(base64url_decode(encoded, out) == Base64Defect::none);
        return out;
    };
    const auto key = PublicKey::from_numbers({.type = KeyType::p256,
                                              .x = octets("Z805D3eqNZywjCI19lInBJOp7YMrCrzAH3CVTAOQ0jg"),
                                              .y = octets("DHgr1U4mkSWkT0Qzr_FDLOlOErynOqZ6yAzqEmCN33Q"),
                                              .n = {},
                                              .e = {}});
    REQUIRE(key.has_value());
    CHECK(is_signed_by(*envelope, {.keys = {{.key = *key}}, .skipped = {}}));
}

TEST_CASE("jwt/envelope: what is none is refused") {
    for (const char* text : {"", "{}", "[]", "1", R"({"payloadType":"x","payload":"!","signatures":[]})",
                             R"({"payloadType":"x","payload":"YQ==","signatures":[1]})",
                             R"({"payloadType":"x","payload":"YR==","signatures":[]})", // another spelling of YQ==
                             R"({"payloadType":"x","payload":"YQ=====","signatures":[]})",
                             R"({"payloadType":"x","payload":"YQ==","payload":"YQ==","signatures":[]})"})
        CHECK(!open_envelope(text, "e.json", kMost).has_value());
    CHECK(open_envelope(R"({"payloadType":"x","payload":"YQ==","signatures":[]})", "e", kMost).has_value());
    CHECK(open_envelope(R"({"payloadType":"x","payload":"YQ==","signatures":[]})", "e", 10).error().fault ==
          Fault::limit);
}

TEST_CASE("jwt/envelope: a shared secret seals nothing") {
    const PrivateJwk secret{.key = HmacKey::generate(32).value()};
    CHECK(seal("x", "y", secret).error().fault == Fault::usage);
}
