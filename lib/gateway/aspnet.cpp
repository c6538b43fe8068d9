// ASP.NET Core: appsettings.json and appsettings.ENVIRONMENT.json, the schemes of JwtBearer and the section AzureAd.
//
// What it does, by ASP.NET Core's own source (7 to 10: JwtBearerConfigureOptions, JwtBearerHandler) and that of
// Microsoft.Identity.Web: iss is compared if there are ValidIssuers, and then the issuer that the metadata of Authority
// names is good, too; aud if there are ValidAudiences, one '/' at the end left out (Audience is not read); keys are
// those of the metadata and SigningKeys of those issuers, each for tokens of all of them; every algorithm that fits a
// key; exp must be there, with five minutes. AzureAd takes tokens of both versions of its tenant, of every tenant where
// TenantId is common or organizations, for ClientId and api://ClientId. Code may change all of that, as may the
// environment and user secrets, which nothing here says; which endpoints ask for a token at all is in code alone.
#include "jwtdomain/gateway/aspnet.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace aspnet {
namespace {

using document::Kind;

constexpr std::string_view kSchemes = "authentication:schemes:", kEntra = "azuread:";
constexpr std::size_t kLongestName = 512;

bool may_be_of(std::string_view name, std::string_view wanted) {
    const std::size_t common = std::min(name.size(), wanted.size());
    return name.substr(0, common) == wanted.substr(0, common);
}

void flatten(const Node& node, const std::string& name, Values& out) {
    if (name.size() > kLongestName || (!may_be_of(name, kSchemes) && !may_be_of(name, kEntra))) return;
    if (is_unresolved(node) || (node.kind != Kind::object && node.kind != Kind::array)) {
        if (!name.empty()) out[name.substr(0, name.size() - 1)] = node;
        return;
    }
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        const std::string part = node.kind == Kind::object ? lower_case(node.names[i].text) : std::to_string(i);
        flatten(node.elements[i], name + part + ":", out);
    }
}

Values values_of(const Node& document) {
    Values out;
    if (document.kind == Kind::object) flatten(document, {}, out);
    return out;
}

// "Production" of appsettings.Production.json
std::string environment_of(const std::string& file) {
    const std::string name = file.substr(file.find_last_of("/\\") + 1);
    constexpr std::string_view kBegin = "appsettings.";
    const std::size_t end = name.rfind('.');
    if (!lower_case(name).starts_with(kBegin) || end <= kBegin.size()) return {};
    return name.substr(kBegin.size(), end - kBegin.size());
}

std::string folder_of(const std::string& file) {
    const std::size_t slash = file.find_last_of("/\\");
    return slash == std::string::npos ? std::string() : file.substr(0, slash);
}

} // namespace

bool is_settings(const Node& document) {
    const Values values = values_of(document);
    return std::any_of(values.begin(), values.end(), [](const auto& each) {
        return each.first.starts_with(kEntra) ||
               (each.first.starts_with(kSchemes) && each.first.find(':', kSchemes.size()) != std::string::npos);
    });
}

std::vector<Settings> settings_of(const Content& content) {
    std::map<std::string, Settings> bases;
    std::vector<std::pair<std::string, Settings>> others; // with their folders
    for (const Node& document : content.documents) {
        if (!is_settings(document)) continue;
        const std::string file =
            document.mark.source < content.sources.size() ? content.sources[document.mark.source].file : std::string();
        Settings one{.environment = environment_of(file), .values = values_of(document), .at = document.mark};
        if (!one.environment.empty())
            others.emplace_back(folder_of(file), std::move(one));
        else if (Settings& base = bases[folder_of(file)]; base.values.empty())
            base = std::move(one);
        else
            others.emplace_back(file, std::move(one)); // of a name of its own
    }
    std::vector<Settings> out;
    out.reserve(bases.size() + others.size());
    for (const auto& [folder, base] : bases) out.push_back(base);
    for (auto& [folder, one] : others) {
        if (const auto base = bases.find(folder); base != bases.end())
            one.values.insert(base->second.values.begin(), base->second.values.end()); // those that it has not itself
        out.push_back(std::move(one));
    }
    return out;
}

Values below(const Values& values, std::string_view name) {
    Values out;
    const std::string prefix = std::string(name) + ":";
    for (auto at = values.lower_bound(prefix); at != values.end() && at->first.starts_with(prefix); ++at)
        out.emplace(at->first.substr(prefix.size()), at->second);
    return out;
}

std::vector<Node> all_of(const Values& values, std::string_view one, std::string_view many) {
    std::vector<Node> out;
    for (const std::string_view name : {one, many}) {
        if (const auto found = values.find(name); found != values.end()) out.push_back(found->second);
    }
    for (const auto& [name, value] : below(values, many)) out.push_back(value);
    return out;
}

} // namespace aspnet

namespace {

using aspnet::Settings;
using aspnet::Values;

constexpr std::size_t kMostSettings = 100; // that lie over a base

Mark first_of(const Values& values) {
    return std::min_element(values.begin(), values.end(),
                            [](const auto& a, const auto& b) {
                                const Mark x = a.second.mark, y = b.second.mark;
                                return std::tie(x.source, x.line, x.column) < std::tie(y.source, y.line, y.column);
                            })
        ->second.mark;
}

void read_settings(const Settings& settings, Verifiers& out) {
    const std::string where = settings.environment.empty() ? "" : " in " + plain_name(settings.environment);
    const Values schemes = aspnet::below(settings.values, "authentication:schemes");
    const Values entra = aspnet::below(settings.values, "azuread");
    std::set<std::string> names;
    for (const auto& [name, value] : schemes) {
        if (const std::size_t end = name.find(':'); end != std::string::npos && end > 0)
            names.insert(name.substr(0, end));
    }
    // Both set up the same scheme, where what one of them leaves out is not compared any more.
    const bool both = !names.empty() && !entra.empty();
    const char* const why = "a scheme and AzureAd stand beside each other, of which code makes one";
    for (const std::string& name : names) {
        const Values values = aspnet::below(schemes, name);
        const std::string called = "scheme " + plain_name(name) + where;
        const Mark at = first_of(values);
        out.push_back(both ? opaque(called, why, at) : aspnet::scheme_entry(called, values, at));
    }
    if (entra.empty()) return;
    const Mark at = first_of(entra);
    out.push_back(both ? opaque("AzureAd" + where, why, at) : aspnet::entra_entry("AzureAd" + where, entra, at));
}

} // namespace

bool recognises_aspnet(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), aspnet::is_settings);
}

Verifiers read_aspnet(const Content& content) {
    Verifiers out;
    const std::vector<Settings> all = aspnet::settings_of(content);
    if (all.size() > kMostSettings) {
        out.push_back(opaque("every scheme", "its environments come to too many cases", all.front().at));
        return out;
    }
    for (const Settings& each : all) read_settings(each, out);
    return out;
}

} // namespace jwtdomain::gateway
