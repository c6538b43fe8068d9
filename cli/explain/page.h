// The pages of `explain`: one for each reason, rule and exit status, and a few topics. Made from the tables of the
// program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/exit_status.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/reason.h"

namespace jwtdomain::cli {

enum class PageKind { reason, rule, exit_status, topic };
std::string_view name_of(PageKind kind); // "reason", "exit-status"

struct PageTable {
    struct Row {
        std::string name, text;
    };
    std::string heading;
    std::vector<Row> rows;
};

// One document of an example, good and bad. Where both are equal it is context.
struct ExampleText {
    std::string title; // "header", "domains/prod.yaml"
    std::string good, bad;
};

struct Page {
    PageKind kind = PageKind::topic;
    std::string name = {};     // "aud-mismatch", "ISS-07", "3", "policy"
    std::string title = {};    // another name: "look-alike-issuers", "undecided"; may be empty
    std::string severity = {}; // of a rule
    std::string stage = {};    // of a reason: where in the order of verification it arises
    std::string sentence = {}, fix = {};
    std::vector<std::string> sources = {};
    std::optional<Exit> exit = {}; // that follows
    std::vector<std::string> paragraphs = {};
    std::vector<PageTable> tables = {};
    std::vector<ExampleText> example = {};
    std::vector<std::string> gives = {}; // the reasons or rules of the bad example, all of them
};

// The page of that name, in any case. Faults: not_found with the nearest name.
Result<Page> find_page(std::string_view name);

struct IndexEntry {
    PageKind kind;
    std::string heading; // under which it is listed
    std::string name, title, sentence;
};
std::vector<IndexEntry> page_index();

// The exit status of `verify` where this reason is the worst, or of `inspect` for what verify does not report.
Exit exit_after(const ReasonInfo& reason);

} // namespace jwtdomain::cli
