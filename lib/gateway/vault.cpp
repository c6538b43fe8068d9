// HashiCorp Vault's JWT auth method: what `vault read -format=json` prints of auth/jwt/config and auth/jwt/role/NAME,
// or the same fields written plainly, the roles under `roles`.
//
// By its own source (vault-plugin-auth-jwt, cap): the caller names the role, so that each is an entry of its own.
// Signatures are verified with every key there is (kid selects in a set where both have one), by the algorithms that
// are named, else by all but HMAC. iss is compared if bound_issuer is set: oidc_discovery_url does not do it. aud must
// hold one of bound_audiences; if there are none, it must be absent or empty. Of exp, nbf and iat one must be there;
// without exp a token lives for expiration_leeway from the others on. The JSON serialization of a JWS is taken, too.
// Roles that are not here are not known, and whoever may write to the mount can add some.
#include <algorithm>
#include <map>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"
#include "jwtdomain/gateway/vault.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using vault::Mount;

bool has_any(const Node& object, std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return object.find(name) != nullptr; });
}

bool is_configuration(const Node& node) {
    return node.kind == Kind::object && node.find("user_claim") == nullptr &&
           has_any(node, {"jwt_validation_pubkeys", "jwks_url", "jwks_pairs", "oidc_discovery_url"}) &&
           has_any(node, {"jwt_validation_pubkeys", "jwks_pairs", "bound_issuer", "jwt_supported_algs",
                          "oidc_discovery_ca_pem", "jwks_ca_pem", "default_role", "roles"});
}

bool is_role(const Node& node) {
    return node.kind == Kind::object && node.find("user_claim") != nullptr &&
           has_any(node, {"bound_audiences", "bound_claims", "bound_subject", "role_type", "token_bound_cidrs"});
}

// `role-deploy.json` or `role/deploy.json`; what else there is of a name is kept.
std::string name_by_file(const std::string& file) {
    std::string name = file.substr(file.find_last_of("/\\") + 1); // all of it where there is none
    if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
    for (const char* prefix : {"role-", "role_", "role."}) {
        if (name.starts_with(prefix)) name.erase(0, 5);
    }
    return name.empty() ? "role" : name;
}

std::string folder_of(const std::string& file) {
    const std::size_t slash = file.find_last_of("/\\");
    std::string folder = slash == std::string::npos ? std::string() : file.substr(0, slash);
    // The roles of a mount may lie in a folder of it.
    for (const char* inner : {"/role", "/roles"}) {
        if (folder.ends_with(inner)) folder.resize(folder.size() - std::string_view(inner).size());
    }
    return folder == "role" || folder == "roles" ? std::string() : folder;
}

void add_roles(const Node& roles, Mount& mount) {
    for (std::size_t i = 0; i < roles.elements.size(); ++i) {
        const Node& each = roles.elements[i];
        const bool named = i < roles.names.size();
        std::string name = named ? roles.names[i].text : "#" + std::to_string(i + 1);
        if (each.kind == Kind::object && !named && !text_of(each.find("name")).empty())
            name = text_of(each.find("name"));
        mount.roles.push_back({std::move(name), &each});
    }
}

class Files {
public:
    explicit Files(const Content& content) {
        for (const Node& each : content.documents) {
            const Node* node = member(&each, "data");
            const bool answer = is(node, Kind::object) && has_any(each, {"request_id", "lease_id", "mount_type"});
            if (!answer) node = &each;
            const std::string file =
                each.mark.source < content.sources.size() ? content.sources[each.mark.source].file : std::string();
            take(*node, file);
        }
    }

    bool any() const { return !mounts_.empty(); }

    void read(Verifiers& out) const {
        std::vector<const Node*> all;
        for (const auto& [folder, mount] : mounts_)
            all.insert(all.end(), mount.configurations.begin(), mount.configurations.end());
        Budget budget;
        for (const auto& [folder, mount] : mounts_) {
            const auto& configurations = mount.configurations.empty() ? all : mount.configurations;
            for (const vault::Role& role : mount.roles) read_role(role, configurations, budget, out);
            if (mount.roles.empty()) without_roles(mount, out);
        }
    }

private:
    void take(const Node& node, const std::string& file) {
        const Node *const roles = member(&node, "roles"), *const inner = member(&node, "config");
        const Node& configuration = inner != nullptr && is_configuration(*inner) ? *inner : node;
        if (is_role(node)) {
            std::string name = text_of(node.find("name"));
            mounts_[folder_of(file)].roles.push_back({name.empty() ? name_by_file(file) : std::move(name), &node});
        } else if (is_configuration(configuration)) {
            // What holds its own roles is a mount by itself.
            Mount& mount = mounts_[roles != nullptr ? file + "#" + std::to_string(mounts_.size()) : folder_of(file)];
            mount.configurations.push_back(&configuration);
            if (roles != nullptr) add_roles(*roles, mount);
        }
    }

    static void without_roles(const Mount& mount, Verifiers& out) {
        const Mark at = mount.configurations.front()->mark;
        out.push_back(opaque("roles", "what roles the mount has is not said here", at));
    }

    std::map<std::string, Mount> mounts_ = {};
};

} // namespace

bool recognises_vault(const Content& content) { return Files(content).any(); }

Verifiers read_vault(const Content& content) {
    Verifiers out;
    Files(content).read(out);
    return out;
}

} // namespace jwtdomain::gateway
