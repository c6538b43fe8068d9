// nginx: auth_jwt of NGINX Plus, and what auth_request leaves to others.
//
// The module is not open: this is what its documentation says. A token is verified with the keys of all
// auth_jwt_key_file and auth_jwt_key_request of the nearest level that has any; exp and nbf are looked at, with
// auth_jwt_leeway; issuer and audience are not, unless auth_jwt_require asks for a variable that comes of them
// (nginx_require.cpp). What is not said there is taken for as much as it can be: any key of the right kind, whatever
// its kid and alg. By nginx's own documentation: directives are inherited where a level has none of its own; with
// `satisfy any` one module that lets a request pass suffices; a location that answers by itself (return) guards
// nothing; limit_except is for other methods than those it names; error_page leads past what refused a request. The
// level above a file that is read by itself is not known, nor is what others have compiled in.
#include <algorithm>
#include <set>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/nginx.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using nginx::Directive;
using nginx::Level;

constexpr std::size_t kPlace = 100; // values of what guards a location

using Directives = std::vector<Directive>;

// Every directive of that name in these blocks, however deep.
template <class Take> void each_of(const Directives& directives, std::string_view name, const Take& take) {
    for (const Directive& one : directives) {
        if (one.name() == name) take(one);
        each_of(one.block, name, take);
    }
}

class NginxServers {
public:
    NginxServers(const Directives& all, std::string prefix, const Selection& selection, Verifiers& out)
        : prefix_(std::move(prefix)), selection_(selection), out_(out) {
        nginx::add_variables(all, variables_);
        each_of(all, "upstream", [&](const Directive& each) { upstreams_.insert(each.word(1)); });
    }

    void read(const Directives& directives, const Level& above) {
        Level level = inherit(above, directives);
        if (nginx::find(directives, "http") != nullptr) level.include = nullptr; // nothing beside it serves requests
        for (const Directive& each : directives) {
            if (each.name() == "http" && each.has_block) read(each.block, level);
            if (each.name() == "server" && each.has_block) read_server(each, without_include(level));
            if (each.name() == "location" && each.has_block)
                tell(opaque(prefix_ + "location " + plain_name(each.word(each.words.size() - 1)),
                            "the server that includes it is not here", each.mark()));
        }
        if (level.include != nullptr)
            tell(opaque(prefix_ + "other servers",
                        "what it includes is not here: " + plain_name(level.include->word(1)), level.include->mark()));
    }

private:
    struct Server {
        std::string name;
        std::set<std::string> error_pages, asked;
        std::vector<std::string> rewrites;
        nginx::KeyPlaces places;
    };

    // Servers that are there are not changed by others beside them.
    static Level without_include(Level level) {
        level.include = nullptr;
        return level;
    }

    void tell(Node verifier) { out_.push_back(std::move(verifier)); }

    bool is_selected(const Directive& server) const {
        if (selection_.host.empty()) return true;
        bool named = false, serves = false;
        for (const Directive& each : server.block) {
            if (each.name() == "listen")
                for (const Node& word : each.words) serves = serves || word.text.starts_with("default");
            if (each.name() != "server_name") continue;
            for (std::size_t i = 1; i < each.words.size(); ++i) {
                const std::string& name = each.words[i].text;
                const bool plain = !name.empty() && name.find_first_of("~$") == name.npos && name.front() != '.' &&
                                   name.find('*', 1) == name.npos && name != "_";
                named = true;
                serves = serves || !plain || kubernetes::serves(name, selection_.host);
            }
        }
        return serves || !named;
    }

    void read_server(const Directive& node, const Level& above) {
        if (!is_selected(node) || nginx::find(node.block, "return") != nullptr) return;
        Server server;
        const Directive* const names = nginx::find(node.block, "server_name");
        server.name = prefix_ + (names != nullptr && !names->word(1).empty() ? plain_name(names->word(1)) : "a server");
        each_of(node.block, "error_page",
                [&](const Directive& each) { server.error_pages.insert(each.word(each.words.size() - 1)); });
        each_of(node.block, "rewrite", [&](const Directive& each) { server.rewrites.push_back(each.word(2)); });
        for (const char* asks : {"auth_jwt_key_request", "auth_request"})
            each_of(node.block, asks, [&](const Directive& each) { server.asked.insert(each.word(1)); });
        each_of(node.block, "location", [&](const Directive& each) { add_place(each, server); });
        const Level level = inherit(above, node.block);
        bool all = false;
        for (const Directive& each : node.block) {
            if (each.name() != "location" || !each.has_block) continue;
            read_location(each, level, server);
            all = all || (each.word(each.words.size() - 1) == "/" && (each.words.size() == 2 || each.word(1) == "^~"));
        }
        if (!all) tell(level, server, server.name + ": all else", node.mark());
    }

    // Where a location's requests go.
    void add_place(const Directive& location, Server& server) const {
        const std::string uri = location.word(location.words.size() - 1);
        const Directive* const pass = nginx::find(location.block, "proxy_pass");
        if (pass == nullptr || server.asked.count(uri) == 0) return;
        const std::string url = pass->word(1);
        const std::size_t host = url.find("://"), path = host == url.npos ? url.npos : url.find('/', host + 3);
        const bool known = path != url.npos && url.find('$') == url.npos &&
                           upstreams_.count(url.substr(host + 3, path - host - 3)) == 0 &&
                           nginx::find(location.block, "rewrite") == nullptr;
        server.places.insert_or_assign(uri, known ? keys_at(text(url, pass->mark()))
                                                  : unread_keys("keys of a request to " + uri, pass->mark()));
    }

    // Can a request come here that no other location has looked at?
    static bool is_reached(const Directive& location, const Server& server) {
        const std::string uri = location.word(location.words.size() - 1);
        const bool named = uri.starts_with('@');
        const bool inner = nginx::find(location.block, "internal") != nullptr;
        if (!named && !inner) return true;
        const bool some = location.words.size() == 3 && location.word(1).starts_with('~'); // of a regular expression
        const auto may_lead_here = [&](const std::string& to) {
            const std::string begin = to.substr(0, to.find('$'));
            return some || to.starts_with(uri) || (begin.size() < to.size() && uri.starts_with(begin));
        };
        const bool forwards = named || std::any_of(location.block.begin(), location.block.end(),
                                                   [](const Directive& d) { return d.name().ends_with("_pass"); });
        if (forwards && std::any_of(server.error_pages.begin(), server.error_pages.end(), may_lead_here)) return true;
        // To a name else only try_files leads, behind what guards that.
        return !named && std::any_of(server.rewrites.begin(), server.rewrites.end(), may_lead_here);
    }

    void read_location(const Directive& node, const Level& above, const Server& server) {
        const Level level = inherit(above, node.block);
        std::string name = server.name + ": ";
        for (std::size_t i = 1; i < node.words.size(); ++i) name += (i > 1 ? " " : "") + plain_name(node.words[i].text);
        const bool answers = nginx::find(node.block, "return") != nullptr;
        if (!answers && is_reached(node, server)) {
            const Directive* const except = nginx::find(node.block, "limit_except");
            if (except != nullptr && except->has_block) {
                std::string methods;
                for (std::size_t i = 1; i < except->words.size(); ++i) methods += " " + except->words[i].text;
                tell(level, server, plain_name(name + ":" + methods), node.mark());
                tell(inherit(level, except->block), server, name + ": other methods", except->mark());
            } else {
                tell(level, server, name, node.mark());
            }
        }
        for (const Directive& each : node.block) {
            if (each.name() == "location" && each.has_block) read_location(each, level, server);
        }
    }

    void tell(const Level& level, const Server& server, const std::string& name, Mark at) {
        std::size_t values = kPlace + 20 * (level.key_files.size() + level.key_requests.size()) + name.size() / 10;
        for (const Directive* each : level.required) {
            for (const Node& word : each->words) values += nginx::size_of(variables_, word.text);
        }
        if (!budget_.take(values)) {
            if (!told_) tell(opaque(server.name, "its locations come to more than is read here", at));
            told_ = true;
            return;
        }
        if (auto guard = guard_of(level, variables_, server.places, name, at)) tell(std::move(*guard));
    }

    nginx::Variables variables_ = {};
    std::set<std::string> upstreams_ = {};
    std::string prefix_;
    const Selection& selection_;
    Verifiers& out_;
    Budget budget_ = {};
    bool told_ = false;
};

} // namespace

bool recognises_nginx(const Content& content) {
    return std::any_of(content.sources.begin(), content.sources.end(), nginx::is_configuration);
}

Verifiers read_nginx(const Content& content) {
    Verifiers out;
    const std::vector<nginx::Root> roots = nginx::roots_of(content.sources);
    for (const nginx::Root& root : roots) {
        const std::string prefix = roots.size() == 1 ? "" : plain_name(root.file) + ": ";
        const std::size_t before = out.size();
        const auto& [directives, fault, fault_at] = root.configuration;
        if (!fault.empty()) {
            out.push_back(opaque(prefix + "every request", "it cannot be read: " + fault, fault_at));
            continue;
        }
        NginxServers(directives, prefix, content.selection, out).read(directives, {});
        const Mark at = directives.empty() ? Mark{.line = 1, .column = 1} : directives.front().mark();
        const bool part = nginx::find(directives, "http") == nullptr && nginx::find(directives, "server") == nullptr;
        if (out.size() != before) continue;
        if (part)
            out.push_back(opaque(prefix + "every request", "what includes it is not here", at));
        else if (content.selection.empty())
            out.push_back(nothing_accepted(prefix + "no request passes", at));
    }
    return out;
}

} // namespace jwtdomain::gateway
