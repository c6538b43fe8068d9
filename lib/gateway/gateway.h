// Importers: what guards an API, read from the configuration that is deployed, in the words of the normal form.
//
// An importer owes soundness: what the real verifier accepts is a subset of what it says. What it cannot say it leaves
// out of a path, and names it (`dropped`), or it calls the whole opaque; what it does not know it never takes for
// harmless.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::gateway {

// A configuration as it was read.
struct Source {
    std::string file; // for places in messages; one that ends in .json is JSON
    std::string text;
};

// Verifiers in the fields of `jwtdomain schema verifier`, but for `domain`, which nobody here knows. The mark of each
// value is the place in the configuration that it comes from; what follows from something that is not written has the
// mark of what it is not written in.
struct Import {
    std::string type; // of the importer that read it
    std::vector<document::Node> verifiers;
};

struct Importer {
    std::string_view name;  // "envoy"
    std::string_view title; // "Envoy, the filter jwt_authn"
    bool held;              // against a running verifier, in the tests; else against its project's own words
    // Is there something in these documents that it reads?
    bool (*recognises)(std::span<const document::Node> documents);
    std::vector<document::Node> (*read)(std::span<const document::Node> documents);
};

// All of them, in the order in which they are asked.
std::span<const Importer> importers();

std::vector<std::string> importer_names();

// By the importer of that name, or, if it is empty, by the first that recognises the content. Faults: usage (no such
// importer), unsupported (nobody recognises it), invalid and limit (with file, line and column).
Result<Import> read(const Source& source, std::string_view type = {});

// The same, as verifiers of a domain. Faults: invalid, which would be a defect of the importer.
Result<std::vector<policy::DeclaredVerifier>> verifiers_of(const Import& import, const std::string& file,
                                                           const std::string& domain);

} // namespace jwtdomain::gateway
