#include "cli/explain/page.h"

#include <algorithm>
#include <charconv>

#include "cli/explain/examples.h"
#include "cli/explain/rule_examples.h"
#include "cli/explain/topics.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/jwt/rule.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kSignals = "128+n";

// "RFC 7519 4.1.3; RFC 8725 3.8" as {"RFC 7519, section 4.1.3", "RFC 8725, section 3.8"}.
std::vector<std::string> sources_of(std::string_view text) {
    std::vector<std::string> list;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("; "), text.size());
        const std::string_view one = text.substr(0, end);
        const std::size_t space = one.rfind(' ');
        list.push_back(std::string(one.substr(0, space)) + ", section " + std::string(one.substr(space + 1)));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return list;
}

std::vector<ExampleText> example_of(const ReasonExample& example) {
    std::vector<ExampleText> parts;
    const ExampleToken good = good_token(), bad = bad_token(example);
    const SettingInfo& setting = info(example.setting);
    if (!setting.good.empty()) parts.push_back({"where", std::string(setting.good), std::string(setting.bad)});
    const bool json_differs = good.header != bad.header || good.claims != bad.claims;
    if (json_differs || good.token == bad.token) {
        parts.push_back({"header", good.header, bad.header});
        parts.push_back({"claims", good.claims, bad.claims});
    }
    if (good.token != bad.token) parts.push_back({"token", good.token, bad.token});
    return parts;
}

Page page_of(const ReasonInfo& reason) {
    const ReasonExample& example = reason_examples()[static_cast<std::size_t>(reason.reason)];
    Page page{.kind = PageKind::reason,
              .name = std::string(reason.code),
              .stage = std::string(heading_of(reason.stage)),
              .sentence = std::string(reason.sentence),
              .fix = std::string(reason.fix),
              .sources = sources_of(reason.source),
              .exit = exit_after(reason),
              .example = example_of(example),
              .gives = {std::string(reason.code)}};
    if (example.also) page.gives.emplace_back(info(*example.also).code);
    return page;
}

Page page_of(const RuleInfo& rule) {
    return {.kind = PageKind::rule,
            .name = std::string(rule.id),
            .title = std::string(rule.name),
            .severity = std::string(name_of(rule.severity)),
            .sentence = std::string(rule.sentence),
            .fix = std::string(rule.fix),
            .sources = sources_of(rule.source),
            .exit = {},
            .example = rule_example(rule.id),
            .gives = rule_example_gives(rule.id)};
}

std::string with_capital(std::string_view sentence) {
    std::string text(sentence);
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 32);
    return text;
}

Page page_of(const ExitInfo& status) {
    const ExitAdvice& advice = advice_on(status.status);
    Page page{.kind = PageKind::exit_status,
              .name = std::to_string(static_cast<int>(status.status)),
              .title = std::string(status.name),
              .sentence = with_capital(status.meaning),
              .fix = std::string(advice.advice),
              .exit = status.status};
    if (!advice.command.empty()) page.tables.push_back({"For example", {{"", std::string(advice.command)}}});
    return page;
}

Page page_of(const Topic& topic) {
    Page page{.kind = PageKind::topic, .name = std::string(topic.name), .sentence = std::string(topic.sentence)};
    page.paragraphs.assign(topic.paragraphs.begin(), topic.paragraphs.end());
    page.tables = topic.tables();
    return page;
}

Page page_of_signals() {
    return {
        .kind = PageKind::exit_status,
        .name = std::string(kSignals),
        .title = "signal",
        .sentence =
            "Ended by the signal n: 130 after Ctrl-C (SIGINT), 141 where whoever read the output has gone (SIGPIPE)",
        .fix = "Take the output as incomplete",
        .exit = {}};
}

bool same(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_signal(std::string_view name) {
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() && number > 128 && number <= 192;
}

} // namespace

std::string_view name_of(PageKind kind) {
    switch (kind) {
    case PageKind::reason: return "reason";
    case PageKind::rule: return "rule";
    case PageKind::exit_status: return "exit-status";
    case PageKind::topic: return "topic";
    }
    return {};
}

Exit exit_after(const ReasonInfo& reason) {
    if (reason.reason == Reason::keys_unavailable) return Exit::undecided;
    return reason.stage == Stage::observation ? Exit::yes : Exit::no;
}

Result<Page> find_page(std::string_view name) {
    for (const ReasonInfo& reason : reasons()) {
        if (same(reason.code, name)) return page_of(reason);
    }
    for (const RuleInfo& rule : rules()) {
        if (same(rule.id, name) || same(rule.name, name)) return page_of(rule);
    }
    for (const ExitInfo& status : exit_statuses()) {
        if (name == std::to_string(static_cast<int>(status.status)) || same(status.name, name)) return page_of(status);
    }
    for (const Topic& topic : topics()) {
        if (same(topic.name, name)) return page_of(topic);
    }
    if (same(name, kSignals) || is_signal(name)) return page_of_signals();
    std::vector<std::string> names;
    for (const IndexEntry& entry : page_index()) {
        names.push_back(entry.name);
        if (!entry.title.empty()) names.push_back(entry.title);
    }
    const std::string_view near = nearest(name, names);
    return fail(Fault::usage, "there is no page on \"" + escape_text(name, 60) + "\"",
                near.empty() ? "`jwtdomain explain` lists all pages"
                             : "did you mean `jwtdomain explain " + std::string(near) + "`?");
}

std::vector<IndexEntry> page_index() {
    std::vector<IndexEntry> list;
    for (const Topic& topic : topics())
        list.push_back({PageKind::topic, "Topics", std::string(topic.name), "", std::string(topic.sentence)});
    for (const ReasonInfo& reason : reasons()) {
        list.push_back({PageKind::reason, "Reasons: " + std::string(heading_of(reason.stage)), std::string(reason.code),
                        "", std::string(reason.sentence)});
    }
    for (const RuleInfo& rule : rules()) {
        list.push_back(
            {PageKind::rule, "Rules", std::string(rule.id), std::string(rule.name), std::string(rule.sentence)});
    }
    for (const ExitInfo& status : statuses_by_number()) {
        list.push_back({PageKind::exit_status, "Exit statuses", std::to_string(static_cast<int>(status.status)), "",
                        with_capital(status.meaning)});
    }
    list.push_back({PageKind::exit_status, "Exit statuses", std::string(kSignals), "", "Ended by the signal n"});
    return list;
}

} // namespace jwtdomain::cli
