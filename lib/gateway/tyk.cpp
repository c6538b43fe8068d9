// Tyk: classic API definitions, in files, as the dashboard exports them (api_definition), and as objects ApiDefinition.
//
// By its own source (gateway/mw_jwt.go) and that of golang-jwt: with enable_jwt a token is verified with the key of
// jwt_source that kid names, if that is a URL (perhaps in base64), else with the one key that it is, in base64;
// jwt_signing_method is a family of algorithms, HMAC if nothing is said. exp, nbf and iat are looked at where they are
// there, each with its own skew; issuer and audience are not. A token must name somebody, by sub if nothing else is
// said, and there must be a policy for it. Without jwt_source the key stands in a session of the gateway. With
// use_keyless, and on paths of ignored, no token is asked for. Several ways to authenticate must all succeed.
#include <algorithm>
#include <array>
#include <optional>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/gateway/golang_jwt.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::size_t kApi = 100;              // values that what guards an API has by itself
constexpr std::int64_t kLongest = 100'000'000; // of a skew: three years

// Other ways to authenticate.
constexpr std::array<std::string_view, 10> kOthers{"use_oauth2",
                                                   "use_openid",
                                                   "use_basic_auth",
                                                   "use_mutual_tls_auth",
                                                   "use_standard_auth",
                                                   "use_go_plugin_auth",
                                                   "enable_coprocess_auth",
                                                   "external_oauth",
                                                   "custom_plugin_auth_enabled",
                                                   "enable_signature_checking"};

// All that it has about tokens and who may pass.
constexpr std::string_view kKnown =
    " enable_jwt jwt_signing_method jwt_source jwt_jwks_uris jwt_identity_base_field jwt_client_base_field "
    "jwt_policy_field_name jwt_default_policies jwt_issued_at_validation_skew jwt_expires_at_validation_skew "
    "jwt_not_before_validation_skew jwt_skip_kid jwt_scope_to_policy_mapping jwt_scope_claim_name "
    "jwt_disable_issued_at_validation jwt_disable_expires_at_validation jwt_disable_not_before_validation "
    "use_keyless use_oauth2 use_openid use_basic_auth use_mutual_tls_auth use_standard_auth use_go_plugin_auth "
    "enable_coprocess_auth external_oauth custom_plugin_auth_enabled enable_signature_checking openid_options "
    "oauth_meta auth "
    "auth_configs auth_provider basic_auth base_identity_provided_by strip_auth_data upstream_auth "
    "idp_client_id_mapping_disabled notifications upstream_certificates upstream_certificates_disabled "
    "session_provider request_signing hmac_allowed_algorithms hmac_allowed_clock_skew ";

const Node* definition_of(const Node& document) {
    const Node* found = &document;
    if (kubernetes::is_object(document, "tyk.tyk.io", "ApiDefinition"))
        found = document.find("spec");
    else if (const Node* const inner = member(&document, "api_definition"))
        found = inner;
    return member(member(found, "proxy"), "listen_path") != nullptr ? found : nullptr;
}

std::vector<const Node*> definitions_of(const Node& document) {
    std::vector<const Node*> out;
    if (const Node* const one = definition_of(document)) out.push_back(one);
    if (document.kind == Kind::array) {
        for (const Node& each : document.elements) {
            if (const Node* const one = definition_of(each)) out.push_back(one);
        }
    }
    return out;
}

bool is_yes(const Node* value) { return is(value, Kind::boolean) && value->truth; }
// Neither absent nor false, whatever else it is.
bool may_be_yes(const Node* value) {
    return value != nullptr && value->kind != Kind::null && !(value->kind == Kind::boolean && !value->truth);
}
bool is_said(const Node* value) {
    return value != nullptr && value->kind != Kind::null && (value->kind != Kind::string || !value->text.empty()) &&
           (value->kind != Kind::array || !value->elements.empty()) &&
           (value->kind != Kind::object || !value->names.empty());
}

class TykApi {
public:
    TykApi(const Node& node, Budget& budget, Verifiers& out) : node_(node), budget_(budget), out_(out) {
        name_ = text_of(node.find("name"));
        if (name_.empty()) name_ = text_of(node.find("api_id"));
        name_ = plain_name("API " + (name_.empty() ? text_of(node.find("proxy")->find("listen_path")) : name_));
    }

    void read() {
        if (const Node* const active = node_.find("active"); is(active, Kind::boolean) && !active->truth) return;
        if (!budget_.take(kApi) || !budget_.take(&node_)) {
            out_.push_back(opaque(name_, "its API definitions come to more than is read here", node_.mark));
            return;
        }
        if (const std::string why = doubt(); !why.empty()) {
            out_.push_back(opaque(name_, why, node_.mark));
            return;
        }
        if (const Node* const keyless = node_.find("use_keyless"); may_be_yes(keyless)) {
            out_.push_back(is_yes(keyless)
                               ? open(name_, "it asks for no token (use_keyless)", keyless->mark)
                               : opaque(name_, "whether it asks for a token is put in later", keyless->mark));
            return;
        }
        read_ignored();
        read_options();
        read_tokens();
    }

private:
    std::string doubt() const {
        constexpr std::array<std::string_view, 6> kTelling{"jwt",    "auth", "keyless",
                                                           "openid", "idp",  "session_provider"};
        for (const Node::Name& name : node_.names) {
            const bool about = std::any_of(kTelling.begin(), kTelling.end(), [&](std::string_view part) {
                return name.text.find(part) != std::string::npos;
            });
            if (about && kKnown.find(" " + name.text + " ") == kKnown.npos)
                return "it has a field that is not known here: " + plain_name(name.text);
        }
        const Node* const custom = node_.find("custom_middleware");
        if (is_said(member(custom, "pre")) || is_said(member(member(custom, "auth_check"), "name")) ||
            (is_said(node_.find("custom_middleware_bundle")) &&
             !is_yes(node_.find("custom_middleware_bundle_disabled"))))
            return "a plugin stands before its tokens, which is not read here";
        return {};
    }

    // Paths of a version on which nothing is asked for.
    void read_ignored() {
        const Node* const versions = member(node_.find("version_data"), "versions");
        if (!is(versions, Kind::object)) return;
        for (const Node& version : versions->elements) {
            for (const char* holder : {"extended_paths", "paths"}) {
                const Node* const ignored = member(member(&version, holder), "ignored");
                if (ignored == nullptr || ignored->kind == Kind::null) continue;
                for (const Node& each : ignored->elements) {
                    if (is_yes(member(&each, "disabled"))) continue;
                    const std::string path = each.kind == Kind::string ? each.text : text_of(member(&each, "path"));
                    out_.push_back(open(name_ + ": " + plain_name(path), "its path is one of ignored", each.mark));
                }
                if (ignored->kind != Kind::array)
                    out_.push_back(opaque(name_ + ": ignored paths", "they are put in later", ignored->mark));
            }
        }
    }

    void read_options() {
        const Node* const cors = node_.find("CORS");
        const Node* const passes = member(cors, "options_passthrough");
        const Node* const enabled = member(cors, "enable");
        if (is_yes(passes) && may_be_yes(enabled))
            out_.push_back(open(name_ + ": OPTIONS", "CORS lets OPTIONS pass (options_passthrough)", passes->mark));
    }

    void read_tokens() {
        const Node* const enabled = node_.find("enable_jwt");
        std::vector<Node> dropped;
        for (const std::string_view each : kOthers) {
            const Node* value = node_.find(each);
            if (each == "external_oauth" || each == "enable_signature_checking") value = member(value, "enabled");
            if (may_be_yes(value))
                dropped.push_back(text(std::string(each) + ": it decides, too", node_.find(each)->mark));
        }
        if (!is_yes(enabled)) {
            const std::string who = dropped.empty() ? "a key of the gateway"
                                                    : dropped.front().text.substr(0, dropped.front().text.find(':'));
            out_.push_back(may_be_yes(enabled)
                               ? opaque(name_, "whether it asks for a JWT is put in later", enabled->mark)
                               : opaque(name_, who + " decides, which is not read here", node_.mark));
            return;
        }
        if (!is_said(node_.find("jwt_source")) && !is_said(node_.find("jwt_jwks_uris"))) {
            out_.push_back(opaque(name_, "the keys stand in sessions of the gateway, which are not here (jwt_source)",
                                  enabled->mark));
            return;
        }
        out_.push_back(guarded(name_, {path_of(std::move(dropped), enabled->mark)}, enabled->mark));
    }

    Node algorithms() const {
        const Node* const method = node_.find("jwt_signing_method");
        const std::string family = text_of(method);
        const bool later = method != nullptr && is_unresolved(*method);
        Node out = golang_jwt::algorithms(method != nullptr ? method->mark : node_.mark, false);
        std::erase_if(out.elements, [&](const Node& each) {
            const bool rsa = each.text.starts_with("RS") || each.text.starts_with("PS");
            if (later) return false;
            return family == "rsa"     ? !rsa
                   : family == "ecdsa" ? !each.text.starts_with("ES")
                                       : !each.text.starts_with("HS");
        });
        return out;
    }

    static bool is_url(const std::string& text) { return text.starts_with("http://") || text.starts_with("https://"); }

    // `by_kid`: it is a set, of which kid names the key.
    Node source_of(const Node& source, bool& by_kid) const {
        if (source.kind != Kind::string || is_unresolved(source))
            return unread_keys("a source of keys that is put in later", source.mark);
        by_kid = is_url(source.text);
        if (by_kid) return keys_at(source);
        std::string octets;
        if (source.text.find("://") != std::string::npos || !base64_decode_lenient(source.text, octets))
            return unread_keys("a source of keys that is no base64", source.mark);
        by_kid = is_url(octets);
        if (by_kid) return keys_at(text(octets, source.mark));
        if (octets.find("-----BEGIN") != std::string::npos) return inline_keys(octets, source.mark);
        return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", source.mark);
    }

    void put_keys(Node& path) const {
        std::vector<Node> sources;
        bool all_by_kid = true;
        const auto add = [&](const Node& source) {
            bool by_kid = true;
            sources.push_back(used_for(source_of(source, by_kid), algorithms()));
            all_by_kid = all_by_kid && by_kid;
        };
        if (const Node* const source = node_.find("jwt_source"); is_said(source)) add(*source);
        if (const Node* const uris = node_.find("jwt_jwks_uris"); is_said(uris)) {
            for (const Node& each : uris->elements) {
                const Node* const url = member(&each, "url");
                add(url != nullptr ? *url : each);
            }
            if (uris->elements.empty())
                sources.push_back(used_for(unread_keys("keys that are put in later", uris->mark), algorithms()));
        }
        const Mark at = sources.front().mark;
        put(path, "keys", list(std::move(sources), at));
        put(path, "kid", text(all_by_kid ? "must_match" : "ignored", at));
        put(path, "algorithms", algorithms());
    }

    void put_skew(Node& path, std::vector<Node>& dropped) const {
        std::int64_t longest = 1;
        for (const char* name : {"jwt_expires_at_validation_skew", "jwt_not_before_validation_skew"}) {
            const Node* const skew = node_.find(name);
            if (skew == nullptr || skew->kind == Kind::null) continue;
            const bool known = skew->kind == Kind::integer && skew->integer >= 0 && skew->integer < kLongest;
            longest = std::max(longest, known ? skew->integer + 1 : kLongest);
            if (!known) dropped.push_back(text(std::string(name) + ": it is not read here", skew->mark));
        }
        put(path, "leeway", number(longest, node_.mark));
        for (const char* name : {"expires_at", "not_before"}) {
            const Node* const off = node_.find("jwt_disable_" + std::string(name) + "_validation");
            if (!may_be_yes(off)) continue;
            if (name == std::string_view("expires_at"))
                put(path, "expiry", text("unchecked", off->mark));
            else
                put(path, "not_before", text("unchecked", off->mark));
        }
    }

    // It must name somebody, and a policy of this gateway's must be for it.
    void put_identity(Node& path, std::vector<Node>& dropped) const {
        if (is_said(node_.find("jwt_identity_base_field"))) {
            dropped.push_back(text("jwt_identity_base_field: that the token names somebody",
                                   node_.find("jwt_identity_base_field")->mark));
        } else {
            Node present = object(node_.mark), claims = object(node_.mark);
            put(present, "present", flag(true, node_.mark));
            put(claims, "sub", std::move(present));
            put(path, "claims", std::move(claims));
        }
        if (!is_said(node_.find("jwt_default_policies")))
            dropped.push_back(text("jwt_policy_field_name: that there is a policy for the token", node_.mark));
    }

    Node path_of(std::vector<Node> dropped, Mark at) const {
        Node path = object(at);
        put(path, "name", text("jwt", at));
        put_keys(path);
        put(path, "issuer", text("any", at));
        put(path, "audience", text("any", at));
        golang_jwt::put_reading(path, at);
        put_skew(path, dropped);
        put_identity(path, dropped);
        Node dialect = *path.find("dialect");
        put(dialect, "issuer_array", text("accepted", at));
        put(path, "dialect", std::move(dialect));
        if (may_be_yes(node_.find("enable_ip_whitelisting")))
            dropped.push_back(
                text("enable_ip_whitelisting: it is about addresses", node_.find("enable_ip_whitelisting")->mark));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
        return path;
    }

    const Node& node_;
    Budget& budget_;
    Verifiers& out_;
    std::string name_;
};

} // namespace

bool recognises_tyk(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(),
                       [](const Node& each) { return !definitions_of(each).empty(); });
}

Verifiers read_tyk(const Content& content) {
    Verifiers out;
    Budget budget;
    for (const Node& document : content.documents) {
        if (!kubernetes::may_be_in(kubernetes::namespace_of(document), content.selection.name_space)) continue;
        for (const Node* each : definitions_of(document)) TykApi(*each, budget, out).read();
    }
    return out;
}

} // namespace jwtdomain::gateway
