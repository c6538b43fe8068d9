// For Apache httpd, by mod_oauth2, and not by mod_auth_openidc: that one takes a token without exp and has no say over
// iat, while mod_oauth2 can ask for both; and what it lacks, the words of a scope, httpd's own expressions look for in
// the variables that it sets. As found by running 3.3.1 with liboauth2 1.4.5: see also apache.cpp.
//
// `Require oauth2_claim` ignores white space, takes 0 for every text and a member for a list. So each claim is compared
// a second time, as text, by `Require expr`; that is asked before there is a token, too, and must then hold, or nobody
// is ever asked for one. A verified token would stay in a cache that all Locations share, past its end: this one is the
// domain's own, and keeps nothing.
#include <algorithm>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/gateway/apache_lines.h"
#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"
#include "jwtdomain/gateway/places.h"

namespace jwtdomain::gateway {
namespace {

using accept::ClaimRule;
using accept::ClaimShape;
using accept::ClaimTest;
using accept::Entry;
using accept::Path;
using namespace apache_lines;

constexpr Seconds kLeeway = 1; // the second that exp names is in

constexpr const char* kReading =
    "neither is an iat as text, nor a name that differs from another one in case alone; aud and scopes as a list are "
    "refused, be it of one";

bool knows(Algorithm algorithm) {
    return algorithm != Algorithm::ES256K && info(algorithm).family != Family::eddsa &&
           info(algorithm).family != Family::hmac;
}

std::string options_of(const Order& order) {
    const accept::TimeRule& time = own_path(order.entries.front()).time;
    std::string out = "verify.exp=required&expiry=0&verify.cache=" + plain_name(order) +
                      "&verify.iat.slack_after=" + std::to_string(time.leeway);
    if (time.longest_life) out += "&verify.iat=required&verify.iat.slack_before=" + std::to_string(*time.longest_life);
    return out;
}

std::string keys_of(const Order& order) {
    std::string out;
    const std::string options = argument(options_of(order));
    if (!order.keys_url.empty())
        return "    OAuth2TokenVerify jwks_uri " + argument(order.keys_url) + " " + options + "\n";
    for (const PublicJwk& key : used_keys(order).keys)
        out +=
            "    OAuth2TokenVerify jwk " + argument(json_line(write_jwk(key.key, key.metadata))) + " " + options + "\n";
    return out;
}

// A claim at the top that a variable can be of.
std::optional<std::string> variable_of(const std::vector<std::string>& path) {
    if (path.size() != 1 || !is_variable(path.front())) return std::nullopt;
    return "%{env:OAUTH2_CLAIM_" + path.front() + "}";
}

// Within <RequireAll>.
class Requirements {
public:
    explicit Requirements(std::string indent) : indent_(std::move(indent)) {}

    void line(const std::string& text) { text_ += indent_ + text + "\n"; }
    void expression(const std::string& test) { line("Require expr \"" + std::string(kBefore) + test + "\""); }

    // One of the values. False: that cannot be said.
    bool equal(const std::vector<std::string>& path, const std::vector<std::string>& values) {
        const auto name = claim_name(path);
        if (!name || values.empty()) return false;
        std::string words;
        for (const std::string& value : values) words += " " + argument(*name + ":" + value);
        line("Require oauth2_claim" + words);
        if (const auto variable = variable_of(path)) expression(*variable + " in { " + texts(values) + " }");
        return true;
    }

    const std::string& text() const { return text_; }

private:
    static constexpr const char* kBefore = "%{env:OAUTH2_CLAIM_access_token} == '' || ";
    std::string indent_, text_;
};

struct Said {
    bool domain = true, claims = true, scopes = true;
};

// False: that cannot be said.
bool add_claim(const ClaimRule& rule, Requirements& out) {
    if (rule.absent_ok || rule.values.any || !rule.values.patterns.empty()) return false;
    switch (rule.test) {
    case ClaimTest::present: {
        if (rule.path == std::vector<std::string>{"sub"}) return true; // the user is named by it
        const auto variable = variable_of(rule.path);
        if (variable) out.expression("-n " + *variable);
        return variable.has_value();
    }
    case ClaimTest::in: return rule.shape == ClaimShape::scalar && out.equal(rule.path, rule.values.exact);
    case ClaimTest::has_any:
    case ClaimTest::has_all: {
        const auto name = claim_name(rule.path);
        if (!name || rule.shape != ClaimShape::list || rule.values.exact.empty()) return false;
        std::string words;
        for (const std::string& value : rule.values.exact) {
            words += " " + argument(*name + ":" + value);
            if (rule.test == ClaimTest::has_all) out.line("Require oauth2_claim" + std::exchange(words, ""));
        }
        if (rule.test == ClaimTest::has_any) out.line("Require oauth2_claim" + words);
        return true;
    }
    case ClaimTest::absent:
    case ClaimTest::all_in: return false;
    }
    return false;
}

bool add_scopes(const ClaimRule& rule, Requirements& out) {
    const auto variable = variable_of(rule.path);
    if (!variable) return false;
    for (const std::string& scope : rule.values.exact) out.expression(*variable + " =~ m#" + word_of(scope) + "#");
    return true;
}

// What a request of these methods needs besides what all need.
std::string of_entry(const Entry& entry, const std::string& indent, Said& said) {
    Requirements out(indent);
    if (!entry.methods.empty())
        out.line("Require expr \"%{REQUEST_METHOD} in { " + texts(entry.methods) + " }\""); // GET is not HEAD
    const Path& path = own_path(entry);
    if (!path.audience.any) out.equal({"aud"}, path.audience.any_of.exact);
    if (const ClaimRule* scopes = scope_rule(path)) said.scopes = add_scopes(*scopes, out) && said.scopes;
    return out.text();
}

std::string of_place(const Order& order, const Stretch& place, Said& said) {
    const Path& path = own_path(order.entries.front());
    Requirements all("        ");
    all.line("Require valid-user");
    all.expression("%{env:OAUTH2_CLAIM_exp} =~ m#^[1-9][0-9]*\\z#"); // mod_oauth2 takes a negative one for a late one
    if (!path.issuer.allowed.any) all.equal({"iss"}, path.issuer.allowed.exact);
    if (const ClaimRule* domain = domain_rule(path)) said.domain = add_claim(*domain, all) && said.domain;
    for (const ClaimRule* rule : further_rules(path)) said.claims = add_claim(*rule, all) && said.claims;
    std::string out = "    <RequireAll>\n" + all.text();
    if (place.entries.size() == 1) {
        out += of_entry(*place.entries.front(), "        ", said);
    } else {
        out += "        <RequireAny>\n";
        for (const Entry* entry : place.entries)
            out += "            <RequireAll>\n" + of_entry(*entry, "                ", said) +
                   "            </RequireAll>\n";
        out += "        </RequireAny>\n";
    }
    return out + "    </RequireAll>\n";
}

// The whole host first: a later section takes the place of what an earlier one requires.
std::string sections_of(const Order& order, const std::vector<Stretch>& places, Said& said) {
    std::string out = "OAuth2Cache shm " + argument("name=" + plain_name(order)) + "\n";
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        out += "<Location " + argument(place->path.empty() ? "/" : place->path) + ">\n";
        if (place->path.empty())
            out += "    AuthType oauth2\n" + keys_of(order) +
                   "    OAuth2TargetPass \"envvars=true&prefix=OAUTH2_CLAIM_&remote_user_claim=sub\"\n";
        out += of_place(order, *place, said) + "</Location>\n";
    }
    return out;
}

Status check(const Order& order) {
    if (auto known = check_algorithms(order, "mod_oauth2", knows); !known) return tl::unexpected(known.error());
    auto value = unwritable(order, is_writable);
    if (!value && !order.keys_url.empty() && !is_writable(order.keys_url)) value = order.keys_url;
    if (value)
        return cannot(order, "Apache cannot be given the value \"" + escape_text(*value) + "\"",
                      "choose one that is not empty and has neither control characters nor \"${\"");
    if (wants_no_audience(order))
        return cannot(order, "an audience must be named for it to be looked at", "let the domain have one: audiences");
    return {};
}

bool needs_sub(const Path& path) {
    const auto rules = further_rules(path);
    return std::any_of(rules.begin(), rules.end(), [](const ClaimRule* rule) {
        return rule->path == std::vector<std::string>{"sub"} && !rule->absent_ok && rule->test != ClaimTest::absent;
    });
}

} // namespace

Result<Exported> write_apache(const Order& order) {
    if (const Status good = check(order); !good) return fail(good.error());
    const auto places = places_of(order);
    if (!places) return tl::unexpected(places.error());
    const Path& path = own_path(order.entries.front());
    Said said;
    const std::string sections = sections_of(order, *places, said);
    Exported out;
    out.losses = losses_of(order, {.further_audiences = true,
                                   .expiry = true,
                                   .issued_at = true,
                                   .domain = said.domain,
                                   .scopes = said.scopes,
                                   .claims = said.claims,
                                   .leeway = std::max(path.time.leeway, kLeeway),
                                   .reading = kReading});
    out.losses.push_back({"algorithms", "a token may be signed with any that fits the key"});
    if (path.audience.subset_of && path.audience.subset_of->size() > 1)
        out.losses.push_back({"audience", "a token for several of the domain's audiences at once is refused here"});
    if (!needs_sub(path)) out.losses.push_back({"claims", "a token without sub is refused here"});
    add_refusals(order, out.losses);
    out.text = comments(order, out.losses, "#") + sections;
    return out;
}

} // namespace jwtdomain::gateway
