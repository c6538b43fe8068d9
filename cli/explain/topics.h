// The topics of `explain` and the advice on exit statuses: texts, as data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/explain/page.h"

namespace jwtdomain::cli {

struct Topic {
    std::string_view name, sentence;
    std::vector<std::string_view> paragraphs;
    std::vector<PageTable> (*tables)();
};
std::span<const Topic> topics(); // ordered by name

// Another implementation that we are tested against.
struct PeerInfo {
    std::string_view name;  // with its version
    std::string_view lacks; // algorithms that it has not, separated by ", "
};
std::span<const PeerInfo> peers();

struct ExitAdvice {
    Exit status;
    std::string_view advice;  // what to do, a sentence without a full stop
    std::string_view command; // that ends so; may be empty
};
const ExitAdvice& advice_on(Exit status);

std::vector<ExitInfo> statuses_by_number();

std::string_view heading_of(Stage stage); // "Claims"
std::string_view work_of(Stage stage);    // what is checked there

} // namespace jwtdomain::cli
