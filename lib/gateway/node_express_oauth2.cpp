// express-oauth2-jwt-bearer, auth(options), version 1: the strictest of the six. exp, iss and aud must be there, with
// five seconds of leeway, and an option that is left out is taken from the environment ("environment" beside the
// options says what is set; nothing, if it is not there).
//
// By its source: of issuerBaseURL's metadata the issuer is taken as it stands there, which need not be that URL;
// secrets need tokenSigningAlg; a validator of one's own takes the place of the one that it is named after, and false
// switches it off; jose still looks at exp and nbf where they are there. A token that is bound to a key by DPoP needs
// its proof.
#include <cmath>
#include <cstdlib>

#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

const Algorithms& asymmetric_algorithms() {
    static const Algorithms names = joined({rsa_algorithms(), {"ES256", "ES256K", "ES384", "ES512", "EdDSA"}});
    return names;
}

const Algorithms& secret_algorithms() {
    static const Algorithms names{"HS256", "HS384", "HS512"};
    return names;
}

class Reader {
public:
    explicit Reader(const Service& service) : service_(service), path_("auth", service.options.mark) {}

    Guard run() {
        check();
        if (!guard_.opaque.empty() || !guard_.open.empty()) return guard_;
        put_signing();
        put_claims();
        put_validators();
        put_proofs();
        put_further();
        if (guard_.opaque.empty()) guard_.paths.push_back(std::move(path_).done());
        return guard_;
    }

private:
    const Node& options() const { return service_.options; }

    // An option, or the variable that stands in for it.
    const Node* given(const char* option, const char* variable) const {
        if (const Node* const found = options().find(option)) return found;
        const Node* const environment = service_.beside("environment");
        return is(environment, Kind::object) ? environment->find(variable) : nullptr;
    }
    const Node* issuer() const { return given("issuer", "ISSUER"); }
    const Node* secret() const { return given("secret", "SECRET"); }

    void check() {
        const std::string unknown = unknown_member(options(), {"issuerBaseURL",
                                                               "jwksUri",
                                                               "issuer",
                                                               "audience",
                                                               "secret",
                                                               "publicKey",
                                                               "tokenSigningAlg",
                                                               "agent",
                                                               "cache",
                                                               "cooldownDuration",
                                                               "timeoutDuration",
                                                               "cacheMaxAge",
                                                               "clockTolerance",
                                                               "maxTokenAge",
                                                               "strict",
                                                               "validators",
                                                               "authRequired",
                                                               "dpop",
                                                               "mtls",
                                                               "getCertificate",
                                                               "mcd"});
        if (!unknown.empty())
            return guard_.refuse("an option of auth that is not known here: " + unknown, options().mark);
        if (const Node* const mcd = options().find("mcd"); is_truthy(mcd))
            return guard_.refuse("several issuers (mcd), whose names are compared after they are put in order",
                                 mcd->mark);
        if (const Node* const required = options().find("authRequired");
            is(required, Kind::boolean) && !required->truth)
            return guard_.let_pass("a request without a token passes (authRequired: false)", required->mark);
        if (!is_truthy(given("audience", "AUDIENCE")))
            guard_.refuse("auth does not start without an audience", options().mark);
    }

    void put_signing() {
        const Node* const algorithm = given("tokenSigningAlg", "TOKEN_SIGNING_ALG");
        const bool by_secret = is_truthy(secret());
        Algorithms names = by_secret ? secret_algorithms() : asymmetric_algorithms();
        Mark at = options().mark;
        if (is_truthy(algorithm) && !replaced("alg")) {
            at = algorithm->mark;
            const Node one = list({*algorithm}, at);
            const auto listed = algorithms_of(one, names, guard_);
            if (!listed) return;
            names = listed->names;
        }
        if (names.empty()) return guard_.refuse("the algorithm none takes nothing", at);
        const Keys keys = keys_of_options(by_secret);
        if (keys.sets)
            put_algorithms(path_, names, at);
        else
            return put_keys(path_, service_, used_for(keys, names, at), "ignored");
        put_keys(path_, service_, keys, "must_match");
    }

    Keys keys_of_options(bool by_secret) {
        if (service_.beside("keys") != nullptr) return keys_of(service_);
        if (by_secret) return keys_of(service_, secret());
        if (const Node* const key = options().find("publicKey"); is_truthy(key)) return keys_of(service_, key);
        if (const Node* const place = given("jwksUri", "JWKS_URI"); is_truthy(place)) return keys_at(*place);
        const Node* const base = given("issuerBaseURL", "ISSUER_BASE_URL");
        if (!is(base, Kind::string)) return keys_of(service_);
        Node metadata = *base;
        if (metadata.text.find("/.well-known/") == std::string::npos)
            metadata.text += std::string(metadata.text.ends_with("/") ? "" : "/") + ".well-known/openid-configuration";
        return keys_at(metadata);
    }

    void put_claims() {
        path_.say("expiry", "required", options().mark);
        path_.leeway(5, options().mark);
        if (const Node* const tolerance = options().find("clockTolerance")) put_leeway(*tolerance);
        if (const Node* const name = issuer(); is_truthy(name)) {
            path_.issuer(language_of(*name), true, name->mark);
        } else {
            path_.any_issuer(true, true, options().mark);
            path_.drop("issuerBaseURL", "the issuer that its metadata names", options().mark);
        }
        const Node& audience = *given("audience", "AUDIENCE");
        const Language allowed = language_of(audience);
        if (allowed.empty()) return guard_.refuse("an empty list of audiences takes nothing", audience.mark);
        path_.audience(allowed, true, audience.mark);
        if (const Node* const age = options().find("maxTokenAge"); is_truthy(age) && !replaced("iat")) {
            path_.require("iat", age->mark);
            path_.drop("maxTokenAge", "how long ago a token was issued", age->mark);
        }
        const Node* const strict = options().find("strict");
        if (!is_truthy(strict)) return;
        if (!replaced("typ")) path_.type(text("at+jwt", strict->mark));
        for (const char* claim : {"iat", "sub", "client_id", "jti"}) {
            if (!replaced(claim)) path_.require(claim, strict->mark);
        }
    }

    // jose reads a string as a span, and asks for a number or a string.
    void put_leeway(const Node& tolerance) {
        const double seconds = std::ceil(std::strtod(text_of(&tolerance).c_str(), nullptr));
        constexpr double kMost = 1e9;
        const bool numeric = tolerance.kind == Kind::integer || tolerance.kind == Kind::real;
        if (!numeric || seconds < 0 || seconds > kMost)
            return guard_.refuse("a clockTolerance that is not read here", tolerance.mark);
        path_.leeway(static_cast<std::int64_t>(seconds), tolerance.mark);
    }

    const Node* validator(std::string_view name) const {
        const Node* const validators = options().find("validators");
        return is(validators, Kind::object) ? validators->find(name) : nullptr;
    }
    bool replaced(std::string_view name) const { return validator(name) != nullptr; }

    void put_validators() {
        const Node* const validators = options().find("validators");
        if (!is_truthy(validators)) return;
        if (validators->kind != Kind::object)
            return guard_.refuse("validators that are not an object", validators->mark);
        for (std::size_t i = 0; i < validators->names.size(); ++i)
            put_validator(validators->names[i].text, validators->elements[i]);
    }

    // In place of the one of its name, if there is one.
    void put_validator(const std::string& name, const Node& value) {
        const bool off = value.kind == Kind::boolean && !value.truth;
        const bool code = value.kind == Kind::object;
        if (!off && !code && value.kind != Kind::string)
            return guard_.refuse("a validator that refuses everything: " + plain_name(name), value.mark);
        if (code) path_.drop("validators", "what the one of " + name + " refuses", value.mark);
        const Language equal = value.kind == Kind::string ? language_of(value) : Language{};
        if (name == "iss")
            return off || code ? path_.any_issuer(false, false, value.mark) : path_.issuer(equal, true, value.mark);
        if (name == "aud") {
            return off || code ? path_.say("audience", "any", value.mark)
                               : path_.audience(equal, true, value.mark, true);
        }
        if (name == "exp") {
            if (!off && !code) return guard_.refuse("an exp that is compared with a text", value.mark);
            return path_.say("expiry", "optional", value.mark); // jose looks at it where it is there
        }
        if (name == "typ") return off || code ? void() : path_.type(value);
        if (name == "alg") return off || code ? void() : path_.drop("validators", "the algorithm", value.mark);
        if (!off && !code) path_.claim(name, equal, true, value.mark);
    }

    void put_proofs() {
        const Node* const dpop = options().find("dpop");
        const Node* const required = is(dpop, Kind::object) ? dpop->find("required") : nullptr;
        if (is_truthy(required)) path_.drop("dpop", "that a proof of its key comes with the token", required->mark);
        if (const Node* const mtls = options().find("mtls"); is_truthy(mtls))
            path_.drop("mtls", "that the token is bound to the client's certificate", mtls->mark);
    }

    // requiredScopes, scopeIncludesAny, claimIncludes and claimEquals are handlers of their own behind auth.
    void put_further() {
        for (const char* name : {"requiredScopes", "scopeIncludesAny"}) {
            const Node* const scopes = service_.beside(name);
            if (scopes == nullptr) continue;
            const Language words = language_of(split(*scopes));
            if (words.empty())
                path_.require("scope", scopes->mark);
            else
                path_.claim("scope", words, true, scopes->mark, name[0] == 'r' ? "has_all" : "has_any", "words");
        }
        put_each("claimIncludes", "has_all", "words");
        put_each("claimEquals", "in", "");
    }

    void put_each(const char* handler, const char* test, const char* shape) {
        const Node* const claims = service_.beside(handler);
        if (claims == nullptr) return;
        if (claims->kind != Kind::object)
            return guard_.refuse(std::string(handler) + " that is not an object", claims->mark);
        for (std::size_t i = 0; i < claims->names.size(); ++i) {
            const Language allowed = language_of(claims->elements[i]);
            if (allowed.empty())
                path_.require(claims->names[i].text, claims->names[i].mark);
            else
                path_.claim(claims->names[i].text, allowed, true, claims->names[i].mark, test, shape);
        }
    }

    // A string of scopes is a list of words.
    static Node split(const Node& scopes) {
        if (scopes.kind != Kind::string || is_placeholder(scopes.text)) return scopes;
        Node out = list({}, scopes.mark);
        std::string_view rest = scopes.text;
        while (!rest.empty()) {
            const std::string_view word = rest.substr(0, rest.find(' '));
            if (!word.empty()) out.elements.push_back(text(std::string(word), scopes.mark));
            rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        }
        return out;
    }

    const Service& service_;
    Path path_;
    Guard guard_ = {};
};

} // namespace

Guard read_express_oauth2_jwt_bearer(const Service& service) { return Reader(service).run(); }

} // namespace jwtdomain::gateway::javascript
