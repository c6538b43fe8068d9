#include "jwtdomain/audit/rules/pattern_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/audit/language.h"

namespace jwtdomain::audit::rules {
namespace {

// What dialects of regular expressions take before "$".
constexpr std::array<std::string_view, 6> kLineEnds{"\n", "\r", "\r\n", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};

std::string host_of(const std::string& url) {
    constexpr std::string_view kScheme = "https://";
    if (url.compare(0, kScheme.size(), kScheme) != 0) return {};
    const std::string rest = url.substr(kScheme.size());
    return rest.substr(0, rest.find_first_of(":/?#"));
}

// The last two labels: what is bought from a registry, as far as one can say without a list of all registries.
std::string registered_name(const std::string& host) {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    if (host.empty() || !std::all_of(host.begin(), host.end(), plain)) return {};
    const std::size_t last = host.rfind('.');
    if (last == std::string::npos || last == 0) return {};
    const std::size_t before = host.rfind('.', last - 1);
    return before == std::string::npos ? host : host.substr(before + 1);
}

} // namespace

std::optional<std::string> word_beyond(const accept::Strings& language, const std::vector<std::string>& meant) {
    std::vector<std::string> excluded = meant;
    for (const std::string& word : meant) {
        for (const std::string_view end : kLineEnds) excluded.push_back(word + std::string(end));
    }
    const accept::Strings* const languages[] = {&language};
    CommonWord found = common_word(languages, excluded);
    if (found.overlap != Overlap::some) return std::nullopt;
    return std::move(found.word);
}

bool takes_several_issuers(const accept::IssuerRule& rule, const std::string& own) {
    const accept::Strings& allowed = rule.allowed;
    if (allowed.any || rule.absent_ok || allowed.exact.size() > 1) return true;
    return !allowed.patterns.empty() &&
           word_beyond(allowed, {allowed.exact.empty() ? own : allowed.exact.front()}).has_value();
}

std::optional<std::string> registrable_word(const accept::Strings& language, const std::string& url) {
    const std::string own = registered_name(host_of(url));
    if (own.empty()) return std::nullopt;
    // Under another top-level domain, or one label longer at the front: "authxexample.com" for "auth.example.com".
    std::string ends;
    for (const std::string_view top : {"com", "net", "org", "io"}) {
        if (own.substr(own.rfind('.') + 1) != top) ends += (ends.empty() ? "" : "|") + std::string(top);
    }
    accept::Pattern pattern;
    pattern.match = accept::Match::regex;
    pattern.text =
        "^https://[a-z0-9.-]*(?:[a-z0-9-]" + accept::quote_regex(own) + "|[a-z0-9]\\.(?:" + ends + "))(?:[:/][!-~]*)?$";
    if (!accept::compile(pattern)) return std::nullopt;
    accept::Strings others;
    others.patterns.push_back(std::move(pattern));
    const accept::Strings* const languages[] = {&language, &others};
    CommonWord found = common_word(languages);
    if (found.overlap != Overlap::some) return std::nullopt;
    return std::move(found.word);
}

} // namespace jwtdomain::audit::rules
