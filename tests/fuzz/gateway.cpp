// Any text as a gateway's configuration. What an importer says of it is in the normal form, and holds to what the form
// asks for.
#include <string>

#include "check.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/policy/lower.h"

using namespace jwtdomain;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(view(data, size));
    for (const char* file : {"x.yaml", "x.json", "x.properties"}) {
        const auto import = gateway::read({.file = file, .text = text});
        if (!import) {
            CHECK(!import.error().message.empty());
            continue;
        }
        CHECK(!import->verifiers.empty());
        const auto verifiers = gateway::verifiers_of(*import, "prod");
        if (!verifiers) {
            CHECK(!verifiers.error().message.empty());
            continue;
        }
        const policy::KeyReader no_keys = [](const policy::KeyLocation&) -> Result<JwkSet> { return JwkSet{}; };
        for (const policy::DeclaredVerifier& each : *verifiers) CHECK(!policy::lower(each, no_keys).entries.empty());
    }
    return 0;
}
