// How oauth2-proxy takes bearer tokens: by the provider that it logs people in with, and by further issuers.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/go_oidc.h"
#include "jwtdomain/gateway/oauth2_proxy.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::oauth2_proxy {
namespace {

using document::Kind;

constexpr std::int64_t kLeeway = 300;   // of nbf; exp has none
constexpr std::size_t kMostClaims = 16; // that stand in for aud

constexpr std::array<std::string_view, 10> kWithoutIssuer{"bitbucket", "digitalocean", "facebook", "github",
                                                          "google",    "keycloak",     "linkedin", "login.gov",
                                                          "nextcloud", "sourcehut"};

// A text setting.
struct Text {
    bool there = false, unknown = false;
    Node value = {};
};

Text text_in(const Node& settings, std::string_view name) {
    const Node* const value = settings.find(name);
    if (value == nullptr) return {};
    if (is_unresolved(*value) || value->kind == Kind::array || value->kind == Kind::object || value->kind == Kind::null)
        return {.there = true, .unknown = true, .value = text({}, value->mark)};
    Node out = text(text_of(value), value->mark);
    const bool there = !out.text.empty();
    return {.there = there, .unknown = false, .value = std::move(out)};
}

// A path, and what it does not say.
struct Draft {
    Node path, claims;
    std::vector<Node> dropped = {};

    void drop(std::string why, Mark at) { dropped.push_back(text(std::move(why), at)); }
    void test(const std::string& claim, Node test, const std::string& otherwise) {
        const Mark at = test.mark;
        const std::string name = free_claim_name(claims, {claim});
        if (name.empty()) return drop(otherwise, at);
        put(claims, name, std::move(test));
    }
    Node done() && {
        const Mark at = path.mark;
        if (!claims.names.empty()) put(path, "claims", std::move(claims));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
        return std::move(path);
    }
};

Draft draft(std::string name, Mark at) {
    Draft out{.path = object(at), .claims = object(at)};
    put(out.path, "name", text(plain_name(std::move(name)), at));
    put(out.path, "kid", text("hint", at));
    put(out.path, "expiry", text("required", at));
    put(out.path, "not_before", text("checked", at));
    put(out.path, "leeway", number(kLeeway, at));
    put(out.path, "principal", list({text("sub", at)}, at));
    put(out.path, "dialect", go_oidc::dialect(at, {"iss", "exp", "nbf"})); // audiences go by name
    return out;
}

bool is_plain_text(std::string_view group) { // and no number, word or list of JSON, as which it would match others
    const char first = group.front();
    const bool letter =
        (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '/' || first == '_';
    return letter && group != "true" && group != "false" && group != "null";
}

class Proxy {
public:
    explicit Proxy(const Node& core) : core_(core) {}

    // `provider` is where the settings of one stand.
    void add_provider(const Node& provider) {
        const Text type = text_in(provider, "provider"), issuer = text_in(provider, "oidc_issuer_url");
        const bool without =
            std::find(kWithoutIssuer.begin(), kWithoutIssuer.end(), type.value.text) != kWithoutIssuer.end();
        if (!issuer.there && (without || !type.there)) {
            const bool elsewhere = !type.there && !text_in(provider, "client_id").there;
            if (elsewhere) refuse("which provider it has is said elsewhere", provider.mark);
            return; // its tokens are no JWTs of its own: Google is what stands for nothing
        }
        Draft out = draft(issuer.there && !issuer.unknown ? issuer.value.text : "the provider", provider.mark);
        put_keys(provider, issuer, out);
        put_issuer(provider, issuer, out);
        put_groups(provider, claim_of_groups(provider), out);
        put_email(provider, true, out);
        const Text client = text_in(provider, "client_id");
        add_audiences(std::move(out), provider, client, "client_id: it is not said here");
    }

    // The settings of the first provider hold for them, too: audiences, claims that are audiences, groups.
    void add_further(const Node& provider) {
        const Texts issuers = texts_of(core_, "extra_jwt_issuers");
        if (issuers.unknown) return refuse("extra_jwt_issuers are put in later", issuers.mark);
        for (const Node& each : issuers.items) {
            const std::size_t equals = each.text.find('=');
            if (equals == std::string::npos || equals == 0)
                return refuse("one of extra_jwt_issuers lacks its issuer or its audience", each.mark);
            add_further(provider, text(each.text.substr(0, equals), each.mark),
                        text(each.text.substr(equals + 1), each.mark));
        }
    }

    Accepted done() && { return std::move(out_); }

private:
    void refuse(std::string why, Mark at) {
        if (!out_.opaque.empty()) return;
        out_.opaque = std::move(why);
        out_.at = at;
    }

    void add_further(const Node& provider, const Node& issuer, Node audience) {
        Draft out = draft(issuer.text, issuer.mark);
        put(out.path, "keys", used_for(discovered_keys(issuer), go_oidc::algorithms(issuer.mark, true)));
        put(out.path, "algorithms", go_oidc::algorithms(issuer.mark, true));
        put(out.path, "issuer", go_oidc::issuers(issuer));
        put_groups(provider, {.there = true, .value = text("groups", issuer.mark)}, out);
        put_email(provider, false, out);
        add_audiences(std::move(out), provider, {.there = true, .value = std::move(audience)}, {});
    }

    // With discovery neither jwks_url nor files of keys are looked at.
    static void put_keys(const Node& provider, const Text& issuer, Draft& out) {
        const Mark at = issuer.there ? issuer.value.mark : provider.mark;
        const Answer skipped = answer_of(provider, "skip_oidc_discovery");
        const Node algorithms = algorithms_of(provider, skipped == Answer::yes, at);
        put(out.path, "algorithms", algorithms);
        const auto put_source = [&](Node place) { put(out.path, "keys", used_for(std::move(place), algorithms)); };
        if (skipped == Answer::unknown) return put_source(unread_keys("keys that are put in later", at));
        if (skipped != Answer::yes)
            return put_source(issuer.there && !issuer.unknown
                                  ? discovered_keys(issuer.value)
                                  : unread_keys("keys of an issuer that is not said here", at));
        if (const Node* const url = provider.find("oidc_jwks_url"); url != nullptr && !text_of(url).empty())
            return put_source(keys_at(*url));
        const Texts files = texts_of(provider, "oidc_public_key_files");
        if (files.unknown || files.items.empty())
            return put_source(unread_keys("keys that are not said here", files.there ? files.mark : at));
        std::vector<Node> sources;
        for (const Node& each : files.items) sources.push_back(used_for(file(each), algorithms));
        put(out.path, "keys", list(std::move(sources), files.mark));
        put(out.path, "kid", text("ignored", files.mark));
    }

    static Node file(const Node& name) {
        const bool plain =
            name.text.find_first_of("{}") == std::string::npos && name.text.find("://") == std::string::npos;
        return plain ? name : unread_keys("keys in a file that is not known", name.mark);
    }

    // Without a list: those that the metadata names, else RS256 alone.
    static Node algorithms_of(const Node& provider, bool no_metadata, Mark at) {
        const Texts listed = texts_of(provider, "oidc_enabled_signing_algs");
        if (listed.unknown) return go_oidc::algorithms(listed.mark, true);
        if (listed.items.empty()) return no_metadata ? list({text("RS256", at)}, at) : go_oidc::algorithms(at, true);
        const Node known = go_oidc::algorithms(listed.mark, true);
        std::vector<Node> out;
        for (const Node& each : listed.items) {
            const bool real = std::any_of(known.elements.begin(), known.elements.end(),
                                          [&](const Node& one) { return one.text == each.text; });
            if (real) out.push_back(each);
        }
        return out.empty() ? known : list(std::move(out), listed.mark);
    }

    static void put_issuer(const Node& provider, const Text& issuer, Draft& out) {
        const Answer skipped = answer_of(provider, "insecure_oidc_skip_issuer_verification");
        if (skipped == Answer::yes || skipped == Answer::unknown) {
            const Node& at = *provider.find("insecure_oidc_skip_issuer_verification");
            put(out.path, "issuer", text("any", at.mark));
            if (skipped == Answer::unknown)
                out.drop("oidc_issuer_url: whether iss is compared is put in later", at.mark);
        } else if (issuer.there && !issuer.unknown) {
            put(out.path, "issuer", go_oidc::issuers(issuer.value));
        } else {
            const Mark at = issuer.there ? issuer.value.mark : provider.mark;
            put(out.path, "issuer", text("any", at));
            out.drop("oidc_issuer_url: it is not said here", at);
        }
    }

    static Text claim_of_groups(const Node& provider) {
        Text out = text_in(provider, "oidc_groups_claim");
        if (!out.there) out = {.there = true, .value = text("groups", provider.mark)};
        return out;
    }

    // Providers beside oidc put groups of other claims beside these.
    static void put_groups(const Node& provider, const Text& claim, Draft& out) {
        const Texts groups = texts_of(provider, "allowed_groups");
        std::vector<Node> values;
        for (const Node& each : groups.items) {
            if (!each.text.empty()) values.push_back(each);
        }
        if (values.empty() && !groups.unknown) return;
        const bool plain =
            std::all_of(values.begin(), values.end(), [](const Node& each) { return is_plain_text(each.text); });
        const bool sure = text_in(provider, "provider").value.text == "oidc" && plain && !groups.unknown &&
                          !claim.unknown && claim.value.text.find_first_of("./") == std::string::npos;
        if (!sure) return out.drop("allowed_groups: they are not read here in full", groups.mark);
        Node test = object(groups.mark);
        put(test, "has_any", list(std::move(values), groups.mark));
        out.test(claim.value.text, std::move(test), "allowed_groups: their claim is tested twice");
    }

    // A token without address has its subject for one, and one without both passes.
    void put_email(const Node& provider, bool of_provider, Draft& out) const {
        const Texts domains = texts_of(core_, "email_domains");
        const bool all =
            std::any_of(domains.items.begin(), domains.items.end(), [](const Node& each) { return each.text == "*"; });
        const Node* const file = core_.find("authenticated_emails_file");
        if (domains.there && !all) out.drop("email_domains: who may have which address is not said here", domains.mark);
        if (!domains.there && file != nullptr)
            out.drop("authenticated_emails_file: who stands in it is not read", file->mark);
        const Answer unverified = answer_of(provider, "insecure_oidc_allow_unverified_email");
        if (of_provider && unverified == Answer::yes) return;
        Text claim = text_in(provider, "oidc_email_claim"), user = text_in(provider, "user_id_claim");
        const bool usual = (!claim.there || claim.value.text == "email") && (!user.there || user.value.text == "email");
        if (of_provider && !usual && !claim.unknown && !user.unknown) return; // another claim is not asked for it
        if (of_provider && (unverified == Answer::unknown || claim.unknown || user.unknown))
            return out.drop("email_verified: whether it is looked at is not said here", provider.mark);
        Node test = object(provider.mark);
        // What Go's strconv takes for true, and numbers but 0.
        put(test, "regex", text("^([tT]|true|True|TRUE)$|[1-9]", provider.mark));
        put(test, "optional", flag(true, provider.mark));
        out.test("email_verified", std::move(test), "email_verified: it is tested twice");
    }

    // Of the claims that name audiences the first that is there is compared.
    void add_audiences(Draft out, const Node& provider, const Text& client, const std::string& otherwise) {
        const Texts further = texts_of(provider, "oidc_extra_audiences");
        Texts claims = texts_of(provider, "oidc_audience_claims");
        if (claims.items.empty() && !claims.unknown) claims.items.push_back(text("aud", provider.mark));
        const bool odd = claims.items.size() > kMostClaims ||
                         std::any_of(claims.items.begin(), claims.items.end(),
                                     [](const Node& each) { return each.text.empty() || each.text.front() == '/'; });
        const Mark at = client.there ? client.value.mark : provider.mark;
        if (!client.there || client.unknown || is_unresolved(client.value))
            return add_any_audience(std::move(out), otherwise.empty() ? "the audience is put in later" : otherwise, at);
        const bool empty = client.value.text.empty() || std::any_of(further.items.begin(), further.items.end(),
                                                                    [](const Node& each) { return each.text.empty(); });
        if (empty) return add_any_audience(std::move(out), "one of its audiences is empty", at);
        if (further.unknown)
            return add_any_audience(std::move(out), "oidc_extra_audiences: they are put in later", further.mark);
        if (claims.unknown || odd)
            return add_any_audience(std::move(out), "oidc_audience_claims: they are not read here", claims.mark);
        std::vector<Node> values{client.value};
        for (const Node& each : further.items) {
            if (each.text != client.value.text) values.push_back(each);
        }
        add_choices(out, claims.items, list(std::move(values), at));
    }

    void add_any_audience(Draft out, const std::string& why, Mark at) {
        put(out.path, "audience", text("any", at));
        out.drop(why, at);
        out_.paths.push_back(std::move(out).done());
    }

    void add_choices(Draft& out, const std::vector<Node>& claims, const Node& values) {
        for (std::size_t i = 0; i < claims.size(); ++i) {
            if (!budget_.take(&values) || !budget_.take(&out.claims))
                return refuse("its audiences and issuers come to too many paths", claims[i].mark);
            Draft one = out;
            if (claims[i].text == "aud") {
                Node rule = object(values.mark);
                put(rule, "any_of", one_of(values.elements, values.mark));
                if (i + 1 < claims.size())
                    put(rule, "fallback",
                        list({claims.begin() + static_cast<std::ptrdiff_t>(i) + 1, claims.end()}, claims[i].mark));
                put(one.path, "audience", std::move(rule));
                out_.paths.push_back(std::move(one).done());
                return; // what stands behind it is its fallback
            }
            put(one.path, "audience", text("any", values.mark));
            Node test = object(claims[i].mark), none = object(claims[i].mark);
            put(test, "has_any", values);
            one.test(claims[i].text, std::move(test), "oidc_audience_claims: a claim is tested twice");
            out_.paths.push_back(std::move(one).done());
            put(none, "present", flag(false, claims[i].mark));
            out.test(claims[i].text, std::move(none), "oidc_audience_claims: a claim is tested twice");
        }
    }

    const Node& core_;
    Budget budget_ = {};
    Accepted out_ = {};
};

} // namespace

Texts texts_of(const Node& settings, std::string_view name) {
    const Node* const value = settings.find(name);
    if (value == nullptr) return {};
    Texts out{.there = true, .mark = value->mark};
    if (value->kind == Kind::array) {
        for (const Node& each : value->elements) {
            const bool known = !is_unresolved(each) && each.kind != Kind::array && each.kind != Kind::object &&
                               each.kind != Kind::null;
            out.unknown = out.unknown || !known;
            if (known) out.items.push_back(text(text_of(&each), each.mark));
        }
        return out;
    }
    out.unknown = is_unresolved(*value) || value->kind == Kind::object || value->kind == Kind::null;
    const std::string written = out.unknown ? std::string() : text_of(value);
    for (std::size_t at = 0; at < written.size();) {
        const std::size_t comma = std::min(written.find(',', at), written.size());
        out.items.push_back(text(written.substr(at, comma - at), value->mark));
        at = comma + 1;
    }
    return out;
}

Answer answer_of(const Node& settings, std::string_view name) {
    const Node* const value = settings.find(name);
    if (value == nullptr) return Answer::unsaid;
    if (value->kind == Kind::boolean) return value->truth ? Answer::yes : Answer::no;
    const std::string written = text_of(value);
    for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"}) {
        if (written == yes) return Answer::yes;
    }
    for (const char* no : {"0", "f", "F", "false", "FALSE", "False"}) {
        if (written == no) return Answer::no;
    }
    return Answer::unknown;
}

Accepted accepted_by(const Node& core, const std::vector<Settings>& providers) {
    Proxy proxy(core);
    for (const Settings& each : providers) proxy.add_provider(each.node);
    if (!providers.empty()) proxy.add_further(providers.front().node);
    return std::move(proxy).done();
}

} // namespace jwtdomain::gateway::oauth2_proxy
