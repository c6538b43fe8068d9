#include "jwtdomain/gateway/gateway.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/policy/verifier.h"

namespace jwtdomain::gateway {
namespace {

// One line an importer.
constexpr std::array kImporters{
    Importer{"verifier", "the normal form itself", true, recognises_normal_form, read_normal_form},
    Importer{"envoy", "Envoy, the filter jwt_authn", false, recognises_envoy, read_envoy},
};

} // namespace

std::span<const Importer> importers() { return kImporters; }

std::vector<std::string> importer_names() {
    std::vector<std::string> out;
    for (const Importer& importer : kImporters) out.emplace_back(importer.name);
    return out;
}

Result<Import> read(const Source& source, std::string_view type) {
    const auto named = std::find_if(kImporters.begin(), kImporters.end(),
                                    [&](const Importer& importer) { return importer.name == type; });
    if (!type.empty() && named == kImporters.end()) {
        const std::vector<std::string> known = importer_names();
        const std::string_view near = nearest(type, known);
        return fail({.fault = Fault::usage,
                     .message = "no configuration of type \"" + std::string(type) + "\" is read here",
                     .hint = (near.empty() ? "" : "did you mean " + std::string(near) + "? ") +
                             "there are: " + join(known, ", ")});
    }
    const auto documents = document::parse_stream(source.text, source.file);
    if (!documents) return tl::unexpected(documents.error());
    const auto found =
        !type.empty() ? named : std::find_if(kImporters.begin(), kImporters.end(), [&](const Importer& importer) {
            return importer.recognises(*documents);
        });
    if (found == kImporters.end())
        return fail({.fault = Fault::unsupported,
                     .message = "this is no configuration of a verifier that is known here",
                     .where = {source.file},
                     .hint = "there are: " + join(importer_names(), ", ") +
                             "; or write it in the normal form: jwtdomain schema verifier"});
    Import out{.type = std::string(found->name), .verifiers = found->read(*documents)};
    if (out.verifiers.empty())
        return fail({.fault = Fault::invalid,
                     .message = "there is nothing of " + std::string(found->title) + " in it",
                     .where = {source.file},
                     .hint = "is it another type? --type names it: " + join(importer_names(), ", ")});
    return out;
}

Result<std::vector<policy::DeclaredVerifier>> verifiers_of(const Import& import, const std::string& file,
                                                           const std::string& domain) {
    std::vector<policy::DeclaredVerifier> out;
    for (document::Node node : import.verifiers) {
        put(node, "domain", text(domain, node.mark));
        auto verifier = policy::read_verifier(node, file, out.size() + 1);
        if (!verifier) return tl::unexpected(verifier.error());
        verifier->type = import.type;
        verifier->path = file;
        verifier->imported = true;
        out.push_back(std::move(*verifier));
    }
    return out;
}

} // namespace jwtdomain::gateway
