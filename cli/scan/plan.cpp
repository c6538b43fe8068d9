#include "cli/scan/plan.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "cli/scan/json_rows.h"
#include "cli/scan/report.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kShownIds = 5, kShownSteps = 20;

struct Gathered {
    PlanStep step;
    std::optional<TriageReport::Row> key; // of rotate
    std::string subject;
    bool foreign = false;    // of revoke: the domain's issuer is somebody else's
    bool last_resort = true; // of rotate: something else stops each of them
};

void set_text(Gathered& each) {
    PlanStep& step = each.step;
    if (step.stop == Stop::revoke) {
        const std::size_t shown = std::min(step.ids.size(), kShownIds);
        step.text = revoke_text(each.subject, each.foreign,
                                {step.ids.begin(), step.ids.begin() + static_cast<std::ptrdiff_t>(shown)},
                                step.ids.size() - shown);
    }
    if (step.stop == Stop::rotate && each.key) {
        const std::size_t count = step.tokens.size();
        step.text = rotate_text(*each.key, each.last_resort,
                                fmt::format("on which {} live token{} of this scan hang{}", count,
                                            count == 1 ? "" : "s", count == 1 ? "s" : ""));
    }
}

// Time ends the last of them, or it does not end them all.
std::optional<PlanStep> wait_for(const std::vector<FoundToken>& tokens) {
    PlanStep out{.stop = Stop::wait, .severity = Severity::info, .text = {}, .ids = {}, .tokens = {}};
    std::optional<Time> last;
    std::uint64_t endless = 0;
    for (const FoundToken& token : tokens) {
        if (token.triage.accepts.empty()) continue;
        out.severity = std::min(out.severity, token.severity);
        if (token.triage.until)
            last = std::max(last.value_or(*token.triage.until), *token.triage.until);
        else
            ++endless;
    }
    if (!last && endless == 0) return std::nullopt;
    out.text = last ? "otherwise wait: time ends the last of them at " + format_time(*last) : "";
    if (endless > 0)
        out.text += fmt::format("{}time does not end {} of them: some path does not ask for an expiry",
                                last ? ", but " : "", endless);
    return out;
}

} // namespace

std::vector<PlanStep> plan_of(std::vector<FoundToken>& tokens) {
    std::unordered_map<std::string, std::uint64_t> on_key;
    for (const FoundToken& token : tokens) {
        if (const std::string key = key_that_verified(token.triage); !key.empty()) ++on_key[key];
    }
    std::map<std::pair<Stop, std::string>, Gathered> all;
    for (FoundToken& token : tokens) {
        if (token.triage.accepts.empty()) continue;
        const std::string key = key_that_verified(token.triage);
        token.triage.actions.clear();
        bool others = false;
        for (Step& step : steps_of(token.triage, key.empty() ? 0 : on_key[key] - 1)) {
            token.triage.actions.push_back(step.text);
            if (step.stop == Stop::wait || !token.example.empty()) continue;
            Gathered& each = all[{step.stop, step.subject}];
            if (each.step.tokens.empty())
                each.step = {.stop = step.stop, .severity = token.severity, .text = step.text, .ids = {}, .tokens = {}};
            each.subject = step.subject;
            each.step.severity = std::min(each.step.severity, token.severity);
            each.step.tokens.push_back(token.fingerprint);
            each.foreign = each.foreign || token.triage.foreign;
            if (!step.item.empty()) each.step.ids.push_back(step.item);
            if (step.stop == Stop::rotate) {
                if (!each.key) each.key = *key_row(token.triage);
                each.last_resort = each.last_resort && others;
            }
            others = true;
        }
    }
    std::vector<PlanStep> out;
    for (auto& [key, each] : all) {
        std::sort(each.step.tokens.begin(), each.step.tokens.end());
        std::sort(each.step.ids.begin(), each.step.ids.end());
        each.step.ids.erase(std::unique(each.step.ids.begin(), each.step.ids.end()), each.step.ids.end());
        set_text(each);
        out.push_back(std::move(each.step));
    }
    std::stable_sort(out.begin(), out.end(), [](const PlanStep& a, const PlanStep& b) {
        return std::tuple(a.severity, a.stop, b.tokens.size()) < std::tuple(b.severity, b.stop, a.tokens.size());
    });
    if (auto wait = wait_for(tokens)) out.push_back(std::move(*wait));
    return out;
}

void put_plan(TextReport& out, const std::vector<PlanStep>& plan) {
    if (plan.empty()) return;
    out.blank();
    out.heading("What stops them, in this order");
    for (std::size_t i = 0; i < std::min(kShownSteps, plan.size()); ++i)
        out.line(fmt::format("{}. {}", i + 1, escape_text(plan[i].text)));
    if (plan.size() > kShownSteps)
        out.line(fmt::format("and {} more: --format json tells of all", plan.size() - kShownSteps));
}

nlohmann::ordered_json plan_json(const std::vector<PlanStep>& plan) {
    auto out = nlohmann::ordered_json::array();
    for (const PlanStep& step : plan) {
        nlohmann::ordered_json row{
            {"step", name_of(step.stop)}, {"severity", name_of(step.severity)}, {"text", step.text}};
        if (!step.ids.empty()) row["ids"] = step.ids;
        if (!step.tokens.empty()) row["tokens"] = step.tokens;
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace jwtdomain::cli
