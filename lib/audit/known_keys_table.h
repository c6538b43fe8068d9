// Written by tests/house/known_keys from tests/data/known_keys.json. Digests of keys that everybody has.
// Internal: not installed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "jwtdomain/audit/known_keys.h"

namespace jwtdomain::audit {

constexpr std::array<KnownKey, 55> kKnownKeys{{
    {"the HMAC key of RFC 7515 appendix A.1", "RFC 7515 appendix A.1 (also RFC 7517 A.3, RFC 7519 3.1)"},
    {"the RSA key of RFC 7515 appendix A.2", "RFC 7515 appendix A.2 (also RFC 7519 A.2)"},
    {"the P-256 key of RFC 7515 appendix A.3", "RFC 7515 appendix A.3"},
    {"the P-521 key of RFC 7515 appendix A.4", "RFC 7515 appendix A.4"},
    {"the RSA key of RFC 7516 appendix A.1", "RFC 7516 appendix A.1"},
    {"the RSA key of RFC 7516 appendix A.2", "RFC 7516 appendix A.2"},
    {"the P-256 key of RFC 7517 appendix A", "RFC 7517 appendix A.1 and A.2"},
    {"the RSA key of RFC 7517 appendix A", "RFC 7517 appendix A.1 and A.2, RFC 7638 section 3.1"},
    {"the A128KW key of RFC 7517 appendix A.3", "RFC 7517 appendix A.3"},
    {"the RSA key of RFC 7517 appendix B", "RFC 7517 appendix B"},
    {"Bilbo's P-521 key of RFC 7520", "RFC 7520 sections 3.1 and 3.2"},
    {"Bilbo's RSA key of RFC 7520", "RFC 7520 sections 3.3 and 3.4"},
    {"the HMAC key of RFC 7520", "RFC 7520 section 3.5"},
    {"the A256GCM key of RFC 7520", "RFC 7520 section 3.6"},
    {"the Ed25519 key of RFC 8037", "RFC 8037 appendix A.1, RFC 8032 section 7.1"},
    {"jwt.io's RSA key, since 2021", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                                     "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's RSA key until 2021",
     "github.com/jsonwebtoken/jsonwebtoken.github.io src/editor/default-tokens.js at 42f916a8a613"},
    {"jwt.io's P-256 key", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                           "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's P-384 key", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                           "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's P-521 key", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                           "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's Ed25519 key", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                             "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"the secret of jwt.io until 2018, and of PyJWT's README",
     "github.com/jsonwebtoken/jsonwebtoken.github.io src/editor/default-tokens.js at 17e29da6f34f"},
    {"jwt.io's HS256 secret, 2018 to 2025",
     "github.com/jsonwebtoken/jsonwebtoken.github.io src/editor/default-tokens.js at caae024c7789"},
    {"jwt.io's HS384 secret, 2018 to 2025",
     "github.com/jsonwebtoken/jsonwebtoken.github.io src/editor/default-tokens.js at caae024c7789"},
    {"jwt.io's HS512 secret, 2018 to 2025",
     "github.com/jsonwebtoken/jsonwebtoken.github.io src/editor/default-tokens.js at caae024c7789"},
    {"jwt.io's HS256 secret", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                              "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's HS384 secret", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                              "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"jwt.io's HS512 secret", "github.com/jsonwebtoken/jsonwebtoken.github.io "
                              "src/features/common/values/default-tokens.values.ts at d88e9709c6f4"},
    {"the hard-coded key of KubePi",
     "CVE-2023-22463: github.com/KubeOperator/KubePi internal/api/v1/session/session.go at 67222e2f3b90"},
    {"the default token key of Nacos", "Nacos manual, Authentication: token.secret.key"},
    {"the example token key of Nacos", "Nacos manual, Authentication: Custom SecretKey"},
    {"the example token key of Nacos with Docker", "Nacos manual, Authentication: With Docker"},
    {"the sample JWT_SECRET of Supabase", "github.com/supabase/supabase docker/.env.example at 001faf98b6c9"},
    {"the SECRET_KEY of FastAPI's tutorial",
     "github.com/fastapi/fastapi docs_src/security/tutorial004.py at 071d9043883b"},
    {"the sample secret of PostgREST", "PostgREST's tests and tutorials: jwt-secret"},
    {"the fallback JWT_SECRET of Kubero", "github.com/kubero-dev/kubero issue 786"},
    {"the default secret of Apache Submarine", "github.com/apache/submarine issue 1120"},
    {"the sample secret of Flask-JWT-Extended",
     "github.com/vimalloc/flask-jwt-extended examples/simple.py at 12e9fac4d76c"},
    {"the sample secret of express-session", "github.com/expressjs/session README.md at 2c9512fb790e"},
    {"the sample secret of NestJS", "github.com/nestjs/nest sample/19-auth-jwt/src/auth/constants.ts at c5e54bf509a9"},
    {"the sample secret of express-jwt", "express-jwt's README"},
    {"the sample secret of jsonwebtoken", "jsonwebtoken's README"},
    {"the sample secret of springboot-jwt-starter",
     "github.com/bfwg/springboot-jwt-starter src/main/resources/application.yml at 146dbe8477f2"},
    {"the placeholder \"changeme\"", "samples everywhere"},
    {"the placeholder \"change-me\"", "samples everywhere"},
    {"the placeholder \"password\"", "samples everywhere"},
    {"the placeholder \"supersecret\"", "samples everywhere"},
    {"the placeholder \"your-secret-key\"", "samples everywhere"},
    {"the placeholder \"my-secret-key\"", "samples everywhere"},
    {"the placeholder \"jwt-secret\"", "samples everywhere"},
    {"the placeholder \"jwt_secret\"", "samples everywhere"},
    {"the placeholder \"secretkey\"", "samples everywhere"},
    {"the placeholder \"secret-key\"", "samples everywhere"},
    {"the placeholder \"test\"", "samples everywhere"},
    {"the placeholder \"123456\"", "samples everywhere"},
}};

// In order of the digests: elements of KeyIdentity::own, in hexadecimal.
struct KnownDigest {
    std::string_view digest;
    std::uint8_t key; // index of kKnownKeys
};

constexpr std::array<KnownDigest, 58> kKnownDigests{{
    {"048af2438891a89a3536ac09cc96ccbd34a1714e88cf8fdb63e6186dcc3ff89d", 47},
    {"057ba03d6c44104863dc7361fe4578965d1887360f90a0895882e58a6248fc86", 43},
    {"0f20fab89c6bb2b831705740b65193124807dab0be420557a716df23374c4cd8", 20},
    {"12bc106b13c8b95e427a00e01943b66c66b4e15a6760c453c7912d984095770b", 40},
    {"1311f8fc80a7ea28d78dd7723f09c44c1754cd35160ca8e7133ae3d7f636a19a", 48},
    {"1453cea2dc3799e9026e42b3e465e455256d5a149582e4c5b92d4c8d604731a2", 32},
    {"1cd99cddffbca520ef1bca440eb47d1496c80b3e66206267bdea1528ca995708", 35},
    {"237abb60d58e667d79d5285e15f012b0e7d1d7a059614e4d3f68d62dcdf234ee", 18},
    {"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", 21},
    {"2cd6f10056d08e10430ad5658b5565056c93fcde047563f7e53a56452467c050", 13},
    {"2d42eccec8c2be2e16013811f9ce98f4fcd74c52c3b0e3105b4be709778c013b", 6},
    {"2e0f9ee68ff2075bb70cf11f7f706cc0c92255c57145e2de1a03f8545484e3d7", 28},
    {"32b8c9622887364ec3b80f23690d402ff47d9599766f5fc98aad563eeb857eb6", 3},
    {"32d6b11697308d9ecc64f7e0c0f665b2db29a9154bbe2b6d52845fcc72b1b8d3", 1},
    {"3a61a59ef18201bd4f8f9feacdaef5f0bfec198240e07b8f8e0b66f1809d803b", 10},
    {"3cc62020cd2630dca196c5058d01ffe743a1f9dbc57cd1fb8785a4f4595d719e", 29},
    {"422b6cfd76dcf88d5d37a901e96200425f83477962de36e06906ebb11a74317b", 38},
    {"458cc9d14d7edc11061195bf38c6d789df167aa29bc6c2bae59a601388b75643", 42},
    {"465d9ad5d5528ebe287b5dce4fb51620833d09b290e49ddcc70ca6c4a0aea01b", 25},
    {"47460daabdd4982c303c3ea343fe884c469811b2c7aac21df52e52b0283f19ea", 19},
    {"4de7be2d26fa1e2e608014c657f699698236694b2d6ef11d888828ba3e81f9bf", 30},
    {"570dad43de1af4c925f92c16a68a50936da42b7dd6fdeb24850507a1199aac89", 33},
    {"5ca05c0bee82925b3ef07be7da6042953d8737b6194d8da0266de7be6accb6b5", 27},
    {"5d9edfc9497b317565854a0ce210df996baa0e99c0b96a971147ca3c0a0573a4", 11},
    {"5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", 45},
    {"5eef83fe7cb71e2da053f846a07ecf933f49b66ef755ef8627be5e2fe94d7e84", 24},
    {"6046cf49cec67c1f49c0bb4599ed396f30171fdb4a00b2827c0a4475348871fd", 14},
    {"689fa2f184ae5a715d31568025de8e51635740ac69335313781e9ae252987601", 31},
    {"730d21a80e61a8de82d12cb4c0b8057cff5a30e2dec50ce7a773513374f9164a", 26},
    {"73ec74458059c70cae3f0ade8663fe0da1dc4b114ed8cdac75364140b4458a4c", 12},
    {"7d25db2f11690bd5f1e261e542c18fc6245d3b2ea30767627cbfd89671347d2f", 17},
    {"7df6f598d8f385bd68522c724bc9ed483b731af4f65fea03b70da07b16925093", 8},
    {"80cb55079d28613bd52b56af77493d654ad474c3fe7f864d76f05b276554f233", 7},
    {"85dbe15d75ef9308c7ae0f33c7a324cc6f4bf519a2ed2f3027bd33c140a4f9aa", 52},
    {"8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92", 54},
    {"92e2b7f6ed28b457e2ef5ec81ba62be82dda423b60e3d2fbeb0b73e53f4671ce", 41},
    {"9ea30cc95b8cfde9083c50879b4e937cda5a065840cdea8535b699df4000908e", 4},
    {"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 53},
    {"ad165b11320bc91501ab08613cc3a48a62a6caca4d5c8b14ca82cc313b3b96cd", 51},
    {"aec8084845b41a6952d46cbaa1c9b798659487ffd133796d95d05ba45d9096c2", 37},
    {"b23813da7f066be253e3bdfa41f87e010b585ff970ff54e428fdcc34b0ad1e50", 39},
    {"bac9e7a5d661f94dd70ab78a8113da54e8a255450cfef2031881635fb165d89b", 2},
    {"c07799c18d8b80eed95367921770430008a217c621fa7b765fed516f08fc7f91", 29},
    {"c8ecc9361a05e285f04c26f9572131a6deab07e9e2b865053c6f75a4d8bd2b32", 0},
    {"d3273dadc886014d797d5524ff5c881e75afa3b510de72701e53efb60eaa42ea", 5},
    {"db6833593279d7373592ef70e51f3daf048c04475739f8ed024b0821fd9e7fde", 27},
    {"dc37be682ce97ee85e8d81ed654fcf7a4318fd27f421b79abed2d151b91a6789", 36},
    {"dd8d38af8ca3b7e5cc8990aecfd9bf8ee8d30491fbcdcc53aafd53453ce03e7c", 49},
    {"dfd7dc439654f313f3bb7734b467e71d701b6982cd4cb31cf7d555e723c223e9", 23},
    {"e217ab8faa04fc12176840c7fcc279e9786d0eee2df0531b2d86330b3e65ee08", 9},
    {"e2186dbdb1bb4193608605e84f33208765b5693b55edd4f730a719a100eeea6f", 44},
    {"e8632e1a2b7d353239fcd26582f4687f013cbfb3bbc889cd1011c4d16c578ac9", 16},
    {"e88040e7d0052eeb5dcf0fd834e4835ff329b275e6a9889058e8d16c38da9514", 50},
    {"f75778f7425be4db0369d09af37a6c2b9a83dea0e53e7bd57412e4b060e607f7", 46},
    {"f7d838701b86c5dfb57bf95fbc5ce6df204cfc9f15ad6cdb39fd22f8776e47b6", 22},
    {"f9d1bbb2d69379c579135247edda14b365847c5d0f9774ffbea4893537a386e9", 35},
    {"fd4dec75abc2df7e4f8776e246ce733d29690230695c4ce8ea7a207eb3a939ab", 34},
    {"fe806a439a5ed78bce5d8e43b70536913c3b770f17dbb8db5b9ea277b38370f1", 15},
}};

} // namespace jwtdomain::audit
