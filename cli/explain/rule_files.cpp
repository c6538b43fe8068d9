#include "cli/explain/rule_files.h"

#include <array>

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kSame; // as in the good example

// Made for these pages; nobody has kept the private halves, but for what everybody has.
constexpr auto kFiles = std::to_array<RuleFile>({
    {"ALG-03", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}]})",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "staging-1",
  "n": "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jIDAKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF76uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
  "e": "AQAB"
}]})"},
    {"ALG-08", "tokens/staging.json",
     R"({
  "header": {
    "typ": "at+jwt",
    "alg": "ES256",
    "kid": "staging-1"
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300
  }
})",
     R"({
  "header": {
    "typ": "at+jwt",
    "alg": "ES256",
    "kid": "staging-1",
    "b64": false,
    "crit": ["b64"]
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300
  }
})"},
    {"ALG-10", "tokens/staging.json",
     R"({
  "header": {
    "alg": "PBES2-HS256+A128KW",
    "enc": "A128GCM",
    "p2s": "8RMzpsKkC1cnNzQ2NkE3Mw",
    "p2c": 600000
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300
  }
})",
     R"({
  "header": {
    "alg": "PBES2-HS256+A128KW",
    "enc": "A128GCM",
    "p2s": "8RMzpsKkC1cnNzQ2NkE3Mw",
    "p2c": 2147483647
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300
  }
})"},
    {"JWK-01", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}, {
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-2",
  "alg": "ES256",
  "x": "gPizhxYntlrrMygshMOIFzPa612Nyn4sOdqtHf9KvI0",
  "y": "DHgnCJplruGdBzpZdZHTxzI7aT_y1K5x5V6-9nHShvg"
}]})",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}, {
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "gPizhxYntlrrMygshMOIFzPa612Nyn4sOdqtHf9KvI0",
  "y": "DHgnCJplruGdBzpZdZHTxzI7aT_y1K5x5V6-9nHShvg"
}]})"},
    {"JWK-03", "domains/staging.yaml", R"(domain: staging
issuer: https://auth.staging.example
audiences: [https://api.staging.example]
jwks: jwks/staging.json
earlier_jwks: [jwks/staging-before.json])",
     kSame},
    {"JWK-03", "jwks/staging-before.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-0",
  "alg": "ES256",
  "x": "tS-ugTPO511bh20dDIgZJ823faDjVcmWbPSBRhQIDaQ",
  "y": "7SxEdklrJ6x8A1d2LQZqc65uyqasBLFbn_ZFZbwsIs8"
}]})",
     kSame},
    {"JWK-07", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}, {
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-2",
  "alg": "ES256",
  "x": "gPizhxYntlrrMygshMOIFzPa612Nyn4sOdqtHf9KvI0",
  "y": "DHgnCJplruGdBzpZdZHTxzI7aT_y1K5x5V6-9nHShvg"
}]})",
     kSame},
    {"KEY-02", "jwks/prod.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "prod-1",
  "alg": "ES256",
  "x": "pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q",
  "y": "AZuq_s8m0knNB_w6bMaqtdellXebTIl5lZRPQWgpvhU"
}]})",
     R"({"keys": [{
  "kty": "oct",
  "kid": "prod-1",
  "k": "e50oU9GNovu_8V1FDigDh-6eQmHa17wADwf3FVralqY"
}]})"},
    {"KEY-02", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}]})",
     R"({"keys": [{
  "kty": "oct",
  "kid": "staging-1",
  "k": "e50oU9GNovu_8V1FDigDh-6eQmHa17wADwf3FVralqY"
}]})"},
    {"KEY-04", "jwks/prod.json",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "prod-1",
  "alg": "RS256",
  "n": "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jIDAKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF76uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
  "e": "AQAB"
}]})",
     kSame},
    {"KEY-04", "jwks/staging.json",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "staging-1",
  "alg": "RS256",
  "n": "u6q-Qr-zOibRDWUneXNRRrLi3hEiJzhY8uzhcmTKXpZbNqnsPmDtCka-WVBMTHi_zOzXjSglQhmwUL1Gv-mmlQCL39d471PFzUi-ud2j2-UWaIbxyvlRS6Is6iqGeflI-a4b2qdsLUffYg9kpbTvNqgmGO9j3OkzFOFSF-_ZR0qLX6a-Sw2rg-6qCvnQqEBj5OswKjAWvymHIN-NHREFeQV6bWeOkxoQ1ZsX2YlPj0Rm3TndEPJYX1Nh177Q8fEf0HEIbPOAVP6983rLRXwRUsuZrNidRWpgV06mfX2Vhf4jHBk08wgVCHT1lPnUfQdE4N3xVypsg_uzinIWlYxASQ",
  "e": "AQAB"
}]})",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "staging-1",
  "alg": "RS256",
  "n": "5uReazjLQ398r8pbZRvm-hWys8ZdA94ulEl047xmxQKev9sEoAHcR5tR3_x7DCcT40vjgBDez1Y8Eb5k16D2Vw8b39c8rWpbnpxKW48YRLHhDQAMlVlKhUrJRgp41uB1ZeQbwN_nnLoaoFYXeL2FnFzWpoRtRDR1GgaEBQl-Qn7t0X_7yL4dVZVIMpPPYGwkjXsuMta_yecJTPT9HfJ1vzcv_VuqorUDxNuIqK6-8XkQL5tv1Ub85_I9-hU58s8gSK4-8IuVENutq8zmOs6lN7s_RUUuVItErnXuKQsTU9a_TCsWsmZsjLnV3ArgnWccuSGJKWUU7tycmxhumg6UTQ",
  "e": "AQAB"
}]})"},
    {"KEY-05", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}]})",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf84",
  "y": "kGe5DgSIycKp8w9aJmoHhB1sB3QTugfnRWm5nU_TzsY"
}]})"},
    {"KEY-06", "jwks/staging.json",
     R"({"keys": [{
  "kty": "EC",
  "crv": "P-256",
  "kid": "staging-1",
  "alg": "ES256",
  "x": "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
  "y": "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ"
}]})",
     R"({"keys": [{
  "kty": "oct",
  "kid": "staging-1",
  "k": "cGxlYXNlLWNoYW5nZS10aGlzLXNlY3JldC1wYXNzd29yZA"
}]})"},
    {"KEY-08", "tokens/prod.json",
     R"({
  "header": {
    "typ": "at+jwt",
    "alg": "ES256",
    "kid": "prod-1"
  },
  "claims": {
    "iss": "https://auth.prod.example",
    "aud": "https://api.prod.example",
    "sub": "alice",
    "exp": 1700000300,
    "cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}
  }
})",
     kSame},
    {"KEY-08", "tokens/staging.json",
     R"({
  "header": {
    "typ": "at+jwt",
    "alg": "ES256",
    "kid": "staging-1"
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300,
    "cnf": {"jkt": "9ZP03Nu8GrXPAUkbKNxHOKBzxPX83SShgFkRNK-f2lw"}
  }
})",
     R"({
  "header": {
    "typ": "at+jwt",
    "alg": "ES256",
    "kid": "staging-1"
  },
  "claims": {
    "iss": "https://auth.staging.example",
    "aud": "https://api.staging.example",
    "sub": "alice",
    "exp": 1700000300,
    "cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}
  }
})"},
    {"KEY-10", "jwks/staging.json",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "staging-1",
  "alg": "RS256",
  "n": "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jIDAKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF76uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
  "e": "AQAB"
}]})",
     R"({"keys": [{
  "kty": "RSA",
  "kid": "staging-1",
  "alg": "RS256",
  "n": "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jIDAKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF76uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
  "e": "AQAB"
}, {
  "kty": "RSA",
  "kid": "staging-2",
  "alg": "PS256",
  "n": "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jIDAKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF76uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
  "e": "AQAB"
}]})"},
    {"RUN-02", "policy.yaml",
     R"(version: 1
verifiers:
  - domain: prod
    accepts:
      - keys: jwks/prod.json
        issuer: https://auth.prod.example
        audience: [https://api.prod.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: prod}
        dialect: {cache: one}
  - domain: staging
    accepts:
      - keys: jwks/staging.json
        issuer: https://auth.staging.example
        audience: [https://api.staging.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: staging}
        dialect: {cache: two})",
     R"(version: 1
verifiers:
  - domain: prod
    accepts:
      - keys: jwks/prod.json
        issuer: https://auth.prod.example
        audience: [https://api.prod.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: prod}
        dialect: {cache: one}
  - domain: staging
    accepts:
      - keys: jwks/staging.json
        issuer: https://auth.staging.example
        audience: [https://api.staging.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: staging}
        dialect: {cache: one})"},
    {"RUN-04", "policy.yaml",
     R"(version: 1
verifiers:
  - domain: prod
    accepts:
      - keys: jwks/prod.json
        issuer: https://auth.prod.example
        audience: [https://api.prod.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: prod}
  - domain: staging
    accepts:
      - keys: jwks/staging.json
        issuer: https://auth.staging.example
        audience: [https://api.staging.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: staging})",
     R"(version: 1
verifiers:
  - domain: prod
    accepts:
      - keys: jwks/prod.json
        issuer: https://auth.prod.example
        audience: [https://api.prod.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: prod}
  - domain: staging
    accepts:
      - keys: jwks/staging.json
        issuer: https://auth.staging.example
        audience: [https://api.staging.example]
        types: [at+jwt]
        algorithms: [ES256]
        expiry: required
        longest_life: 10m
        claims: {domain: staging}
  - domain: prod
    name: internal
    guard: open
    why: no rule matches /internal)"},
});

} // namespace

std::vector<ExampleText> rule_files(std::string_view rule) {
    std::vector<ExampleText> out;
    for (const RuleFile& file : kFiles) {
        if (file.rule == rule)
            out.push_back(
                {std::string(file.path), std::string(file.good), std::string(file.bad.empty() ? file.good : file.bad)});
    }
    return out;
}

} // namespace jwtdomain::cli
