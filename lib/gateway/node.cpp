// The libraries of Node that verify tokens, by a file of the options that they are given:
//
//   {"library": "jose", "version": "6", "keys": "jwks.json", "options": {"issuer": "https://a.example", ...}}
//
// or a list of such, or {"services": {"orders": {...}, ...}}. `options` has what the program passes to the library, as
// JSON: a RegExp is {"pattern": "^a", "flags": ""}, code is {"function": "what it does"}. `keys` says where the keys
// are that the program takes (a file, a URL, PEM, a JWK, a JWK Set, or a list of those) and holds whatever the options
// say of them; `kid` how it selects among them, where that is the program's own affair. What the options could mean
// follows each library's source, in node_LIBRARY.cpp; a version whose source has not been read is opaque.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/node_path.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using javascript::Guard;
using javascript::Service;

struct Library {
    std::string_view name;
    unsigned oldest, newest; // versions that have been read
    Guard (*read)(const Service&);
    std::array<std::string_view, 5> beside = {}; // what may stand beside the options, apart from what always may
};

constexpr std::array kLibraries{
    Library{"jose", 5, 6, javascript::read_jose},
    Library{"jsonwebtoken", 9, 9, javascript::read_jsonwebtoken},
    Library{"express-jwt", 8, 8, javascript::read_express_jwt},
    Library{"express-oauth2-jwt-bearer",
            1,
            1,
            javascript::read_express_oauth2_jwt_bearer,
            {"environment", "requiredScopes", "scopeIncludesAny", "claimIncludes", "claimEquals"}},
    Library{"@fastify/jwt", 10, 10, javascript::read_fastify_jwt},
    Library{"aws-jwt-verify", 5, 5, javascript::read_aws_jwt_verify, {"verifier"}},
};

const Library* library_of(const Node& service) {
    if (service.kind != Kind::object) return nullptr;
    const Node* const name = service.find("library");
    if (!is(name, Kind::string)) return nullptr;
    const auto found = std::find_if(kLibraries.begin(), kLibraries.end(),
                                    [&](const Library& library) { return library.name == name->text; });
    return found == kLibraries.end() ? nullptr : &*found;
}

bool is_service(const Node& node) {
    return library_of(node) != nullptr && (node.find("options") != nullptr || node.find("keys") != nullptr);
}

bool has_service(const Node& several) {
    return (several.kind == Kind::array || several.kind == Kind::object) &&
           std::any_of(several.elements.begin(), several.elements.end(), is_service);
}

// "6", "6.2.18", "^6.0.0", "v6", 6; 0 for everything else.
unsigned major_of(const Node* version) {
    std::string text = text_of(version);
    text.erase(0, std::min(text.find_first_not_of("^~=v "), text.size()));
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t kDigits = 4;
    if (digits == 0 || digits > kDigits || text.find_first_of(" |<>*,", digits) != std::string::npos) return 0;
    return digits == text.size() || text[digits] == '.' ? static_cast<unsigned>(std::stoul(text.substr(0, digits))) : 0;
}

// The reason why this is no service that can be read.
std::string refusal(const Node& node, const Library& library) {
    for (const Node::Name& name : node.names) {
        constexpr std::array<std::string_view, 7> kAlways{"library", "version", "keys",       "kid",
                                                          "options", "name",    "description"};
        const auto among = [&](const auto& list) {
            return !name.text.empty() && std::find(list.begin(), list.end(), name.text) != list.end();
        };
        if (!among(kAlways) && !among(library.beside))
            return "it has a field that is not known here: " + plain_name(name.text);
    }
    const unsigned major = major_of(node.find("version"));
    if (major < library.oldest || major > library.newest)
        return std::string(library.name) + " is read here in version " + std::to_string(library.newest) +
               ", and its version is another, or is not said";
    const Node* const options = node.find("options");
    const bool several = is(options, Kind::array) && library.name == "aws-jwt-verify";
    if (options != nullptr && options->kind != Kind::object && !several) return "its options are not an object";
    const std::string kid = text_of(node.find("kid"));
    if (node.find("kid") != nullptr && kid != "must_match" && kid != "hint" && kid != "ignored")
        return "its kid is none of must_match, hint and ignored";
    return {};
}

void add_service(const Node& node, std::string name, Verifiers& out) {
    name = name.empty() ? "a service without a name" : plain_name(std::move(name));
    const Library* const library = library_of(node);
    if (library == nullptr) {
        out.push_back(opaque(name, "a library that is not known here", node.mark));
        return;
    }
    if (std::string why = refusal(node, *library); !why.empty()) {
        out.push_back(opaque(name, std::move(why), node.mark));
        return;
    }
    const Node* const options = node.find("options");
    const Node none = object(node.mark);
    const Service service{.node = node,
                          .options = options != nullptr ? *options : none,
                          .library = std::string(library->name),
                          .major = major_of(node.find("version"))};
    Guard guard = library->read(service);
    if (!guard.opaque.empty())
        out.push_back(opaque(name, std::move(guard.opaque), guard.at));
    else if (!guard.open.empty())
        out.push_back(gateway::open(name, std::move(guard.open), guard.at));
    else
        out.push_back(guarded(name, std::move(guard.paths), node.mark));
}

std::string name_of(const Node& service, std::size_t number) {
    if (const std::string own = service.kind == Kind::object ? text_of(service.find("name")) : ""; !own.empty())
        return own;
    const Library* const library = library_of(service);
    const std::string name = library == nullptr ? "a service" : std::string(library->name);
    return number == 0 ? name : name + " #" + std::to_string(number + 1);
}

void add_several(const Node& several, Verifiers& out) {
    for (std::size_t i = 0; i < several.elements.size(); ++i) {
        const bool named = several.kind == Kind::object;
        add_service(several.elements[i], named ? several.names[i].text : name_of(several.elements[i], i), out);
    }
}

const Node* services_of(const Node& document) {
    const Node* const services = document.kind == Kind::object ? document.find("services") : nullptr;
    return services != nullptr && has_service(*services) ? services : nullptr;
}

bool is_options_file(const Node& document) {
    return is_service(document) || (document.kind == Kind::array && has_service(document)) ||
           services_of(document) != nullptr;
}

} // namespace

bool recognises_node(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), is_options_file);
}

Verifiers read_node(const Content& content) {
    Verifiers out;
    for (const Node& document : content.documents) {
        if (is_service(document)) {
            add_service(document, name_of(document, 0), out);
        } else if (document.kind == Kind::array && has_service(document)) {
            add_several(document, out);
        } else if (const Node* const services = services_of(document)) {
            add_several(*services, out);
            if (const std::string what = unknown_member(document, {"services"}); !what.empty())
                out.push_back(opaque("what else is in it", "a field that is not known here: " + what, document.mark));
        }
    }
    return out;
}

} // namespace jwtdomain::gateway
