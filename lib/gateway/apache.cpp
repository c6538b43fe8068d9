// Apache httpd with mod_auth_openidc as a resource server (AuthType oauth20, auth-openidc) or mod_oauth2 (AuthType
// oauth2).
//
// What they do, by their own source, and run (mod_auth_openidc 2.4.12.3, mod_oauth2 3.3.1): keys are a union; issuer
// and audience are looked at by `Require` alone (but for OIDCOAuthVerifyIssuer and -Audience of newer versions); exp is
// looked at where it is a number, and -1 counts as none; nbf never; the algorithm is the token's, if it fits the key.
// kid selects where both sides have one. What mod_oauth2 has verified once is verified for everything that has the same
// cache, which is the whole server; `Require` is asked each time. Newer versions of mod_auth_openidc do so, too. An
// OPTIONS request without a token passes mod_auth_openidc; that is not said here.
#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/apache_claim.h"
#include "jwtdomain/gateway/apache_paths.h"
#include "jwtdomain/gateway/apache_settings.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::gateway {
namespace {

using namespace apache;
using document::Kind;

enum class Module : std::uint8_t { none, openidc, oauth2, either, other };

Module module_of(const Settings& settings) {
    if (settings.auth_type == nullptr) return Module::none;
    const std::string type = lower_case(settings.auth_type->args);
    const auto is = [&](std::string_view name) {
        return type == name || words(type) == std::vector<std::string>{std::string(name)};
    };
    if (is("oauth20")) return Module::openidc;
    if (is("oauth2")) return Module::oauth2;
    if (is("auth-openidc")) return Module::either;
    if (is("none")) return Module::none;
    return Module::other;
}

bool takes_tokens(Module module) {
    return module == Module::openidc || module == Module::oauth2 || module == Module::either;
}

// What guards one scope, for some methods. Without `node` nothing passes there by a token.
struct Outcome {
    Node node = {};
    bool any = false;
    bool of_tokens = false; // one of our modules does it
};

void dump(const Node& node, std::string& out) {
    out += std::to_string(static_cast<int>(node.kind)) + (node.truth ? "t" : "") + std::to_string(node.integer) + "\"" +
           std::to_string(node.text.size()) + ":" + node.text;
    for (const Node::Name& name : node.names) out += std::to_string(name.text.size()) + ":" + name.text;
    for (const Node& element : node.elements) dump(element, out);
    out += ";";
}

std::string identity(const Node& node) {
    std::string out;
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        if (node.names[i].text != "name" && node.names[i].text != "methods") dump(node.elements[i], out);
    }
    return out;
}

class Server {
public:
    explicit Server(const Content& content) : content_(content), configuration_(parse_together(content.sources)) {
        if (!configuration_.fault.empty()) return;
        hosts_ = hosts_of(configuration_);
        find(configuration_.directives);
        for (const Directive* each : token_verify_) verified_.push_back(oauth2_verification(*each, caches_));
    }

    Verifiers run() {
        Verifiers out;
        if (!configuration_.fault.empty())
            return {opaque("the configuration", "it cannot be read: " + configuration_.fault, configuration_.fault_at)};
        for (const Host* host : selected()) read(*host, out);
        return out;
    }

private:
    void find(const std::vector<Directive>& directives) {
        for (const Directive& each : directives) {
            if (each.name == "oauth2tokenverify") token_verify_.push_back(&each);
            if (each.name == "oauth2cache") caches_.push_back(&each);
            find(each.inner);
        }
    }

    static std::string_view without_port(std::string_view name) {
        if (const std::size_t scheme = name.find("://"); scheme != name.npos) name.remove_prefix(scheme + 3);
        const std::size_t port = name.rfind(':');
        return port == name.npos || name.ends_with(']') ? name : name.substr(0, port);
    }

    // '*' is any run, '?' one octet.
    static bool matches(std::string_view pattern, std::string_view name) {
        std::size_t p = 0, n = 0, star = pattern.npos, from = 0;
        while (n < name.size()) {
            if (p < pattern.size() && pattern[p] == '*') {
                star = p++;
                from = n;
            } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
                ++p;
                ++n;
            } else if (star != pattern.npos) {
                p = star + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.size() && pattern[p] == '*') ++p;
        return p == pattern.size();
    }

    // The VirtualHosts of that name; without any, what answers for names that nobody has: the server itself, and the
    // first VirtualHost of each address.
    std::vector<const Host*> selected() const {
        std::vector<const Host*> out;
        const std::string wanted = lower_case(content_.selection.host);
        for (const Host& host : hosts_) {
            const bool its = std::any_of(host.names.begin(), host.names.end(), [&](const std::string& name) {
                return has_variable(name) || matches(without_port(name), wanted);
            });
            if (wanted.empty() || (host.directive != nullptr && its)) out.push_back(&host);
        }
        if (!out.empty()) return out;
        std::set<std::string> addresses;
        for (const Host& host : hosts_) {
            if (host.directive == nullptr || addresses.insert(host.directive->args).second) out.push_back(&host);
        }
        return out;
    }

    static std::string label_of(const Host& host) {
        return host.names.empty() ? host.directive == nullptr ? "" : "VirtualHost " + host.directive->args
                                  : std::string(without_port(host.names.front()));
    }

    static std::string label_of(const Host& host, const Scope& scope) {
        std::string out;
        for (const std::size_t i : scope.sections) {
            const Section& section = host.sections[i];
            const bool narrower = std::any_of(scope.sections.begin(), scope.sections.end(), [&](std::size_t j) {
                const Section& other = host.sections[j];
                return j != i && other.kind == section.kind && !section.pattern.empty() &&
                       other.pattern.starts_with(section.pattern) && other.pattern != section.pattern;
            });
            const bool repeated = out == section.name || out.ends_with(" " + section.name);
            if (!narrower && !repeated) out += (out.empty() ? "" : " in ") + section.name;
        }
        return out.empty() ? host.sections.empty() ? "every request" : "every other request" : out;
    }

    void read(const Host& host, Verifiers& out) const {
        const std::string host_name = label_of(host);
        const auto named = [&](const std::string& scope) {
            return printable(host_name.empty() ? scope : host_name + " " + scope);
        };
        if (!host.unknown.empty()) {
            const bool alone = hosts_.size() == 1 || host.directive != nullptr;
            if (alone) out.push_back(opaque(named("every request"), printable(host.unknown), host.unknown_at));
            return;
        }
        const auto scopes = scopes_of(host);
        if (!scopes) {
            out.push_back(
                opaque(named("every request"), "its sections come to more than 1024 combinations", host.mark));
            return;
        }
        Verifiers all;
        bool of_tokens = false;
        std::set<std::string> seen;
        for (auto scope = scopes->rbegin(); scope != scopes->rend(); ++scope) {
            for (Outcome& each : outcomes(host, *scope)) {
                of_tokens = of_tokens || each.of_tokens;
                if (!each.any || !seen.insert(methods_and(each.node)).second) continue;
                put(each.node, "name", text(named(label_of(host, *scope)), each.node.mark));
                all.push_back(std::move(each.node));
            }
        }
        if (!of_tokens) return; // it guards nothing by tokens
        std::stable_sort(all.begin(), all.end(), [](const Node& a, const Node& b) { return before(a.mark, b.mark); });
        for (Node& each : all) out.push_back(std::move(each));
    }

    static bool before(Mark a, Mark b) {
        return a.source != b.source ? a.source < b.source : a.line != b.line ? a.line < b.line : a.column < b.column;
    }

    static std::string methods_and(const Node& node) {
        std::string out = identity(node);
        if (const Node* const methods = node.find("methods")) dump(*methods, out);
        return out;
    }

    // One for each set of methods that are treated alike.
    std::vector<Outcome> outcomes(const Host& host, const Scope& scope) const {
        std::set<std::string> named;
        if (scope.settings.require) add_methods(*scope.settings.require, named);
        named.insert(""); // every other
        std::vector<std::pair<Outcome, std::vector<std::string>>> groups;
        for (const std::string& method : named) {
            Outcome one = outcome(host, scope, method);
            const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
                return group.first.any == one.any && group.first.of_tokens == one.of_tokens &&
                       identity(group.first.node) == identity(one.node);
            });
            if (same != groups.end())
                same->second.push_back(method);
            else
                groups.push_back({std::move(one), {method}});
        }
        std::vector<Outcome> out;
        for (auto& [one, methods] : groups) {
            if (groups.size() > 1 && one.any) limit(one.node, methods, named);
            out.push_back(std::move(one));
        }
        return out;
    }

    static void limit(Node& node, const std::vector<std::string>& methods, const std::set<std::string>& named) {
        std::vector<Node> list_of;
        const bool others = std::find(methods.begin(), methods.end(), "") != methods.end();
        for (const std::string_view word : policy::schema::method_words()) {
            const std::string method(word == "HEAD" ? "GET" : word);
            const bool is_named = named.count(method) != 0;
            const bool its = std::find(methods.begin(), methods.end(), method) != methods.end();
            if (its || (others && !is_named)) list_of.push_back(text(std::string(word), node.mark));
        }
        if (!list_of.empty())
            put(node, "methods", list(std::move(list_of), node.mark)); // without: of methods of one's own
    }

    static Mark mark_of(const Host& host, const Scope& scope) {
        if (scope.settings.require) return scope.settings.require->mark;
        if (scope.settings.auth_type != nullptr) return scope.settings.auth_type->mark;
        return scope.sections.empty() ? host.mark : host.sections[scope.sections.back()].directive->mark;
    }

    Outcome outcome(const Host& host, const Scope& scope, const std::string& method) const {
        const Settings& settings = scope.settings;
        const Module module = module_of(settings);
        const Mark at = mark_of(host, scope);
        const bool tokens = takes_tokens(module);
        const auto unknown = [&](std::string why, Mark where) {
            return Outcome{opaque("", printable(std::move(why)), where), true, tokens};
        };
        const auto passes = [&](std::string why, Mark where) {
            return Outcome{gateway::open("", printable(std::move(why)), where), true, tokens};
        };
        if (!settings.unknown.empty()) return unknown(settings.unknown, settings.unknown_at);
        if (settings.satisfy != nullptr && lower_case(settings.satisfy->args).find("any") != std::string::npos) {
            if (settings.by_host == nullptr) return passes("Satisfy any: no token is needed", settings.satisfy->mark);
            return unknown("Satisfy any: who is allowed to come needs no token", settings.satisfy->mark);
        }
        if (settings.overridden != nullptr)
            return unknown("files .htaccess, which are not read here, may change it (" + settings.overridden->args +
                               ")",
                           settings.overridden->mark);
        if (!settings.require) {
            if (settings.auth_type == nullptr || lower_case(settings.auth_type->args) == "none")
                return passes("nothing is required", at);
            return {{}, false, tokens}; // httpd refuses to answer
        }
        const Passing passing_ways = passing(*settings.require, method);
        if (!passing_ways.unknown.empty()) return unknown(passing_ways.unknown, at);
        std::vector<Way> ways;
        for (const Way& way : passing_ways.ways) {
            if (way.with_token) {
                ways.push_back(way);
            } else if (way.elsewhere.empty() && way.dropped.empty()) {
                return passes("no token is required", at);
            } else {
                return unknown("who fulfils " + (way.elsewhere.empty() ? way.dropped.front() : way.elsewhere) +
                                   " needs no token",
                               at);
            }
        }
        if (ways.empty() || module == Module::none) return {{}, false, tokens}; // nobody has a name without an AuthType
        if (module == Module::other) return by_another(settings);
        return by_token(host, scope, module, std::move(ways), at);
    }

    Outcome by_another(const Settings& settings) const {
        const std::string type = lower_case(settings.auth_type->args);
        for (const char* known : {"basic", "digest", "form"}) {
            if (type == known) return {{}, false, false}; // by a password: it takes no token
        }
        if (lets_pass(settings) && type == "openid-connect")
            return {gateway::open("", "OIDCUnAuthAction pass: nobody has to log in", settings.unauthenticated->mark),
                    true, false};
        return {opaque("", printable("what AuthType " + settings.auth_type->args + " accepts is not known here"),
                       settings.auth_type->mark),
                true, false};
    }

    static bool lets_pass(const Settings& settings) {
        if (settings.unauthenticated == nullptr) return false;
        const std::vector<std::string> all = words(lower_case(settings.unauthenticated->args));
        return !all.empty() && (all.front() == "pass" || has_variable(all.front()));
    }

    Outcome by_token(const Host& host, const Scope& scope, Module module, std::vector<Way> ways, Mark at) const {
        const Settings& settings = scope.settings;
        // With a bearer's token alone (oauth20) there is no such action.
        if (module == Module::either && lets_pass(settings))
            return {gateway::open("", "OIDCUnAuthAction pass: a request without a token passes",
                                  settings.unauthenticated->mark),
                    true, true};
        std::vector<Node> paths;
        const auto add = [&](const std::vector<Verification>& verifications, bool openidc) -> std::string {
            for (const Verification& each : verifications) {
                if (!each.opaque.empty()) return each.opaque;
            }
            auto made = paths_of(openidc ? as_expressions(ways) : ways, verifications, openidc, at);
            if (!made) return "its requirements come to more than 2048 paths";
            for (Node& each : *made) paths.push_back(std::move(each));
            return {};
        };
        std::string why;
        const bool oauth2 = module == Module::oauth2 || (module == Module::either && !settings.token_verify.empty());
        if (oauth2 && settings.token_verify.empty()) return {{}, false, true}; // nothing verifies a token there
        if (oauth2) why = add(by_oauth2(settings, ways), false);
        const bool openidc = module == Module::openidc || (module == Module::either && (!oauth2 || has_keys(host)));
        if (openidc && why.empty()) why = add(by_openidc(host, settings), true);
        if (!why.empty()) return {opaque("", printable(why), at), true, true};
        return {guarded("", std::move(paths), at), true, true};
    }

    static bool has_keys(const Host& host) {
        return std::any_of(host.common.begin(), host.common.end(),
                           [](const Directive* each) { return each->name.starts_with("oidcoauth"); });
    }

    // What `Require claim` says is a string of httpd's expressions.
    static std::vector<Way> as_expressions(std::vector<Way> ways) {
        for (Way& way : ways) {
            std::vector<Way::Test> tests;
            for (Way::Test& test : way.tests) {
                const std::optional<std::string> read =
                    test.user ? std::optional(test.text) : expression_text(test.text);
                if (!read) {
                    way.dropped.push_back("Require claim " + test.text + ": its value is that of a variable");
                    continue;
                }
                test.text = *read;
                tests.push_back(std::move(test));
            }
            way.tests = std::move(tests);
        }
        return ways;
    }

    // Its own, and all that what it has a cache in common with has verified.
    std::vector<Verification> by_oauth2(const Settings& settings, const std::vector<Way>& ways) const {
        std::vector<Verification> out, others;
        std::set<std::string> caches;
        std::vector<std::string> required, dropped;
        user_claim(settings, required, dropped);
        for (std::size_t i = 0; i < verified_.size(); ++i) {
            if (is_own(settings, i)) caches.insert(verified_[i].cache);
        }
        std::set<std::string> seen;
        std::size_t own_ones = 0;
        for (const bool own : {true, false}) {
            for (std::size_t i = 0; i < verified_.size(); ++i) {
                if (is_own(settings, i) != own || caches.count(verified_[i].cache) == 0) continue;
                if (!seen.insert(token_verify_[i]->args).second) continue;
                out.push_back(verified_[i]);
                Verification& added = out.back();
                if (own) own_ones = out.size();
                if (!own) added.name += " of another place, through the cache";
                added.required.insert(added.required.end(), required.begin(), required.end());
                std::rotate(added.required.begin(), added.required.end() - static_cast<std::ptrdiff_t>(required.size()),
                            added.required.end());
                added.dropped.insert(added.dropped.end(), dropped.begin(), dropped.end());
            }
        }
        if (out.size() > 1 && dropped.empty() && asks_nothing_else(ways))
            say_shared(std::span(out).first(own_ones), required.front());
        return out;
    }

    // Besides a token.
    static bool asks_nothing_else(const std::vector<Way>& ways) {
        return std::all_of(ways.begin(), ways.end(), [](const Way& way) {
            return way.tests.empty() && way.dropped.empty() && way.elsewhere.empty();
        });
    }

    // In the normal form what one path of a cache takes all of them take, whatever else they ask for. Here each place
    // asks for its claims each time, and only those that ask for none but the same user's take the same.
    void say_shared(std::span<Verification> own, const std::string& user) const {
        for (Verification& each : own) {
            each.shared = true;
            each.cache =
                "of mod_oauth2, " + printable(each.cache) + " by " + user + ", in " + content_.sources.front().file;
        }
    }

    bool is_own(const Settings& settings, std::size_t i) const {
        return std::find(settings.token_verify.begin(), settings.token_verify.end(), token_verify_[i]) !=
               settings.token_verify.end();
    }

    static void user_claim(const Settings& settings, std::vector<std::string>& required,
                           std::vector<std::string>& dropped) {
        std::string claim = "sub";
        if (settings.target_pass != nullptr) {
            std::string_view args = settings.target_pass->args;
            for (const auto& [name, value] : options_of(take_word(args)))
                claim = name == "remote_user_claim" ? value : claim;
            if (has_variable(settings.target_pass->args)) claim.clear();
        }
        if (claim.empty() || claim.find("{tenant}") != claim.npos || claim.find('.') != claim.npos)
            dropped.push_back("the claim of OAuth2TargetPass");
        else
            required.push_back(std::move(claim));
    }

    // Since 2.4.20 what was verified for one host is verified for all, if their passphrase is the same, unless the
    // interval is -1.
    std::vector<Verification> by_openidc(const Host& host, const Settings& settings) const {
        std::vector<Verification> out{openidc_verification(host)};
        if (settings.interval != nullptr && words(settings.interval->args) == std::vector<std::string>{"-1"})
            return out;
        std::set<std::string> seen{keys_of(out.front())};
        for (const Host& other : hosts_) {
            if (&other == &host || passphrase_of(other) != passphrase_of(host)) continue;
            Verification verified = openidc_verification(other);
            if (!verified.opaque.empty() || !seen.insert(keys_of(verified)).second) continue;
            verified.name += " of another host, through the cache";
            verified.dropped.push_back(
                "that mod_auth_openidc is of 2.4.20 or later, which keeps what it has verified for another host");
            verified.issuers = out.front().issuers;
            verified.audiences = out.front().audiences;
            verified.required = out.front().required;
            out.push_back(std::move(verified));
        }
        return out;
    }

    static std::string keys_of(const Verification& verification) {
        std::string out;
        for (const Node& each : verification.keys) dump(each, out);
        return out;
    }

    static std::string passphrase_of(const Host& host) {
        const Directive* const set = setting_of(host, "oidccryptopassphrase");
        return set == nullptr || has_variable(set->args) || set->args.starts_with("exec:") ? "" : set->args;
    }

    const Content& content_;
    Configuration configuration_;
    std::vector<Host> hosts_;
    std::vector<const Directive*> token_verify_, caches_;
    std::vector<Verification> verified_;
};

bool names_verifier(const std::vector<Directive>& directives) {
    return std::any_of(directives.begin(), directives.end(), [](const Directive& each) {
        const std::vector<std::string> all = words(lower_case(each.args));
        const std::string first = all.empty() ? "" : all.front();
        const bool type = each.name == "authtype" && all.size() == 1 &&
                          (first == "oauth2" || first == "oauth20" || first == "auth-openidc");
        const bool requires_claim =
            each.name == "require" && all.size() > 1 && (first == "claim" || first == "oauth2_claim");
        return type || requires_claim || (each.name.starts_with("oidcoauth") && !all.empty()) ||
               (each.name == "oauth2tokenverify" && all.size() > 1) || names_verifier(each.inner);
    });
}

} // namespace

bool recognises_apache(const Content& content) {
    return std::any_of(content.sources.begin(), content.sources.end(), [](const Source& source) {
        const Configuration configuration = parse(source.text, 0);
        return configuration.fault.empty() && names_verifier(configuration.directives);
    });
}

Verifiers read_apache(const Content& content) { return Server(content).run(); }

} // namespace jwtdomain::gateway
