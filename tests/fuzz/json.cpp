// What is accepted is accepted again value by value, and rejecting duplicates is all that strictness adds.
#include "jwtdomain/base/json.h"
#include "check.h"
#include "jwtdomain/base/escape.h"

using namespace jwtdomain;

namespace {

void check_value(const json::Value& value) {
    json::Document again;
    if (value.raw().size() < 64) CHECK(!again.parse(value.raw(), {.duplicates = json::Duplicates::last}));
    if (value.is(json::Kind::string)) CHECK(find_invalid_utf8(value.text()) == std::string_view::npos);
    if (const auto integer = value.integer(); integer && value.number())
        CHECK(static_cast<double>(*integer) == *value.number());
    std::size_t count = 0;
    for (const json::Member& member : value) {
        if (value.is(json::Kind::object) && count < 100) CHECK(value.find(member.name));
        check_value(member.value);
        ++count;
    }
    CHECK(count == value.size());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static json::Document lax, strict;
    const json::Problem problem = lax.parse(view(data, size), {.duplicates = json::Duplicates::last});
    const json::Problem strict_problem = strict.parse(view(data, size));
    CHECK(problem.offset <= size && strict_problem.offset <= size);
    CHECK(problem ? bool(strict_problem) : !strict_problem || strict_problem.defect == json::Defect::duplicate_name);
    if (!problem) check_value(lax.root());
    return 0;
}
