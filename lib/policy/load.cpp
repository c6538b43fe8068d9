#include "jwtdomain/policy/load.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "jwtdomain/base/suggest.h"
#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/check.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"
#include "jwtdomain/policy/tenants.h"

namespace jwtdomain::policy {

namespace {

using document::Node;

const std::vector<std::string> kDefaultInclude{"domains/**/*.yaml", "domains/**/*.json"};

class Loader {
public:
    Loader(const std::string& directory, const Reader& reader) : reader_(reader) { policy_.directory = directory; }

    Status read_root() {
        std::string name = "policy.yaml";
        auto text = reader_.read(path(name));
        if (!text && text.error().fault == Fault::not_found) {
            name = "policy.json";
            text = reader_.read(path(name));
        }
        if (!text) {
            if (text.error().fault != Fault::not_found) return fail(text.error());
            return fail(Error{.fault = Fault::not_found,
                              .message = "there is no policy in " + policy_.directory,
                              .where = {path("policy.yaml")},
                              .hint = "make one with: jwtdomain init --domain staging --domain prod"});
        }
        policy_.file = path(name);
        auto root = document::parse(*text, policy_.file);
        if (!root) return fail(root.error());
        root_ = std::move(*root);
        if (auto ok = check_version(); !ok) return ok; // first: a later version has fields that we do not know
        if (auto ok = schema::check(root_, schema::policy_object(), policy_.file); !ok) return ok;
        return bind_root();
    }

    Status read_domain_file(const std::string& file) {
        auto text = reader_.read(file);
        if (!text) return fail(text.error());
        auto node = document::parse(*text, file);
        if (!node) return fail(node.error());
        return add_domain(*node, file);
    }

    Status read_inline_domains() {
        const Node* domains = root_.find("domains");
        if (domains == nullptr) return {};
        for (const Node& node : domains->elements) {
            if (auto ok = add_domain(node, policy_.file); !ok) return ok;
        }
        return {};
    }

    Status read_included() {
        auto files = reader_.glob(policy_.directory, policy_.include);
        if (!files) return fail(files.error());
        for (const std::string& file : *files) {
            if (file == policy_.file) continue;
            if (auto ok = read_domain_file(file); !ok) return ok;
        }
        return {};
    }

    // Is it among the files that are included?
    bool lists(const std::string& file) const {
        const auto files = reader_.glob(policy_.directory, policy_.include);
        return files && std::find(files->begin(), files->end(), path(file)) != files->end();
    }

    std::string path(const std::string& relative) const {
        const std::string& directory = policy_.directory;
        if (directory.empty() || relative.front() == '/') return relative;
        return directory.back() == '/' ? directory + relative : directory + "/" + relative;
    }

    const Node& root() const { return root_; }
    Policy& policy() { return policy_; }

private:
    Status check_version() {
        const Node* version = root_.find("version");
        if (version == nullptr || version->kind != document::Kind::integer || version->integer == 1) return {};
        return schema::refuse(policy_.file, version->mark,
                              "version " + version->text + " of the policy format is not known here",
                              version->integer > 1 ? "a newer jwtdomain is needed" : "write version: 1");
    }

    Status bind_root() {
        auto prototype = bind::prototype(root_, policy_.file);
        if (!prototype) return fail(prototype.error());
        policy_.prototype = std::move(*prototype);
        policy_.include = kDefaultInclude;
        bind::set(root_, "include", policy_.include);
        bind_edges();
        if (const Node* revocations = root_.find("revocations")) {
            bind::set(*revocations, "file", policy_.revocations);
            bind::set(*revocations, "keys", policy_.revocation_keys);
        }
        if (policy_.revocations.empty()) {
            const auto there = reader_.glob(policy_.directory, {std::string(kRevocationList)});
            if (!there) return fail(there.error());
            if (!there->empty()) policy_.revocations = kRevocationList;
        }
        if (const Node* verifiers = root_.find("verifiers")) {
            std::unordered_map<std::string_view, std::size_t> numbers; // by domain
            for (const Node& node : verifiers->elements) {
                auto verifier = bind::verifier(node, policy_.file, ++numbers[node.find("domain")->text]);
                if (!verifier) return fail(verifier.error());
                policy_.verifiers.push_back(std::move(*verifier));
            }
        }
        return check_edge_scopes();
    }

    void bind_edges() {
        if (const Node* trust = root_.find("trust")) {
            for (const Node& node : trust->elements) {
                TrustEdge edge;
                for (const auto& [name, to] : {std::pair{"from", &edge.from},
                                               {"to", &edge.to},
                                               {"audience", &edge.audience},
                                               {"reason", &edge.reason},
                                               {"owner", &edge.owner}}) {
                    bind::set(node, name, *to);
                }
                bind::set(node, "scopes", edge.scopes);
                edge.expires = bind::time(*node.find("expires"));
                edge.where = bind::place(policy_.file, node.mark);
                policy_.trust.push_back(std::move(edge));
            }
        }
        if (const Node* exchange = root_.find("exchange")) {
            for (const Node& node : exchange->elements) {
                ExchangeEdge edge;
                for (const auto& [name, to] : {std::pair{"from", &edge.from},
                                               {"to", &edge.to},
                                               {"audience", &edge.audience},
                                               {"reason", &edge.reason},
                                               {"owner", &edge.owner},
                                               {"kind", &edge.kind}}) {
                    bind::set(node, name, *to);
                }
                bind::set(node, "scopes", edge.scopes);
                edge.where = bind::place(policy_.file, node.mark);
                policy_.exchange.push_back(std::move(edge));
            }
        }
    }

    Status check_edge_scopes() {
        for (const char* list : {"trust", "exchange"}) {
            const Node* edges = root_.find(list);
            if (edges == nullptr) continue;
            for (const Node& node : edges->elements) {
                const Node* scopes = node.find("scopes");
                if (scopes == nullptr) continue;
                if (auto ok = bind::scopes(*scopes, policy_.file); !ok) return fail(ok.error());
            }
        }
        return {};
    }

    Status add_domain(const Node& node, const std::string& file) {
        if (auto ok = schema::check(node, schema::domain_object(), file); !ok) return ok;
        auto domain = bind::domain(node, policy_.prototype, file);
        if (!domain) return fail(domain.error());
        if (const Node* tenant = node.find("tenant")) return add_tenants(*domain, *tenant, file);
        if (has_placeholder(*domain)) {
            return schema::refuse(file, node.mark, "{tenant} in a domain that is no template",
                                  "add tenant: {from: tenants.txt} or tenant: {values: [...]}");
        }
        policy_.domains.push_back(std::move(*domain));
        return {};
    }

    Status add_tenants(const Domain& pattern, const Node& tenant, const std::string& file) {
        auto tenants = tenants_of(tenant, file);
        if (!tenants) return fail(tenants.error());
        policy_.domains.reserve(policy_.domains.size() + tenants->size());
        for (const std::string& name : *tenants) {
            policy_.domains.push_back(instantiate(pattern, name));
            if (auto good = bind::check_tenant_claims(policy_.domains.back(), tenant.mark, file); !good) return good;
            if (policy_.domains.back().name.size() <= 253) continue;
            return schema::refuse(file, tenant.mark,
                                  "the tenant '" + name + "' makes the domain's name longer than 253 octets");
        }
        return {};
    }

    Result<std::vector<std::string>> tenants_of(const Node& tenant, const std::string& file) {
        const Node* from = tenant.find("from");
        const Node* values = tenant.find("values");
        if ((from == nullptr) == (values == nullptr)) {
            return schema::refuse(file, tenant.mark, "a tenant list needs exactly one of from and values");
        }
        if (from != nullptr) {
            auto text = reader_.read(path(from->text));
            if (!text) return fail(text.error());
            if (text->size() > document::kMaxSize) return schema::refuse(path(from->text), {}, "larger than 8 MiB");
            return parse_tenants(*text, path(from->text));
        }
        std::unordered_set<std::string_view> seen;
        for (const Node& value : values->elements) {
            if (auto ok = check_tenant_name(value.text); !ok) {
                return schema::refuse(file, value.mark, ok.error().message, ok.error().hint);
            }
            if (!seen.insert(value.text).second) {
                return schema::refuse(file, value.mark, "the tenant '" + value.text + "' stands here twice");
            }
        }
        return bind::texts(*values);
    }

    const Reader& reader_;
    Policy policy_;
    Node root_;
};

// The domain's own file, if it is where it is expected and holds that domain and nothing else.
bool read_single(Loader& loader, const std::string& name) {
    Policy& policy = loader.policy();
    if (policy.find(name) != nullptr) return true;
    const std::string file = "domains/" + name + ".yaml";
    const auto& include = policy.include;
    const bool included = std::any_of(include.begin(), include.end(),
                                      [&](const auto& pattern) { return wildcard::path_matches(pattern, file); });
    if (!included || !check_domain_name(name)) return false;
    // "**" does not follow links to directories: a file behind one is none of the policy's.
    if (name.find('/') != std::string::npos && !loader.lists(file)) return false;
    const std::size_t before = policy.domains.size();
    if (!loader.read_domain_file(loader.path(file))) return false;
    return policy.domains.size() == before + 1 && policy.domains.back().name == name &&
           check_unique_names(policy).has_value();
}

// Whatever stands in the way, the full load says it better: this only answers whether the short way worked.
bool load_needed(Loader& loader, const std::string& name) {
    if (!loader.read_root() || !loader.read_inline_domains() || !read_single(loader, name)) return false;
    Policy& policy = loader.policy();
    std::vector<TrustEdge> edges;
    for (const TrustEdge& edge : policy.trust) {
        if (edge.to == name) edges.push_back(edge);
    }
    for (const TrustEdge& edge : edges) {
        if (edge.from == name || !read_single(loader, edge.from)) return false;
        if (!check_trust(edge, policy.find(edge.from), policy.find(name))) return false;
    }
    const auto needless = [&](const Domain& domain) {
        const auto from = [&](const TrustEdge& edge) { return edge.from == domain.name; };
        return domain.name != name && std::none_of(edges.begin(), edges.end(), from);
    };
    policy.domains.erase(std::remove_if(policy.domains.begin(), policy.domains.end(), needless), policy.domains.end());
    policy.trust = std::move(edges);
    policy.exchange.clear();
    const auto foreign = [&](const DeclaredVerifier& verifier) { return verifier.domain != name; };
    policy.verifiers.erase(std::remove_if(policy.verifiers.begin(), policy.verifiers.end(), foreign),
                           policy.verifiers.end());
    policy.partial = true;
    return true;
}

} // namespace

Result<Policy> load(const std::string& directory, const Reader& reader) {
    Loader loader(directory, reader);
    if (auto ok = loader.read_root(); !ok) return fail(ok.error());
    if (auto ok = loader.read_inline_domains(); !ok) return fail(ok.error());
    if (auto ok = loader.read_included(); !ok) return fail(ok.error());
    const Policy& policy = loader.policy();
    if (auto ok = check_unique_names(policy); !ok) return fail(ok.error());
    if (auto ok = check_domains(policy); !ok) return fail(ok.error());
    if (auto ok = check_references(policy, loader.root()); !ok) return fail(ok.error());
    return std::move(loader.policy());
}

Result<Policy> load_domain(const std::string& directory, std::string_view name, const Reader& reader) {
    Loader loader(directory, reader);
    if (load_needed(loader, std::string(name))) return std::move(loader.policy());
    return load(directory, reader);
}

Result<const Domain*> require_domain(const Policy& policy, std::string_view name) {
    if (const Domain* domain = policy.find(name)) return domain;
    std::string hint;
    std::vector<std::string> names;
    for (const Domain& domain : policy.domains) {
        names.push_back(domain.name);
        const auto& audiences = domain.audiences;
        if (domain.issuer == name || std::find(audiences.begin(), audiences.end(), name) != audiences.end()) {
            hint = "that is " + std::string(domain.issuer == name ? "the issuer" : "an audience") + " of the domain '" +
                   domain.name + "': use --domain " + domain.name;
        }
        for (const Resource& resource : domain.resources) {
            if (resource.uri == name)
                hint = "that is a resource of the domain '" + domain.name + "': use --domain " + domain.name;
        }
    }
    if (hint.empty()) hint = schema::did_you_mean(name, names);
    if (hint.empty()) {
        constexpr std::size_t kShown = 8;
        for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
            hint += (i == 0 ? "the domains are " : ", ") + names[i];
        if (names.size() > kShown) hint += ", ... (" + std::to_string(names.size()) + " in all)";
        if (names.empty()) hint = "the policy has no domain yet: jwtdomain init --domain " + std::string(name);
    }
    return fail(Error{.fault = Fault::not_found,
                      .message = "there is no domain '" + std::string(name) + "'",
                      .where = {policy.file},
                      .hint = std::move(hint)});
}

const Domain* Policy::find(std::string_view name) const {
    const auto found =
        std::find_if(domains.begin(), domains.end(), [&](const Domain& domain) { return domain.name == name; });
    return found == domains.end() ? nullptr : &*found;
}

} // namespace jwtdomain::policy
