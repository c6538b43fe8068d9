#include "jwtdomain/audit/baseline.h"

#include <algorithm>
#include <set>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/schema.h"

namespace jwtdomain::audit {
namespace {

namespace schema = policy::schema;
using document::Node;

constexpr std::int64_t kVersion = 1;

constexpr schema::Shape kText{.scalar = schema::Scalar::text};
constexpr schema::Shape kDate{.scalar = schema::Scalar::time};
constexpr schema::Shape kNumber{.scalar = schema::Scalar::number};
constexpr schema::Field kKnownFields[] = {
    {"rule", kText, true, "The rule's id, or ISOLATION for tokens that cross."},
    {"fingerprint", kText, true, "Of the finding, as reports have it."},
    {"what", kText, false, "What was found, for people."},
    {"owner", kText, true, "Who answers for it."},
    {"since", kDate, true, "When it was written down."},
};
constexpr schema::Object kKnown{"known", "a known finding", "A finding of an earlier audit.", kKnownFields};
constexpr schema::Shape kEntry{.object = &kKnown};
constexpr schema::Shape kList{.element = &kEntry};
constexpr schema::Field kFields[] = {
    {"version", kNumber, true, "1."},
    {"known", kList, true, "The findings."},
};
constexpr schema::Object kBaseline{"baseline", "a baseline", "Findings of an earlier audit.", kFields};

} // namespace

Result<std::vector<Known>> read_baseline(std::string_view text, const std::string& file,
                                         std::span<const std::string_view> rules) {
    const auto root = document::parse(text, file);
    if (!root) return tl::unexpected(root.error());
    if (root->find("known") == nullptr)
        return schema::refuse(file, root->mark, "this is no baseline",
                              "make one: jwtdomain audit --write-baseline FILE --owner NAME");
    if (auto ok = schema::check(*root, kBaseline, file); !ok) return tl::unexpected(ok.error());
    if (const Node& version = *root->find("version"); version.integer != kVersion)
        return schema::refuse(file, version.mark, "a baseline of version " + version.text + " is not known",
                              "this program reads version 1");
    std::vector<Known> out;
    std::set<std::string_view> seen;
    for (const Node& node : root->find("known")->elements) {
        const auto field = [&](std::string_view name) -> const Node& { return *node.find(name); };
        const std::string& rule = field("rule").text;
        if (std::find(rules.begin(), rules.end(), rule) == rules.end())
            return schema::refuse(file, field("rule").mark, "there is no rule '" + rule + "'",
                                  schema::did_you_mean(rule, rules));
        const auto since = parse_time(field("since").text);
        if (!since) return schema::refuse(file, field("since").mark, since.error().message);
        if (!seen.insert(field("fingerprint").text).second)
            return schema::refuse(file, field("fingerprint").mark, "this fingerprint is there twice");
        const Node* const what = node.find("what");
        out.push_back({.rule = rule,
                       .fingerprint = field("fingerprint").text,
                       .what = what ? what->text : "",
                       .owner = field("owner").text,
                       .since = *since});
    }
    return out;
}

} // namespace jwtdomain::audit
