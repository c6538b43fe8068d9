// JUnit's XML, as CI servers read it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

// Texts are untrusted unless it says otherwise.
class JunitSuite {
public:
    // `failure` is the type of its failures.
    JunitSuite(std::string name, std::string failure) : name_(std::move(name)), failure_(std::move(failure)) {}

    // A test case that failed by `failed_by`, or could not be decided by `error`; neither: it passed. Both are escaped
    // as for a terminal.
    void add(std::string_view owner, std::string_view title, std::string_view failed_by, std::string_view error);
    void skip(std::string_view owner, std::string_view title, std::string_view why);
    void say(std::string text) { said_ = std::move(text); } // behind the cases

private:
    friend std::string junit_of(std::string_view name, std::span<const JunitSuite> suites, Time now);
    std::string text(const std::string& time) const;
    void open_case(std::string_view owner, std::string_view title);

    std::string name_, failure_, cases_, said_;
    std::size_t tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
};

// The whole document.
std::string junit_of(std::string_view name, std::span<const JunitSuite> suites, Time now);

} // namespace jwtdomain::cli
