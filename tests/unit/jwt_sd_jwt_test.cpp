#include <doctest/doctest.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/sd_jwt.h"

using namespace jwtdomain;

namespace {

// Disclosures of RFC 9901 section 4.2, with their digests there.
constexpr std::string_view kFamilyName = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
constexpr std::string_view kFamilyNameDigest = "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY";
constexpr std::string_view kElement = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
constexpr std::string_view kElementDigest = "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs";

std::string sd(std::string_view digest) { return R"({"_sd":[")" + std::string(digest) + R"("]})"; }
std::string digest_of(const std::string& disclosure) { return sd_digest("sha-256", disclosure); }

} // namespace

TEST_CASE("jwt/sd-jwt: the parts of a presentation") {
    const auto bound = split_sd_jwt("h.p.s~d1~d2~h.p.k");
    CHECK(bound.jws == "h.p.s");
    CHECK(bound.disclosures == std::vector<std::string_view>{"d1", "d2"});
    CHECK(bound.key_binding == "h.p.k");
    CHECK(bound.presented == "h.p.s~d1~d2~");
    const auto unbound = split_sd_jwt("h.p.s~d1~");
    CHECK(unbound.disclosures.size() == 1);
    CHECK(unbound.key_binding.empty());
    CHECK(split_sd_jwt("h.p.s~").disclosures.empty());
    CHECK(split_sd_jwt("h.p.s").jws == "h.p.s");
    CHECK(split_sd_jwt("h.p.s").presented.empty());
    CHECK(split_sd_jwt("h.p.s~~~").disclosures.empty());
    CHECK(split_sd_jwt("").jws.empty());
}

TEST_CASE("jwt/sd-jwt: the examples of RFC 9901 section 4.2") {
    CHECK(sd_digest("sha-256", kFamilyName) == kFamilyNameDigest);
    CHECK(sd_digest("sha-256", kElement) == kElementDigest);
    const auto member = resolve_disclosures(sd(kFamilyNameDigest), {kFamilyName});
    REQUIRE(member.disclosures.size() == 1);
    CHECK(member.disclosures[0].name == "family_name");
    CHECK(member.disclosures[0].value == "\"M\xc3\xb6"
                                         "bius\"");
    CHECK(member.disclosures[0].place == "/family_name");
    CHECK(member.disclosures[0].referenced);
    CHECK(member.disclosures[0].defect.empty());
    const auto element =
        resolve_disclosures(R"({"nationalities":["DE",{"...":")" + std::string(kElementDigest) + R"("}]})", {kElement});
    CHECK(element.disclosures[0].of_array);
    CHECK(element.disclosures[0].place == "/nationalities/1");
    CHECK(element.undisclosed == 0);
}

TEST_CASE("jwt/sd-jwt: digests without disclosure, disclosures without digest") {
    const auto result = resolve_disclosures(sd("decoy"), {kFamilyName, kFamilyName});
    CHECK(result.undisclosed == 1);
    CHECK(!result.disclosures[0].referenced);
    CHECK(result.disclosures[0].place.empty());
    const auto twin = resolve_disclosures(sd(kFamilyNameDigest), {kFamilyName, kFamilyName});
    CHECK(twin.disclosures[0].referenced != twin.disclosures[1].referenced); // the copy is of no use to anybody
    const std::string digest(kFamilyNameDigest);
    const auto twice = resolve_disclosures(R"({"_sd":[")" + digest + R"(",")" + digest + R"("]})", {kFamilyName});
    CHECK(twice.defects.size() == 1);
}

TEST_CASE("jwt/sd-jwt: what is hidden in a disclosure is found there") {
    const std::string inner = base64url_encode(R"(["s","street","Main St"])");
    const std::string outer = base64url_encode(R"(["s","a/b",{"_sd":[")" + digest_of(inner) + R"("]}])");
    const auto result = resolve_disclosures(sd(digest_of(outer)), {inner, outer});
    CHECK(result.disclosures[0].place == "/a~1b/street");
    CHECK(result.disclosures[1].place == "/a~1b");
}

TEST_CASE("jwt/sd-jwt: a chain of thousands of disclosures is followed as far as is sensible") {
    std::vector<std::string> texts{base64url_encode(R"(["s","n",1])")};
    while (texts.size() < 3000) {
        texts.push_back(base64url_encode(R"(["s","n",{"_sd":[")" + digest_of(texts.back()) + R"("]}])"));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const auto result = resolve_disclosures(sd(digest_of(texts.back())), views);
    CHECK(result.disclosures.back().referenced);
    CHECK(result.disclosures.back().place == "/n");
    CHECK(!result.disclosures.front().referenced);
}

TEST_CASE("jwt/sd-jwt: broken disclosures are told apart") {
    const auto defect = [](const std::string& disclosure) {
        return resolve_disclosures(sd(digest_of(disclosure)), {disclosure}).disclosures[0].defect;
    };
    CHECK(defect("!!!") == "not base64url");
    CHECK(defect(base64url_encode("{}")) == "not a JSON array");
    CHECK(defect(base64url_encode("[1")) == "not a JSON array");
    CHECK(defect(base64url_encode(R"(["s"])")) == "not salt, name and value, nor salt and value");
    CHECK(defect(base64url_encode(R"(["s",1,2])")) == "not salt, name and value, nor salt and value");
    CHECK(defect(base64url_encode(R"(["s","_sd",2])")) == "its name is reserved");
    CHECK(defect(base64url_encode(R"(["s",2])")) == "it has no name, but stands for a member of an object");
    const std::string named = base64url_encode(R"(["s","n",2])");
    CHECK(resolve_disclosures(R"({"a":[{"...":")" + digest_of(named) + R"("}]})", {named}).disclosures[0].defect ==
          "it has a name, but stands for an element of an array");
}

TEST_CASE("jwt/sd-jwt: the hash is that of _sd_alg") {
    const std::string disclosure = base64url_encode(R"(["s","n",1])");
    const auto with = [&](const std::string& hash, const std::string& digest) {
        return resolve_disclosures(R"({"_sd_alg":")" + hash + R"(","_sd":[")" + digest + R"("]})", {disclosure});
    };
    CHECK(with("sha-512", sd_digest("sha-512", disclosure)).disclosures[0].referenced);
    CHECK(with("sha-384", sd_digest("sha-384", disclosure)).disclosures[0].referenced);
    CHECK(!with("sha-512", digest_of(disclosure)).disclosures[0].referenced);
    const auto unknown = with("md5", digest_of(disclosure));
    CHECK(!unknown.hash_known);
    CHECK(!unknown.disclosures[0].referenced);
    CHECK(resolve_disclosures("not JSON", {disclosure}).hash == "sha-256");
}
