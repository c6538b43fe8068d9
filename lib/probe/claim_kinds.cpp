// Kinds that change the claims. All are signed with the domain's own key.
#include <array>

#include "jwtdomain/probe/forge.h"

namespace jwtdomain::probe::detail {
namespace {

constexpr Seconds kHour = 3600, kYear = 365 * 24 * kHour;

Result<std::string> with(const Forge& f, const char* name, Json value) {
    Json claims = f.claims;
    claims[name] = std::move(value);
    return f.resign(claims);
}

Result<std::string> without(const Forge& f, const std::string& name) {
    Json claims = f.claims;
    if (name.empty() || claims.erase(name) == 0)
        return lacks("the control has no " + (name.empty() ? "such claim" : name));
    return f.resign(claims);
}

std::string text_of(const Forge& f, const char* name) {
    const auto found = f.claims.find(name);
    return found != f.claims.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string or_else(const std::string& text, const char* other) { return text.empty() ? other : text; }
std::string foreign_issuer(const Forge& f) {
    return or_else(f.control().foreign_issuer, "https://issuer.attacker.example");
}
std::string foreign_audience(const Forge& f) {
    return or_else(f.control().foreign_audience, "https://api.attacker.example");
}

Json audiences(const Forge& f) {
    const auto found = f.claims.find("aud");
    if (found == f.claims.end()) return Json::array();
    return found->is_array() ? *found : Json::array({*found});
}

Result<std::string> one_audience_changed(const Forge& f, const char* end) {
    const Json all = audiences(f);
    if (all.empty() || !all[0].is_string()) return lacks("the control has no aud");
    return with(f, "aud", all[0].get<std::string>() + end);
}

// The claim twice: what stands first, and what stands last.
Result<std::string> twice(const Forge& f, const char* name, const std::string& first, const std::string& last) {
    if (!f.claims.contains(name)) return lacks(std::string("the control has no ") + name);
    Json rest = f.claims;
    rest.erase(name);
    const std::string claim = Json(name).dump() + ":";
    std::string text = rest.dump();
    const std::string comma = text == "{}" ? "" : ",";
    text = "{" + claim + Json(first).dump() + comma + text.substr(1, text.size() - 2) + "," + claim +
           Json(last).dump() + "}";
    return f.sign_text(f.header.dump(), text);
}

struct Entry {
    std::string_view name;
    Maker make;
};

// clang-format off
constexpr std::array kMakers{
    Entry{"iss-foreign", [](const Forge& f) { return with(f, "iss", foreign_issuer(f)); }},
    Entry{"iss-absent", [](const Forge& f) { return without(f, "iss"); }},
    Entry{"iss-slash", [](const Forge& f) { return with(f, "iss", text_of(f, "iss") + "/"); }},
    Entry{"iss-longer", [](const Forge& f) { return with(f, "iss", text_of(f, "iss") + ".attacker.example"); }},
    Entry{"iss-list", [](const Forge& f) { return with(f, "iss", Json::array({foreign_issuer(f), text_of(f, "iss")})); }},
    Entry{"iss-twice-own-last", [](const Forge& f) { return twice(f, "iss", foreign_issuer(f), text_of(f, "iss")); }},
    Entry{"iss-twice-own-first", [](const Forge& f) { return twice(f, "iss", text_of(f, "iss"), foreign_issuer(f)); }},
    Entry{"aud-foreign", [](const Forge& f) { return with(f, "aud", foreign_audience(f)); }},
    Entry{"aud-absent", [](const Forge& f) { return without(f, "aud"); }},
    Entry{"aud-empty", [](const Forge& f) { return with(f, "aud", Json::array()); }},
    Entry{"aud-slash", [](const Forge& f) { return one_audience_changed(f, "/"); }},
    Entry{"aud-longer", [](const Forge& f) { return one_audience_changed(f, ".attacker.example"); }},
    Entry{"aud-both", [](const Forge& f) {
        Json all = audiences(f);
        all.push_back(foreign_audience(f));
        return with(f, "aud", all);
    }},
    Entry{"aud-list", [](const Forge& f) -> Result<std::string> {
        const auto found = f.claims.find("aud");
        if (found == f.claims.end()) return lacks("the control has no aud");
        if (found->is_string()) return with(f, "aud", Json::array({*found}));
        return found->size() == 1 ? with(f, "aud", (*found)[0]) : lacks("the control has several audiences");
    }},
    Entry{"exp-absent", [](const Forge& f) { return without(f, "exp"); }},
    Entry{"exp-past", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now - 2 * kHour;
        claims["exp"] = f.control().now - kHour;
        claims.erase("nbf");
        return f.resign(claims);
    }},
    Entry{"exp-just-past", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now - 360;
        claims["exp"] = f.control().now - 300;
        claims.erase("nbf");
        return f.resign(claims);
    }},
    Entry{"exp-negative", [](const Forge& f) { return with(f, "exp", -1); }},
    Entry{"exp-text", [](const Forge& f) { return with(f, "exp", std::to_string(f.control().now + 60)); }},
    Entry{"exp-far", [](const Forge& f) { return with(f, "exp", f.control().now + kYear); }},
    Entry{"nbf-soon", [](const Forge& f) { return with(f, "nbf", f.control().now + 30); }},
    Entry{"nbf-ahead", [](const Forge& f) {
        Json claims = f.claims;
        claims["nbf"] = f.control().now + 240;
        claims["exp"] = f.control().now + 300;
        return f.resign(claims);
    }},
    Entry{"iat-ahead", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now + kHour;
        claims["exp"] = f.control().now + kHour + 60;
        return f.resign(claims);
    }},
    Entry{"domain-foreign", [](const Forge& f) -> Result<std::string> {
        const std::string& name = f.control().domain_claim;
        if (name.empty() || !f.claims.contains(name)) return lacks("the control has no domain claim");
        return with(f, name.c_str(), or_else(f.control().foreign_domain, "attacker"));
    }},
    Entry{"domain-absent", [](const Forge& f) { return without(f, f.control().domain_claim); }},
    Entry{"scope-absent", [](const Forge& f) { return without(f, f.control().scope_claim); }},
    Entry{"scope-other", [](const Forge& f) -> Result<std::string> {
        const std::string& name = f.control().scope_claim;
        if (name.empty() || !f.claims.contains(name)) return lacks("the control has no scope");
        return with(f, name.c_str(), "jwtdomain:no-such-scope");
    }},
    Entry{"sub-absent", [](const Forge& f) { return without(f, "sub"); }},
    Entry{"jti-absent", [](const Forge& f) { return without(f, "jti"); }},
    Entry{"iat-absent", [](const Forge& f) { return without(f, "iat"); }},
};
// clang-format on

} // namespace

Maker claim_maker(std::string_view name) {
    for (const Entry& entry : kMakers) {
        if (entry.name == name) return entry.make;
    }
    return nullptr;
}

} // namespace jwtdomain::probe::detail
