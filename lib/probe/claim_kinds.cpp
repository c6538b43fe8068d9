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

// clang-format off
constexpr std::array kMakers{
    Maker{"iss-foreign", [](const Forge& f) { return with(f, "iss", foreign_issuer(f)); }},
    Maker{"iss-absent", [](const Forge& f) { return without(f, "iss"); }},
    Maker{"iss-slash", [](const Forge& f) { return with(f, "iss", text_of(f, "iss") + "/"); }},
    Maker{"iss-longer", [](const Forge& f) { return with(f, "iss", text_of(f, "iss") + ".attacker.example"); }},
    Maker{"iss-list", [](const Forge& f) { return with(f, "iss", Json::array({foreign_issuer(f), text_of(f, "iss")})); }},
    Maker{"iss-twice-own-last", [](const Forge& f) { return twice(f, "iss", foreign_issuer(f), text_of(f, "iss")); }},
    Maker{"iss-twice-own-first", [](const Forge& f) { return twice(f, "iss", text_of(f, "iss"), foreign_issuer(f)); }},
    Maker{"aud-foreign", [](const Forge& f) { return with(f, "aud", foreign_audience(f)); }},
    Maker{"aud-absent", [](const Forge& f) { return without(f, "aud"); }},
    Maker{"aud-empty", [](const Forge& f) { return with(f, "aud", Json::array()); }},
    Maker{"aud-slash", [](const Forge& f) { return one_audience_changed(f, "/"); }},
    Maker{"aud-longer", [](const Forge& f) { return one_audience_changed(f, ".attacker.example"); }},
    Maker{"aud-both", [](const Forge& f) {
        Json all = audiences(f);
        all.push_back(foreign_audience(f));
        return with(f, "aud", all);
    }},
    Maker{"aud-list", [](const Forge& f) -> Result<std::string> {
        const auto found = f.claims.find("aud");
        if (found == f.claims.end()) return lacks("the control has no aud");
        if (found->is_string()) return with(f, "aud", Json::array({*found}));
        return found->size() == 1 ? with(f, "aud", (*found)[0]) : lacks("the control has several audiences");
    }},
    Maker{"exp-absent", [](const Forge& f) { return without(f, "exp"); }},
    Maker{"exp-past", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now - 2 * kHour;
        claims["exp"] = f.control().now - kHour;
        claims.erase("nbf");
        return f.resign(claims);
    }},
    Maker{"exp-just-past", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now - 360;
        claims["exp"] = f.control().now - 300;
        claims.erase("nbf");
        return f.resign(claims);
    }},
    Maker{"exp-negative", [](const Forge& f) { return with(f, "exp", -1); }},
    Maker{"exp-text", [](const Forge& f) { return with(f, "exp", std::to_string(f.control().now + 60)); }},
    Maker{"exp-far", [](const Forge& f) { return with(f, "exp", f.control().now + kYear); }},
    Maker{"nbf-soon", [](const Forge& f) { return with(f, "nbf", f.control().now + 30); }},
    Maker{"nbf-ahead", [](const Forge& f) {
        Json claims = f.claims;
        claims["nbf"] = f.control().now + 240;
        claims["exp"] = f.control().now + 300;
        return f.resign(claims);
    }},
    Maker{"iat-ahead", [](const Forge& f) {
        Json claims = f.claims;
        claims["iat"] = f.control().now + kHour;
        claims["exp"] = f.control().now + kHour + 60;
        return f.resign(claims);
    }},
    Maker{"domain-foreign", [](const Forge& f) -> Result<std::string> {
        const std::string& name = f.control().domain_claim;
        if (name.empty() || !f.claims.contains(name)) return lacks("the control has no domain claim");
        return with(f, name.c_str(), or_else(f.control().foreign_domain, "attacker"));
    }},
    Maker{"domain-absent", [](const Forge& f) { return without(f, f.control().domain_claim); }},
    Maker{"scope-absent", [](const Forge& f) { return without(f, f.control().scope_claim); }},
    Maker{"scope-other", [](const Forge& f) -> Result<std::string> {
        const std::string& name = f.control().scope_claim;
        if (name.empty() || !f.claims.contains(name)) return lacks("the control has no scope");
        return with(f, name.c_str(), "jwtdomain:no-such-scope");
    }},
    Maker{"sub-absent", [](const Forge& f) { return without(f, "sub"); }},
    Maker{"jti-absent", [](const Forge& f) { return without(f, "jti"); }},
    Maker{"iat-absent", [](const Forge& f) { return without(f, "iat"); }},
};
// clang-format on

} // namespace

std::span<const Maker> claim_makers() { return kMakers; }

} // namespace jwtdomain::probe::detail
