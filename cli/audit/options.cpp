#include "cli/audit/options.h"

#include <array>
#include <charconv>

namespace jwtdomain::cli {
namespace {

constexpr std::array kEvidence{audit::Evidence::policy, audit::Evidence::config, audit::Evidence::probed};
constexpr std::array kSeverities{Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info};

template <class Values> std::vector<std::string> names_of(const Values& values) {
    std::vector<std::string> names;
    names.reserve(values.size());
    for (const auto value : values) names.emplace_back(name_of(value));
    return names;
}

template <class Values> std::optional<typename Values::value_type> find(const Values& values, std::string_view name) {
    for (const auto value : values) {
        if (name_of(value) == name) return value;
    }
    return std::nullopt;
}

} // namespace

std::optional<audit::Evidence> find_evidence(std::string_view name) { return find(kEvidence, name); }
std::optional<Severity> find_severity(std::string_view name) { return find(kSeverities, name); }

std::vector<std::string> attacker_names() { return names_of(audit::kAttackers); }
std::vector<std::string> severity_names() { return names_of(kSeverities); }

void declare_audit(Declaration& d, AuditWords& o, AuditUse use) {
    d.choice("--against", "ATTACKER", attacker_names(), o.against,
             "the strongest attacker to hold against (default: insider)");
    d.choice("--require", "LEVEL", names_of(kEvidence), o.require, "how each verdict must be known");
    d.value("--min-depth", "N", o.min_depth, "fail unless so many facts must fail before a token crosses");
    OptionSpec& fail_on = d.choice("--fail-on", "SEVERITY", severity_names(), o.fail_on,
                                   "fail on findings from this severity up (default: high)");
    if (use == AuditUse::audit_only) return;
    fail_on.choices.emplace_back(kWeaker);
    fail_on.help += "; of diff: weaker, on what is or may be weaker";
}

Result<AuditOptions> settle(const AuditWords& words) {
    AuditOptions options;
    if (words.against) options.against = *audit::find_attacker(*words.against);
    if (words.require) options.require = *find_evidence(*words.require);
    if (words.fail_on) {
        const auto severity = find_severity(*words.fail_on);
        if (!severity)
            return fail(Fault::usage, "--fail-on weaker is for audit diff",
                        "jwtdomain audit diff main --fail-on weaker");
        options.fail_on = *severity;
    }
    if (words.min_depth) {
        unsigned depth = 0;
        const char* const end = words.min_depth->data() + words.min_depth->size();
        const auto [stop, error] = std::from_chars(words.min_depth->data(), end, depth);
        if (error != std::errc() || stop != end || depth > audit::Depth::kDeep)
            return fail(Fault::usage, "--min-depth takes a number from 0 to 3");
        options.min_depth = depth;
    }
    return options;
}

} // namespace jwtdomain::cli
