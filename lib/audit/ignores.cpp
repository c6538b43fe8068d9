#include "jwtdomain/audit/ignores.h"

#include <algorithm>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/schema.h"

namespace jwtdomain::audit {
namespace {

namespace schema = policy::schema;
using document::Kind;
using document::Node;

constexpr schema::Shape kText{.scalar = schema::Scalar::text};
constexpr schema::Shape kDate{.scalar = schema::Scalar::time};
constexpr schema::Field kFields[] = {
    {"rule", kText, true, "The rule's id, or ISOLATION for tokens that cross."},
    {"where", kText, true, "A domain, a service, or the fingerprint of one finding."},
    {"reason", kText, true, "Why it is accepted."},
    {"owner", kText, true, "Who answers for it."},
    {"expires", kDate, true, "At most 180 days from now."},
};
constexpr schema::Object kIgnore{"ignore", "an ignore", "A finding that is accepted for a time.", kFields};

Result<Ignore> bind(const Node& node, const std::string& file, std::span<const std::string_view> rules, Time now) {
    if (auto ok = schema::check(node, kIgnore, file); !ok) return tl::unexpected(ok.error());
    const auto text = [&](std::string_view name) { return node.find(name)->text; };
    Ignore out{.rule = text("rule"),
               .where = text("where"),
               .reason = text("reason"),
               .owner = text("owner"),
               .expires = 0,
               .place = {file, node.mark.line, node.mark.column}};
    if (std::find(rules.begin(), rules.end(), out.rule) == rules.end())
        return schema::refuse(file, node.find("rule")->mark, "there is no rule '" + out.rule + "'",
                              schema::did_you_mean(out.rule, rules));
    const auto expires = parse_time(text("expires"));
    if (!expires) return schema::refuse(file, node.find("expires")->mark, expires.error().message);
    out.expires = *expires;
    if (out.expires - now > Ignore::kLongest)
        return schema::refuse(file, node.find("expires")->mark, "an ignore lasts at most 180 days",
                              "the latest is " + format_time(now + Ignore::kLongest));
    return out;
}

} // namespace

Result<std::vector<Ignore>> read_ignores(std::string_view text, const std::string& file,
                                         std::span<const std::string_view> rules, Time now) {
    const auto root = document::parse(text, file);
    if (!root) return tl::unexpected(root.error());
    std::vector<Ignore> out;
    if (root->kind == Kind::null) return out;
    if (root->kind != Kind::array)
        return schema::refuse(file, root->mark, "expected a list of {rule, where, reason, owner, expires}");
    for (const Node& node : root->elements) {
        auto ignore = bind(node, file, rules, now);
        if (!ignore) return tl::unexpected(ignore.error());
        const auto same = [&](const Ignore& other) {
            return other.rule == ignore->rule && other.where == ignore->where;
        };
        if (const auto other = std::find_if(out.begin(), out.end(), same); other != out.end())
            return schema::refuse(file, node.mark, ignore->rule + " at " + ignore->where + " is ignored twice",
                                  "the other entry is in line " + std::to_string(other->place.line));
        out.push_back(std::move(*ignore));
    }
    return out;
}

bool matches(const Ignore& ignore, const Ignorable& finding) {
    if (ignore.rule != finding.rule) return false;
    return ignore.where == finding.fingerprint ||
           std::find(finding.names.begin(), finding.names.end(), ignore.where) != finding.names.end();
}

std::size_t find_ignore(const std::vector<Ignore>& ignores, const Ignorable& finding, Time now) {
    for (std::size_t i = 0; i < ignores.size(); ++i) {
        if (!ignores[i].expired(now) && matches(ignores[i], finding)) return i;
    }
    return kNotIgnored;
}

} // namespace jwtdomain::audit
