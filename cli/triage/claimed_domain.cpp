#include "cli/triage/claimed_domain.h"

#include <algorithm>
#include <iterator>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::cli {
namespace {

bool carries_its_claim(const policy::Domain& domain, json::Value claims) {
    if (domain.domain_claim.empty()) return false;
    const auto path = policy::parse_claim_path(domain.domain_claim);
    const auto value = path ? accept::find_claim(claims, *path) : std::nullopt;
    return value && value->text() == domain.domain_value;
}

bool names_its_audience(const policy::Domain& domain, json::Value claims) {
    const auto is_one = [&](std::string_view value) {
        return std::find(domain.audiences.begin(), domain.audiences.end(), value) != domain.audiences.end();
    };
    const auto audience = claims.find("aud");
    if (!audience) return false;
    if (audience->is(json::Kind::string)) return is_one(audience->text());
    for (const json::Member& member : *audience) {
        if (is_one(member.value.text())) return true;
    }
    return false;
}

// Those of which it holds; all, if it holds of none.
template <class Holds> void narrow(std::vector<std::size_t>& domains, const Holds& holds) {
    std::vector<std::size_t> some;
    std::copy_if(domains.begin(), domains.end(), std::back_inserter(some), holds);
    if (!some.empty()) domains = std::move(some);
}

} // namespace

std::vector<std::size_t> claimed_domains(const audit::Estate& estate, const std::string& claims) {
    json::Document document;
    if (claims.empty() || document.parse(claims)) return {};
    const json::Value root = document.root();
    const auto issuer = root.find("iss");
    std::vector<std::size_t> out;
    for (std::size_t d = 0; issuer && d < estate.policy->domains.size(); ++d) {
        if (!estate.domain(d).issuer.empty() && issuer->text() == estate.domain(d).issuer) out.push_back(d);
    }
    narrow(out, [&](std::size_t d) { return carries_its_claim(estate.domain(d), root); });
    narrow(out, [&](std::size_t d) { return names_its_audience(estate.domain(d), root); });
    return out;
}

std::string claim_text(const std::string& claims, const std::string& name) {
    json::Document document;
    if (claims.empty() || document.parse(claims)) return {};
    const auto value = document.root().find(name);
    return value ? std::string(value->text()) : std::string();
}

} // namespace jwtdomain::cli
