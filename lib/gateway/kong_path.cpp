// What Kong's plugin jwt accepts: the claim key_claim_name picks a credential, whose algorithm and key are the only
// ones for the token.
#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/kong.h"

namespace jwtdomain::gateway::kong {
namespace {

using document::Kind;

constexpr std::size_t kPath = 100; // values that a path has by itself

constexpr std::array<std::string_view, 13> kAlgorithms{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256",
                                                       "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"};

// "{vault://env/name}" is read out of a vault by Kong.
bool is_elsewhere(const Node& value) {
    return is_unresolved(value) || (value.kind == Kind::string && value.text.starts_with("{vault://"));
}

bool is_there(const Node* value) {
    return value != nullptr && value->kind != Kind::null && (value->kind != Kind::string || !value->text.empty());
}

class Plugin {
public:
    Plugin(const Node& plugin, const std::vector<Node>& dropped, Budget& budget)
        : config_(member(&plugin, "config")), at_(plugin.mark), dropped_(dropped), budget_(budget) {
        if (config_ != nullptr && config_->kind != Kind::object && config_->kind != Kind::null)
            refuse("the configuration of jwt is no object", config_->mark);
        if (!is(config_, Kind::object)) config_ = nullptr;
        if (config_ == nullptr) return;
        at_ = config_->mark;
        if (const std::string what = unknown_member(
                *config_, {"uri_param_names", "cookie_names", "header_names", "key_claim_name", "secret_is_base64",
                           "claims_to_verify", "anonymous", "run_on_preflight", "maximum_expiration", "realm"});
            !what.empty())
            refuse("jwt has a setting that is not known here: " + plain_name(what), at_);
    }

    void add(const Credential& credential) {
        if (!out_.opaque.empty()) return;
        const Node& node = *credential.node;
        if (const std::string what = unknown_member(
                node, {"key", "secret", "algorithm", "rsa_public_key", "tags", "consumer", "id", "created_at"});
            !what.empty())
            return refuse("a credential has a field that is not known here: " + plain_name(what), node.mark);
        if (!budget_.take(kPath)) return refuse("its routes and credentials come to too many paths", node.mark);
        std::vector<Node> dropped = dropped_;
        Node path = object(node.mark);
        put(path, "name",
            text(credential.consumer.empty() ? "a credential" : "credential of " + plain_name(credential.consumer),
                 node.mark));
        if (!put_keys(node, path)) return;
        put(path, "audience", text("any", at_));
        put_times(path, dropped);
        Node dialect = object(at_);
        put(dialect, "duplicates", text("last", at_));
        put(dialect, "base64", text("lenient", at_));
        put(dialect, "crit", text("ignored", at_));
        put(path, "dialect", std::move(dialect));
        add_choices(node, path, dropped);
    }

    Accepted done() && { return std::move(out_); }

private:
    void refuse(std::string why, Mark at) {
        if (!out_.opaque.empty()) return;
        out_.opaque = std::move(why);
        out_.at = at;
    }

    const Node* setting(std::string_view name) const { return member(config_, name); }

    // False: the credential verifies nothing.
    bool put_keys(const Node& credential, Node& path) {
        const Node* const written = credential.find("algorithm");
        const bool elsewhere = written != nullptr && is_elsewhere(*written);
        const std::string algorithm = is_there(written) ? text_of(written) : "HS256";
        const Mark at = written != nullptr ? written->mark : credential.mark;
        std::vector<Node> names;
        for (const std::string_view each : kAlgorithms) {
            if (elsewhere || each == algorithm) names.push_back(text(std::string(each), at));
        }
        if (names.empty()) {
            refuse("a credential has an algorithm that is not known here", at);
            return false;
        }
        Node source = unread_keys("a key whose algorithm is put in later", at);
        if (!elsewhere && algorithm.starts_with("HS")) {
            source = secret_of(credential);
        } else if (!elsewhere) {
            const Node* const key = credential.find("rsa_public_key");
            if (!is_there(key)) return false;
            source = is_elsewhere(*key) || key->kind != Kind::string
                         ? unread_keys("a key that is put in later", key->mark)
                         : inline_keys(key->text, key->mark);
        }
        put(path, "keys", used_for(std::move(source), list(names, at)));
        put(path, "algorithms", list(std::move(names), at));
        put(path, "kid", text("ignored", at_));
        return true;
    }

    Node secret_of(const Node& credential) const {
        const Node* const secret = credential.find("secret");
        if (!is_there(secret)) return unread_keys("a secret that Kong makes up", credential.mark);
        const Node* const encoded = setting("secret_is_base64");
        bool plain = true, base64 = false;
        if (encoded != nullptr && encoded->kind != Kind::null) {
            base64 = encoded->kind == Kind::boolean && encoded->truth;
            plain = encoded->kind == Kind::boolean && !encoded->truth;
        }
        std::string octets;
        if (is_elsewhere(*secret) || (!plain && !base64) || secret->kind != Kind::string)
            return unread_keys("a secret that is put in later", secret->mark);
        if (base64 && !base64_decode_lenient(secret->text, octets))
            return unread_keys("a secret that is no base64", secret->mark);
        if (plain) octets = secret->text;
        return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", secret->mark);
    }

    void put_times(Node& path, std::vector<Node>& dropped) const {
        const Node* const verified = setting("claims_to_verify");
        const bool listed = is(verified, Kind::array);
        const auto has = [&](const char* claim) {
            return verified != nullptr && listed &&
                   std::any_of(verified->elements.begin(), verified->elements.end(),
                               [&](const Node& each) { return text_of(&each) == claim; });
        };
        const Mark at = verified != nullptr ? verified->mark : at_;
        put(path, "expiry", text(has("exp") ? "required" : "unchecked", at));
        put(path, "leeway", number(1, at_)); // its clock may stand still so long
        if (has("nbf")) {
            put(path, "not_before", text("checked", at));
            put(path, "required", list({text("nbf", at)}, at));
        }
        if (is_there(verified) && !listed) dropped.push_back(text("claims_to_verify: they are not read here", at));
        const Node* const longest = setting("maximum_expiration");
        if (!is_there(longest) || (longest->kind == Kind::integer && longest->integer <= 0)) return;
        if (has("exp") && longest->kind == Kind::integer && longest->integer <= 31'536'000)
            put(path, "longest_remaining", number(longest->integer, longest->mark));
        else
            dropped.push_back(text("maximum_expiration: it is not read here", longest->mark));
    }

    // The claim, or, without it, a member of the header by the same name.
    void add_choices(const Node& credential, Node& path, const std::vector<Node>& dropped) {
        const Node* const named = setting("key_claim_name");
        const std::string claim = is_there(named) ? text_of(named) : "iss";
        const Node* const key = credential.find("key");
        const bool known = is_there(key) && !is_elsewhere(*key) && !text_of(key).empty();
        if (!known || claim.empty() || (named != nullptr && is_elsewhere(*named))) {
            std::vector<Node> more = dropped;
            more.push_back(text("key_claim_name: which token is of the credential is not said here", credential.mark));
            return add(path, std::nullopt, "any", std::move(more));
        }
        const Node value = text(text_of(key), key->mark);
        Node is_value = object(value.mark), none = object(value.mark);
        put(is_value, "in", list({value}, value.mark));
        put(none, "in", list({text("false", at_)}, at_)); // in Lua false is as good as absent
        put(none, "optional", flag(true, at_));
        if (claim == "iss")
            add(path, std::nullopt, value, dropped);
        else
            add(path, claim_test(claim, std::move(is_value)), "any", dropped);
        if (claim == "kid") {
            Node source = *path.find("keys");
            put(source, "kid", value);
            put(path, "keys", std::move(source));
            put(path, "kid", text("must_match", value.mark));
        }
        std::vector<Node> more = dropped;
        more.push_back(text("key_claim_name: that the header names the credential, where no claim does", at_));
        add(path, claim_test(claim, std::move(none)), "any", std::move(more));
    }

    static Node claim_test(const std::string& claim, Node test) {
        Node out = object(test.mark);
        const std::string name = free_claim_name(out, {claim});
        if (!name.empty()) put(out, name, std::move(test));
        return out;
    }

    void add(Node path, std::optional<Node> claims, const std::string& any, std::vector<Node> dropped) {
        put(path, "issuer", text(any, at_));
        finish(std::move(path), std::move(claims), std::move(dropped));
    }
    void add(Node path, std::optional<Node> claims, const Node& issuer, std::vector<Node> dropped) {
        put(path, "issuer", one_of({issuer}, issuer.mark));
        finish(std::move(path), std::move(claims), std::move(dropped));
    }

    void finish(Node path, std::optional<Node> claims, std::vector<Node> dropped) {
        if (claims && !claims->names.empty()) put(path, "claims", std::move(*claims));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        out_.paths.push_back(std::move(path));
    }

    const Node* config_;
    Mark at_;
    const std::vector<Node>& dropped_;
    Budget& budget_;
    Accepted out_ = {};
};

} // namespace

Accepted accepted_by(const Node& plugin, const std::vector<Credential>& credentials, const std::vector<Node>& dropped,
                     Budget& budget) {
    Plugin reader(plugin, dropped, budget);
    for (const Credential& each : credentials) reader.add(each);
    return std::move(reader).done();
}

} // namespace jwtdomain::gateway::kong
