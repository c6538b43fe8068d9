// oauth2-proxy 7: its .cfg file, and the providers of the configuration called alpha, which lies beside it.
//
// By its own source (validation/options.go, providers, middleware/jwt_session.go) and that of go-oidc: with
// skip_jwt_bearer_tokens a bearer token passes that the provider's verifier takes, or that of one of extra_jwt_issuers.
// iss must be the issuer, which insecure_oidc_skip_issuer_verification waives for the provider alone; of
// oidc_audience_claims the first that is there must name client_id (of a further issuer: its own audience), or one of
// oidc_extra_audiences, which hold for every issuer; exp must be there. Keys come from the metadata of the issuer,
// unless skip_oidc_discovery is set: then, and only then, oidc_jwks_url or the files of keys are read, and RS256 alone
// is taken. A provider of the kind entra-id does not hold bearer tokens against its tenants. What needs no session
// passes without a token: skip_auth_routes, skip_auth_regex, skip_auth_preflight, trusted_ips. Sessions of people who
// logged in pass by cookie beside all of that. Flags and the environment (OAUTH2_PROXY_...) may say otherwise, which
// nothing here knows.
#include <algorithm>
#include <array>
#include <map>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/oauth2_proxy.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using oauth2_proxy::Answer;
using oauth2_proxy::Settings;
using oauth2_proxy::Texts;

constexpr std::size_t kMostOpen = 10'000; // routes

// What a file that has two of these is recognised by.
constexpr std::array<std::string_view, 20> kTelling{
    "client_id",         "client_secret",        "cookie_secret",
    "cookie_name",       "email_domains",        "provider",
    "oidc_issuer_url",   "oidc_jwks_url",        "redirect_url",
    "reverse_proxy",     "http_address",         "upstreams",
    "skip_auth_routes",  "skip_auth_regex",      "skip_jwt_bearer_tokens",
    "extra_jwt_issuers", "oidc_audience_claims", "set_xauthrequest",
    "pass_access_token", "skip_provider_button"};

// All that it knows: it does not start with a setting that it does not know, so that one which stands here nowhere is
// of another version.
constexpr std::string_view kKnown =
    " acr_values allow_query_semicolons allowed_groups allowed_roles api_routes approval_prompt auth_logging "
    "auth_logging_format auth_request_response_mode authenticated_emails_file azure_graph_group_field "
    "azure_tenant backend_logout_url banner basic_auth_password bearer_token_login_fallback "
    "bitbucket_repository bitbucket_team client_id client_secret client_secret_file code_challenge_method "
    "cookie_csrf_expire cookie_csrf_per_request cookie_csrf_per_request_limit cookie_csrf_samesite "
    "cookie_domains cookie_expire cookie_httponly cookie_name cookie_path cookie_refresh cookie_samesite "
    "cookie_secret cookie_secret_file cookie_secure custom_sign_in_logo custom_templates_dir "
    "disable_keep_alives display_htpasswd_form email_domains encode_state entra_id_allowed_tenants "
    "entra_id_federated_token_auth errors_to_info_log exclude_logging_paths extra_jwt_issuers flush_interval "
    "footer force_code_challenge_method force_https force_json_errors gcp_healthchecks github_org "
    "github_repo github_team github_token github_users gitlab_groups gitlab_projects "
    "google_admin_api_user_scope google_admin_email google_group google_groups google_service_account_json "
    "google_target_principal google_use_application_default_credentials google_use_organization_id "
    "htpasswd_file htpasswd_user_groups http_address https_address insecure_oidc_allow_unverified_email "
    "insecure_oidc_skip_issuer_verification insecure_oidc_skip_nonce jwt_key jwt_key_file keycloak_groups "
    "logging_compress logging_filename logging_local_time logging_max_age logging_max_backups "
    "logging_max_size login_url metrics_address metrics_secure_address metrics_tls_cert_file "
    "metrics_tls_key_file oidc_audience_claims oidc_email_claim oidc_enabled_signing_algs "
    "oidc_extra_audiences oidc_groups_claim oidc_issuer_url oidc_jwks_url oidc_public_key_files "
    "pass_access_token pass_authorization_header pass_basic_auth pass_host_header pass_user_headers "
    "ping_path ping_user_agent prefer_email_to_user profile_url prompt provider provider_ca_files "
    "provider_display_name proxy_prefix proxy_websockets pubjwk_url ready_path real_client_ip_header "
    "redeem_url redirect_url redis_ca_path redis_cluster_connection_urls redis_connection_idle_timeout "
    "redis_connection_url redis_insecure_skip_tls_verify redis_password redis_sentinel_connection_urls "
    "redis_sentinel_master_name redis_sentinel_password redis_use_cluster redis_use_sentinel redis_username "
    "relative_redirect_url request_id_header request_logging request_logging_format resource reverse_proxy "
    "scope session_cookie_minimal session_store_type set_authorization_header set_basic_auth "
    "set_xauthrequest show_debug_on_error signature_key silence_ping_logging skip_auth_preflight "
    "skip_auth_regex skip_auth_routes skip_auth_strip_headers skip_claims_from_profile_url "
    "skip_jwt_bearer_tokens skip_oidc_discovery skip_provider_button ssl_insecure_skip_verify "
    "ssl_upstream_insecure_skip_verify standard_logging standard_logging_format tls_cert_file "
    "tls_cipher_suites tls_key_file tls_min_version trusted_ips trusted_proxy_ips upstream_timeout upstreams "
    "use_system_trust_store user_id_claim validate_url whitelist_domains ";

bool is_known(const std::string& name) { return kKnown.find(" " + name + " ") != kKnown.npos; }

// A file, or two that are read together.
struct Proxy {
    std::string name = {}; // empty: the only one
    Settings core = {};
    bool has_core = false;
    std::vector<Settings> providers = {}; // of a document in YAML
    Mark providers_at = {};
};

// What passes without a token, by a list of settings.
void read_open(const Proxy& proxy, std::string_view setting, const char* why, Verifiers& out) {
    const Texts routes = oauth2_proxy::texts_of(proxy.core.node, setting);
    const std::string name(setting);
    if (routes.unknown) out.push_back(opaque(proxy.name + name, name + " is put in later", routes.mark));
    if (routes.items.size() > kMostOpen) {
        out.push_back(open(proxy.name + name, why, routes.mark));
        return;
    }
    for (const Node& each : routes.items) {
        const std::string what = setting == "trusted_ips" ? "requests from " + each.text
                                 : each.text.empty()      ? "every request"
                                                          : each.text;
        out.push_back(open(proxy.name + plain_name(what), why, each.mark));
    }
}

void read_open(const Proxy& proxy, Verifiers& out) {
    read_open(proxy, "skip_auth_routes", "skip_auth_routes asks for no token", out);
    read_open(proxy, "skip_auth_regex", "skip_auth_regex asks for no token", out);
    read_open(proxy, "trusted_ips", "trusted_ips asks for no token", out);
    const Answer preflight = oauth2_proxy::answer_of(proxy.core.node, "skip_auth_preflight");
    if (preflight != Answer::yes && preflight != Answer::unknown) return;
    const Mark at = proxy.core.node.find("skip_auth_preflight")->mark;
    const std::string name = proxy.name + "OPTIONS";
    out.push_back(preflight == Answer::yes ? open(name, "skip_auth_preflight asks for no token", at)
                                           : opaque(name, "skip_auth_preflight is put in later", at));
}

// Why what it takes is not known.
std::string doubt_of(const Proxy& proxy, Mark& at) {
    if (!proxy.core.fault.empty()) {
        at = proxy.core.at;
        return proxy.core.fault;
    }
    for (const Node::Name& name : proxy.core.node.names) {
        at = name.mark;
        if (!is_known(name.text)) return "a setting that is not known here: " + plain_name(name.text);
    }
    for (const Settings& each : proxy.providers) {
        at = each.at;
        if (!each.fault.empty()) return each.fault;
    }
    return {};
}

void read_tokens(const Proxy& proxy, Verifiers& out) {
    const std::string name = proxy.name + "bearer tokens";
    const Mark at = proxy.has_core ? proxy.core.node.mark : proxy.providers_at;
    const Answer taken = oauth2_proxy::answer_of(proxy.core.node, "skip_jwt_bearer_tokens");
    if (proxy.has_core && (taken == Answer::unsaid || taken == Answer::no)) {
        out.push_back(opaque(proxy.name + "sessions",
                             "requests pass by a cookie alone, which is no token that is read here"
                             " (skip_jwt_bearer_tokens is not set)",
                             at));
        return;
    }
    const std::vector<Settings> older{proxy.core};
    oauth2_proxy::Accepted all =
        oauth2_proxy::accepted_by(proxy.core.node, proxy.providers.empty() ? older : proxy.providers);
    if (!all.opaque.empty())
        out.push_back(opaque(name, std::move(all.opaque), all.at));
    else if (!all.paths.empty())
        out.push_back(guarded(name, std::move(all.paths), at));
    else
        out.push_back(nothing_accepted(name, at));
    if (!proxy.has_core)
        out.push_back(opaque(proxy.name + "other settings",
                             "skip_auth_routes, extra_jwt_issuers and more are said elsewhere than in this file", at));
}

void read_proxy(const Proxy& proxy, Verifiers& out) {
    Mark at = {};
    if (const std::string doubt = doubt_of(proxy, at); !doubt.empty()) {
        out.push_back(opaque(proxy.name + "bearer tokens", doubt, at));
        return;
    }
    read_open(proxy, out);
    read_tokens(proxy, out);
}

bool is_cfg(std::string_view source) {
    const Settings settings = oauth2_proxy::settings_of(source, 0);
    if (!settings.fault.empty()) return false;
    return std::count_if(kTelling.begin(), kTelling.end(),
                         [&](std::string_view name) { return settings.node.find(name) != nullptr; }) >= 2;
}

// nullopt: it is no configuration called alpha.
std::optional<Proxy> alpha(const Source& source, std::uint32_t number) {
    if (source.text.find("providers") == std::string::npos) return std::nullopt;
    const auto documents = document::parse_stream(source.text, source.file, number);
    if (!documents || documents->size() != 1) return std::nullopt;
    auto providers = oauth2_proxy::providers_of(documents->front());
    if (!providers) return std::nullopt;
    return Proxy{.core = {.node = object(documents->front().mark)},
                 .providers = std::move(*providers),
                 .providers_at = documents->front().find("providers")->mark};
}

std::string folder_of(const std::string& file) {
    const std::size_t slash = file.find_last_of("/\\");
    return slash == std::string::npos ? std::string() : file.substr(0, slash);
}

// The one .cfg file and the one file of providers of a folder belong together.
struct Folder {
    std::vector<Proxy> cores, providers;
};

std::vector<Proxy> proxies_of(const Content& content) {
    std::map<std::string, Folder> folders;
    for (std::uint32_t i = 0; i < content.sources.size(); ++i) {
        const Source& source = content.sources[i];
        Folder& folder = folders[folder_of(source.file)];
        if (auto providers = alpha(source, i)) {
            folder.providers.push_back(std::move(*providers));
            folder.providers.back().name = source.file;
        } else {
            folder.cores.push_back({.name = source.file, .core = oauth2_proxy::settings_of(source.text, i)});
            folder.cores.back().has_core = true;
        }
    }
    std::vector<Proxy> out;
    for (auto& [name, folder] : folders) {
        if (folder.cores.size() == 1 && folder.providers.size() == 1) {
            folder.cores.front().providers = std::move(folder.providers.front().providers);
            folder.providers.clear();
        }
        std::move(folder.cores.begin(), folder.cores.end(), std::back_inserter(out));
        std::move(folder.providers.begin(), folder.providers.end(), std::back_inserter(out));
    }
    return out;
}

} // namespace

bool recognises_oauth2_proxy(const Content& content) {
    return std::any_of(content.sources.begin(), content.sources.end(),
                       [](const Source& each) { return is_cfg(each.text) || alpha(each, 0); });
}

Verifiers read_oauth2_proxy(const Content& content) {
    Verifiers out;
    std::vector<Proxy> all = proxies_of(content);
    for (Proxy& each : all) {
        each.name = all.size() == 1 ? std::string() : plain_name(each.name) + ": ";
        read_proxy(each, out);
    }
    return out;
}

} // namespace jwtdomain::gateway
