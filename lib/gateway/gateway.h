// Importers: what guards an API, read from the configuration that is deployed, in the words of the normal form.
//
// An importer owes soundness: what the real verifier accepts is a subset of what it says. What it cannot say it leaves
// out of a path, and names it (`dropped`), or it calls the whole opaque; what it does not know it never takes for
// harmless.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"
#include "jwtdomain/gateway/selection.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::gateway {

// A configuration as it was read.
struct Source {
    std::string file; // for places in messages; one that ends in .json is JSON
    std::string text;
};

// What an importer is given: one file, or all of its type that lie together, and which part of them is asked for.
struct Content {
    std::span<const Source> sources;       // Mark::source counts them
    std::vector<document::Node> documents; // of all sources, in order, lists of Kubernetes' objects taken apart; none
                                           // for an importer of text
    Selection selection = {};
};

// Verifiers in the fields of `jwtdomain schema verifier`, but for `domain`, which nobody here knows. The mark of each
// value is the place in the configuration that it comes from; what follows from something that is not written has the
// mark of what it is not written in.
using Verifiers = std::vector<document::Node>;

struct Importer {
    enum class Syntax : std::uint8_t { documents, text }; // YAML and JSON, or a language of its own

    std::string_view name;  // "envoy"
    std::string_view title; // "Envoy, the filter jwt_authn"
    bool held;              // against a running verifier, in the tests; else against its project's own words
    Syntax syntax;
    // By which of the three a part of its configurations can be asked for. It drops the others' part by itself.
    struct Selects {
        bool name_space, host, labels;
    } selects;
    // Is there something in this one source that it reads?
    bool (*recognises)(const Content&);
    Verifiers (*read)(const Content&);
    // Of sources that lie together it is given all objects of Kubernetes: routes stand in files of their own.
    bool gathers = false;
    bool comments = false; // its JSON may have them, and commas behind the last of a list
};

// All of them, in the order in which they are asked.
std::span<const Importer> importers();

std::vector<std::string> importer_names();

struct Import {
    std::string type;               // of the importer that read it
    std::vector<std::string> files; // Mark::source counts them
    Verifiers verifiers;
};

// The file that the mark is of.
const std::string& file_of(const std::vector<std::string>& files, document::Mark mark);

// By the importer of that name, or, if it is empty, by the first that recognises the content; read_together() asks the
// others, too. Faults: usage (no such
// importer, or one that does not select so), unsupported (nobody recognises it), no_input (nothing of it is selected),
// invalid and limit (with file, line and column).
Result<Import> read(const Source& source, std::string_view type = {}, const Selection& selection = {});

// Of sources that lie together, as those of a folder: an answer for all of one type, and one for each YAML and JSON
// file that cannot be read. What nobody recognises is named in `others`.
struct Reading {
    std::string file; // that cannot be read, or the first of its type
    Result<Import> import;
};
std::vector<Reading> read_together(std::vector<Source> sources, std::string_view type, const Selection& selection,
                                   std::vector<std::string>& others);

// The same, as verifiers of a domain. Faults: invalid, which would be a defect of the importer.
Result<std::vector<policy::DeclaredVerifier>> verifiers_of(const Import& import, const std::string& domain);

} // namespace jwtdomain::gateway
