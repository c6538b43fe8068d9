#include "jwtdomain/policy/issuance.h"

#include <algorithm>
#include <array>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/policy/issuance_claims.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::policy {
namespace {

using issuance::listed;
using issuance::quoted;

constexpr std::size_t kMaxClaims = 512u << 10; // a token with its header stays below what verifiers read

bool contains(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool allows(const Allowed& allowed, const std::vector<std::string>& own, std::string_view value) {
    switch (allowed.kind) {
    case Allowed::Kind::any: return true;
    case Allowed::Kind::own: return contains(own, value);
    case Allowed::Kind::list: return contains(allowed.values, value);
    }
    return false;
}

Status check_text(const char* what, std::string_view text) {
    if (text.empty()) return fail(Fault::usage, std::string("the ") + what + " is empty");
    if (find_invalid_utf8(text) != std::string_view::npos)
        return fail(Fault::usage, std::string("the ") + what + " is not UTF-8");
    return {};
}

Result<const Client*> find_client(const Domain& domain, const IssueRequest& request) {
    if (!request.client) return nullptr;
    const auto found = domain.clients.find(*request.client);
    if (found == domain.clients.end()) {
        std::vector<std::string> names;
        for (const auto& [name, client] : domain.clients) names.push_back(name);
        const std::string_view near = nearest(*request.client, names);
        std::string hint = "it has " + listed(names);
        if (names.empty())
            hint = "add it to clients: in the domain's file";
        else if (!near.empty())
            hint = "did you mean " + std::string(near) + "?";
        return fail(Fault::usage, "the domain " + domain.name + " has no client " + quoted(*request.client),
                    std::move(hint));
    }
    if (found->second.disabled)
        return fail(Fault::usage, "the client " + quoted(*request.client) + " of " + domain.name + " is disabled");
    return &found->second;
}

// What may be in `aud` for that client. With `any`, the domain's own stand for it.
std::vector<std::string> allowed_audiences(const Domain& domain, const Client* client) {
    std::vector<std::string> out =
        domain.issue.audiences.kind == Allowed::Kind::list ? domain.issue.audiences.values : domain.audiences;
    if (client && client->audiences) {
        const bool any = domain.issue.audiences.kind == Allowed::Kind::any;
        std::vector<std::string> narrowed;
        for (const std::string& value : *client->audiences) {
            if (any || contains(out, value)) narrowed.push_back(value);
        }
        out = std::move(narrowed);
    }
    return out;
}

Result<std::vector<std::string>> default_audience(const Domain& domain, const std::vector<std::string>& allowed) {
    std::vector<std::string> own;
    for (const std::string& value : allowed) {
        if (contains(domain.audiences, value)) own.push_back(value);
    }
    if (own.size() == 1) return own;
    if (own.empty() && domain.audience_optional) return own;
    if (own.empty())
        return fail(Fault::usage, "no audience of " + domain.name + " is allowed here",
                    "name one: --audience, of " + listed(allowed));
    return fail(Fault::usage, domain.name + " has several audiences: name the one that the token is for",
                "--audience with one of " + listed(own));
}

Status check_audience(const Domain& domain, const Client* client, const std::vector<std::string>& allowed,
                      const std::string& value) {
    if (const Status good = check_text("audience", value); !good) return good;
    const bool any = domain.issue.audiences.kind == Allowed::Kind::any && !(client && client->audiences);
    if (any || contains(allowed, value)) return {};
    const std::string whose = client && client->audiences ? "the client's" : "what " + domain.name + " may issue";
    return fail(Fault::usage, "the audience " + quoted(value) + " is not among " + whose,
                did_you_mean(value, allowed) + "allowed: " + listed(allowed));
}

// Gives the values of aud, and whether the domain itself would take them.
Result<std::vector<std::string>> choose_audiences(const Domain& domain, const Client* client,
                                                  const IssueRequest& request, bool& for_home) {
    const std::vector<std::string> allowed = allowed_audiences(domain, client);
    if (request.audiences.empty()) return default_audience(domain, allowed);
    std::vector<std::string> out;
    bool own = false;
    std::string foreign;
    for (const std::string& value : request.audiences) {
        if (const Status good = check_audience(domain, client, allowed, value); !good)
            return tl::unexpected(good.error());
        if (contains(out, value)) return fail(Fault::usage, "the audience " + quoted(value) + " is given twice");
        out.push_back(value);
        if (contains(domain.audiences, value))
            own = true;
        else if (!contains(domain.neutral_audiences, value))
            foreign = value;
    }
    if (own && !foreign.empty()) {
        return fail(Fault::usage,
                    "a token for " + domain.name + " and for " + quoted(foreign) +
                        " at once would be accepted by neither",
                    "issue one token for each");
    }
    if (!own && !foreign.empty() && out.size() > 1) {
        return fail(Fault::usage, "a token for another domain has that one audience", "issue one token for each");
    }
    for_home = own || (domain.audience_optional && foreign.empty());
    if (!for_home && foreign.empty()) {
        return fail(Fault::usage, "only neutral audiences: such a token is for nobody",
                    "add one of " + listed(domain.audiences));
    }
    return out;
}

Result<std::vector<std::string>> choose_scopes(const Domain& domain, const Client* client,
                                               const IssueRequest& request) {
    std::vector<std::string> out;
    for (const std::string& words : request.scopes) {
        for (const std::string& scope : issuance::split_words(words)) {
            if (!contains(out, scope)) out.push_back(scope);
        }
        if (issuance::split_words(words).empty()) return fail(Fault::usage, "the scope is empty");
    }
    if (!out.empty() && domain.scope_claim.empty()) return fail(Fault::usage, domain.name + " has no claim for scopes");
    for (const std::string& scope : out) {
        if (!is_scope(scope))
            return fail(Fault::usage, quoted(scope) + " is not a scope: printable ASCII without '\"' and '\\'");
        const std::vector<std::string>* list = nullptr;
        if (!allows(domain.issue.scopes, {}, scope))
            list = &domain.issue.scopes.values;
        else if (client && client->scopes && !contains(*client->scopes, scope))
            list = &*client->scopes;
        if (list == nullptr) continue;
        const std::string who =
            list == &domain.issue.scopes.values ? domain.name : "the client " + quoted(*request.client);
        return fail(Fault::usage, "the scope " + quoted(scope) + " is not among those of " + who,
                    did_you_mean(scope, *list) + "allowed: " + listed(*list));
    }
    return out;
}

Status choose_times(const Domain& domain, const IssueRequest& request, Time now, ClaimsPlan& plan) {
    const Seconds longest = std::min(domain.issue.lifetime.value_or(domain.lifetime), domain.lifetime);
    const Seconds life = request.lifetime.value_or(longest);
    if (life <= 0) return fail(Fault::usage, "a token that lives for no time at all");
    if (life > longest) {
        return fail(Fault::usage, "a life of " + format_duration(life) + " is longer than " + domain.name + " allows",
                    "at most --ttl " + format_duration(longest));
    }
    plan.issued = now;
    plan.expires = now + life;
    if (request.not_before && *request.not_before >= plan.expires) {
        return fail(Fault::usage,
                    "the token would be over (" + format_time(plan.expires) + ") before it begins (" +
                        format_time(*request.not_before) + ")",
                    "its life counts from now, and " + domain.name + " allows " + format_duration(longest) +
                        ": mint it later");
    }
    return {};
}

// Everything that stands before jti: what the policy and the request's own options say.
std::vector<issuance::Placed> policy_claims(const Domain& domain, const IssueRequest& request,
                                            const std::vector<std::string>& audiences,
                                            const std::vector<std::string>& scopes, const ClaimsPlan& plan) {
    std::vector<issuance::Placed> out;
    const auto text = [&](std::vector<std::string> path, std::string_view value) {
        out.push_back({std::move(path), json::quote(value)});
    };
    const auto number = [&](const char* name, std::int64_t value) { out.push_back({{name}, std::to_string(value)}); };
    if (!domain.issuer.empty()) text({"iss"}, domain.issuer);
    if (request.subject) text({"sub"}, *request.subject);
    if (!audiences.empty()) out.push_back({{"aud"}, issuance::one_or_list(audiences)});
    if (!domain.domain_claim.empty()) text(issuance::claim_path(domain.domain_claim), domain.domain_value);
    if (request.client) text({"client_id"}, *request.client);
    if (request.family) text({"family"}, *request.family);
    if (request.key_thumbprint) text({"cnf", "jkt"}, *request.key_thumbprint);
    if (!scopes.empty()) text(issuance::claim_path(domain.scope_claim), issuance::join_words(scopes));
    number("iat", plan.issued);
    if (request.not_before) number("nbf", *request.not_before);
    number("exp", plan.expires);
    return out;
}

// Nothing but what is written here, and all that is required: then the last look would only see that again.
bool is_plain(const Domain& domain, const IssueRequest& request) {
    static constexpr std::array<std::string_view, 10> kRegistered{"iss", "aud", "exp",       "iat",    "jti",
                                                                  "sub", "nbf", "client_id", "family", "cnf"};
    constexpr std::size_t kAlways = 6; // the first of them are in every token with a subject
    const auto among = [](std::size_t count) {
        return [count](const std::string& name) {
            return std::find(kRegistered.begin(), kRegistered.begin() + count, name) != kRegistered.begin() + count;
        };
    };
    const auto simple = [&](const std::string& name) {
        return name.substr(0, 1) != "/" && !among(kRegistered.size())(name);
    };
    return request.subject && request.claims.empty() && domain.match.empty() &&
           domain.sender_constraint == SenderConstraint::none && simple(domain.domain_claim) &&
           simple(domain.scope_claim) && domain.domain_claim != domain.scope_claim &&
           std::all_of(domain.required.begin(), domain.required.end(), among(kAlways));
}

// What the caller may not give, where it is ours to say.
Status check_own_claims(const Domain& domain, const IssueRequest& request) {
    const auto taken = [&](bool ours, std::string_view name) {
        if (!ours) return false;
        const auto same = [&](const RawMember& claim) { return claim.name == name; };
        const bool carries = issuance::claim_path(domain.domain_claim).front() == name ||
                             (!domain.scope_claim.empty() && issuance::claim_path(domain.scope_claim).front() == name);
        return carries || std::any_of(request.claims.begin(), request.claims.end(), same);
    };
    if (taken(request.family.has_value(), "family"))
        return fail(Fault::usage, "the claim \"family\" names the family of the refresh token here",
                    "use another name for a claim of your own");
    if (taken(request.key_thumbprint.has_value(), "cnf"))
        return fail(Fault::usage, "the claim \"cnf\" names the client's key here", "drop --claim cnf, or --dpop-key");
    return {};
}

// The last look: the text is what a strict verifier reads, and has what the domain requires.
Status check_result(const Domain& domain, const IssueRequest& request, const ClaimsPlan& plan) {
    if (plan.before.size() + plan.after.size() > kMaxClaims)
        return fail(Fault::limit, "the claims are longer than " + std::to_string(kMaxClaims) + " octets");
    if (is_plain(domain, request)) return {};
    std::string text;
    plan.append(text, "AAAAAAAAAAAAAAAAAAAAAA");
    json::Document document;
    if (const json::Problem problem = document.parse(text)) {
        if (problem.defect == json::Defect::too_deep)
            return fail(Fault::limit,
                        "the claims are nested too deeply: at most " + std::to_string(json::Limits{}.depth));
        return fail(Fault::internal, "the claims came out malformed");
    }
    return issuance::check_required(domain, document.root());
}

} // namespace

void ClaimsPlan::append(std::string& out, std::string_view jti) const {
    out += before;
    out += jti;
    out += after;
}

Status require_own_issuer(const Domain& domain) {
    if (!domain.foreign) return {};
    return fail(Fault::unsupported,
                "the issuer of " + domain.name + " (" + domain.issuer +
                    ") is somebody else's: there is no private key here to sign with",
                "get a token from that issuer; for tests: jwtdomain issue --key FILE --claims JSON");
}

std::optional<std::string> token_type(const Domain& domain) {
    for (const std::string& type : domain.types) {
        if (type != "absent" && type != "any") return type;
    }
    if (contains(domain.types, "absent")) return std::nullopt;
    return "JWT";
}

Result<ClaimsPlan> plan_claims(const Domain& domain, const IssueRequest& request, Time now) {
    if (const Status own = require_own_issuer(domain); !own) return tl::unexpected(own.error());
    if (request.subject) {
        if (const Status good = check_text("subject", *request.subject); !good) return tl::unexpected(good.error());
        const auto listed = domain.issue.claims.find("sub");
        if (listed != domain.issue.claims.end() && listed->second.kind == Allowed::Kind::list &&
            !contains(listed->second.values, *request.subject))
            return fail(Fault::usage,
                        "the subject " + quoted(*request.subject) + " is not among those of " + domain.name,
                        "allowed: " + issuance::listed(listed->second.values));
    }
    const auto client = find_client(domain, request);
    if (!client) return tl::unexpected(client.error());
    ClaimsPlan plan;
    const auto audiences = choose_audiences(domain, *client, request, plan.for_home);
    if (!audiences) return tl::unexpected(audiences.error());
    const auto scopes = choose_scopes(domain, *client, request);
    if (!scopes) return tl::unexpected(scopes.error());
    if (const Status good = choose_times(domain, request, now, plan); !good) return tl::unexpected(good.error());
    if (const Status good = issuance::check_claims(domain, request.claims); !good) return tl::unexpected(good.error());
    if (const Status good = check_own_claims(domain, request); !good) return tl::unexpected(good.error());

    std::vector<issuance::Placed> placed = policy_claims(domain, request, *audiences, *scopes, plan);
    issuance::add_fixed_matches(domain, request.claims, placed);
    json::ObjectWriter writer(plan.before);
    for (const RawMember& member : issuance::nest(std::move(placed))) writer.raw(member.name, member.json);
    plan.before += ",\"jti\":\"";
    plan.after = "\"";
    for (const RawMember& member : request.claims) {
        plan.after += ',';
        json::append_string(plan.after, member.name);
        plan.after += ':' + member.json;
    }
    plan.after += '}';
    if (const Status good = check_result(domain, request, plan); !good) return tl::unexpected(good.error());
    plan.audiences = *audiences;
    plan.scopes = *scopes;
    return plan;
}

Result<IssueRequest> narrowed(const Domain& domain, IssueRequest request) {
    const auto client = find_client(domain, request);
    if (!client) return tl::unexpected(client.error());
    const Client* const who = *client;
    const std::vector<std::string> audiences = allowed_audiences(domain, who);
    const bool any = domain.issue.audiences.kind == Allowed::Kind::any && !(who && who->audiences);
    const auto keep = [&](std::vector<std::string>& list, const char* what, const auto& allowed) -> Status {
        const std::string before = list.empty() ? std::string() : listed(list);
        std::erase_if(list, [&](const std::string& value) { return !allowed(value); });
        if (before.empty() || !list.empty()) return {};
        return fail(Fault::usage,
                    "the policy of " + domain.name + " no longer allows any of the " + what + ": " + before);
    };
    const auto audience_good = [&](const std::string& value) { return any || contains(audiences, value); };
    const auto scope_good = [&](const std::string& scope) {
        return allows(domain.issue.scopes, {}, scope) && (!who || !who->scopes || contains(*who->scopes, scope));
    };
    if (const Status good = keep(request.audiences, "audiences", audience_good); !good)
        return tl::unexpected(good.error());
    if (const Status good = keep(request.scopes, "scopes", scope_good); !good) return tl::unexpected(good.error());
    return request;
}

} // namespace jwtdomain::policy
