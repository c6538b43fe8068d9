// What a configuration accepts, in one sentence for each thing that it guards, and then in the normal form.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct DescribeReport {
    struct Row {
        policy::DeclaredVerifier verifier;
        document::Node form;            // the same, as it was read
        std::vector<std::string> files; // that Mark::source counts
        std::string sentence;
    };
    // Where keys are to be read, once each.
    struct KeyPlace {
        std::string written;   // as the configuration has it
        std::string read_from; // the same, with the folder
        policy::KeyLocation::Kind kind = policy::KeyLocation::Kind::none;
        std::size_t row = 0; // in whose files the mark is
        document::Mark mark = {};
        std::size_t count = 0; // keys that can verify
        std::vector<std::string> kids = {};
        bool by_token = false;    // each token says where its own are
        std::string problem = {}; // why they were not read; empty: they were
    };
    std::string file, type;
    std::vector<Row> rows;
    std::vector<KeyPlace> keys;
};

// "any token signed by a key of k.json: issuer not checked, audience not checked, expiry optional"
std::string sentence_of(const policy::DeclaredVerifier& verifier);

// Puts a sentence in the place of each key that is written in the form and is a secret: a report is shown to others.
void hide_secrets(document::Node& form);

std::string to_text(const DescribeReport& report, bool color);
std::string to_json(const DescribeReport& report);

} // namespace jwtdomain::cli
