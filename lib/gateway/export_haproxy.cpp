// For HAProxy 2.5 and later: a frontend whose rules refuse what the policy does. What it looks at and what not, as
// found by running 2.6: see haproxy.cpp.
//
// The token's own header never chooses how it is verified: each algorithm is named, and asked for in the header as
// well. A value of the policy stands in single quotes and behind "--", so that it can be neither an option nor a
// directive. A negative number is read as something else after gt and lt, so that none is written: the leeway is taken
// off the time of day. Lists cannot be seen by jwt_payload_query: aud must be a string, as our issuer writes one
// audience. So must scopes.
#include <algorithm>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"
#include "jwtdomain/gateway/haproxy_rules.h"
#include "jwtdomain/gateway/places.h"
#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain::gateway {
namespace {

using accept::ClaimRule;
using accept::Entry;
using accept::Path;
using namespace haproxy_rules;

constexpr const char* kReading =
    "neither is a kid, or text behind a NUL; numbers are compared as C prints them; aud and scopes as a list are "
    "refused, be it of one, and so is an exp, nbf or iat within another claim that is no number";

bool knows(Algorithm algorithm) {
    const Family family = info(algorithm).family;
    return family == Family::rsa_pkcs1 || (family == Family::ecdsa && algorithm != Algorithm::ES256K);
}

std::string key_path(const Order& order, const std::string& name) {
    return order.key_directory + (order.key_directory.ends_with('/') ? "" : "/") + name;
}

// Which keys the signature may be of, by algorithm: an acl of several lines holds if one of them does.
Status add_keys(const Order& order, Rules& rules, Exported& out) {
    std::vector<std::string> alternatives;
    bool lost = false;
    std::size_t number = 0;
    for (const accept::KeyUse& use : own_path(order.entries.front()).signing.keys) {
        const auto* key = std::get_if<PublicKey>(&use.key);
        if (key == nullptr) continue;
        auto pem = write_public_key(*key, {}, KeyFormat::pem);
        if (!pem) return fail(pem.error());
        const std::string name = plain_name(order) + "-" + std::to_string(++number) + ".pem";
        bool used = false;
        for (const Algorithm algorithm : use.algorithms) {
            const std::string word(info(algorithm).name);
            if (!knows(algorithm)) {
                lost = true;
                continue;
            }
            used = true;
            if (rules.define("is_" + word, "http_auth_bearer,jwt_header_query('$.alg') -m str --", {word}))
                alternatives.push_back("is_" + word + " by_" + word);
            rules.line("acl by_" + word + " http_auth_bearer,jwt_verify(" + word + "," + key_path(order, name) + ") 1");
        }
        if (!used) {
            const bool none = use.algorithms.empty();
            return unknown_algorithm(order, "HAProxy", none ? "algorithm of a key" : info(use.algorithms[0]).name);
        }
        out.key_files.push_back({name, std::move(*pem)});
    }
    if (lost)
        out.losses.push_back({"algorithms", "tokens in an algorithm that HAProxy does not know are refused here"});
    rules.deny_unless(alternatives);
    return {};
}

void add_header(const Path& path, Rules& rules) {
    if (path.type.any) return;
    rules.define("of_type", "http_auth_bearer,jwt_header_query('$.typ') -m str --", spellings(path.type.allowed));
    if (!path.type.absent_ok) return rules.deny_unless({"of_type"});
    rules.line("acl has_type http_auth_bearer,jwt_header_query('$.typ') -m found");
    rules.deny_unless({"of_type", "!has_type"});
}

void add_times(const Path& path, Rules& rules) {
    const accept::TimeRule& time = path.time;
    const std::string leeway = std::to_string(time.leeway);
    for (const char* name : {"exp", "nbf", "iat"})
        rules.line(std::string("http-request set-var(txn.jwt_") + name + ") http_auth_bearer,jwt_payload_query('$." +
                   name + "','int')");
    rules.line("acl time_is_no_number http_auth_bearer," + std::string(kClaimsText) + " -m reg '" +
               std::string(kNoTime) + "'");
    rules.deny_if("time_is_no_number");
    rules.line("http-request set-var(txn.jwt_now) date()");
    rules.line("http-request set-var(txn.jwt_then) date(-" + leeway + ")");
    rules.line("acl exp_is_positive var(txn.jwt_exp) -m int gt 0");
    rules.line("acl exp_is_ahead var(txn.jwt_exp),sub(txn.jwt_then) -m int gt 0");
    rules.deny_unless({"exp_is_positive exp_is_ahead"});
    if (time.not_before) {
        rules.line("acl nbf_is_ahead var(txn.jwt_nbf),sub(txn.jwt_now) -m int gt " + leeway);
        rules.deny_if("nbf_is_ahead");
    }
    if (time.issued_at) {
        rules.line("acl iat_is_ahead var(txn.jwt_iat),sub(txn.jwt_now) -m int gt " + leeway);
        rules.deny_if("iat_is_ahead");
    }
    if (time.longest_remaining) {
        rules.line("acl ends_soon var(txn.jwt_exp),sub(txn.jwt_now) -m int le " +
                   std::to_string(*time.longest_remaining));
        rules.deny_unless({"ends_soon"});
    }
    if (time.longest_life) {
        rules.line("acl life_begins var(txn.jwt_exp),sub(txn.jwt_iat) -m int ge 0");
        rules.line("acl life_ends var(txn.jwt_exp),sub(txn.jwt_iat) -m int le " + std::to_string(*time.longest_life));
        rules.deny_unless({"life_begins life_ends"});
    }
}

// False: that cannot be said.
bool add_claim(const ClaimRule& rule, std::size_t number, Rules& rules) {
    const auto query = query_of(rule.path);
    if (!query) return false;
    const std::string name = "claim_" + std::to_string(number), has = "has_" + name;
    const std::string fetch = "http_auth_bearer,jwt_payload_query('" + *query + "')";
    const bool listed = rule.test == accept::ClaimTest::in && rule.shape == accept::ClaimShape::scalar &&
                        !rule.values.any && rule.values.patterns.empty() && !rule.values.exact.empty();
    if (!listed && rule.test != accept::ClaimTest::present) return false;
    if (rule.absent_ok) return false; // a list would pass as absent
    if (rule.test == accept::ClaimTest::present) {
        rules.line("acl " + has + " " + fetch + " -m found");
        rules.deny_unless({has});
        return true;
    }
    rules.define(name, fetch + " -m str --", rule.values.exact);
    rules.deny_unless({name});
    return true;
}

struct Said {
    bool domain = true, claims = true, scopes = true;
};

// What all requests need but the audience and scopes.
void add_claims(const Path& path, Rules& rules, Said& said) {
    if (!path.issuer.allowed.any) {
        rules.define("of_issuer", "http_auth_bearer,jwt_payload_query('$.iss') -m str --", path.issuer.allowed.exact);
        rules.deny_unless({"of_issuer"});
    }
    std::size_t number = 0;
    if (const ClaimRule* domain = domain_rule(path)) said.domain = add_claim(*domain, ++number, rules);
    for (const ClaimRule* rule : further_rules(path)) said.claims = add_claim(*rule, ++number, rules) && said.claims;
}

// One request of a place: "at_1 method_1 aud_1 scope_1".
std::string conditions_of(const Entry& entry, const std::string& at, Rules& rules, Said& said) {
    std::string out = at;
    const auto also = [&](const std::string& name) { out += (out.empty() ? "" : " ") + name; };
    if (!entry.methods.empty()) also(rules.name_of("method", "method -m str --", entry.methods));
    const Path& path = own_path(entry);
    if (!path.audience.any)
        also(rules.name_of("aud", "http_auth_bearer,jwt_payload_query('$.aud') -m str --", path.audience.any_of.exact));
    const ClaimRule* const scopes = scope_rule(path);
    if (scopes == nullptr) return out;
    const auto query = query_of(scopes->path);
    constexpr std::size_t kMostWords = 40; // of the 64 that a line may have
    if (!query || scopes->values.exact.size() > kMostWords) {
        said.scopes = false;
        return out;
    }
    for (const std::string& scope : scopes->values.exact)
        also(rules.name_of("scope", "http_auth_bearer,jwt_payload_query('" + *query + "') -m reg --",
                           {"(^| )" + accept::quote_regex(scope) + "( |$)"}));
    return out;
}

void add_places(const std::vector<Stretch>& places, Rules& rules, Said& said) {
    if (places.size() > 1) { // in another spelling a path would be taken for another place
        rules.line("acl path_is_odd path -m sub -- % // /. '\\' ';'");
        rules.deny_if("path_is_odd", 400);
    }
    for (const Stretch& place : places) {
        const bool last = place.path.empty();
        const std::string at =
            last ? "" : rules.name_of("at", "path -m reg --", {"^" + accept::quote_regex(place.path) + "(/|$)"});
        std::vector<std::string> ways;
        for (const Entry* entry : place.entries) ways.push_back(conditions_of(*entry, at, rules, said));
        if (last) {
            rules.deny_unless(ways, 403);
            continue;
        }
        for (const std::string& way : ways) rules.line("http-request allow if " + way);
        rules.deny_if(at, 403);
    }
}

bool is_safe_path(const std::string& path) {
    return std::all_of(path.begin(), path.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-+@~").find(c) != std::string_view::npos;
    });
}

Status check(const Order& order) {
    if (order.key_directory.empty())
        return fail(Fault::usage, "HAProxy reads keys from files: where will they lie?",
                    "--key-dir /etc/haproxy/keys, and --write-keys DIR for the files");
    if (!is_safe_path(order.key_directory))
        return fail(Fault::usage, "HAProxy cannot be given the directory \"" + escape_text(order.key_directory) + "\"",
                    "name one of letters, digits and /._-+@~ alone");
    if (const auto value = unwritable(order, is_writable))
        return cannot(order, "HAProxy cannot be given the value \"" + escape_text(*value) + "\"",
                      "choose one that is not empty and has no control characters");
    if (wants_no_audience(order))
        return cannot(order, "a list in aud is not seen by HAProxy, so that aud must be there",
                      "let the domain have one: audiences");
    return {};
}

std::string head_of(const Order& order) {
    return "# Give it a bind line, and a backend of that name. Rules of your own stand before these, or in the "
           "backend:\n"
           "# behind one that allows a request none is looked at.\n"
           "frontend " +
           plain_name(order) + "\n    mode http\n    default_backend " + plain_name(order) + "_services\n";
}

} // namespace

Result<Exported> write_haproxy(const Order& order) {
    if (const Status good = check(order); !good) return fail(good.error());
    const auto places = places_of(order);
    if (!places) return tl::unexpected(places.error());
    const Path& path = own_path(order.entries.front());
    Exported out;
    Rules rules;
    Said said;
    if (const Status good = add_keys(order, rules, out); !good) return fail(good.error());
    add_header(path, rules);
    add_claims(path, rules, said);
    add_times(path, rules);
    add_places(*places, rules, said);
    const auto losses = losses_of(order, {.type = true,
                                          .further_audiences = true,
                                          .expiry = true,
                                          .lifetime = true,
                                          .not_before = true,
                                          .issued_at = true,
                                          .domain = said.domain,
                                          .scopes = said.scopes,
                                          .claims = said.claims,
                                          .leeway = path.time.leeway,
                                          .reading = kReading});
    out.losses.insert(out.losses.end(), losses.begin(), losses.end());
    if (path.audience.subset_of && path.audience.subset_of->size() > 1)
        out.losses.push_back({"audience", "a token for several of the domain's audiences at once is refused here"});
    if (!order.keys_url.empty())
        out.losses.push_back({"keys", "they are those of today: HAProxy does not fetch " + order.keys_url});
    add_refusals(order, out.losses);
    out.text = comments(order, out.losses, "#") + head_of(order) + rules.text();
    return out;
}

} // namespace jwtdomain::gateway
