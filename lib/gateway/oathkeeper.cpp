// Ory Oathkeeper: access rules, in JSON or YAML, as objects of its Maester, and the configuration file beside them.
//
// By its own source (proxy/request_handler.go, pipeline/authn, credentials): of a rule's authenticators the first that
// is responsible decides. jwt is for every token of three parts that it finds; noop is for every request; anonymous for
// those without an Authorization header. jwt takes the key with the token's kid, which must be there, out of all of
// jwks_urls; allowed_algorithms are RS256 if nothing is said; any issuer will do without trusted_issuers; of
// target_audience all must be in aud; of scp, scope and scopes the first that is there must have required_scope, by
// scope_strategy: where that is none, a rule that requires scopes refuses everything. What a rule does not say, the
// configuration file does (and the environment over it, which nothing here knows). What no rule is for, is refused.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/oathkeeper.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::size_t kPath = 100; // values that a path has by itself

// Others decide whether these pass.
constexpr std::array<std::string_view, 4> kAsk{"oauth2_introspection", "bearer_token", "cookie_session",
                                               "oauth2_client_credentials"};

bool is_rule(const Node& node) {
    return is(member(&node, "authenticators"), Kind::array) &&
           (member(&node, "match") != nullptr || member(&node, "authorizer") != nullptr);
}

bool is_object_of_maester(const Node& node) { return kubernetes::is_object(node, "oathkeeper.ory.sh", "Rule"); }

bool is_file_of_oathkeeper(const Node& node) {
    if (is(member(&node, "access_rules"), Kind::object)) return true;
    const Node* const all = member(&node, "authenticators");
    return is(all, Kind::object) && std::any_of(all->elements.begin(), all->elements.end(),
                                                [](const Node& each) { return member(&each, "enabled") != nullptr; });
}

bool has_rules(const Node& node) {
    if (is_rule(node) || is_object_of_maester(node)) return true;
    return node.kind == Kind::array && std::any_of(node.elements.begin(), node.elements.end(), is_rule);
}

class OathkeeperRules {
public:
    OathkeeperRules(const Content& content, Verifiers& out) : content_(content), out_(out) {
        std::size_t count = 0;
        for (const Node& each : content.documents) {
            if (!is_file_of_oathkeeper(each)) continue;
            file_ = ++count == 1 ? &each : nullptr; // of several, nobody says which is whose
        }
    }

    void read() {
        for (const Node& each : content_.documents) {
            if (is_object_of_maester(each))
                read_object(each);
            else if (is_rule(each))
                read_rule(each, text_of(each.find("id")));
            else if (has_rules(each))
                for (const Node& rule : each.elements) read_rule(rule, text_of(member(&rule, "id")));
        }
        for (const Node& each : content_.documents) {
            if (is_file_of_oathkeeper(each) && !is_selective()) read_repositories(each);
        }
    }

private:
    bool is_selective() const { return !content_.selection.name_space.empty(); }

    void read_object(const Node& node) {
        if (!kubernetes::may_be_in(kubernetes::namespace_of(node), content_.selection.name_space)) return;
        const Node* const spec = node.find("spec");
        read_rule(spec != nullptr ? *spec : node, kubernetes::name_of(node));
    }

    // Rules that are said elsewhere.
    void read_repositories(const Node& file) {
        const Node* const places = member(member(&file, "access_rules"), "repositories");
        if (!is(places, Kind::array)) {
            out_.push_back(opaque("other rules", "which access rules there are is not said here", file.mark));
            return;
        }
        for (const Node& place : places->elements) {
            const std::string written = text_of(&place), name = written.substr(written.find_last_of("/\\") + 1);
            const bool here = written.starts_with("file://") &&
                              std::any_of(content_.documents.begin(), content_.documents.end(), [&](const Node& each) {
                                  return has_rules(each) && file_of(each).ends_with("/" + name);
                              });
            if (!here)
                out_.push_back(opaque("rules of " + plain_name(written.substr(0, 60)),
                                      "these access rules are not among what is read", place.mark));
        }
    }

    std::string file_of(const Node& node) const {
        return node.mark.source < content_.sources.size() ? "/" + content_.sources[node.mark.source].file : "";
    }

    const Node* setting_of(const std::string& handler, std::string_view name) const {
        return file_ == nullptr ? nullptr : member(member(member(file_, "authenticators"), handler), name);
    }

    void read_rule(const Node& rule, const std::string& id) {
        std::string name = id;
        const Node* const match = member(&rule, "match");
        if (name.empty()) name = text_of(member(match, match_field(match)));
        name = "rule " + plain_name(name);
        if (rule.kind != Kind::object) {
            out_.push_back(opaque(name, "one of the rules is no object", rule.mark));
            return;
        }
        if (const std::string what =
                unknown_member(rule, {"id", "version", "description", "match", "authenticators", "authorizer",
                                      "mutators", "errors", "upstream", "configMapName"});
            !what.empty()) {
            out_.push_back(opaque(name, "it has a field that is not known here: " + plain_name(what), rule.mark));
            return;
        }
        read_authenticators(name, rule);
    }

    static const char* match_field(const Node* match) {
        return member(match, "url") != nullptr ? "url" : "full_method";
    }

    // What else must allow a request: "" if nothing does, "deny" if nothing can.
    static std::string authorizer_of(const Node& rule) {
        const Node* const handler = member(rule.find("authorizer"), "handler");
        if (handler == nullptr) return "none that is named";
        if (handler->kind != Kind::string || is_unresolved(*handler)) return "one that is put in later";
        return handler->text == "allow" ? "" : handler->text;
    }

    struct Outcome {
        std::vector<Node> paths = {}, asked = {};
        std::string open = {}, doubt = {};
        Mark at = {};
        bool failed_passes = false;
    };

    void read_authenticators(const std::string& name, const Node& rule) {
        const std::string authorizer = authorizer_of(rule);
        const Node* const all = rule.find("authenticators");
        const Mark at = all != nullptr ? all->mark : rule.mark;
        if (authorizer == "deny") {
            out_.push_back(nothing_accepted(name, rule.find("authorizer")->mark));
            return;
        }
        std::vector<Node> dropped;
        if (!authorizer.empty())
            dropped.push_back(text("authorizer: it decides, too: " + plain_name(authorizer),
                                   rule.find("authorizer") != nullptr ? rule.find("authorizer")->mark : at));
        Outcome outcome = ask(all, at, dropped);
        if (!outcome.doubt.empty()) {
            out_.push_back(opaque(name, outcome.doubt, outcome.at));
        } else if (!outcome.open.empty()) {
            out_.push_back(!authorizer.empty() ? opaque(name, outcome.open + ", and its authorizer decides", outcome.at)
                           : outcome.failed_passes ? open_to_failed(name, outcome.open, outcome.at)
                                                   : open(name, outcome.open, outcome.at));
        } else {
            for (const Node& each : outcome.asked)
                out_.push_back(opaque(name + ": " + each.text,
                                      each.text + " asks elsewhere, and what is accepted there is not written here",
                                      each.mark));
            if (!outcome.paths.empty())
                out_.push_back(guarded(name, std::move(outcome.paths), at));
            else if (outcome.asked.empty())
                out_.push_back(nothing_accepted(name, at));
        }
    }

    // In turn, until one decides on every request.
    Outcome ask(const Node* all, Mark at, const std::vector<Node>& dropped) {
        Outcome out;
        const auto doubt = [&](std::string why, Mark where) {
            out.doubt = std::move(why);
            out.at = where;
        };
        if (!is(all, Kind::array)) {
            doubt("its authenticators are no list", at);
            return out;
        }
        bool usual = false;  // a jwt has looked at the usual place
        bool looked = false; // somebody has looked at a token
        for (const Node& each : all->elements) {
            const Node* const named = member(&each, "handler");
            const std::string handler = is(named, Kind::string) ? named->text : "";
            if (!budget_.take(kPath) || !budget_.take(&each)) doubt("its rules come to too many paths", each.mark);
            if (!unknown_of(each).empty()) doubt("an authenticator has a field that is not known here", each.mark);
            if (!out.doubt.empty()) return out;
            if (const Node* const enabled = setting_of(handler, "enabled");
                is(enabled, Kind::boolean) && !enabled->truth)
                return out; // a fault, for every request that comes so far
            if (handler == "unauthorized") return out;
            if (handler == "noop") {
                out.failed_passes = !looked;
                out.open = "noop lets every request pass that comes so far";
                out.at = each.mark;
                return out;
            }
            looked = looked || handler != "anonymous";
            if (handler == "anonymous") {
                out.open = "a request without an Authorization header passes (anonymous)";
                out.at = each.mark;
            } else if (handler == "jwt") {
                const oathkeeper::Settings settings{.own = each.find("config"),
                                                    .below = setting_of("jwt", "config"),
                                                    .known = file_ != nullptr,
                                                    .mark = each.mark};
                const bool here = settings.known && settings.find("token_from") == nullptr;
                if (usual && here) continue; // the one before has decided
                usual = usual || here;
                if (std::string why = add_paths(settings, dropped, out.paths); !why.empty())
                    doubt(std::move(why), each.mark);
            } else if (std::find(kAsk.begin(), kAsk.end(), handler) != kAsk.end()) {
                out.asked.push_back(text(handler, each.mark));
            } else {
                doubt("an authenticator that is not known here: " + plain_name(handler), each.mark);
            }
        }
        return out;
    }

    static std::string unknown_of(const Node& authenticator) {
        return authenticator.kind == Kind::object ? unknown_member(authenticator, {"handler", "config"}) : "it";
    }

    const Content& content_;
    Verifiers& out_;
    const Node* file_ = nullptr;
    Budget budget_ = {};
};

} // namespace

bool recognises_oathkeeper(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(),
                       [](const Node& each) { return has_rules(each) || is_file_of_oathkeeper(each); });
}

Verifiers read_oathkeeper(const Content& content) {
    Verifiers out;
    OathkeeperRules(content, out).read();
    return out;
}

} // namespace jwtdomain::gateway
