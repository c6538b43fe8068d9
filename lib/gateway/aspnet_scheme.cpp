// A scheme of JwtBearer, and the section AzureAd of Microsoft.Identity.Web.
#include <algorithm>
#include <array>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/aspnet.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::aspnet {
namespace {

using document::Kind;

constexpr std::int64_t kSkew = 300;
constexpr std::string_view kInstance = "https://login.microsoftonline.com";

constexpr std::string_view kScheme =
    " authority backchanneltimeout challenge includeerrordetails mapinboundclaims metadataaddress refreshinterval "
    "refreshonissuerkeynotfound requirehttpsmetadata savetoken validissuer validissuers validaudience validaudiences "
    "signingkeys audience audiences validateissuer validateaudience ";
constexpr std::string_view kEntra =
    " instance tenantid clientid audience domain callbackpath signedoutcallbackpath clientsecret clientcertificates "
    "clientcredentials scopes enablepiilogging azureregion apphometenantid withspaauthcode clientcapabilities sendx5c "
    "allowwebapitobeauthorizedbyacl requirehttpsmetadata ";

// The first part of a name; empty: all of them are known.
std::string unknown(const Values& values, std::string_view known) {
    for (const auto& [name, value] : values) {
        const std::string first = name.substr(0, name.find(':'));
        if (first.find(' ') != std::string::npos || known.find(" " + first + " ") == std::string_view::npos)
            return first;
    }
    return {};
}

bool is_known(const Node& value) {
    return value.kind != Kind::null && !is_unresolved(value) && !text_of(&value).empty();
}

bool all_known(const std::vector<Node>& values) { return std::all_of(values.begin(), values.end(), is_known); }

const Node* find(const Values& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
}

Node algorithms(Mark at) {
    std::vector<Node> out;
    for (const char* name :
         {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"})
        out.push_back(text(name, at));
    return list(std::move(out), at);
}

class Scheme {
public:
    Scheme(const Values& values, Mark at) : values_(values), at_(at), path_(object(at)) {
        put(path_, "name", text("jwt", at));
        put(path_, "kid", text("ignored", at));
        put(path_, "algorithms", algorithms(at));
        put(path_, "expiry", text("required", at));
        put(path_, "not_before", text("checked", at));
        put(path_, "leeway", number(kSkew, at));
        put(path_, "principal", list({text("sub", at)}, at));
        Node dialect = object(at);
        put(dialect, "duplicates", text("last", at));
        put(dialect, "base64", text("lenient", at));
        put(path_, "dialect", std::move(dialect));
    }

    void jwt_bearer() {
        const std::vector<Node> issuers = all_of(values_, "validissuer", "validissuers");
        const Node* metadata = find(values_, "metadataaddress");
        const Node* const authority = find(values_, "authority");
        put_keys(metadata, authority, issuers);
        put_issuer(issuers, metadata != nullptr ? metadata : authority);
        put_audience();
    }

    void entra() {
        const Node* const tenant = find(values_, "tenantid");
        const Node* const instance = find(values_, "instance");
        const std::string base = instance != nullptr ? without_slash(text_of(instance)) : std::string(kInstance);
        const Mark at = tenant != nullptr ? tenant->mark : at_;
        const bool known = (tenant == nullptr || is_known(*tenant)) && (instance == nullptr || is_known(*instance));
        const std::string name = tenant != nullptr ? text_of(tenant) : "common";
        Node place = known ? keys_at(text(base + "/" + name + "/v2.0/.well-known/openid-configuration", at))
                           : unread_keys("keys of a tenant that is put in later", at);
        put(path_, "keys", used_for(std::move(place), algorithms(at_)));
        put_entra_issuer(known && base == kInstance, name, at);
        put_entra_audience();
        const Node* const acl = find(values_, "allowwebapitobeauthorizedbyacl");
        if (acl == nullptr || lower_case(text_of(acl)) == "false") drop("that the token has scopes or roles", at_);
    }

    Node done() && {
        if (!dropped_.empty()) put(path_, "dropped", list(std::move(dropped_), at_));
        return std::move(path_);
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    static std::string without_slash(std::string url) {
        while (url.ends_with('/')) url.pop_back();
        return url;
    }

    // Any of them verifies tokens of every issuer.
    void put_keys(const Node* metadata, const Node* authority, const std::vector<Node>& issuers) {
        std::vector<Node> sources;
        const auto add = [&](Node source) { sources.push_back(used_for(std::move(source), algorithms(at_))); };
        if (metadata != nullptr)
            add(is_known(*metadata) ? keys_at(*metadata) : unread_keys("keys that are put in later", metadata->mark));
        else if (authority != nullptr)
            add(is_known(*authority) ? discovered_keys(text_of(authority), authority->mark)
                                     : unread_keys("keys that are put in later", authority->mark));
        std::map<std::string, std::pair<const Node*, const Node*>> keys; // issuer and value, by number
        for (const auto& [name, value] : values_) {
            if (!name.starts_with("signingkeys:")) continue;
            if (name.ends_with(":issuer")) keys[name.substr(0, name.size() - 7)].first = &value;
            if (name.ends_with(":value")) keys[name.substr(0, name.size() - 6)].second = &value;
        }
        for (const auto& [number, key] : keys) {
            if (key.second != nullptr && may_be_of(key.first, issuers)) add(secret(*key.second));
        }
        if (sources.empty()) add(unread_keys("keys that stand elsewhere: in user secrets, or in code", at_));
        put(path_, "keys", list(std::move(sources), at_));
    }

    // A key that names another issuer is not read.
    static bool may_be_of(const Node* issuer, const std::vector<Node>& issuers) {
        if (issuer == nullptr || !is_known(*issuer) || !all_known(issuers)) return true;
        return std::any_of(issuers.begin(), issuers.end(),
                           [&](const Node& each) { return text_of(&each) == text_of(issuer); });
    }

    static Node secret(const Node& value) {
        std::string octets;
        if (!is_known(value) || !base64_decode_lenient(text_of(&value), octets))
            return unread_keys("a key that cannot be read", value.mark);
        return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", value.mark);
    }

    void put_issuer(const std::vector<Node>& issuers, const Node* metadata) {
        const Node* const asked = find(values_, "validateissuer");
        const bool unasked = asked != nullptr && lower_case(text_of(asked)) != "true";
        if (issuers.empty()) {
            put(path_, "issuer", text("any", at_));
        } else if (unasked || metadata != nullptr || !all_known(issuers)) {
            const Mark at = issuers.front().mark;
            put(path_, "issuer", text("any", at));
            drop(unasked               ? "ValidIssuer: some versions heed ValidateIssuer"
                 : metadata != nullptr ? "ValidIssuer: beside it the issuer that the metadata of Authority names"
                                       : "ValidIssuer: it is put in later",
                 at);
        } else {
            put(path_, "issuer", one_of(texts(issuers), issuers.front().mark));
        }
    }

    void put_audience() {
        const std::vector<Node> audiences = all_of(values_, "validaudience", "validaudiences");
        const Node* const asked = find(values_, "validateaudience");
        const bool unasked = asked != nullptr && lower_case(text_of(asked)) != "true";
        if (audiences.empty()) {
            put(path_, "audience", text("any", at_));
        } else if (unasked || !all_known(audiences)) {
            put(path_, "audience", text("any", audiences.front().mark));
            drop(unasked ? "ValidAudience: some versions heed ValidateAudience" : "ValidAudience: it is put in later",
                 audiences.front().mark);
        } else {
            put_audiences(texts(audiences));
        }
    }

    void put_audiences(std::vector<Node> names) {
        const Mark at = names.front().mark;
        Node rule = object(at);
        put(rule, "any_of", one_of(std::move(names), at));
        put(rule, "comparison", text("without_slash", at));
        put(path_, "audience", std::move(rule));
    }

    static std::vector<Node> texts(const std::vector<Node>& values) {
        std::vector<Node> out;
        out.reserve(values.size());
        for (const Node& each : values) out.push_back(text(text_of(&each), each.mark));
        return out;
    }

    // Tokens of both versions, with the issuers that Entra's metadata has; of a name that is no number, the number is
    // not known.
    void put_entra_issuer(bool known, const std::string& tenant, Mark at) {
        if (!known) {
            put(path_, "issuer", text("any", at));
            put(path_, "issuer_optional", flag(false, at));
            return drop("TenantId: what its issuer is called is not said here", at);
        }
        const bool number = tenant.size() == 36 && tenant.find_first_not_of("0123456789abcdefABCDEF-") == tenant.npos;
        if (number) {
            const std::string lower = lower_case(tenant);
            put(path_, "issuer",
                list({text(std::string(kInstance) + "/" + lower + "/v2.0", at),
                      text("https://sts.windows.net/" + lower + "/", at)},
                     at));
            return;
        }
        Node second = object(at), first = object(at);
        put(second, "regex", text("^" + accept::quote_regex(kInstance) + "/[^/]+/v2\\.0$", at));
        put(first, "regex", text("^https://sts\\.windows\\.net/[^/]+/$", at));
        put(path_, "issuer", list({std::move(second), std::move(first)}, at));
        const bool every = tenant == "common" || tenant == "organizations";
        if (!every) drop("TenantId: it names a tenant whose number is not said here", at);
    }

    void put_entra_audience() {
        const Node* const client = find(values_, "clientid");
        const Node* const audience = find(values_, "audience");
        const bool known = client != nullptr && is_known(*client) && (audience == nullptr || is_known(*audience));
        if (!known) {
            put(path_, "audience", text("any", client != nullptr ? client->mark : at_));
            return drop("ClientId: it is not said here", at_);
        }
        const std::string id = text_of(client);
        std::vector<Node> names{text(id, client->mark), text("api://" + id, client->mark)};
        if (audience != nullptr) {
            names.push_back(text(text_of(audience), audience->mark));
            drop("Audience: that ClientId is none beside it, in most versions", audience->mark);
        }
        put_audiences(std::move(names));
    }

    const Values& values_;
    Mark at_;
    Node path_;
    std::vector<Node> dropped_ = {};
};

} // namespace

Node scheme_entry(const std::string& name, const Values& values, Mark at) {
    for (const auto& [setting, value] : values) {
        if (setting.starts_with("forward")) return opaque(name, "it forwards to another scheme", value.mark);
        if (setting.starts_with("client"))
            return opaque(name, "people log in by it, which is not read here", value.mark);
    }
    if (const std::string what = unknown(values, kScheme); !what.empty())
        return opaque(name, "a setting that is not known here: " + plain_name(what), at);
    Scheme scheme(values, at);
    scheme.jwt_bearer();
    return guarded(name, {std::move(scheme).done()}, at);
}

Node entra_entry(const std::string& name, const Values& values, Mark at) {
    if (const std::string what = unknown(values, kEntra); !what.empty())
        return opaque(name, "a setting of AzureAd that is not known here: " + plain_name(what), at);
    Scheme scheme(values, at);
    scheme.entra();
    return guarded(name, {std::move(scheme).done()}, at);
}

} // namespace jwtdomain::gateway::aspnet
