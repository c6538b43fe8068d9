#include "jwtdomain/probe/kinds.h"

#include <algorithm>
#include <array>

#include "jwtdomain/probe/forge.h"

namespace jwtdomain::probe {
namespace {

constexpr auto kInforms = Meaning::informs;
constexpr auto kOneWay = Meaning::must_not_be_taken;

// clang-format off
constexpr std::array kKinds{
    Kind{"garbage", "no token at all", "signature", "RUN-03"},
    Kind{"claims-changed", "the subject changed under the signature", "signature", "RUN-03"},
    Kind{"signature-changed", "one bit of the signature changed", "signature", "RUN-03"},
    Kind{"signature-empty", "an empty signature", "signature", "RUN-03"},
    Kind{"signature-absent", "two parts", "signature", "RUN-03"},
    Kind{"signature-cut", "half a signature", "signature", "RUN-03"},
    Kind{"signature-zero", "a signature of zeros", "signature", "ALG-11"},
    Kind{"signature-der", "an ECDSA signature in DER", "signature", "PAR-02", kInforms},
    Kind{"signature-padded", "padded base64url", "encoding", "PAR-02", kInforms},
    Kind{"key-stranger", "a key that nobody knows, under the kid of the domain", "key", "RUN-03"},
    Kind{"key-stranger-no-kid", "a key that nobody knows, without kid", "key", "RUN-03"},
    Kind{"key-stranger-own-kid", "a key that nobody knows, under its own kid", "key", "RUN-03"},
    Kind{"jwk-embedded", "a key that stands in the header", "key source", "ALG-04"},
    Kind{"jwk-embedded-no-kid", "a key that stands in the header, without kid", "key source", "ALG-04"},
    Kind{"jwk-embedded-own-kid", "a key that stands in the header, under its own kid", "key source", "ALG-04"},
    Kind{"x5c", "a certificate of its own in the header", "key source", "ALG-04"},
    Kind{"x5c-no-kid", "a certificate of its own in the header, without kid", "key source", "ALG-04"},
    Kind{"jku", "a key set named in the header", "key source", "ALG-04", kOneWay},
    Kind{"jku-visited", "the way to the URL in jku", "key fetching", "JWK-04", kOneWay, false, false, "jku"},
    Kind{"x5u", "a certificate named in the header", "key source", "ALG-04", kOneWay},
    Kind{"x5u-visited", "the way to the URL in x5u", "key fetching", "JWK-04", kOneWay, false, false, "x5u"},
    Kind{"kid-unknown", "a kid that is in no set", "kid", "JWK-07", kInforms},
    Kind{"kid-foreign", "the kid of another domain", "kid", "JWK-07", kInforms},
    Kind{"kid-absent", "no kid", "kid", "JWK-07", kInforms},
    Kind{"kid-path", "a path as kid, and an empty secret", "kid", "ALG-06"},
    Kind{"kid-query", "SQL as kid, and the secret that it would give", "kid", "ALG-06"},
    Kind{"alg-none", "the algorithm none", "algorithm", "ALG-01"},
    Kind{"alg-none-no-kid", "the algorithm none, without kid", "algorithm", "ALG-01"},
    Kind{"alg-None", "the algorithm None", "algorithm", "ALG-01"},
    Kind{"alg-NONE", "the algorithm NONE", "algorithm", "ALG-01"},
    Kind{"alg-nOnE", "the algorithm nOnE", "algorithm", "ALG-01"},
    Kind{"alg-empty", "an empty algorithm", "algorithm", "ALG-01"},
    Kind{"alg-none-signed", "none, with the signature kept", "algorithm", "ALG-01"},
    Kind{"alg-absent", "no algorithm in the header", "algorithm", "ALG-03"},
    Kind{"alg-other", "another algorithm in the header than it is signed with", "algorithm", "ALG-03"},
    Kind{"hmac-empty", "HS256 with an empty secret", "algorithm", "ALG-02"},
    Kind{"hmac-pem", "HS256 with the public key as PEM", "algorithm", "ALG-02"},
    Kind{"hmac-pem-bare", "HS256 with the public key as PEM, without its last newline", "algorithm", "ALG-02"},
    Kind{"hmac-der", "HS256 with the public key as DER", "algorithm", "ALG-02"},
    Kind{"hmac-thumbprint", "HS256 with the thumbprint of the public key", "algorithm", "ALG-02"},
    Kind{"iss-foreign", "the issuer of another domain", "issuer", "ISS-01"},
    Kind{"iss-absent", "no issuer", "issuer", "ISS-01"},
    Kind{"iss-slash", "the issuer with a slash more", "issuer", "ISS-02"},
    Kind{"iss-longer", "an issuer that begins as the right one does", "issuer", "ISS-02"},
    Kind{"iss-list", "a list of issuers, one of which is right", "issuer", "ISS-05"},
    Kind{"iss-twice-own-last", "the issuer twice, the right one last", "duplicate names", "PAR-01", kInforms},
    Kind{"iss-twice-own-first", "the issuer twice, the right one first", "duplicate names", "PAR-01", kInforms},
    Kind{"aud-foreign", "the audience of another domain", "audience", "AUD-01"},
    Kind{"aud-absent", "no audience", "audience", "AUD-02"},
    Kind{"aud-empty", "an empty list of audiences", "audience", "AUD-02"},
    Kind{"aud-slash", "the audience with a slash more", "audience", "AUD-06"},
    Kind{"aud-longer", "an audience that begins as the right one does", "audience", "AUD-06"},
    Kind{"aud-both", "the audiences of two domains", "audience", "AUD-04", kInforms},
    Kind{"aud-list", "the audience as a list of one, or as a string", "audience", "AUD-06", kInforms},
    Kind{"typ-absent", "no type", "type", "TYP-01", kInforms},
    Kind{"typ-jwt", "the type JWT", "type", "TYP-01"},
    Kind{"typ-logout", "a logout token", "type", "TYP-01"},
    Kind{"id-token", "an ID token", "type", "TYP-01"},
    Kind{"exp-absent", "no expiry", "expiry", "LIF-01"},
    Kind{"exp-past", "what expired an hour ago", "expiry", "LIF-01"},
    Kind{"exp-just-past", "what expired five minutes ago", "leeway", "LIF-02"},
    Kind{"exp-negative", "a negative expiry", "expiry", "LIF-01"},
    Kind{"exp-text", "the expiry as text", "expiry", "PAR-01", kInforms},
    Kind{"exp-far", "a life of a year", "lifetime", "LIF-01", kInforms},
    Kind{"nbf-soon", "what is valid in half a minute", "leeway", "LIF-02", kInforms},
    Kind{"nbf-ahead", "what is valid in four minutes", "not-before", "LIF-02"},
    Kind{"iat-ahead", "issued in an hour", "issued-at", "LIF-02", kInforms},
    Kind{"domain-foreign", "the domain claim of another domain", "domain claim", "CLM-01"},
    Kind{"domain-absent", "no domain claim", "domain claim", "CLM-01"},
    Kind{"scope-absent", "no scope", "scope", "CLM-08"},
    Kind{"scope-other", "a scope that opens nothing", "scope", "CLM-08"},
    Kind{"sub-absent", "no subject", "required claims", "CLM-06", kInforms},
    Kind{"jti-absent", "no jti", "required claims", "CLM-06", kInforms},
    Kind{"iat-absent", "no iat", "required claims", "CLM-06", kInforms},
    Kind{"crit-unknown", "a critical extension that nobody knows", "crit", "ALG-07"},
    Kind{"crit-empty", "an empty crit", "crit", "ALG-07", kInforms},
    Kind{"b64-false", "a payload that is said not to be base64url", "crit", "ALG-08"},
    Kind{"json-serialization", "the JSON serialization", "serialization", "TYP-03", kInforms},
    Kind{"fourth-part", "a fourth part", "serialization", "TYP-03"},
    Kind{"token-in-query", "the good token in the query", "place", "TYP-03", kInforms, true},
    Kind{"header-huge", "a header of 256 KiB", "size", "ALG-10", kInforms, false, true},
    Kind{"claims-deep", "claims of 4000 levels", "size", "ALG-10", kInforms, false, true},
};
// clang-format on

} // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view name) {
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) { return kind.name == name; });
    return found == kKinds.end() ? nullptr : &*found;
}

Mutants::Mutants() = default;
Mutants::Mutants(Mutants&&) noexcept = default;
Mutants::~Mutants() = default;

Result<Mutants> Mutants::of(Control control, EphemeralKeys& strangers) {
    Mutants out;
    out.control_ = std::make_unique<Control>(std::move(control));
    auto forge = detail::Forge::of(*out.control_, strangers);
    if (!forge) return tl::unexpected(forge.error());
    out.forge_ = std::make_unique<detail::Forge>(std::move(*forge));
    return out;
}

Result<std::string> Mutants::for_audience(const std::string& audience) const {
    detail::Json claims = forge_->claims;
    claims["aud"] = audience;
    return forge_->resign(claims);
}

std::string Mutants::key_set() const { return forge_->stranger_set(); }

Result<std::string> Mutants::certificate() const {
    const auto der = forge_->stranger_certificate();
    if (!der) return tl::unexpected(der.error());
    return detail::pem_of("CERTIFICATE", *der);
}

Result<std::string> Mutants::make(const Kind& kind) const {
    if (!kind.visit_of.empty()) return fail(Fault::not_found, "it is not sent: it says what came of another");
    for (const auto makers : {detail::shape_makers(), detail::header_makers(), detail::claim_makers()}) {
        for (const detail::Maker& maker : makers) {
            if (maker.kind != kind.name) continue;
            try {
                return maker.make(*forge_);
            } catch (const detail::Json::exception&) {
                return fail(Fault::invalid, "the control's claims are of other types than this kind changes");
            }
        }
    }
    return fail(Fault::internal, "nobody makes tokens of the kind " + std::string(kind.name));
}

} // namespace jwtdomain::probe
