#include "jwtdomain/policy/presets.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/suggest.h"
#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/preset_draft.h"
#include "jwtdomain/policy/yaml_text.h"

namespace jwtdomain::policy {

namespace {

using preset::Draft;

constexpr std::array<PresetInfo, 8> kPresets{{
    {"keycloak", "Keycloak", "https://sso.example.com/realms/prod"},
    {"auth0", "Auth0", "https://example.eu.auth0.com/"},
    {"okta", "Okta", "https://example.okta.com/oauth2/default"},
    {"entra", "Microsoft Entra ID", "https://login.microsoftonline.com/TENANT-ID/v2.0"},
    {"cognito", "Amazon Cognito", "https://cognito-idp.eu-west-1.amazonaws.com/POOL-ID"},
    {"kubernetes", "Kubernetes cluster", "https://kubernetes.default.svc.cluster.local"},
    {"github-actions", "GitHub Actions", "https://token.actions.githubusercontent.com"},
    {"spiffe", "SPIFFE issuer", "spiffe://prod.example.com"},
}};

using Fill = Result<Draft> (*)(const PresetInput&, Draft);
constexpr std::array<Fill, kPresets.size()> kFills{preset::keycloak,       preset::auth0,   preset::okta,
                                                   preset::entra,          preset::cognito, preset::kubernetes,
                                                   preset::github_actions, preset::spiffe};

bool contains(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_known_neutral(const std::string& audience) {
    constexpr std::string_view kUserinfo = "/userinfo"; // Auth0
    const std::size_t at = audience.rfind(kUserinfo);
    return audience == "account" || (at != std::string::npos && at + kUserinfo.size() == audience.size());
}

// A sample shows what the issuer really writes; what it contradicts is an error, not overridden.
Status check_sample(const PresetInput& input, const Draft& draft) {
    const Sample& sample = *input.sample;
    const auto issuer = sample.text("iss");
    if (issuer && !draft.issuer.empty() && *issuer != draft.issuer) {
        return fail(Fault::conflict, "the sample is of the issuer " + *issuer + ", not of " + draft.issuer,
                    "give --issuer exactly as the token has it, or another sample");
    }
    std::vector<std::string> named = sample.audiences;
    for (const std::string& claim : draft.fallback) {
        if (auto value = sample.text(claim); value && named.empty()) named.push_back(*value);
    }
    const auto own = [&](const std::string& audience) { return contains(draft.audiences, audience); };
    if (!draft.audience_optional && std::none_of(named.begin(), named.end(), own)) {
        return fail(Fault::conflict, "the sample does not name the audience " + draft.audiences.front(),
                    "give --audience as the token has it, or another sample");
    }
    return {};
}

void apply_sample(const Sample& sample, Draft& draft) {
    draft.types = {sample.type && is_media_type(*sample.type) ? *sample.type : "absent"};
    draft.types_note = "as in the sample";
    if (const auto algorithm = find_algorithm(sample.algorithm.value_or(""));
        algorithm && info(*algorithm).family != Family::hmac) {
        draft.algorithms = {std::string(info(*algorithm).name)};
        draft.algorithms_note = "as in the sample";
    }
    if (sample.life && (!draft.life_varies || *sample.life > draft.lifetime)) {
        draft.lifetime = *sample.life;
        draft.lifetime_note = "as in the sample";
    }
    if (!sample.has(draft.scope)) {
        if (sample.has("scope"))
            draft.scope = "scope";
        else if (sample.has("scp"))
            draft.scope = "scp";
    }
    const auto missing = [&](const std::string& name) { return !sample.has(name); };
    draft.required.erase(std::remove_if(draft.required.begin(), draft.required.end(), missing), draft.required.end());
    for (const std::string& audience : sample.audiences) {
        if (contains(draft.audiences, audience) || contains(draft.neutral, audience)) continue;
        draft.neutral.push_back(audience);
        draft.neutral_note = "of the sample: make sure that none of them names another domain";
    }
}

class Text {
public:
    void comment(const std::string& line) { text_ += "# " + line + "\n"; }
    void field(const std::string& name, const std::string& value, const std::string& note = {}) {
        text_ += name + ":" + (value.empty() ? "" : " " + value) + (note.empty() ? "" : " # " + note) + "\n";
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string write(const PresetInput& input, const PresetInfo& info, const Draft& draft) {
    Text text;
    for (const std::string& line : draft.heading) text.comment(line);
    text.comment("From the preset " + std::string(info.name) + ": what a stock " + std::string(info.title) +
                 " writes. Change what yours does otherwise.");
    text.field("domain", yaml_string(input.domain));
    text.field("foreign", "true", "nothing is minted here");
    if (!draft.issuer.empty()) text.field("issuer", yaml_string(draft.issuer), draft.issuer_note);
    if (draft.issuer_optional) text.field("issuer_optional", "true", draft.issuer.empty() ? draft.issuer_note : "");
    text.field("audiences", yaml_list(draft.audiences), draft.audience_note);
    if (draft.audience_optional) text.field("audience_optional", "true", "aud may be absent, or neutral throughout");
    if (!draft.neutral.empty()) text.field("neutral_audiences", yaml_list(draft.neutral), draft.neutral_note);
    if (!draft.fallback.empty()) text.field("audience_fallback", yaml_list(draft.fallback), draft.fallback_note);
    text.field("types", yaml_list(draft.types), draft.types_note);
    text.field("algorithms", yaml_list(draft.algorithms), draft.algorithms_note);
    text.field("claims", "{domain: none, scope: " + yaml_string(draft.scope) + "}", draft.scope_note);
    text.field("lifetime", format_duration(draft.lifetime), draft.lifetime_note);
    text.field("required", yaml_list(draft.required));
    if (!draft.match.empty()) {
        text.field("match", "");
        for (const auto& claim : draft.match) text.field("  " + yaml_string(claim.path), claim.value, claim.comment);
    }
    text.field("jwks", input.jwks.empty() ? "discovery" : yaml_string(input.jwks), draft.jwks_note);
    if (!input.resource.empty())
        text.field("resources", "[{uri: " + yaml_string(input.resource) + "}]", "as its metadata has it");
    return text.take();
}

} // namespace

Status check_issuer(std::string_view issuer) {
    if (issuer.find("://") == issuer.npos || issuer.find_first_of("?#") == issuer.npos) return {};
    return fail(Fault::usage, "an issuer has no query and no fragment (RFC 8414 section 2): " + std::string(issuer),
                "give it as `iss` of its tokens has it");
}

std::span<const PresetInfo> presets() { return kPresets; }

Result<std::string> write_preset(std::string_view name, const PresetInput& input) {
    std::vector<std::string_view> names;
    names.reserve(std::size(kPresets));
    for (const PresetInfo& known : kPresets) names.push_back(known.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        const std::string_view near = nearest(name, names);
        std::string hint = "presets:";
        for (const auto known : names) hint += " " + std::string(known);
        return fail(Fault::usage, "there is no preset '" + std::string(name) + "'",
                    near.empty() ? hint : "did you mean '" + std::string(near) + "'?");
    }
    const auto index = static_cast<std::size_t>(found - names.begin());
    Draft draft;
    draft.issuer = input.issuer;
    draft.audiences = input.audiences;
    if (input.sample && draft.issuer.empty()) draft.issuer = input.sample->text("iss").value_or("");
    const bool fixed = name == "github-actions" || name == "spiffe";
    if (draft.issuer.empty() && !fixed) {
        return fail(Fault::usage, "the preset " + std::string(name) + " needs an issuer",
                    "give it: --issuer " + std::string(kPresets[index].issuer));
    }
    if (input.sample && draft.audiences.empty()) {
        for (const std::string& audience : input.sample->audiences) {
            if (!is_known_neutral(audience)) draft.audiences.push_back(audience);
        }
    }
    auto filled = kFills[index](input, std::move(draft));
    if (!filled) return fail(filled.error());
    if (const Status good = check_issuer(filled->issuer); !good) return fail(good.error());
    if (input.jwks.empty() && !is_fetchable_url(filled->issuer)) {
        return fail(Fault::usage, "keys cannot be discovered from the issuer " + filled->issuer,
                    "give them: --jwks FILE");
    }
    if (!input.algorithms.empty()) {
        filled->algorithms = input.algorithms;
        filled->algorithms_note = "of its keys";
    }
    if (input.sample) {
        if (auto ok = check_sample(input, *filled); !ok) return fail(ok.error());
        apply_sample(*input.sample, *filled);
    }
    return write(input, kPresets[index], *filled);
}

} // namespace jwtdomain::policy
