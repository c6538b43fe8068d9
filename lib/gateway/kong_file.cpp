// Entities of a declarative file, nested in each other or side by side with references.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/kong.h"

namespace jwtdomain::gateway::kong {
namespace {

using document::Kind;

constexpr std::array<std::string_view, 4> kVersions{"1.1", "2.1", "3.0", "3"};

// By what a reference may name them.
using Names = std::map<std::string, const Node*, std::less<>>;

class File {
public:
    explicit File(const Node& document) : document_(document) {}

    Estate read() {
        check();
        each(&document_, "consumers", [&](const Node& node) { consumer(node); });
        each(&document_, "services", [&](const Node& node) { service(node); });
        each(&document_, "routes", [&](const Node& node) { route(node, nullptr); });
        each(&document_, "plugins", [&](const Node& node) { waiting_.push_back({&node, nullptr, nullptr, nullptr}); });
        each(&document_, "jwt_secrets", [&](const Node& node) { credential(node, text_of(node.find("consumer"))); });
        each(&document_, "consumer_groups",
             [&](const Node& node) { each(&node, "plugins", [&](const Node& plugin) { grouped(plugin); }); });
        for (Route& each : out_.routes) {
            if (each.service == nullptr) each.service = referred(*each.node, "service", services_);
        }
        for (const Waiting& each : waiting_) plugin(each);
        return std::move(out_);
    }

private:
    struct Waiting {
        const Node *node, *route, *service, *consumer;
    };

    void doubt(std::string why, Mark at) {
        if (!out_.doubt.empty()) return;
        out_.doubt = std::move(why);
        out_.doubt_at = at;
    }

    void check() {
        const Node* const version = document_.find("_format_version");
        if (std::find(kVersions.begin(), kVersions.end(), text_of(version)) == kVersions.end())
            doubt("its version is not known here", version->mark);
        if (const Node* const tags = member(document_.find("_info"), "select_tags"))
            doubt("it is a part of a whole (select_tags), whose other plugins and credentials are not here",
                  tags->mark);
        for (const char* name : {"_plugin_configs", "_ignore"}) {
            if (const Node* const other = document_.find(name); other != nullptr && !other->elements.empty())
                doubt(std::string(name) + " is not read here", other->mark);
        }
    }

    template <class Take> void each(const Node* of, std::string_view name, const Take& take) {
        const Node* const all = member(of, name);
        if (all == nullptr || all->kind == Kind::null) return;
        if (all->kind != Kind::array) return doubt(std::string(name) + " is no list", all->mark);
        for (const Node& one : all->elements) {
            if (one.kind == Kind::object)
                take(one);
            else
                doubt("one of " + std::string(name) + " is no object", one.mark);
        }
    }

    static void name(const Node& node, std::initializer_list<std::string_view> by, Names& names) {
        for (const std::string_view field : by) {
            if (const std::string text = text_of(node.find(field)); !text.empty()) names.emplace(text, &node);
        }
    }

    void consumer(const Node& node) {
        name(node, {"username", "id", "custom_id"}, out_.consumers);
        std::string called = text_of(node.find("username"));
        if (called.empty()) called = text_of(node.find("custom_id"));
        each(&node, "jwt_secrets", [&](const Node& secret) { credential(secret, called); });
        each(&node, "plugins", [&](const Node& plugin) { waiting_.push_back({&plugin, nullptr, nullptr, &node}); });
    }

    void credential(const Node& node, std::string consumer) {
        out_.credentials.push_back({&node, std::move(consumer)});
    }

    void service(const Node& node) {
        name(node, {"name", "id"}, services_);
        each(&node, "routes", [&](const Node& inner) { route(inner, &node); });
        each(&node, "plugins", [&](const Node& plugin) { waiting_.push_back({&plugin, nullptr, &node, nullptr}); });
    }

    void route(const Node& node, const Node* of) {
        name(node, {"name", "id"}, routes_);
        out_.routes.push_back({&node, of});
        each(&node, "plugins", [&](const Node& plugin) { waiting_.push_back({&plugin, &node, nullptr, nullptr}); });
    }

    void grouped(const Node& plugin) {
        if (text_of(plugin.find("name")) == "jwt") doubt("a plugin of a group of consumers", plugin.mark);
    }

    // nullptr: there is none, or it is not in the file, which is a doubt.
    const Node* referred(const Node& node, std::string_view field, const Names& names) {
        const Node* const reference = node.find(field);
        if (reference == nullptr || reference->kind == Kind::null) return nullptr;
        std::string text = text_of(reference);
        for (const char* by : {"name", "username", "id"}) {
            if (text.empty()) text = text_of(member(reference, by));
        }
        const auto found = names.find(text);
        if (found != names.end() && !is_unresolved(*reference)) return found->second;
        doubt("a " + std::string(field) + " is named that is not here", reference->mark);
        return nullptr;
    }

    void plugin(Waiting all) {
        const Node& node = *all.node;
        if (all.route == nullptr) all.route = referred(node, "route", routes_);
        if (all.service == nullptr) all.service = referred(node, "service", services_);
        if (all.consumer == nullptr) all.consumer = referred(node, "consumer", out_.consumers);
        if (node.find("consumer_group") != nullptr) return grouped(node);
        const std::string called = text_of(node.find("name"));
        if (called == "jwt") check(node, all.consumer);
        const Node* const enabled = node.find("enabled");
        if (is(enabled, Kind::boolean) && !enabled->truth) return;
        const auto [at, is_new] =
            out_.plugins.emplace(Estate::Place{called, all.route, all.service, all.consumer}, &node);
        if (is_new) return;
        at->second = nullptr;
        if (called == "jwt") doubt("two plugins jwt of one place", node.mark);
    }

    // Of what stands around the configuration of jwt. "protocols" divides HTTP from others alone.
    void check(const Node& node, const Node* consumer) {
        const Node* const enabled = node.find("enabled");
        if (consumer != nullptr) doubt("jwt of a consumer, which Kong does not have", node.mark);
        if (enabled != nullptr && enabled->kind != Kind::boolean && enabled->kind != Kind::null)
            doubt("whether jwt is enabled is put in later", enabled->mark);
        if (const std::string what =
                unknown_member(node, {"name", "config", "enabled", "route", "service", "consumer", "protocols", "tags",
                                      "id", "instance_name", "created_at", "updated_at", "run_on", "ordering"});
            !what.empty())
            doubt("jwt has a field that is not known here: " + plain_name(what), node.mark);
        const Node* const protocols = node.find("protocols");
        if (protocols == nullptr || protocols->kind == Kind::null) return;
        const bool http = std::any_of(protocols->elements.begin(), protocols->elements.end(), [](const Node& one) {
            const std::string text = text_of(&one);
            return text == "http" || text == "https" || text == "grpc" || text == "grpcs";
        });
        if (!http) doubt("jwt is for other protocols than HTTP", protocols->mark);
    }

    const Node& document_;
    Estate out_ = {};
    Names services_ = {}, routes_ = {};
    std::vector<Waiting> waiting_ = {};
};

} // namespace

bool is_configuration(const Node& document) {
    return document.kind == Kind::object && document.find("_format_version") != nullptr &&
           (is(document.find("services"), Kind::array) || is(document.find("routes"), Kind::array) ||
            is(document.find("plugins"), Kind::array) || is(document.find("consumers"), Kind::array));
}

Estate estate_of(const Node& document) { return File(document).read(); }

const Node* plugin_for(const Estate& estate, std::string_view name, const Route& route) {
    const std::string called(name);
    const auto at = [&](const Node* of_route, const Node* of_service) -> const Node* {
        const auto found = estate.plugins.find(Estate::Place{called, of_route, of_service, nullptr});
        return found == estate.plugins.end() ? nullptr : found->second;
    };
    if (route.node != nullptr && route.service != nullptr) {
        if (const Node* const found = at(route.node, route.service)) return found;
    }
    if (route.node != nullptr) {
        if (const Node* const found = at(route.node, nullptr)) return found;
    }
    if (route.service != nullptr) {
        if (const Node* const found = at(nullptr, route.service)) return found;
    }
    return at(nullptr, nullptr);
}

} // namespace jwtdomain::gateway::kong
