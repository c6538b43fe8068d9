// Spring Boot's resource server: application.yml and application.properties, with their documents for profiles.
//
// What it does, by Spring Boot's and Spring Security's own source (Boot 2.7 to 4.2;
// OAuth2ResourceServerJwtConfiguration, JwtDecoderConfiguration, NimbusJwtDecoder, JwtValidators): jwk-set-uri goes
// before issuer-uri, and that before public-key-location. With jwk-set-uri the algorithms are those of jws-algorithms,
// by default RS256 alone; with issuer-uri they are those of the keys, RSA and EC, whatever jws-algorithms says. iss is
// compared where issuer-uri is there, aud (one of them) where audiences are; exp and nbf where the token has them, with
// a minute of leeway; typ must be JWT or absent. What Boot does not know it ignores (audience:). Boot 2.0 to 2.6 know
// no audiences and no jws-algorithms but jws-algorithm, and before 2.3 typ is not looked at: a document with
// spring.profiles, which 3.0 refuses, may be of these. Beans of the application may change all of that, which nothing
// here says.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/spring.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using spring::Document;
using spring::Documents;
using spring::Profiles;
using spring::Value;

constexpr std::string_view kServer = "spring.security.oauth2.resourceserver.";
constexpr std::string_view kJwt = "spring.security.oauth2.resourceserver.jwt.";
constexpr std::string_view kOpaque = "spring.security.oauth2.resourceserver.opaquetoken.";
constexpr std::size_t kMostChoices = 200;      // of profiles
constexpr std::size_t kMostReadings = 100'000; // of a document, once for each

constexpr std::array<const char*, 10> kPublic{"RS256", "RS384", "RS512", "PS256", "PS384",
                                              "PS512", "ES256", "ES384", "ES512", "ES256K"};

// What is said of the JWT decoder with some profiles.
class Server {
public:
    Server(const Documents& documents, bool old) : documents_(documents), old_(old) {
        for (const Document* each : documents) {
            const auto first = std::find_if(each->properties.begin(), each->properties.end(),
                                            [](const spring::Property& one) { return one.name.starts_with(kServer); });
            if (first == each->properties.end()) continue;
            any_ = true;
            at_ = first->mark; // in the end, of the document that goes before the others
        }
    }

    bool any() const { return any_; }
    Mark mark() const { return at_; }

    // Nothing if no decoder is made of it.
    void read(const std::string& name, Verifiers& out) const {
        const Value import = spring::list_of(documents_, "spring.config.import");
        if (!import.absent()) {
            out.push_back(opaque(name, "spring.config.import reads what goes before this file", import.mark));
            return;
        }
        const Value introspection = spring::value_of(documents_, std::string(kOpaque) + "introspectionuri");
        if (!introspection.absent())
            out.push_back(opaque(name, "tokens are asked about at an introspection endpoint", introspection.mark));
        std::vector<Node> dropped;
        Node path = object(at_);
        put(path, "name", text("jwt", at_));
        if (!put_keys(path)) return;
        put_types(path, dropped);
        put_issuer(path, dropped);
        put_audience(path, dropped);
        put(path, "expiry", text("optional", at_));
        put(path, "not_before", text("checked", at_));
        put(path, "leeway", number(60, at_));
        put_principal(path);
        Node dialect = object(at_);
        put(dialect, "duplicates", text("last", at_)); // inside of claims; beside each other it refuses them
        put(dialect, "base64", text("lenient", at_));
        put(path, "dialect", std::move(dialect));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        out.push_back(guarded(name, {std::move(path)}, at_));
    }

private:
    Value one(std::string_view name) const {
        return spring::value_of(documents_, std::string(kJwt) + std::string(name));
    }
    Value many(std::string_view name) const {
        return spring::list_of(documents_, std::string(kJwt) + std::string(name));
    }

    static std::string why(std::string_view name, const Value& value) { return std::string(name) + ": " + value.why; }

    static Node algorithms(Mark at, std::initializer_list<const char*> names) {
        std::vector<Node> out;
        for (const char* name : names) out.push_back(text(name, at));
        return list(std::move(out), at);
    }
    static Node public_algorithms(Mark at) {
        std::vector<Node> out;
        for (const char* name : kPublic) out.push_back(text(name, at));
        return list(std::move(out), at);
    }

    // False if there are none.
    bool put_keys(Node& path) const {
        const Value set_uri = one("jwkseturi"), issuer = one("issueruri"), file = one("publickeylocation");
        put(path, "kid", text(set_uri.absent() && issuer.absent() ? "ignored" : "hint", at_));
        if (!set_uri.absent()) {
            const std::string& place = set_uri.known() ? set_uri.items.front().text : std::string();
            put(path, "keys",
                is_place_of_keys(place) ? text(place, set_uri.mark)
                                        : text("a jwk-set-uri that is not known", set_uri.mark));
            put(path, "algorithms", set_uri.known() ? configured_algorithms() : public_algorithms(set_uri.mark));
        } else if (!issuer.absent()) {
            put(path, "keys", discovered_keys(issuer.known() ? issuer.items.front().text : std::string(), issuer.mark));
            put(path, "algorithms", public_algorithms(issuer.mark));
        } else if (!file.absent()) {
            put(path, "keys", key_file(file));
            put(path, "algorithms", configured_algorithms());
        } else {
            return false;
        }
        return true;
    }

    // Boot 2 calls it jws-algorithm, too; where that stands alone, later ones take the default.
    Node configured_algorithms() const {
        const Value list_ = many("jwsalgorithms"), single = many("jwsalgorithm");
        if (list_.unknown() || single.unknown()) return public_algorithms(list_.unknown() ? list_.mark : single.mark);
        std::vector<Node> out;
        const auto add = [&](const std::string& name, Mark at) {
            const bool there = std::any_of(out.begin(), out.end(), [&](const Node& each) { return each.text == name; });
            if (!there && find_algorithm(name)) out.push_back(text(name, at));
        };
        for (const Node& each : list_.items) add(each.text, each.mark);
        for (const Node& each : single.items) add(each.text, each.mark);
        if (list_.absent() || old_) add("RS256", at_);
        if (out.empty()) return algorithms(list_.mark, {"RS256"}); // it does not start with an unknown one
        return list(std::move(out), list_.absent() ? at_ : list_.mark);
    }

    // classpath: is beside the configuration, as far as anybody can see.
    static Node key_file(const Value& file) {
        std::string place = file.known() ? file.items.front().text : std::string();
        if (is_place_of_keys(place)) return text(place, file.mark);
        for (const std::string_view scheme : {"classpath:/", "classpath:", "file://", "file:"}) {
            if (!place.starts_with(scheme)) continue;
            place.erase(0, scheme.size());
            const bool relative_to_process = scheme.starts_with("file") && !place.starts_with("/");
            if (relative_to_process) place.clear();
            break;
        }
        if (place.empty() || place.find(':') != std::string::npos || place.find_first_of("{}") != std::string::npos)
            return text("a public-key-location that is not known", file.mark);
        return text(place, file.mark);
    }

    void put_types(Node& path, std::vector<Node>& dropped) const {
        if (old_)
            dropped.push_back(text("typ: Spring Boot before 2.3 does not look at it", at_));
        else
            put(path, "types", list({text("JWT", at_), text("absent", at_)}, at_));
    }

    void put_issuer(Node& path, std::vector<Node>& dropped) const {
        const Value issuer = one("issueruri");
        if (issuer.known()) {
            put(path, "issuer", one_of(issuer.items, issuer.mark));
            return;
        }
        put(path, "issuer", text("any", issuer.unknown() ? issuer.mark : at_));
        if (issuer.unknown()) dropped.push_back(text(why("issuer-uri", issuer), issuer.mark));
    }

    void put_audience(Node& path, std::vector<Node>& dropped) const {
        const Value audiences = many("audiences");
        const bool empty = std::any_of(audiences.items.begin(), audiences.items.end(),
                                       [](const Node& each) { return each.text.empty(); });
        if (audiences.known() && !empty && !old_) {
            put(path, "audience", one_of(audiences.items, audiences.mark));
            return;
        }
        put(path, "audience", text("any", audiences.absent() ? at_ : audiences.mark));
        if (audiences.unknown()) dropped.push_back(text(why("audiences", audiences), audiences.mark));
        if (audiences.known())
            dropped.push_back(
                text(empty ? "audiences: one of them is empty" : "audiences: Spring Boot before 2.7 does not know them",
                     audiences.mark));
    }

    void put_principal(Node& path) const {
        const Value name = one("principalclaimname");
        if (name.unknown() || (name.known() && name.items.front().text.front() == '/')) return;
        put(path, "principal", list({name.known() ? name.items.front() : text("sub", at_)}, at_));
    }

    const Documents& documents_;
    bool old_; // of a Spring Boot that may be older than what is said here
    bool any_ = false;
    Mark at_ = {};
};

// What is read together: the files of one name in one folder.
struct Application {
    std::vector<Document> documents = {};
    bool old = false; // it has spring.profiles
    std::string unreadable = {};
    Mark at = {};
};

std::string_view without_extension(std::string_view file) {
    const std::size_t dot = file.rfind('.'), slash = file.find_last_of("/\\");
    return dot == file.npos || (slash != file.npos && dot < slash) ? file : file.substr(0, dot);
}

std::string application_of(const Source& source, const spring::Document& document) {
    std::string name(without_extension(source.file));
    if (!document.profile.empty()) name.resize(name.size() - document.profile.size() - 1);
    return name;
}

std::map<std::string, Application> applications(const Content& content) {
    std::map<std::string, Application> out;
    for (std::uint32_t i = 0; i < content.sources.size(); ++i) {
        const Source& source = content.sources[i];
        auto documents = spring::documents_of(source, i);
        if (!documents) {
            Application& application = out[source.file];
            application.unreadable = describe(documents.error());
            application.at = {.line = 1, .column = 1, .source = i};
            continue;
        }
        for (Document& each : *documents) {
            const std::string name = application_of(source, each);
            Application& application = out[name];
            application.old = application.old || !spring::list_in(each, "spring.profiles").absent();
            application.documents.push_back(std::move(each));
        }
    }
    return out;
}

std::string name_of(const Profiles& profiles, bool alone, const std::string& application) {
    std::string name = profiles.empty() ? alone ? "every request" : "no profile" : "profile";
    if (profiles.size() > 1) name += 's';
    for (std::size_t i = 0; i < profiles.size(); ++i) name += (i == 0 ? " " : ", ") + profiles[i];
    if (!application.empty()) name += " of " + application;
    return plain_name(std::move(name));
}

void read_choice(const Application& application, const Profiles& profiles, const std::string& name, Verifiers& out) {
    std::string doubt;
    const Documents documents = spring::in_force(application.documents, profiles, doubt);
    const Server server(documents, application.old);
    if (!doubt.empty())
        out.push_back(opaque(name, doubt, server.mark()));
    else if (server.any())
        server.read(name, out);
}

// The profiles that are asked for; nothing: another label is, or one that is not known.
std::vector<Profiles> selected(std::vector<Profiles> choices, const Selection& selection) {
    if (selection.labels.empty()) return choices;
    Profiles wanted;
    for (const auto& [label, value] : selection.labels) {
        const bool known =
            value == "default" || std::find(choices.begin(), choices.end(), Profiles{value}) != choices.end();
        if (label != "profile" || !known) return {};
        if (value != "default") wanted.push_back(value);
    }
    return {wanted};
}

// Profiles that are active together take properties of one another, which nothing here says of any two.
void add_several(const Application& application, const std::string& name, Verifiers& out) {
    std::set<std::string> saying;
    Mark at;
    for (const Document& each : application.documents) {
        const bool conditional = !each.profile.empty() || !each.condition.items.empty();
        const Documents alone{&each};
        const Server server(alone, application.old);
        if (!conditional || !server.any()) continue;
        saying.insert(each.condition.items.empty() ? each.profile : each.condition.items.front().text);
        at = server.mark();
    }
    if (saying.size() > 1)
        out.push_back(opaque(name_of({"several at once"}, false, name),
                             "which of its profiles are active together is not known: #label=profile=NAME says it",
                             at));
}

void read_application(const Application& application, const std::string& name, const Selection& selection,
                      Verifiers& out) {
    if (!application.unreadable.empty()) {
        out.push_back(opaque(name_of({}, true, name), application.unreadable, application.at));
        return;
    }
    const std::vector<Profiles> all = spring::choices(application.documents, kMostChoices);
    if (all.size() > kMostChoices || all.size() * application.documents.size() > kMostReadings) {
        Documents documents;
        for (const Document& each : application.documents) documents.push_back(&each);
        const Mark at = Server(documents, application.old).mark();
        out.push_back(opaque(name_of({}, true, name), "its profiles come to too many cases", at));
        return;
    }
    const std::size_t before = out.size();
    const std::vector<Profiles> wanted = selected(all, selection);
    for (const Profiles& each : wanted) read_choice(application, each, name_of(each, all.size() == 1, name), out);
    if (selection.empty()) add_several(application, name, out);
    if (out.size() > before || wanted.empty()) return;
    Documents documents;
    for (const Document& each : application.documents) documents.push_back(&each);
    const Server server(documents, application.old);
    if (server.any() && selection.empty())
        out.push_back(opaque(name_of({}, true, name), "where the keys are is not said here", server.mark()));
}

} // namespace

bool recognises_spring(const Content& content) {
    for (const Source& source : content.sources) {
        if (spring::relaxed(source.text).find("resourceserver") == std::string::npos) continue;
        const auto documents = spring::documents_of(source, 0);
        if (!documents) continue;
        for (const Document& each : *documents) {
            if (each.has(kJwt) || each.has(kOpaque)) return true;
        }
    }
    return false;
}

Verifiers read_spring(const Content& content) {
    Verifiers out;
    const auto all = applications(content);
    for (const auto& [name, application] : all)
        read_application(application, all.size() > 1 ? name : std::string(), content.selection, out);
    return out;
}

} // namespace jwtdomain::gateway
