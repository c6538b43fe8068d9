#include "jwtdomain/gateway/apache_settings.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway::apache {
namespace {

constexpr std::array<std::string_view, 14> kMatter{
    "authtype",
    "require",
    "authmerging",
    "satisfy",
    "order",
    "allow",
    "deny",
    "include",
    "use",
    "includeoptional",
    "allowoverride",
    "allowoverridelist",
    "accessfilename",
    "authzsendforbiddenonfailure",
};

// Modules without which no configuration of this kind runs.
constexpr std::array<std::string_view, 24> kModules{
    "mod_auth_openidc.c", "auth_openidc_module", "mod_oauth2.c",      "oauth2_module",     "mod_ssl.c",
    "ssl_module",         "mod_authz_core.c",    "authz_core_module", "mod_authn_core.c",  "authn_core_module",
    "mod_authz_user.c",   "authz_user_module",   "mod_authz_host.c",  "authz_host_module", "mod_proxy.c",
    "proxy_module",       "mod_proxy_http.c",    "proxy_http_module", "mod_headers.c",     "headers_module",
    "mod_rewrite.c",      "rewrite_module",      "mod_alias.c",       "alias_module",
};

template <class List> bool is_among(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string first_word(const Directive& directive) {
    std::string_view args = directive.args;
    return take_word(args);
}

void unknown(Settings& out, const Directive& directive, std::string why) {
    if (!out.unknown.empty()) return;
    out.unknown = std::move(why);
    out.unknown_at = directive.mark;
}

// Sections for methods do not nest.
Methods methods_of(const Directive& directive) {
    Methods out{.except = directive.name == "<limitexcept", .names = {}};
    for (std::string& word : words(directive.args)) {
        // As they are written: "get" is another method than GET.
        if (word == "HEAD") word = "GET"; // httpd has one bit for both
        out.names.insert(std::move(word));
    }
    return out;
}

Requirement leaf_of(const Directive& directive, const Methods& methods, Settings& out) {
    std::string_view args = directive.args;
    Requirement leaf{.kind = Requirement::Kind::leaf, .mark = directive.mark, .methods = methods};
    leaf.provider = lower_case(take_word(args));
    if (leaf.provider == "not") {
        leaf.negated = true;
        leaf.provider = lower_case(take_word(args));
    }
    leaf.args = args;
    if (has_variable(leaf.provider)) unknown(out, directive, "what is required depends on " + leaf.provider);
    return leaf;
}

void add_requirement(const Directive& directive, const Methods& methods, Requirement& to, Settings& out);

void add_all(const std::vector<Directive>& directives, const Methods& methods, Requirement& to, Settings& out) {
    for (const Directive& each : directives) {
        const Condition condition = condition_of(each);
        if (each.name == "<limit" || each.name == "<limitexcept") {
            add_all(each.inner, methods_of(each), to, out);
        } else if (condition == Condition::holds) {
            add_all(each.inner, methods, to, out);
        } else if (condition == Condition::none) {
            add_requirement(each, methods, to, out);
        } else if (condition == Condition::unknown && holds_what_matters(each)) {
            unknown(out, each, each.name + " " + each.args + "> may hold or not");
        }
    }
}

void add_requirement(const Directive& directive, const Methods& methods, Requirement& to, Settings& out) {
    using Kind = Requirement::Kind;
    if (directive.name == "require") {
        to.inner.push_back(leaf_of(directive, methods, out));
        return;
    }
    if (!directive.name.starts_with("<require")) {
        if (matters(directive)) unknown(out, directive, directive.name + " is not known here inside of requirements");
        return;
    }
    const bool all = directive.name == "<requireall" || directive.name == "<requirenotall";
    const bool negated = directive.name == "<requirenone" || directive.name == "<requirenotall";
    if (!all && !negated && directive.name != "<requireany")
        unknown(out, directive, directive.name + "> is not known here");
    Requirement inner{.kind = all ? Kind::all : Kind::any, .negated = negated, .mark = directive.mark};
    add_all(directive.inner, methods, inner, out);
    to.inner.push_back(std::move(inner));
}

void read_merging(const Directive& directive, Settings& out) {
    const std::string word = lower_case(first_word(directive));
    if (word == "off")
        out.merging = Settings::Merging::off;
    else if (word == "and")
        out.merging = Settings::Merging::all;
    else if (word == "or")
        out.merging = Settings::Merging::any;
    else
        unknown(out, directive, "AuthMerging " + word + " is not known here");
}

void read_override(const Directive& directive, Settings& out) {
    for (const std::string& word : words(lower_case(directive.args))) {
        const bool harmless = word == "none" || word == "fileinfo" || word == "indexes" || word == "options" ||
                              word.starts_with("options=") || word.starts_with("nonfatal=");
        out.overridden = harmless ? out.overridden : &directive;
    }
}

// The claim of the user's name is in the last that names one.
bool names_user_claim(const Directive& directive) {
    return lower_case(directive.args).find("remote_user_claim") != std::string::npos || has_variable(directive.args);
}

void merge_requirements(const Settings& base, const Settings& added, Settings& out) {
    using Merging = Settings::Merging;
    out.merging = added.merging;
    if (added.merging == Merging::unset && !added.require) {
        out.require = base.require;
        out.merging = base.merging;
        return;
    }
    if (added.merging == Merging::off || added.merging == Merging::unset || !base.require || !added.require) {
        const bool keeps = added.merging == Merging::all || added.merging == Merging::any;
        out.require = !added.require && keeps ? base.require : added.require;
        return;
    }
    out.require = Requirement{.kind = added.merging == Merging::all ? Requirement::Kind::all : Requirement::Kind::any,
                              .mark = added.require->mark,
                              .inner = {*base.require, *added.require}};
}

} // namespace

bool matters(const Directive& directive) {
    const std::string& name = directive.name;
    return is_among(kMatter, name) || name.starts_with("oidcoauth") || name.starts_with("oauth2") ||
           name == "oidcunauthaction" || name == "oidccryptopassphrase" || name.starts_with("<require") ||
           name.starts_with("<authzprovideralias") || name.starts_with("luahook") || name.starts_with("perl") ||
           name == "<perl" || name == "<virtualhost" || name == "servername" || name == "serveralias";
}

bool holds_what_matters(const Directive& directive) {
    return matters(directive) || std::any_of(directive.inner.begin(), directive.inner.end(),
                                             [](const Directive& d) { return holds_what_matters(d); });
}

Condition condition_of(const Directive& directive) {
    const std::string& name = directive.name;
    if (name == "<ifmodule") {
        const std::string module = lower_case(first_word(directive));
        if (is_among(kModules, module)) return Condition::holds;
        if (module.starts_with("!") && is_among(kModules, std::string_view(module).substr(1))) return Condition::fails;
        return Condition::unknown;
    }
    if (name == "<ifversion") {
        const std::vector<std::string> all = words(directive.args);
        const bool since =
            all.size() == 2 && all[0] == ">=" && (all[1] == "2.4" || all[1] == "2.4.0" || all[1] == "2.2");
        const bool before =
            all.size() == 2 && all[0] == "<" && (all[1] == "2.4" || all[1] == "2.4.0" || all[1] == "2.2");
        return since ? Condition::holds : before ? Condition::fails : Condition::unknown;
    }
    if (name == "<ifdefine" || name == "<iffile" || name == "<ifdirective" || name == "<ifsection")
        return Condition::unknown;
    if (name == "<macro") return Condition::fails; // what uses it is not known here
    return Condition::none;
}

void read_setting(const Directive& directive, const Methods& methods, Settings& out) {
    const std::string& name = directive.name;
    if (name == "<limit" || name == "<limitexcept") {
        const Methods inner = methods_of(directive);
        for (const Directive& each : directive.inner) read_setting(each, inner, out);
    } else if (name == "require" || name.starts_with("<require")) {
        if (!out.require) out.require = Requirement{.mark = directive.mark};
        add_requirement(directive, methods, *out.require, out);
    } else if (name == "authtype") {
        out.auth_type = &directive;
    } else if (name == "authmerging") {
        read_merging(directive, out);
    } else if (name == "satisfy") {
        out.satisfy = &directive;
    } else if (name == "order" || name == "allow" || name == "deny") {
        out.by_host = &directive;
    } else if (name == "oauth2tokenverify") {
        out.token_verify.push_back(&directive);
    } else if (name == "oauth2targetpass") {
        if (names_user_claim(directive)) out.target_pass = &directive;
    } else if (name == "oidcunauthaction") {
        out.unauthenticated = &directive;
    } else if (name == "oidcoauthtokenintrospectioninterval") {
        out.interval = &directive;
    } else if (name == "allowoverride" || name == "allowoverridelist") {
        read_override(directive, out);
    } else if (name == "include" || name == "includeoptional") {
        unknown(out, directive, "what is included is not read here: " + directive.args);
    } else if (name == "use") {
        unknown(out, directive, "what the macro comes to is not read here: " + directive.args);
    } else if (name.starts_with("luahook") || name.starts_with("perl") || name == "<perl") {
        unknown(out, directive, "what " + name + " does is not read here");
    }
}

Settings merged(const Settings& base, const Settings& added) {
    Settings out = added;
    const auto keep = [](const Directive*& mine, const Directive* theirs) { mine = mine != nullptr ? mine : theirs; };
    keep(out.auth_type, base.auth_type);
    keep(out.satisfy, base.satisfy);
    keep(out.by_host, base.by_host);
    keep(out.target_pass, base.target_pass);
    keep(out.unauthenticated, base.unauthenticated);
    keep(out.interval, base.interval);
    keep(out.overridden, base.overridden);
    if (out.token_verify.empty()) out.token_verify = base.token_verify;
    if (out.unknown.empty()) {
        out.unknown = base.unknown;
        out.unknown_at = base.unknown_at;
    }
    merge_requirements(base, added, out);
    return out;
}

} // namespace jwtdomain::gateway::apache
