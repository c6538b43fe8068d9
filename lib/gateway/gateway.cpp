#include "jwtdomain/gateway/gateway.h"

#include <algorithm>
#include <array>
#include <map>

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/policy/verifier.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using Syntax = Importer::Syntax;

constexpr Importer::Selects kNothing{};
constexpr Importer::Selects kNamespace{.name_space = true, .host = false, .labels = false};
constexpr Importer::Selects kHost{.name_space = false, .host = true, .labels = false};
constexpr Importer::Selects kLabels{.name_space = false, .host = false, .labels = true};
constexpr Importer::Selects kNamespaceAndHost{.name_space = true, .host = true, .labels = false};
constexpr Importer::Selects kAll{.name_space = true, .host = true, .labels = true};

// One line an importer.
// clang-format off
constexpr std::array kImporters{
    Importer{"verifier", "the normal form itself", true, Syntax::documents, kNothing, recognises_normal_form, read_normal_form},
    Importer{"envoy", "Envoy, the filter jwt_authn", false, Syntax::documents, kHost, recognises_envoy, read_envoy},
    Importer{"istio", "Istio, RequestAuthentication and AuthorizationPolicy", false, Syntax::documents, kAll, recognises_istio, read_istio},
    Importer{"haproxy", "HAProxy", true, Syntax::text, kHost, recognises_haproxy, read_haproxy},
    Importer{"node", "a JSON file of the options of jose, jsonwebtoken, express-jwt, express-oauth2-jwt-bearer, @fastify/jwt or aws-jwt-verify", true, Syntax::documents, kNothing, recognises_node, read_node},
    Importer{"spring", "application.yml and application.properties of a Spring Boot resource server, as Boot from 2.7 on sets it up: its beans may do otherwise", false, Syntax::text, kLabels, recognises_spring, read_spring},
    Importer{"kube-apiserver", "AuthenticationConfiguration of the API server of Kubernetes", false, Syntax::documents, kNothing, recognises_kube_apiserver, read_kube_apiserver},
    Importer{"apache", "Apache httpd, mod_auth_openidc as a resource server and mod_oauth2", true, Syntax::text, kHost, recognises_apache, read_apache},
    Importer{"aws", "AWS, HTTP APIs of SAM and CloudFormation, and trust policies of IAM", false, Syntax::documents, kNothing, recognises_aws, read_aws},
    Importer{"external", "ingresses that leave it to an external authorizer, and KongPlugins: not proven", false, Syntax::documents, kNamespaceAndHost, recognises_external, read_external},
    Importer{"contour", "Contour, HTTPProxy", false, Syntax::documents, kNamespaceAndHost, recognises_contour, read_contour},
    Importer{"envoy-gateway", "Envoy Gateway, SecurityPolicy with the routes and gateways that it is attached to", false, Syntax::documents, kNamespaceAndHost, recognises_envoy_gateway, read_envoy_gateway, true},
    Importer{"oauth2-proxy", "oauth2-proxy, its .cfg file and its providers in YAML: flags and environment may say otherwise", false, Syntax::text, kNothing, recognises_oauth2_proxy, read_oauth2_proxy},
    Importer{"vault", "HashiCorp Vault, roles of the JWT auth method, as vault read prints them", false, Syntax::documents, kNothing, recognises_vault, read_vault},
    Importer{"kong", "Kong, routes of a declarative file with the plugin jwt", false, Syntax::documents, kHost, recognises_kong, read_kong},
    Importer{"aspnet", "ASP.NET Core, appsettings.json, as JwtBearer and Microsoft.Identity.Web read it: code may do otherwise", false, Syntax::documents, kNothing, recognises_aspnet, read_aspnet, false, true},
    Importer{"oathkeeper", "Ory Oathkeeper, access rules and the configuration file beside them: the environment may say otherwise", false, Syntax::documents, kNamespace, recognises_oathkeeper, read_oathkeeper},
    Importer{"nginx", "nginx, auth_jwt of NGINX Plus; what auth_request leaves to others is not proven", false, Syntax::text, kHost, recognises_nginx, read_nginx},
    Importer{"postgrest", "PostgREST, its configuration file, or its PGRST_ variables in .env, Compose or Kubernetes: what it reads in its database may say otherwise", false, Syntax::text, kNothing, recognises_postgrest, read_postgrest},
    Importer{"hasura", "Hasura, the JSON of HASURA_GRAPHQL_JWT_SECRET, or its variables in .env, Compose or Kubernetes", false, Syntax::text, kNothing, recognises_hasura, read_hasura},
    Importer{"krakend", "KrakenD, endpoints with auth/validator", false, Syntax::documents, kNothing, recognises_krakend, read_krakend},
    Importer{"traefik-hub", "Traefik Hub, the middleware jwt, access control policies and the IngressRoutes beside them", false, Syntax::documents, kNamespace, recognises_traefik_hub, read_traefik_hub, true},
    Importer{"apisix", "Apache APISIX from version 3.17 on, routes of apisix.yaml with jwt-auth and openid-connect: before, a token chose the algorithm", false, Syntax::documents, kNothing, recognises_apisix, read_apisix},
    Importer{"tyk", "Tyk, classic API definitions with enable_jwt, in files and as objects ApiDefinition: plugins and policies may say otherwise", false, Syntax::documents, kNamespace, recognises_tyk, read_tyk},
};
// clang-format on

std::string known_types() { return "there are: " + jwtdomain::join(importer_names(), ", "); }

// nullptr for an empty type.
Result<const Importer*> named(std::string_view type) {
    if (type.empty()) return nullptr;
    const auto found = std::find_if(kImporters.begin(), kImporters.end(),
                                    [&](const Importer& importer) { return importer.name == type; });
    if (found != kImporters.end()) return &*found;
    return fail(Fault::usage, "no configuration of type \"" + std::string(type) + "\" is read here",
                did_you_mean(type, importer_names()) + known_types());
}

Status check_selection(const Importer& importer, const Selection& selection) {
    const std::string_view by = !importer.selects.name_space && !selection.name_space.empty() ? "namespace"
                                : !importer.selects.host && !selection.host.empty()           ? "host"
                                : !importer.selects.labels && !selection.labels.empty()       ? "label"
                                                                                              : "";
    if (by.empty()) return {};
    return fail(Fault::usage, "no part of " + std::string(importer.title) + " is selected by " + std::string(by),
                "name the file whole, or cut the domain's part out of it");
}

// `kind: List`, and lists of one kind, as kubectl prints them.
void take_apart(Node document, std::vector<Node>& out) {
    const std::string kind = document.kind == Kind::object ? text_of(document.find("kind")) : "";
    const Node* const items = kind.ends_with("List") ? document.find("items") : nullptr;
    if (!is(items, Kind::array)) {
        out.push_back(std::move(document));
        return;
    }
    for (const Node& item : items->elements) take_apart(item, out);
}

// The same text of JSON with blanks for its comments, and for commas behind the last of a list: places stay.
std::string without_comments(std::string text) {
    std::size_t comma = text.npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
            comma = text.npos;
        } else if (text.compare(i, 2, "//") == 0 || text.compare(i, 2, "/*") == 0) {
            const std::string_view end = text[i + 1] == '/' ? "\n" : "*/";
            const std::size_t found = text.find(end, i + 2);
            const std::size_t stop = found == text.npos ? text.size() : found + (end.size() == 2 ? 2 : 0);
            for (; i < stop; ++i) text[i] = text[i] == '\n' ? '\n' : ' ';
            --i;
        } else if ((text[i] == '}' || text[i] == ']') && comma != text.npos) {
            text[comma] = ' ';
            comma = text.npos;
        } else if (text[i] > ' ') {
            comma = text[i] == ',' ? i : text.npos;
        }
    }
    return text;
}

Result<std::vector<Node>> documents_of(const Source& source, std::uint32_t number, bool comments = false) {
    auto parsed = document::parse_stream(source.text, source.file, number);
    if (!parsed && comments && source.file.ends_with(".json") && parsed.error().fault == Fault::invalid) {
        auto again = document::parse_stream(without_comments(source.text), source.file, number);
        if (again) parsed = std::move(again);
    }
    if (!parsed) return parsed;
    std::vector<Node> out;
    for (Node& each : *parsed) take_apart(std::move(each), out);
    return out;
}

// Whose it is: a stream of documents may hold something of several, and of one importer of text. Faults: those of
// parsing it, if nobody takes it as a text.
Result<std::vector<const Importer*>> recognise(const Source& source) {
    Content content{.sources = {&source, 1}, .documents = {}};
    const auto as_text = std::find_if(kImporters.begin(), kImporters.end(), [&](const Importer& importer) {
        return importer.syntax == Syntax::text && importer.recognises(content);
    });
    auto documents = documents_of(source, 0);
    const bool strict = documents.has_value(); // else only those take it that take comments
    if (!strict) {
        auto commented = documents_of(source, 0, true);
        if (!commented && as_text == kImporters.end()) return tl::unexpected(documents.error());
        documents = std::move(commented);
    }
    if (documents) content.documents = std::move(*documents);
    std::vector<const Importer*> out;
    for (auto each = kImporters.begin(); each != kImporters.end(); ++each) {
        const bool documents_are_its =
            each->syntax == Syntax::documents && (strict || each->comments) && each->recognises(content);
        if (each == as_text || documents_are_its) out.push_back(&*each);
    }
    if (out.empty() && !strict) return tl::unexpected(documents_of(source, 0).error());
    return out;
}

Error nobody_reads(const std::string& file) {
    return {.fault = Fault::unsupported,
            .message = "this is no configuration of a verifier that is known here",
            .where = {file},
            .hint = known_types() + "; or write it in the normal form: jwtdomain schema verifier"};
}

Error nothing_in(const Importer& importer, const std::string& file, const Selection& selection) {
    if (!selection.empty())
        return {.fault = Fault::no_input,
                .message = "nothing in it is selected",
                .where = {file},
                .hint = "jwtdomain describe says what there is without a selection"};
    return {.fault = Fault::invalid,
            .message = "there is nothing of " + std::string(importer.title) + " in it",
            .where = {file},
            .hint = "is it another type? --type names it: " + jwtdomain::join(importer_names(), ", ")};
}

// All sources are of its syntax.
Result<Import> read_as(const Importer& importer, std::span<const Source> sources, const Selection& selection) {
    if (const Status can = check_selection(importer, selection); !can) return fail(can.error());
    Content content{.sources = sources, .documents = {}, .selection = selection};
    Import out{.type = std::string(importer.name), .files = {}, .verifiers = {}};
    for (const Source& source : sources) {
        const auto number = static_cast<std::uint32_t>(out.files.size());
        out.files.push_back(source.file);
        if (importer.syntax == Syntax::text) continue;
        auto documents = documents_of(source, number, importer.comments);
        if (!documents) return tl::unexpected(documents.error());
        std::move(documents->begin(), documents->end(), std::back_inserter(content.documents));
    }
    out.verifiers = importer.read(content);
    if (out.verifiers.empty()) return fail(nothing_in(importer, sources.front().file, selection));
    return out;
}

bool holds_objects(const Source& source) {
    const auto documents = documents_of(source, 0);
    return documents && std::any_of(documents->begin(), documents->end(), [](const Node& each) {
               return is(member(&each, "apiVersion"), Kind::string) && is(member(&each, "kind"), Kind::string);
           });
}

bool is_document(std::string_view file) {
    const std::string name = lower_case(file);
    return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

} // namespace

const std::string& file_of(const std::vector<std::string>& files, document::Mark mark) {
    return files[std::min<std::size_t>(mark.source, files.size() - 1)];
}

std::span<const Importer> importers() { return kImporters; }

std::vector<std::string> importer_names() {
    std::vector<std::string> out;
    for (const Importer& importer : kImporters) out.emplace_back(importer.name);
    return out;
}

Result<Import> read(const Source& source, std::string_view type, const Selection& selection) {
    const auto importer = named(type);
    if (!importer) return tl::unexpected(importer.error());
    if (*importer != nullptr) return read_as(**importer, {&source, 1}, selection);
    const auto recognised = recognise(source);
    if (!recognised) return tl::unexpected(recognised.error());
    if (recognised->empty()) return fail(nobody_reads(source.file));
    return read_as(*recognised->front(), {&source, 1}, selection);
}

std::vector<Reading> read_together(std::vector<Source> sources, std::string_view type, const Selection& selection,
                                   std::vector<std::string>& others) {
    std::vector<Reading> out;
    std::map<const Importer*, std::vector<Source>> by_importer;
    std::vector<std::vector<const Importer*>> readers; // of each source
    const auto wanted = named(type);
    bool gathers = false;
    for (const Source& source : sources) {
        auto recognised = wanted ? recognise(source) : tl::unexpected(wanted.error());
        if (!recognised && is_document(source.file)) out.push_back({source.file, tl::unexpected(recognised.error())});
        readers.push_back(recognised ? std::move(*recognised) : std::vector<const Importer*>());
        if (wanted && *wanted != nullptr)
            std::erase_if(readers.back(), [&](const Importer* importer) { return importer != *wanted; });
        for (const Importer* importer : readers.back()) {
            by_importer[importer]; // there are some
            gathers = gathers || importer->gathers;
        }
        if (!recognised && is_document(source.file)) readers.back().push_back(nullptr); // it is told
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        std::vector<const Importer*>& all = readers[i];
        const bool told = !all.empty() && all.front() == nullptr;
        const bool objects = gathers && !told && is_document(sources[i].file) && holds_objects(sources[i]);
        bool read = told;
        for (auto& [importer, own] : by_importer) {
            const bool is_its = std::find(all.begin(), all.end(), importer) != all.end();
            if (!is_its && !(objects && importer->gathers)) continue;
            own.push_back(sources[i]);
            read = true;
        }
        if (!read) others.push_back(std::move(sources[i].file));
    }
    for (const Importer& importer : kImporters) { // in the table's order
        const auto found = by_importer.find(&importer);
        if (found == by_importer.end()) continue;
        out.push_back({found->second.front().file, read_as(importer, found->second, selection)});
    }
    return out;
}

Result<std::vector<policy::DeclaredVerifier>> verifiers_of(const Import& import, const std::string& domain) {
    std::vector<policy::DeclaredVerifier> out;
    for (document::Node node : import.verifiers) {
        put(node, "domain", text(domain, node.mark));
        const std::string& file = file_of(import.files, node.mark);
        auto verifier = policy::read_verifier(node, file, out.size() + 1);
        if (!verifier) return tl::unexpected(verifier.error());
        verifier->type = import.type;
        verifier->path = file;
        verifier->imported = true;
        for (std::size_t i = 0; i < verifier->accepts.size(); ++i) {
            policy::DeclaredPath& path = verifier->accepts[i];
            const document::Node& written = node.find("accepts")->elements[i];
            path.where.file = file_of(import.files, written.mark);
            for (auto& [part, where] : path.places) where.file = file_of(import.files, written.find(part)->mark);
        }
        out.push_back(std::move(*verifier));
    }
    return out;
}

} // namespace jwtdomain::gateway
