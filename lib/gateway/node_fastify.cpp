// @fastify/jwt, the plugin's options, version 10, which verifies with fast-jwt 6.
//
// By their source: allowedIss, allowedAud and their like are compared only where the claim is there, unless
// requiredClaims names it; so is maxAge with iat. clockTolerance is in milliseconds. An empty list of algorithms is
// none: then the key's kind decides, as it does for a list that is no list. If all algorithms of the list are HMAC, the
// text of the key is the secret, even if it is a public key. The cache of verified tokens belongs to one key and its
// options.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

const Algorithms& secret_algorithms() {
    static const Algorithms names{"HS256", "HS384", "HS512"};
    return names;
}

const Algorithms& all_algorithms() {
    static const Algorithms names =
        joined({secret_algorithms(), rsa_algorithms(), {"ES256", "ES384", "ES512", "EdDSA"}});
    return names;
}

class Reader {
public:
    explicit Reader(const Service& service)
        : service_(service),
          verify_(is(service.options.find("verify"), Kind::object) ? *service.options.find("verify") : service.options),
          has_verify_(&verify_ != &service.options), path_("jwtVerify", verify_.mark) {}

    Guard run() {
        check();
        if (!guard_.opaque.empty()) return guard_;
        put_times();
        put_claims();
        put_signing();
        if (const Node* const trusted = service_.options.find("trusted"); is_truthy(trusted))
            path_.drop("trusted", "what it refuses", trusted->mark);
        if (guard_.opaque.empty()) guard_.paths.push_back(std::move(path_).done());
        return guard_;
    }

private:
    const Node* given(std::string_view option) const { return has_verify_ ? verify_.find(option) : nullptr; }

    void check() {
        const Node& options = service_.options;
        const std::string unknown =
            unknown_member(options, {"secret", "sign", "verify", "decode", "cookie", "trusted", "formatUser",
                                     "decoratorName", "namespace", "jwtVerify", "jwtDecode", "jwtSign", "messages"});
        if (!unknown.empty())
            return guard_.refuse("an option of the plugin that is not known here: " + unknown, options.mark);
        if (options.find("verify") != nullptr && !has_verify_)
            return guard_.refuse("verify is not an object", options.find("verify")->mark);
        if (!has_verify_) return;
        // `key` takes the place of the secret, and a token is looked up by what cacheKeyBuilder makes of it.
        const std::string inner =
            unknown_member(verify_, {"algorithms", "complete", "cache", "cacheTTL", "errorCacheTTL", "checkTyp",
                                     "clockTolerance", "ignoreExpiration", "ignoreNotBefore", "maxAge", "allowedJti",
                                     "allowedAud", "allowedIss", "allowedSub", "allowedNonce", "requiredClaims",
                                     "allowedCritHeaders", "extractToken", "onlyCookie"});
        if (!inner.empty())
            guard_.refuse("an option of verify that is not known here, or may widen it: " + inner, verify_.mark);
    }

    void put_times() {
        const auto say = [&](const char* option, const char* field) {
            if (const Node* const ignored = given(option); is_truthy(ignored))
                path_.say(field, "unchecked", ignored->mark);
        };
        say("ignoreExpiration", "expiry");
        say("ignoreNotBefore", "not_before");
        // The second in which a token expires is still a good one.
        const Node* const tolerance = given("clockTolerance");
        const double wanted = std::strtod(text_of(tolerance).c_str(), nullptr) / 1000;
        constexpr double kMost = 1e9;
        if (tolerance != nullptr &&
            ((tolerance->kind != Kind::integer && tolerance->kind != Kind::real) || wanted < 0 || wanted > kMost))
            return guard_.refuse("a clockTolerance that fast-jwt does not take", tolerance->mark);
        path_.leeway(1 + static_cast<std::int64_t>(std::ceil(wanted)),
                     tolerance != nullptr ? tolerance->mark : verify_.mark);
        if (const Node* const age = given("maxAge"); age != nullptr && age->kind != Kind::null)
            path_.drop("maxAge", "how long ago a token was issued, where it says so", age->mark);
    }

    bool required(std::string_view claim) const {
        const Node* const list = given("requiredClaims");
        return is(list, Kind::array) &&
               std::any_of(list->elements.begin(), list->elements.end(),
                           [&](const Node& each) { return each.kind == Kind::string && each.text == claim; });
    }

    // nullptr: not compared.
    const Node* allowed(const char* option, Language& out) {
        const Node* const found = given(option);
        if (!is_truthy(found)) return nullptr;
        out = language_of(*found, {.expressions = true, .leaves_falsy = true});
        if (!out.empty()) return found;
        guard_.refuse(std::string(option) + " is an empty list, so that only tokens without the claim pass",
                      found->mark);
        return nullptr;
    }

    void put_claims() {
        path_.any_issuer(required("iss"), false, verify_.mark);
        Language language;
        if (const Node* const issuer = allowed("allowedIss", language))
            path_.issuer(language, required("iss"), issuer->mark);
        if (const Node* const audience = allowed("allowedAud", language))
            path_.audience(language, required("aud"), audience->mark);
        constexpr struct {
            const char *option, *claim;
        } kOthers[] = {{"allowedSub", "sub"}, {"allowedJti", "jti"}, {"allowedNonce", "nonce"}};
        for (const auto& each : kOthers) {
            if (const Node* const option = allowed(each.option, language))
                path_.claim(each.claim, language, required(each.claim), option->mark);
        }
        put_required();
        if (const Node* const typ = given("checkTyp"); is_truthy(typ)) path_.type(*typ);
        if (given("allowedCritHeaders") != nullptr) path_.dialect("crit", "ignored");
        // decode is done first, and compares typ as it stands.
        const Node* const decode = service_.options.find("decode");
        const Node* const type = is(decode, Kind::object) ? decode->find("checkTyp") : nullptr;
        if (is_truthy(type) && !is_truthy(given("checkTyp"))) path_.type(*type);
    }

    // "in" finds what every object has.
    void put_required() {
        const Node* const claims = given("requiredClaims");
        if (!is(claims, Kind::array)) return;
        constexpr std::array<std::string_view, 12> kInherited{
            "constructor",      "toString",         "toLocaleString",   "valueOf",
            "hasOwnProperty",   "isPrototypeOf",    "__proto__",        "__defineGetter__",
            "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "propertyIsEnumerable"};
        for (const Node& claim : claims->elements) {
            const bool read = claim.kind == Kind::string && !claim.text.empty() && !is_placeholder(claim.text) &&
                              std::find(kInherited.begin(), kInherited.end(), claim.text) == kInherited.end();
            if (read)
                path_.require(claim.text, claim.mark);
            else
                path_.drop("requiredClaims", "a name that is not read", claim.mark);
        }
    }

    // Of {private, public} the public one.
    const Node* secret() const {
        const Node* const secret = service_.options.find("secret");
        const Node* const its_public = is(secret, Kind::object) ? secret->find("public") : nullptr;
        return its_public != nullptr ? its_public : secret;
    }

    void put_signing() {
        const Node* const option = given("algorithms");
        const Mark at = option != nullptr ? option->mark : verify_.mark;
        const Keys keys = keys_of(service_, secret());
        Listed listed{all_algorithms(), false};
        if (is(option, Kind::array) && !option->elements.empty()) {
            const auto read = algorithms_of(*option, all_algorithms(), guard_);
            if (!read) return;
            listed = *read;
        }
        if (listed.names.empty()) { // none, which it takes only without a key
            path_.put("keys", text("none", at));
            return path_.drop("algorithms", "that a token has no signature", at);
        }
        const bool secrets_alone =
            !listed.none && std::all_of(listed.names.begin(), listed.names.end(),
                                        [](const std::string& name) { return name.starts_with("HS"); });
        if (secrets_alone && text_may_be_public(keys)) {
            return guard_.refuse(
                "with HMAC alone fast-jwt takes the text of the key for the secret, and it is not known "
                "here to be one: whoever has a public key could sign",
                at);
        }
        put_keys(path_, service_, used_for(keys, listed.names, at), "ignored");
    }

    bool text_may_be_public(const Keys&) const {
        if (service_.beside("keys") != nullptr) return true;
        return secret() == nullptr || secret()->kind != Kind::string || is_pem(secret());
    }

    const Service& service_;
    const Node& verify_;
    bool has_verify_;
    Path path_;
    Guard guard_ = {};
};

} // namespace

Guard read_fastify_jwt(const Service& service) { return Reader(service).run(); }

} // namespace jwtdomain::gateway::javascript
