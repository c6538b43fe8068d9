#include <optional>
#include <utility>

#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"
#include "jwtdomain/policy/tenants.h"

namespace jwtdomain::policy::bind {

namespace {

using accept::ClaimRule;
using accept::ClaimShape;
using accept::ClaimTest;
using accept::Match;
using document::Kind;

std::optional<Match> match_named(std::string_view name) {
    if (name == "prefix") return Match::prefix;
    if (name == "suffix") return Match::suffix;
    if (name == "contains") return Match::contains;
    if (name == "glob") return Match::glob;
    if (name == "regex") return Match::regex;
    return std::nullopt;
}

// A pattern of one field. A regular expression is compiled here, so that a bad one has its place in the file; one with
// {tenant} is compiled when the domain is made of its template, here only tried with a name as long as the placeholder.
Result<accept::Pattern> pattern(Match match, const Node& node, const std::string& file) {
    const accept::Pattern plain{match, node.text};
    if (match != Match::regex) return plain;
    accept::Pattern compiled = plain;
    if (auto status = instantiate(compiled, "tttt"); !status) {
        Error error = std::move(status.error());
        error.where = place(file, node.mark);
        return fail(std::move(error));
    }
    return compiled.text == plain.text ? compiled : plain;
}

Result<accept::Pattern> pattern(const Node& node, const std::string& file) {
    if (node.names.size() != 1) {
        return schema::refuse(file, node.mark, "a pattern has exactly one field",
                              "write two patterns in a list for either, a glob such as 'a*b' for both");
    }
    return pattern(match_named(node.names.front().text).value_or(Match::equal), node.elements.front(), file);
}

Status add_member(const Node& node, const std::string& file, accept::Strings& out) {
    if (node.kind == Kind::integer && !node.text.empty() && node.text != value_text(node))
        return schema::refuse(file, node.mark, "'" + node.text + "' is read as the number " + value_text(node),
                              "put it in quotes, if it is a text");
    if (node.kind != Kind::object) {
        out.exact.push_back(value_text(node));
        return {};
    }
    auto parsed = pattern(node, file);
    if (!parsed) return fail(parsed.error());
    out.patterns.push_back(std::move(*parsed));
    return {};
}

// The fields of a test that say what is tested; `shape`, `optional` and `role` say how.
struct Test {
    ClaimTest test;
    ClaimShape shape;
};

std::optional<Test> test_named(std::string_view name) {
    if (name == "in" || match_named(name)) return Test{ClaimTest::in, ClaimShape::scalar};
    if (name == "has_any") return Test{ClaimTest::has_any, ClaimShape::list};
    if (name == "has_all") return Test{ClaimTest::has_all, ClaimShape::list};
    if (name == "all_in") return Test{ClaimTest::all_in, ClaimShape::list};
    if (name == "present") return Test{ClaimTest::present, ClaimShape::scalar};
    return std::nullopt;
}

Status set_values(const std::string& name, const Node& node, const std::string& file, ClaimRule& rule) {
    if (const auto match = match_named(name)) {
        auto parsed = pattern(*match, node, file);
        if (!parsed) return fail(parsed.error());
        rule.values.patterns.push_back(std::move(*parsed));
        return {};
    }
    if (name == "present") {
        if (!node.truth) rule.test = ClaimTest::absent;
        return {};
    }
    auto values = language(node, file);
    if (!values) return fail(values.error());
    rule.values = std::move(*values);
    return {};
}

Status set_test(const Node& node, const std::string& file, ClaimRule& rule) {
    bool tested = false;
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        const auto test = test_named(node.names[i].text);
        if (!test) continue;
        if (tested) {
            return schema::refuse(file, node.names[i].mark, "two tests of one claim",
                                  "a glob such as 'a*b' says prefix and suffix together");
        }
        tested = true;
        rule.test = test->test;
        rule.shape = test->shape;
        if (auto status = set_values(node.names[i].text, node.elements[i], file, rule); !status) return status;
    }
    if (!tested) {
        return schema::refuse(
            file, node.mark, "a test of a claim that tests nothing",
            "add one of in, prefix, suffix, contains, glob, regex, has_any, has_all, all_in, present");
    }
    if (const Node* shape = node.find("shape")) {
        rule.shape = static_cast<ClaimShape>(word_index(*shape, schema::shape_words()));
        const bool scalar_test = rule.test == ClaimTest::in;
        const bool list_test =
            rule.test == ClaimTest::has_any || rule.test == ClaimTest::has_all || rule.test == ClaimTest::all_in;
        if ((scalar_test && rule.shape != ClaimShape::scalar) || (list_test && rule.shape == ClaimShape::scalar)) {
            return schema::refuse(file, shape->mark, "this test does not fit the shape " + shape->text,
                                  "has_any, has_all and all_in are for lists and words, the others for scalars");
        }
    }
    if (const Node* role = node.find("role")) {
        rule.role = static_cast<ClaimRule::Role>(word_index(*role, schema::role_words()));
    }
    set(node, "optional", rule.absent_ok);
    return {};
}

} // namespace

Result<accept::Strings> language(const Node& node, const std::string& file, bool any_word) {
    accept::Strings out;
    if (any_word && node.kind == Kind::string && node.text == "any") {
        out.any = true;
        return out;
    }
    if (node.kind != Kind::array) {
        if (auto status = add_member(node, file, out); !status) return fail(status.error());
        return out;
    }
    for (const Node& element : node.elements) {
        if (any_word && element.kind == Kind::string && element.text == "any") {
            return schema::refuse(file, element.mark, "the word any in a list", "write it alone, without the list");
        }
        if (auto status = add_member(element, file, out); !status) return fail(status.error());
    }
    return out;
}

Result<std::vector<ClaimRule>> tests(const Node& node, const std::string& file) {
    std::vector<ClaimRule> rules;
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        ClaimRule rule;
        auto path = parse_claim_path(node.names[i].text);
        if (!path) return schema::refuse(file, node.names[i].mark, path.error().message, path.error().hint);
        rule.path = std::move(*path);
        const Node& value = node.elements[i];
        if (value.kind == Kind::object) {
            if (auto status = set_test(value, file, rule); !status) return fail(status.error());
        } else {
            rule.test = ClaimTest::in;
            auto values = language(value, file);
            if (!values) return fail(values.error());
            rule.values = std::move(*values);
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace jwtdomain::policy::bind
