// jose, jwtVerify(token, keys, options), as its versions 5 and 6 do it: what is not given is not looked at, exp and nbf
// where they are there; with algorithms left out every one that fits the key. Of a set of keys, kid selects one, and a
// token without kid must leave no choice; a set has no secrets. A key by itself takes every kid, and its algorithm is
// the token's. crit with nothing but b64: true in it passes, which changes nothing of the token.
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

Algorithms supported(const Service& service, bool with_secrets) {
    const Algorithms ecdsa{"ES256", "ES384", "ES512"}, eddsa{"EdDSA", "Ed25519"};
    const Algorithms old = service.major < 6 ? Algorithms{"ES256K"} : Algorithms{};
    const Algorithms secrets = with_secrets ? Algorithms{"HS256", "HS384", "HS512"} : Algorithms{};
    return joined({rsa_algorithms(), ecdsa, eddsa, old, secrets});
}

// "5s", "+ 2.5 minutes"; what is negative, and what cannot be read, has jwtVerify refuse everything.
std::optional<double> seconds_of(const std::string& span) {
    std::size_t at = !span.empty() && span.front() == '+' ? 1 : 0;
    if (at < span.size() && span[at] == ' ') ++at;
    const std::size_t digits = span.find_first_not_of("0123456789.", at);
    if (digits == std::string::npos || digits == at || digits - at > 15) return std::nullopt;
    const std::string number = span.substr(at, digits - at);
    std::string unit = span.substr(span[digits] == ' ' ? digits + 1 : digits);
    if (unit.ends_with(" from now") && span.front() != '+') unit.resize(unit.size() - 9);
    unit = lower_case(unit);
    struct Unit {
        double seconds;
        std::initializer_list<std::string_view> names;
    };
    static const Unit units[] = {{1, {"s", "sec", "secs", "second", "seconds"}},
                                 {60, {"m", "min", "mins", "minute", "minutes"}},
                                 {3600, {"h", "hr", "hrs", "hour", "hours"}},
                                 {86400, {"d", "day", "days"}},
                                 {604800, {"w", "week", "weeks"}},
                                 {31557600, {"y", "yr", "yrs", "year", "years"}}};
    for (const Unit& each : units) {
        for (const std::string_view name : each.names) {
            if (unit == name) return std::strtod(number.c_str(), nullptr) * each.seconds;
        }
    }
    return std::nullopt;
}

void read_leeway(const Node& option, Path& path, Guard& guard) {
    std::optional<double> seconds;
    if (option.kind == Kind::string) seconds = seconds_of(option.text);
    if (option.kind == Kind::integer) seconds = static_cast<double>(option.integer);
    if (option.kind == Kind::real) seconds = std::strtod(option.text.c_str(), nullptr);
    constexpr double kMost = 1e9;
    if (!seconds || *seconds < 0 || *seconds > kMost)
        return guard.refuse("a clockTolerance that is not read here", option.mark);
    path.leeway(static_cast<std::int64_t>(std::ceil(*seconds)), option.mark);
}

void read_claims(const Node& options, Path& path, Guard& guard) {
    const auto given = [&](const char* name) { return options.find(name); };
    path.any_issuer(false, false, options.mark);
    // Up to some 6.1 what is false to JavaScript has only to be there, as where a variable of the environment is empty.
    if (const Node* const issuer = given("issuer"); issuer != nullptr && !is_truthy(issuer)) {
        path.any_issuer(true, false, issuer->mark);
    } else if (issuer != nullptr) {
        const Language allowed = language_of(*issuer);
        if (allowed.empty()) return guard.refuse("an empty list of issuers takes nothing", issuer->mark);
        path.issuer(allowed, true, issuer->mark);
    }
    if (const Node* const audience = given("audience"); audience != nullptr && !is_truthy(audience)) {
        path.require("aud", audience->mark);
    } else if (audience != nullptr) {
        const Language allowed = language_of(*audience);
        if (allowed.empty()) return guard.refuse("an empty list of audiences takes nothing", audience->mark);
        path.audience(allowed, true, audience->mark);
    }
    if (const Node* const subject = given("subject"); subject != nullptr && !is_truthy(subject))
        path.require("sub", subject->mark);
    else if (subject != nullptr)
        path.claim("sub", language_of(*subject), true, subject->mark);
    if (const Node* const typ = given("typ")) path.type(*typ);
    if (const Node* const tolerance = given("clockTolerance")) read_leeway(*tolerance, path, guard);
    if (const Node* const age = given("maxTokenAge")) {
        path.require("iat", age->mark);
        path.say("issued_at", "checked", age->mark);
        path.drop("maxTokenAge", "how long ago a token was issued", age->mark);
    }
    const Node* const required = given("requiredClaims");
    if (required == nullptr) return;
    if (required->kind != Kind::array) return guard.refuse("requiredClaims that are not a list", required->mark);
    for (const Node& claim : required->elements) {
        if (claim.kind == Kind::string && !is_placeholder(claim.text) && !claim.text.empty())
            path.require(claim.text, claim.mark);
        else
            path.drop("requiredClaims", "a name that is not read", claim.mark);
    }
}

} // namespace

Guard read_jose(const Service& service) {
    Guard guard;
    const Node& options = service.options;
    if (const std::string what = unknown_member(options, {"algorithms", "crit", "issuer", "subject", "audience",
                                                          "clockTolerance", "maxTokenAge", "requiredClaims", "typ"});
        !what.empty()) {
        guard.refuse("an option of jwtVerify that is not known here: " + what, options.mark);
        return guard;
    }
    Path path("jwtVerify", options.mark);
    Keys keys = keys_of(service);
    const Node* const named = options.find("algorithms");
    Algorithms names = supported(service, !keys.sets);
    if (named != nullptr) {
        const auto listed = algorithms_of(*named, names, guard);
        if (!listed) return guard;
        if (listed->names.empty()) {
            guard.refuse("its list has no algorithm that jose could take, so that it takes nothing", named->mark);
            return guard;
        }
        names = listed->names;
    }
    const Mark at = named != nullptr ? named->mark : options.mark;
    if (keys.sets)
        put_algorithms(path, names, at);
    else
        keys = used_for(std::move(keys), names, at);
    put_keys(path, service, keys, keys.sets ? "must_match" : "ignored");
    if (options.find("crit") != nullptr) path.dialect("crit", "ignored");
    read_claims(options, path, guard);
    guard.paths.push_back(std::move(path).done());
    return guard;
}

} // namespace jwtdomain::gateway::javascript
