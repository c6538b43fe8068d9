#include "cli/app/junit.h"

#include <fmt/format.h>

#include "cli/app/html.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

// Text comes here with its control characters and what is not UTF-8 escaped: XML 1.0 can hold neither.
// Its five entities are those of HTML.
std::string xml(std::string_view text) { return html_text(text); }

} // namespace

void JunitSuite::open_case(std::string_view owner, std::string_view title) {
    ++tests_;
    cases_ +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(escape_text(owner)), xml(escape_text(title)));
}

void JunitSuite::add(std::string_view owner, std::string_view title, std::string_view failed_by,
                     std::string_view error) {
    open_case(owner, title);
    if (failed_by.empty() && error.empty()) {
        cases_ += "/>\n";
        return;
    }
    const bool failed = !failed_by.empty();
    ++(failed ? failures_ : errors_);
    const std::string_view text = failed ? failed_by : error, tag = failed ? "failure" : "error";
    const std::string_view first = text.substr(0, text.find('\n'));
    cases_ += fmt::format(">\n      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n    </testcase>\n", tag, xml(first),
                          failed ? std::string_view(failure_) : "undecided", xml(text));
}

void JunitSuite::skip(std::string_view owner, std::string_view title, std::string_view why) {
    open_case(owner, title);
    ++skipped_;
    cases_ += fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml(escape_text(why)));
}

std::string JunitSuite::text(const std::string& time) const {
    return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
                       "timestamp=\"{}\">\n{}{}  </testsuite>\n",
                       xml(escape_text(name_)), tests_, failures_, errors_, skipped_, time, cases_,
                       said_.empty() ? "" : fmt::format("    <system-out>{}</system-out>\n", xml(said_)));
}

std::string junit_of(std::string_view name, std::span<const JunitSuite> suites, Time now) {
    std::string time = format_time(now);
    if (time.back() == 'Z') time.pop_back(); // xs:dateTime of the schema in use has no zone
    std::size_t tests = 0, failures = 0, errors = 0;
    std::string inside;
    for (const JunitSuite& suite : suites) {
        tests += suite.tests_;
        failures += suite.failures_;
        errors += suite.errors_;
        inside += suite.text(time);
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" "
                       "failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
                       xml(name), tests, failures, errors, inside);
}

} // namespace jwtdomain::cli
