#include "jwtdomain/audit/certificate.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "jwtdomain/audit/canonical.h"
#include "jwtdomain/audit/canonical_difference.h"
#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/vectors.h"
#include "jwtdomain/base/version.h"

namespace jwtdomain::audit {
namespace {

using canonical::Json;

constexpr std::string_view kFormat = "jwtdomain isolation certificate";
constexpr int kVersion = 1;
// Pairs of tokens and paths that share a key, or might: each is asked by itself, and stands in the certificate.
constexpr std::size_t kMostAsked = 2'000'000;

constexpr std::size_t kMostValues = 1u << 26;

using Domains = std::unordered_set<std::size_t>;

// What one service is proved to hold against.
struct Proved {
    Json json;
    std::set<std::size_t> except; // domains whose tokens were not shown to be kept out
    bool outsider = true;
};

class Maker {
public:
    Maker(const Estate& estate, Attacker against) : estate_(estate), against_(against) {
        const std::size_t domains = estate.policy->domains.size();
        for (std::size_t d = 0; d < domains; ++d) {
            if (!estate.keys[d].known()) unresolved_.push_back(d);
            for (const std::string& id : estate.keys[d].readings()) holders_[id].push_back(d);
            if (against == Attacker::outsider) continue;
            for (Mintable& tokens : everything_of(estate, d, against)) {
                by_issuer_[tokens.issuer].push_back(tokens_.size());
                by_holder_[tokens.holder].push_back(tokens_.size());
                tokens_.push_back(std::move(tokens));
            }
        }
    }

    Result<Proved> service(std::size_t index) {
        const Service& service = estate_.services[index];
        Proved out;
        Json paths = Json::array();
        for (const accept::Path& path : service.entry->paths) {
            auto proved = this->path(index, path, out);
            if (!proved) return tl::unexpected(proved.error());
            paths.push_back(std::move(*proved));
        }
        out.json["domain"] = estate_.name(service.domain);
        out.json["service"] = service.name;
        out.json["evidence"] = audit::name_of(service.evidence);
        out.json["paths"] = std::move(paths);
        out.json["except"] = Json::array();
        for (const std::size_t domain : out.except) out.json["except"].push_back(estate_.name(domain));
        return out;
    }

    Json tokens() const {
        Json out = Json::array();
        for (const Mintable& tokens : tokens_) out.push_back(canonical::json_of(tokens, estate_));
        return out;
    }

private:
    static Json json_of(const std::vector<Separator>& separators) {
        Json out = Json::array();
        for (const Separator& separator : separators)
            out.push_back(separator.claim.empty()
                              ? Json(name_of(separator.field))
                              : Json(std::string(name_of(separator.field)) + ":" + separator.claim));
        return out;
    }

    Result<Json> path(std::size_t service, const accept::Path& path, Proved& proved) {
        const std::size_t home = estate_.services[service].domain;
        const Check nobody = check(estate_, mintable(estate_.domain(home), home, Attacker::outsider), path);
        if (!nobody.separated()) proved.outsider = false;
        for (const Entered& each : estate_.entered->by_anybody) {
            if (!check(estate_, each.tokens, path).separated()) proved.outsider = false;
        }
        if (!estate_.entered->complete) proved.outsider = false;
        // Tokens whose keys are not among the path's for certain: separated by their keys, and not listed.
        std::map<std::pair<std::string, bool>, Json> groups;
        for (const std::size_t number : not_apart_by_keys(path)) {
            const Mintable& tokens = tokens_[number];
            if (tokens.holder == home) continue;
            if (++asked_ > kMostAsked)
                return fail(Fault::limit, "more than 2,000,000 pairs of domains and paths share a key",
                            "give each domain keys of its own: then they need not be listed");
            const Check answer = check(estate_, tokens, path, trust_edges(estate_, tokens.holder, service));
            if (!answer.separated()) {
                proved.except.insert(tokens.holder);
                continue;
            }
            const Json separators = json_of(answer.separators);
            Json& group = groups[{canonical::text_of(separators), answer.declared}];
            if (group.is_null())
                group = {{"by", separators}, {"but_for_trust_edges", answer.declared}, {"tokens", Json::array()}};
            group["tokens"].push_back(number);
        }
        Json apart = Json::array();
        for (auto& [key, group] : groups) apart.push_back(std::move(group));
        return Json{{"accepts", canonical::json_of(path)},
                    {"apart", std::move(apart)},
                    {"outsider_by", json_of(nobody.separators)}};
    }

    std::vector<std::size_t> not_apart_by_keys(const accept::Path& path) const {
        std::vector<std::size_t> out;
        const bool any = path.signing.source != accept::KeySource::keys;
        if (any) {
            for (std::size_t i = 0; i < tokens_.size(); ++i) out.push_back(i);
            return out;
        }
        Domains issuers(unresolved_.begin(), unresolved_.end());
        for (const std::string& id : estate_.path_keys.at(&path).readings()) {
            if (const auto found = holders_.find(id); found != holders_.end())
                issuers.insert(found->second.begin(), found->second.end());
        }
        const auto add = [&](const auto& index, std::size_t domain) {
            if (const auto found = index.find(domain); found != index.end())
                out.insert(out.end(), found->second.begin(), found->second.end());
        };
        for (const std::size_t issuer : issuers) add(by_issuer_, issuer);
        if (against_ == Attacker::hostile_issuer) {
            for (std::size_t d = 0; d < estate_.policy->domains.size(); ++d) {
                const auto& origins = path.signing.origins;
                if (std::any_of(origins.begin(), origins.end(),
                                [&](const accept::KeyOrigin& origin) { return controls(estate_.domain(d), origin); }))
                    add(by_holder_, d);
            }
        }
        sort_once(out);
        return out;
    }

    const Estate& estate_;
    Attacker against_;
    std::vector<Mintable> tokens_;
    std::unordered_map<std::string, std::vector<std::size_t>> holders_;
    std::unordered_map<std::size_t, std::vector<std::size_t>> by_issuer_, by_holder_;
    std::vector<std::size_t> unresolved_;
    std::size_t asked_ = 0;
};

Json json_of(const policy::TrustEdge& edge) {
    return {{"from", edge.from},
            {"to", edge.to},
            {"audience", edge.audience},
            {"scopes", edge.scopes},
            {"expires", format_time(edge.expires)}};
}

Json json_of(const policy::ExchangeEdge& edge) {
    return {{"from", edge.from},
            {"to", edge.to},
            {"audience", edge.audience},
            {"scopes", edge.scopes},
            {"kind", edge.kind}};
}

Json json_of(const Input& input, Time now) {
    Json out{{"path", input.path}, {"sha256", input.sha256}};
    if (!input.fetched) return out;
    out["fetched"] = format_time(*input.fetched);
    out["age"] = std::max<Seconds>(0, now - *input.fetched);
    return out;
}

Json not_covered(const Estate& estate, const Service& service, const char* why) {
    return {{"domain", estate.name(service.domain)}, {"service", service.name}, {"why", why}};
}

const char* word_of(Service::State state) {
    switch (state) {
    case Service::State::guarded: return "guarded";
    case Service::State::open: return "open";
    case Service::State::opaque: return "opaque";
    case Service::State::unguarded: return "no verifier";
    }
    return "";
}

using Excepted = std::set<std::size_t>; // domains

struct Built {
    Json json;
    std::map<std::size_t, Excepted> covered; // services that hold against all domains but these
    std::vector<std::size_t> refused;        // services that hold against nobody
};

Result<Built> build(const Estate& estate, Attacker against, std::vector<Input> inputs) {
    Built out;
    Maker maker(estate, against);
    Json services = Json::array(), rest = Json::array();
    Evidence weakest = Evidence::probed;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const Service& service = estate.services[s];
        weakest = std::min(weakest, service.evidence);
        if (service.state != Service::State::guarded) {
            rest.push_back(not_covered(estate, service, word_of(service.state)));
            continue;
        }
        if (believed_unsigned(service)) {
            rest.push_back(not_covered(estate, service, "it believes what nobody has signed"));
            continue;
        }
        if (refuses_own(estate, service)) {
            rest.push_back(not_covered(estate, service, "it refuses the tokens of its own domain"));
            continue;
        }
        auto proved = maker.service(s);
        if (!proved) return tl::unexpected(proved.error());
        proved->except.insert(service.domain); // nothing is said of its own tokens
        const bool alone = estate.policy->domains.size() == 1;
        if (!proved->outsider || (!alone && proved->except.size() == estate.policy->domains.size())) {
            rest.push_back(not_covered(estate, service, "not isolated"));
            out.refused.push_back(s);
            continue;
        }
        out.covered.emplace(s, std::move(proved->except));
        services.push_back(std::move(proved->json));
    }
    std::sort(inputs.begin(), inputs.end());
    Json files = Json::array();
    for (const Input& input : inputs) files.push_back(json_of(input, estate.now));
    std::optional<Time> expires;
    Json trust = Json::array(), exchange = Json::array(), keys = Json::object(), domains = Json::array();
    for (const policy::TrustEdge& edge : estate.policy->trust) {
        trust.push_back(json_of(edge));
        if (edge.expires > estate.now && (!expires || edge.expires < *expires)) expires = edge.expires;
    }
    for (const policy::ExchangeEdge& edge : estate.policy->exchange) exchange.push_back(json_of(edge));
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        domains.push_back(estate.name(d));
        Json& list = keys[estate.name(d)] = Json::array();
        for (const Jwk& key : estate.keys[d].keys) list.push_back(canonical::json_of(key));
    }
    const Population population = estate.population();
    out.json = {{"format", kFormat},
                {"version", kVersion},
                {"tool", {{"name", "jwtdomain"}, {"version", version()}}},
                {"as_of", format_time(estate.now)},
                {"expires", expires ? Json(format_time(*expires)) : Json()},
                {"against", name_of(against)},
                {"population", {{"read", population.read}, {"all", population.all}}},
                {"inputs", files},
                {"domains", domains},
                {"keys", keys},
                {"trust", trust},
                {"exchanges", exchange},
                {"tokens", maker.tokens()},
                {"services", services},
                {"not_covered", rest},
                {"assumptions", assumptions(weakest, population, estate.now)}};
    return out;
}

tl::unexpected<Error> disagreement(const Estate& estate, std::size_t source, std::size_t service, const char* what) {
    return fail(Fault::internal,
                "the proof and its certificate disagree about " + estate.name(source) + " and " +
                    estate.services[service].name + ": " + what,
                "believe neither, and report this with the policy");
}

// Whatever the prover listed for an attacker that counts must be excepted, and what is excepted it must have listed.
Status agree(const Estate& estate, const Findings& findings, Attacker against, const Built& built) {
    std::map<std::size_t, std::set<std::size_t>> listed; // sources by service
    for (const Crossing& crossing : findings.crossings) {
        if (crossing.attacker > against) continue;
        for (const std::size_t service : crossing.services) {
            if (built.covered.count(service) != 0)
                listed[service].insert(crossing.sources.begin(), crossing.sources.end());
        }
    }
    for (const std::size_t service : built.refused) {
        const std::size_t home = estate.services[service].domain;
        const bool known = std::any_of(findings.crossings.begin(), findings.crossings.end(), [&](const Crossing& each) {
            return each.attacker <= against && std::binary_search(each.services.begin(), each.services.end(), service);
        });
        if (!known) return disagreement(estate, home, service, "the prover found nothing, and no separator was found");
    }
    for (const auto& [service, except] : built.covered) {
        const std::size_t home = estate.services[service].domain;
        const std::set<std::size_t>& sources = listed[service];
        for (const std::size_t source : sources) {
            if (source != home && except.count(source) == 0)
                return disagreement(estate, source, service, "the prover has a crossing that is not excepted");
        }
        for (const std::size_t source : except) {
            if (source != home && sources.count(source) == 0)
                return disagreement(estate, source, service, "the prover found nothing, and no separator was found");
        }
    }
    return {};
}

// What can be read in it without believing any of it.
std::optional<Certificate> summary_of(const Json& json) {
    Certificate out;
    try {
        const auto against = find_attacker(json.at("against").get<std::string>());
        const auto as_of = parse_time(json.at("as_of").get<std::string>());
        if (!against || !as_of) return std::nullopt;
        out.against = *against;
        out.as_of = *as_of;
        if (!json.at("expires").is_null()) {
            const auto expires = parse_time(json.at("expires").get<std::string>());
            if (!expires) return std::nullopt;
            out.expires = *expires;
        }
        out.domains = json.at("domains").size();
        for (const Json& service : json.at("services"))
            out.services.push_back({.domain = service.at("domain").get<std::string>(),
                                    .name = service.at("service").get<std::string>(),
                                    .paths = service.at("paths").size(),
                                    .except = service.at("except").get<std::vector<std::string>>()});
    } catch (const Json::exception&) { // a member is missing, or of another type
        return std::nullopt;
    }
    return out;
}

} // namespace

std::vector<std::string> assumptions(Evidence weakest, const Population& population, Time as_of) {
    return {weakest == Evidence::policy
                ? "what guards each resource accepts no more than the policy says of it"
                : "what is deployed is what was read, and guards all of its domain where it names no "
                  "resource",
            "there is nothing else that takes tokens: " + std::to_string(population.read) + " of " +
                std::to_string(population.all) + " services were read",
            "keys are as in the key sets read, as of " + format_time(as_of),
            "private keys are held by their domain alone, and were made at random: only the likeliest others are tried",
            "signatures cannot be forged, and verifiers parse strictly but for what their dialect says",
            "each issuer mints no more than its issuance profile says",
            "exchanges of tokens are all declared",
            "trust edges that are declared are wanted",
            "what a service allows, it decides by verified claims only",
            "policies are lowered into acceptance paths without loss, which a checker does in the same way"};
}

Result<Certificate> certify(const Estate& estate, const Findings& findings, Attacker against,
                            std::vector<Input> inputs) {
    if (estate.policy_only)
        return fail(Fault::invalid, "a policy held against itself proves nothing about what guards the resources",
                    "declare the verifiers: jwtdomain explain policy");
    auto built = build(estate, against, std::move(inputs));
    if (!built) return tl::unexpected(built.error());
    if (auto same = agree(estate, findings, against, *built); !same) return tl::unexpected(same.error());
    if (built->covered.empty())
        return fail(Fault::invalid, "nothing is proved against " + std::string(name_of(against)) +
                                        ", so there is no certificate to write");
    auto out = *summary_of(built->json);
    out.text = canonical::text_of(built->json) + "\n";
    return out;
}

Result<Certificate> read_certificate(std::string_view text, const std::string& file) {
    if (text.size() > kMostCertificate) return fail(Fault::limit, file + " is too large for a certificate");
    const auto refuse = [&](const std::string& what) {
        return fail({.fault = Fault::invalid,
                     .message = what,
                     .where = {file, 0, 0},
                     .hint = "make one: jwtdomain audit --proof FILE"});
    };
    json::Document strict; // bounds the depth before anything recurses
    if (strict.parse(text, {.depth = 32, .values = kMostValues, .duplicates = json::Duplicates::reject}))
        return refuse("this is no certificate of isolation");
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", Json()) != kFormat)
        return refuse("this is no certificate of isolation");
    if (json.value("version", Json()) != kVersion)
        return refuse("a certificate of version " + canonical::shown(json.value("version", Json())) + " is not known");
    if (canonical::text_of(json) + "\n" != text)
        return refuse("it was changed after it was written: its octets are not the canonical ones");
    auto out = summary_of(json);
    if (!out) return refuse("this certificate is damaged: members are missing or of another type");
    out->text = text;
    return *out;
}

Result<std::vector<std::string>> refusals(const Certificate& certificate, const Estate& estate,
                                          std::vector<Input> inputs, Time now, std::size_t most) {
    std::vector<std::string> out;
    if (now < certificate.as_of) out.push_back("it is of " + format_time(certificate.as_of) + ", which is to come");
    if (certificate.expires && *certificate.expires <= now)
        out.push_back("it has ended with a trust edge, " + format_time(*certificate.expires));
    auto built = build(estate, certificate.against, std::move(inputs));
    if (!built) return tl::unexpected(built.error());
    if (certificate.text == canonical::text_of(built->json) + "\n") return out;
    const Json said = Json::parse(certificate.text, nullptr, false);
    for (std::string& difference : canonical::differences(said, built->json, most))
        out.push_back(std::move(difference));
    if (out.empty()) out.emplace_back("a number is written in another way"); // 1 and 1.0 are equal, and not the same
    if (out.size() > most) out.resize(most);
    return out;
}

} // namespace jwtdomain::audit
