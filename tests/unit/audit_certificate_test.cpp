#include <nlohmann/json.hpp>

#include "audit_estate.h"
#include "jwtdomain/audit/certificate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using audit::test::AuditEstate;

namespace {

using Json = nlohmann::json;

const std::vector<Input> kInputs{{"domains/prod.yaml", std::string(64, 'a')}, {"policy.yaml", std::string(64, 'b')}};

struct Case {
    AuditEstate texts;
    policy::Policy policy = texts.policy();
    Estate estate = texts.estate(policy);

    Case() = default;
    explicit Case(AuditEstate changed) : texts(std::move(changed)) {}

    Result<Certificate> certify(Attacker against = Attacker::insider) const {
        EphemeralKeys keys;
        return audit::certify(estate, prove(estate, keys), against, kInputs);
    }
    std::vector<std::string> refusals(const Certificate& certificate, Time now = jwtdomain::test::kNow) const {
        return audit::refusals(certificate, estate, kInputs, now).value();
    }
};

std::string canonical(const Json& json) { return json.dump(-1, ' ', true) + "\n"; }

// The same document with one place changed, for every place that can be.
void for_each_change(const Json& root, const Json& at, const Json::json_pointer& place,
                     const std::function<void(const Json&, const std::string&)>& use) {
    const auto change = [&](Json value) {
        Json copy = root;
        copy[place] = std::move(value);
        use(copy, place.to_string() + " is " + copy[place].dump());
    };
    if (at.is_structured()) {
        for (const auto& [name, value] : at.items()) {
            const Json::json_pointer below = at.is_array() ? place / std::stoul(name) : place / name;
            const bool as_the_first = at.is_array() && name != "0" && value.is_object();
            if (!as_the_first) for_each_change(root, value, below, use);
            Json copy = root;
            if (at.is_array())
                copy[place].erase(std::stoul(name));
            else
                copy[place].erase(name);
            use(copy, below.to_string() + " is gone");
        }
        if (at.is_array()) {
            Json longer = at;
            longer.push_back(at.empty() ? Json("x") : at.back());
            change(longer);
        }
        return;
    }
    if (at.is_string()) change(at.get<std::string>() + "x");
    if (at.is_number()) change(at.get<int>() + 1);
    if (at.is_number()) change(at.get<double>()); // 1.0 for 1
    if (at.is_boolean()) change(!at.get<bool>());
    if (at.is_null()) change(0);
    if (!at.is_null()) change(nullptr);
}

} // namespace

TEST_CASE("audit/certificate: what is isolated is certified, by every separator") {
    const Case two;
    const auto made = two.certify();
    REQUIRE(made.has_value());
    CHECK(made->services.size() == 2);
    CHECK(made->domains == 2);
    CHECK(made->services[0].except.empty());
    CHECK(!made->expires);
    CHECK(two.refusals(*made).empty());
    const auto read = read_certificate(made->text, "c.json");
    REQUIRE(read.has_value());
    CHECK(read->against == Attacker::insider);
    CHECK(read->as_of == jwtdomain::test::kNow);
    CHECK(two.refusals(*read).empty());
    CHECK(made->text == two.certify()->text); // the same octets
    CHECK(made->text.find(audit::assumptions(Evidence::policy, {2, 2}, jwtdomain::test::kNow).back()) !=
          std::string::npos);
}

TEST_CASE("audit/certificate: with shared keys each separator stands in it") {
    AuditEstate texts;
    texts.files["jwks/staging.json"] = audit::test::key_set({audit::test::prod_key()});
    const Case shared(texts);
    const auto made = shared.certify();
    REQUIRE(made.has_value());
    const Json json = Json::parse(made->text);
    CHECK(json["services"][0]["paths"][0]["apart"][0]["by"] == Json({"iss", "aud", "claim:domain"}));
    CHECK(shared.certify(Attacker::stolen_key).error().fault == Fault::invalid);
}

TEST_CASE("audit/certificate: whatever is changed in it, it is refused") {
    AuditEstate texts;
    texts.files["jwks/staging.json"] = audit::test::key_set({audit::test::prod_key()});
    texts.add_third("jwks/prod.json");
    texts.further = "trust:\n  - {from: third, to: prod, audience: https://api.prod.example, scopes: [a], reason: r, "
                    "owner: o, expires: 2024-01-01}\nexchange:\n  - {from: third, to: staging, kind: rfc8693, reason: "
                    "r, owner: o}\n";
    const Case each(texts);
    const auto made = each.certify();
    REQUIRE_MESSAGE(made.has_value(), made.error().message);
    const Json json = Json::parse(made->text);
    REQUIRE(json["tokens"].size() == 4);
    std::size_t changes = 0, unread = 0;
    for_each_change(json, json, Json::json_pointer(), [&](const Json& changed, const std::string& what) {
        CAPTURE(what);
        ++changes;
        const auto read = read_certificate(canonical(changed), "c.json");
        unread += !read;
        if (read) CHECK(!each.refusals(*read).empty());
    });
    CHECK(changes > 250);
    CHECK(unread < changes / 10); // most of them are read, and refused for what they say
}

TEST_CASE("audit/certificate: a changed file, a file that is new and one that has gone are named") {
    const Case two;
    const Certificate made = two.certify().value();
    auto inputs = kInputs;
    inputs[0].sha256[0] = 'c';
    inputs[1].path = "other.yaml";
    const auto refused = refusals(made, two.estate, inputs, jwtdomain::test::kNow).value();
    REQUIRE(refused.size() >= 3);
    CHECK(refused[0] == "domains/prod.yaml has changed");
    CHECK(refused[1] == "policy.yaml is not read any more");
    CHECK(refused[2] == "other.yaml was not there");
}

TEST_CASE("audit/certificate: of another policy, it is refused even if all digests are the same") {
    const Certificate made = Case().certify().value();
    AuditEstate texts;
    texts.path()["audience"] = "any";
    CHECK(!Case(texts).refusals(made).empty());
    texts = {};
    texts.domains["staging"]["issuer"] = "https://auth.other.example";
    CHECK(!Case(texts).refusals(made).empty());
    texts = {};
    texts.files["jwks/staging.json"] = audit::test::key_set({audit::test::third_key("staging-1")});
    CHECK(!Case(texts).refusals(made).empty());
}

TEST_CASE("audit/certificate: it ends with the trust edge that ends first, and is not of the future") {
    AuditEstate texts;
    texts.further = "trust:\n  - {from: staging, to: prod, audience: https://x.example, scopes: [a], reason: r, owner: "
                    "o, expires: 2024-01-01}\n";
    const Case edge(texts);
    const Certificate made = edge.certify().value();
    REQUIRE(made.expires);
    CHECK(format_time(*made.expires) == "2024-01-01T00:00:00Z");
    CHECK(edge.refusals(made, *made.expires - 1).empty());
    CHECK(edge.refusals(made, *made.expires).size() == 1);
    CHECK(edge.refusals(made, made.as_of - 1).size() == 1);
}

TEST_CASE("audit/certificate: pairs that leak are excepted, and where all do there is none") {
    AuditEstate texts;
    texts.add_third();
    texts.path() = {{"keys", "[jwks/staging.json, jwks/prod.json]"},
                    {"issuer", "any"},
                    {"audience", "any"},
                    {"expiry", "required"}};
    const Certificate made = Case(texts).certify().value();
    REQUIRE(made.services.size() == 2); // third has no verifier
    CHECK(made.services[1].except == std::vector<std::string>{"prod"});
    AuditEstate open;
    open.paths["prod"] = {{"keys", "none"}, {"issuer", "any"}, {"audience", "any"}, {"expiry", "optional"}};
    open.paths["staging"] = open.paths["prod"];
    const auto none = Case(open).certify();
    REQUIRE(!none);
    CHECK(none.error().fault == Fault::invalid);
    AuditEstate alone;
    alone.paths.clear();
    CHECK(Case(alone).certify().error().message.find("itself") != std::string::npos);
}

TEST_CASE("audit/certificate: a finding that the certificate does not bear out is a defect, told as one") {
    const Case two;
    Findings findings;
    findings.crossings.push_back({.status = Crossing::Status::confirmed,
                                  .attacker = Attacker::insider,
                                  .sources = {1},
                                  .services = {0},
                                  .why = {},
                                  .route = {},
                                  .check = {},
                                  .witness = {}});
    CHECK(certify(two.estate, findings, Attacker::insider, {}).error().fault == Fault::internal);
    AuditEstate texts;
    texts.path() = {{"keys", "[jwks/staging.json, jwks/prod.json]"},
                    {"issuer", "any"},
                    {"audience", "any"},
                    {"expiry", "required"}};
    texts.add_third();
    const Case leaks(texts);
    CHECK(certify(leaks.estate, {}, Attacker::insider, {}).error().fault == Fault::internal);
}

TEST_CASE("audit/certificate: what is none cannot be read") {
    const std::string deep = R"({"format":"jwtdomain isolation certificate","version":1,"x":)" +
                             std::string(200'000, '[') + std::string(200'000, ']') + "}\n";
    CHECK(!read_certificate(deep, "c.json").has_value());
    const std::string good = Case().certify().value().text;
    CHECK(read_certificate(good, "c.json").has_value());
    for (const std::string& text :
         {std::string(), std::string("{}"), std::string("[]"), std::string("null"), good.substr(0, good.size() / 2),
          " " + good, good + "\n", std::string(R"({"format":"jwtdomain isolation certificate","version":1})") + "\n",
          std::string(R"({"format":"jwtdomain isolation certificate","version":2})") + "\n"}) {
        const auto read = read_certificate(text, "c.json");
        REQUIRE(!read.has_value());
        CHECK(read.error().fault == Fault::invalid);
    }
}
