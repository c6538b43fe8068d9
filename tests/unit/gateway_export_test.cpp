// What every exporter owes: its text is read back by the importer of the same name, nothing of it unknown; the domain's
// own token is taken; and what is taken besides the policy belongs to a loss that is named.
#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <set>

#include "gateway_exported.h"
#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/audit/drift.h"
#include "jwtdomain/policy/names.h"

using namespace jwtdomain;
using namespace jwtdomain::gateway::test;
using gateway::Exported;
using gateway::Order;
using policy::Policy;

namespace {

const std::string kResources =
    "[{uri: 'https://api.prod.example/orders', methods: {GET: [read], HEAD: [read], POST: [read, write], "
    "DELETE: [read, write, admin]}}, {uri: 'https://api.prod.example/orders/public'}, {uri: "
    "'https://api.prod.example/reports', audiences: ['https://reports.prod.example']}]";
const std::string kScoped = "[{uri: 'https://api.prod.example/a', methods: {GET: [read, write]}}]";
const std::string kTwoAudiences = "['https://api.prod.example', 'https://reports.prod.example']";
const std::string kTrust = "trust:\n  - {from: other, to: prod, audience: 'https://of-prod.other.example', "
                           "scopes: [read], reason: r, owner: o, expires: 2030-01-01}\n";

struct Case {
    std::string name;
    Exporting what;
};

Case made(std::string name, const std::map<std::string, std::string>& fields, std::vector<PublicJwk> keys = {},
          std::string further = {}) {
    Case out{std::move(name), {}};
    for (const auto& [field, value] : fields) out.what.domain[field] = value;
    if (!keys.empty()) out.what.keys = std::move(keys);
    out.what.further = std::move(further);
    return out;
}

std::vector<Case> ordinary() {
    const auto rsa = [](const std::string& kid, const std::string& alg) { return jwk(KeyType::rsa, kid, alg); };
    return {
        made("ES256, at+jwt", {}),
        made("ES256, JWT", {{"types", "[JWT]"}}),
        made("JWT or none", {{"types", "[JWT, absent]"}}),
        made("RS256", {{"types", "[JWT]"}, {"algorithms", "[RS256]"}}, {rsa("r", "RS256")}),
        made("a key without alg", {{"types", "[JWT]"}, {"algorithms", "[RS256]"}}, {rsa("r", "")}),
        made("RS256 and PS256", {{"types", "[JWT]"}, {"algorithms", "[RS256, PS256]"}}, {rsa("r", "")}),
        made("EdDSA", {{"types", "[JWT]"}, {"algorithms", "[EdDSA]"}}, {jwk(KeyType::ed25519, "e", "EdDSA")}),
        made("EdDSA without alg", {{"types", "[JWT]"}, {"algorithms", "[EdDSA]"}}, {jwk(KeyType::ed25519, "e")}),
        made("Ed25519", {{"types", "[JWT]"}, {"algorithms", "[EdDSA]"}}, {jwk(KeyType::ed25519, "e", "Ed25519")}),
        made("ES256K", {{"types", "[JWT]"}, {"algorithms", "[ES256K]"}}, {jwk(KeyType::secp256k1, "k")}),
        made("two keys", {{"types", "[JWT]"}}, {jwk(KeyType::p256, "a", "ES256"), jwk(KeyType::p256, "b", "ES256", 1)}),
        made("a key that the policy does not use", {{"types", "[JWT]"}},
             {jwk(KeyType::p256, "a", "ES256"), rsa("r", "RS256"), jwk(KeyType::secp256k1, "k")}),
        made("no domain claim", {{"types", "[JWT]"}, {"claims", "{domain: none}"}}),
        made("a domain claim inside another", {{"types", "[JWT]"}, {"claims", "{domain: /realm/name}"}}),
        made("resources", {{"types", "[JWT]"}, {"audiences", kTwoAudiences}, {"resources", kResources}}),
        made("scopes in scp",
             {{"types", "[JWT]"}, {"audiences", kTwoAudiences}, {"resources", kResources}, {"claims", "{scope: scp}"}}),
        made("the domain's own root",
             {{"types", "[JWT]"}, {"resources", "[{uri: 'https://api.prod.example', methods: {GET: [read]}}]"}}),
        made("a resource that is no URL", {{"types", "[JWT]"}, {"resources", "[{uri: 'urn:example:orders'}]"}}),
        made("two hosts", {{"types", "[JWT]"},
                           {"audiences", kTwoAudiences},
                           {"resources", "[{uri: 'https://api.prod.example/x'}, {uri: "
                                         "'https://reports.prod.example:8443/x', audiences: "
                                         "['https://reports.prod.example']}]"}}),
        made("match", {{"types", "[JWT]"},
                       {"match", "{azp: [web, batch], groups: {has_any: [staff]}, /realm/role: {in: [admin]}}"}}),
        made("match by patterns",
             {{"types", "[JWT]"}, {"match", "{client_id: {prefix: 'web-'}, groups: {has_all: [a, b]}}"}}),
        made("match what may be a number", {{"types", "[JWT]"}, {"match", "{level: ['3'], email_verified: ['true']}"}}),
        made("required", {{"types", "[JWT]"},
                          {"required", "[sub, jti, client_id, auth_time]"},
                          {"clients", "{web: {type: confidential}}"}}),
        made("required iat", {{"types", "[JWT]"}, {"required", "[sub, jti, iat]"}, {"lifetime", "5m"}}),
        made("no leeway", {{"types", "[JWT]"}, {"leeway", "0s"}}),
        made("a minute of leeway", {{"types", "[JWT]"}, {"leeway", "60s"}}),
        made("a trust edge", {{"types", "[JWT]"}, {"resources", kResources}, {"audiences", kTwoAudiences}}, {}, kTrust),
        made("neutral audiences", {{"types", "[JWT]"}, {"neutral_audiences", "[account]"}}),
        made("another place of the audience",
             {{"types", "[JWT]"}, {"foreign", "true"}, {"audience_fallback", "[client_id]"}}),
        made("a slash at the end", {{"types", "[JWT]"},
                                    {"issuer", "'https://auth.prod.example/'"},
                                    {"audiences", "['https://api.example/']"}}),
    };
}

const std::vector<std::string> kHostile{
    "\"}]}, x: \"",
    "a\", \"b",
    "'] || true || ['",
    "\\\" || true || \\\"",
    "x\ny: z",
    "x # y",
    "${X}",
    "#{1 == 1}",
    "{{ .Values.x }}",
    "$(X)",
    "@x@",
    "*",
    "x*",
    "*x",
    "x*y",
    "any",
    "null",
    "~",
    "on",
    "123",
    "0x1f",
    "true",
    "a,b",
    "- a",
    "{a: b}",
    "a: b",
    "%YAML",
    "b\u00e4r",
    "a\u0085b",
    "a\u2028b",
    "a\ufeff",
    "\U0001f511",
    "a\u007fb",
    " a ",
    "\\",
    "a\tb",
    "http://x",
    "-----BEGIN PUBLIC KEY-----",
};

std::vector<Case> hostile() {
    std::vector<Case> out;
    for (const std::string& text : kHostile) {
        const std::string quoted = yaml_text(text);
        out.push_back(made("audience " + quoted, {{"types", "[JWT]"}, {"audiences", "[" + quoted + "]"}}));
        out.push_back(made("domain " + quoted, {{"types", "[JWT]"}, {"domain_value", quoted}}));
        out.push_back(made("a domain inside " + quoted,
                           {{"types", "[JWT]"}, {"domain_value", quoted}, {"claims", "{domain: /realm/name}"}}));
        out.push_back(made("a claim's value " + quoted, {{"types", "[JWT]"}, {"match", "{azp: [" + quoted + "]}"}}));
        out.push_back(made("a claim's name " + quoted, {{"types", "[JWT]"}, {"match", "{" + quoted + ": [x]}"}}));
        out.push_back(
            made("the domain claim's name " + quoted, {{"types", "[JWT]"}, {"claims", "{domain: " + quoted + "}"}}));
        out.push_back(made("the scope claim's name " + quoted,
                           {{"types", "[JWT]"}, {"claims", "{scope: " + quoted + "}"}, {"resources", kScoped}}));
        out.push_back(made("required " + quoted, {{"types", "[JWT]"}, {"required", "[sub, " + quoted + "]"}}));
        out.push_back(
            made("issuer " + quoted, {{"types", "[JWT]"}, {"issuer", yaml_text("https://auth.example/" + text)}}));
        out.push_back(made("a scope " + quoted,
                           {{"types", "[JWT]"},
                            {"resources", "[{uri: 'https://api.prod.example/a', methods: {GET: [" + quoted + "]}}]"}}));
        out.push_back(made("a method " + quoted,
                           {{"types", "[JWT]"},
                            {"resources", "[{uri: 'https://api.prod.example/a', methods: {" + quoted + ": [x]}}]"}}));
        out.push_back(
            made("a resource " + quoted, {{"types", "[JWT]"},
                                          {"audiences", kTwoAudiences},
                                          {"resources", "[{uri: " + yaml_text("https://api.prod.example/" + text) +
                                                            ", audiences: ['https://reports.prod.example']}]"}}));
        Case kid = made("a kid " + quoted, {{"types", "[JWT]"}});
        kid.what.keys.front().metadata.kid = text;
        out.push_back(std::move(kid));
    }
    // All of them take minutes: one in four, other ones each time.
    const char* const given = std::getenv("JWTDOMAIN_SEED");
    const std::size_t seed = given ? std::strtoul(given, nullptr, 10) : std::random_device{}();
    MESSAGE("seed " << seed << " (JWTDOMAIN_SEED repeats it)");
    std::vector<Case> some;
    for (std::size_t i = seed % 4; i < out.size(); i += 4) some.push_back(std::move(out[i]));
    return some;
}

// --- What a token says that only the deployment takes, and which losses account for it ---------------------------

std::set<std::string> accounted_by(const std::string& what, const policy::Domain& domain) {
    const auto starts = [&](std::string_view begin) { return what.starts_with(begin); };
    if (starts("iss ")) return {"issuer"};
    if (starts("aud names ")) return {"further-audiences"};
    if (starts("aud ")) return {"audience"};
    if (starts("typ ")) return {"type"};
    if (what == "exp is absent" || what == "it expired an hour ago") return {"expiry"};
    if (starts("it expired ")) return {"leeway"};
    if (starts("nbf ")) return {"not-before"};
    if (starts("iat ")) return {"issued-at"};
    if (starts("it lives ")) return {"lifetime"};
    if (starts("kid ")) return {"keys"};
    if (starts("it is signed with the key ")) return {"keys", "algorithms"};
    if (starts("alg is ") && !starts("alg is none")) return {"algorithms"};
    const auto of_claim = [&](const std::string& name) { return !name.empty() && starts(name + " is "); };
    if (of_claim(domain.domain_claim)) return {"domain"};
    if (of_claim(domain.scope_claim)) return {"scopes"};
    for (const std::string& name : domain.required) {
        if (of_claim(name)) return {"claims"};
    }
    for (const accept::ClaimRule& rule : domain.match) {
        if (of_claim(policy::format_claim_path(rule.path))) return {"claims"};
    }
    return {}; // nothing accounts for it
}

// What the importer does not read of these, and says so: interop/exports shows by the running ones that it is enforced.
const std::map<std::string_view, std::set<std::string>> kUnread{
    {"node", {}},
    {"haproxy", {"issued-at", "lifetime", "keys", "type"}},
    {"apache", {"issued-at", "lifetime", "claims", "domain", "scopes", "further-audiences"}},
};

bool is_lost(const Exported& made, const std::set<std::string>& fields) {
    return std::any_of(made.losses.begin(), made.losses.end(),
                       [&](const gateway::Loss& loss) { return fields.count(std::string(loss.field)) != 0; });
}

// `entry`: what it guards; nullptr: all of the domain.
void check_made(const Case& each, std::string_view target, const Exported& made, const accept::Entry* entry) {
    CAPTURE(made.text);
    Policy policy = each.what.policy();
    const Policy alone = policy;
    policy.verifiers = read_back(made.text, target);
    for (policy::DeclaredVerifier& verifier : policy.verifiers) {
        CHECK_MESSAGE(verifier.guard == accept::Entry::Guard::paths, verifier.why);
        if (entry != nullptr) {
            verifier.resource = entry->resource;
            verifier.methods = entry->methods;
        }
    }
    const auto unread = kUnread.find(target);
    static EphemeralKeys keys; // made once: RSA takes its time
    const audit::Estate declared = audit::make_estate(alone, each.what.reader(), jwtdomain::test::kNow);
    const audit::Estate deployed = audit::make_estate(policy, each.what.reader(), jwtdomain::test::kNow);
    std::size_t services = 0;
    for (const audit::Service& service : deployed.services) {
        if (deployed.name(service.domain) != "prod" || service.state == audit::Service::State::unguarded) continue;
        ++services;
        const audit::OwnTokens own = audit::own_tokens(deployed, service, keys);
        using Answer = audit::OwnTokens::Answer;
        const bool as_far_as_read = unread != kUnread.end() && own.answer == Answer::unknown;
        CHECK_MESSAGE((own.answer == Answer::taken || as_far_as_read), service.name << ": " << own.why);
    }
    CHECK(services > 0);
    for (const audit::Drift& drift : audit::find_drift(declared, deployed, keys)) {
        if (deployed.name(deployed.services[drift.service].domain) != "prod") continue;
        for (const audit::Difference& difference : drift.differences) {
            if (!difference.wider) continue;
            const auto fields = accounted_by(difference.what, *policy.find("prod"));
            const bool is_unread =
                unread != kUnread.end() && std::any_of(fields.begin(), fields.end(), [&](const std::string& field) {
                    return unread->second.count(field) != 0;
                });
            CHECK_MESSAGE((is_unread || is_lost(made, fields)), difference.what << "\n"
                                                                                << difference.header
                                                                                << difference.claims);
        }
    }
}

// Two gateways that were told the same: what the one takes and the other does not belongs to a loss of the first. How
// many pairs were compared.
std::size_t check_pairs(const Case& each, const gateway::OrderOptions& options) {
    struct Told {
        std::string_view by;
        Exported made;
        Policy policy;
        audit::Estate estate;
    };
    std::vector<std::unique_ptr<Told>> all;
    const auto order = each.what.order(options);
    REQUIRE(order);
    for (const gateway::Exporter& exporter : gateway::exporters()) {
        auto made = gateway::write(*order, exporter.name);
        if (!made || kUnread.count(exporter.name) != 0) continue;
        auto told = std::make_unique<Told>(Told{exporter.name, std::move(*made), each.what.policy(), {}});
        told->policy.verifiers = read_back(told->made.text, exporter.name);
        told->estate = audit::make_estate(told->policy, each.what.reader(), jwtdomain::test::kNow);
        all.push_back(std::move(told));
    }
    static EphemeralKeys keys;
    std::size_t count = 0;
    for (const auto& one : all) {
        for (const auto& other : all) {
            if (one == other) continue;
            CAPTURE(one->by);
            CAPTURE(other->by);
            ++count;
            for (const audit::Drift& drift : audit::find_drift(other->estate, one->estate, keys)) {
                if (one->estate.name(one->estate.services[drift.service].domain) != "prod") continue;
                for (const audit::Difference& difference : drift.differences) {
                    // of a required claim the policy asks no more than that it is there
                    if (!difference.wider || difference.what == "sub is a list") continue;
                    const auto fields = accounted_by(difference.what, *one->policy.find("prod"));
                    CHECK_MESSAGE(is_lost(one->made, fields), difference.what << difference.claims);
                }
            }
        }
    }
    return count;
}

// The whole domain, and each of its entries alone. How many were made.
std::size_t check_case(const Case& each, const gateway::OrderOptions& options, bool exact_only) {
    std::size_t count = 0;
    const auto order = each.what.order(options);
    REQUIRE(order);
    for (const gateway::Exporter& exporter : gateway::exporters()) {
        if (exact_only && kUnread.count(exporter.name) != 0) continue;
        CAPTURE(exporter.name);
        const auto hold = [&](const Order& wanted, const accept::Entry* entry) {
            const auto made = gateway::write(wanted, exporter.name);
            if (made) {
                check_made(each, exporter.name, *made, entry);
                ++count;
                return;
            }
            CHECK_MESSAGE(made.error().fault == Fault::unsupported, made.error().message);
            CHECK(!made.error().hint.empty());
        };
        hold(*order, nullptr);
        for (const accept::Entry& entry : order->entries) {
            if (entry.resource.empty()) continue;
            Order one = *order;
            one.entries = {entry};
            hold(one, &entry);
        }
    }
    return count;
}

const std::vector<gateway::OrderOptions>& all_options() {
    static const std::vector<gateway::OrderOptions> options{
        {.key_directory = "/etc/keys"}, {.keys_url = "https://auth.prod.example/jwks", .key_directory = "/etc/keys"}};
    return options;
}

} // namespace

TEST_CASE("gateway/export: names are those of importers, and each once") {
    std::set<std::string> names;
    const std::vector<std::string> importers = gateway::importer_names();
    for (const gateway::Exporter& exporter : gateway::exporters()) {
        CAPTURE(exporter.name);
        CHECK(names.insert(std::string(exporter.name)).second);
        CHECK(std::find(importers.begin(), importers.end(), exporter.name) != importers.end());
        CHECK(!exporter.title.empty());
    }
    const auto unknown = gateway::write({}, "istoi");
    REQUIRE(!unknown);
    CHECK(unknown.error().hint.find("istio") != std::string::npos);
}

TEST_CASE("gateway/export: what is made takes the domain's own tokens, and besides only what is lost") {
    constexpr std::size_t kSometimes = 8; // what is read back in part takes seconds a case
    std::size_t count = 0, number = 0;
    for (const Case& each : ordinary()) {
        CAPTURE(each.name);
        count += check_case(each, all_options().front(), number++ % kSometimes != 0);
        count += check_case(each, all_options().back(), true);
    }
    CHECK(count > 250);
}

TEST_CASE("gateway/export: two gateways that are told the same differ by what they are known to lose") {
    std::size_t count = 0;
    for (const Case& each : ordinary()) {
        CAPTURE(each.name);
        for (const gateway::OrderOptions& options : all_options()) count += check_pairs(each, options);
    }
    MESSAGE(count << " pairs");
    CHECK(count > 200);
}

TEST_CASE("gateway/export: text that means harm becomes no syntax and widens nothing") {
    std::size_t count = 0, refused = 0;
    for (const Case& each : hostile()) {
        CAPTURE(each.name);
        if (each.what.load())
            count += check_case(each, all_options().back(), true); // others take some of the texts for a template's
        else
            ++refused; // by the policy itself
    }
    MESSAGE(count << " made, " << refused << " refused by the policy");
    CHECK(count > 250);
}
