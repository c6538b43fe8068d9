#include "jwtdomain/policy/sample.h"

#include <algorithm>

namespace jwtdomain::policy {

namespace {

constexpr std::size_t kLongest = 512; // octets of a string that is worth writing into a policy

std::optional<std::string> text_of(const json::Value& object, std::string_view name) {
    const auto value = object.find(name);
    if (!value || !value->is(json::Kind::string) || value->text().empty() || value->text().size() > kLongest) {
        return std::nullopt;
    }
    return std::string(value->text());
}

std::vector<std::string> audiences_of(const json::Value& claims) {
    std::vector<std::string> out;
    if (auto one = text_of(claims, "aud")) out.push_back(*one);
    const auto list = claims.find("aud");
    if (!list || !list->is(json::Kind::array)) return out;
    for (const json::Member member : *list) {
        const std::string_view text = member.value.text();
        const bool fine = member.value.is(json::Kind::string) && !text.empty() && text.size() <= kLongest;
        if (fine && std::find(out.begin(), out.end(), text) == out.end()) out.emplace_back(text);
    }
    return out;
}

std::optional<Seconds> life_of(const json::Value& claims) {
    const auto exp = claims.find("exp"), iat = claims.find("iat");
    if (!exp || !iat) return std::nullopt;
    const auto end = exp->integer(), start = iat->integer();
    if (!end || !start || *start < 0 || *end <= *start) return std::nullopt;
    return *end - *start;
}

} // namespace

bool Sample::has(std::string_view name) const { return std::find(names.begin(), names.end(), name) != names.end(); }

std::optional<std::string> Sample::text(const std::string& name) const {
    const auto found = texts.find(name);
    if (found == texts.end()) return std::nullopt;
    return found->second;
}

Sample sample_of(const json::Value& header, const json::Value& claims) {
    Sample sample;
    if (header.is(json::Kind::object)) {
        sample.type = text_of(header, "typ");
        sample.algorithm = text_of(header, "alg");
    }
    if (!claims.is(json::Kind::object)) return sample;
    for (const json::Member member : claims) {
        sample.names.emplace_back(member.name);
        if (auto text = text_of(claims, member.name)) sample.texts[std::string(member.name)] = *text;
    }
    sample.audiences = audiences_of(claims);
    sample.life = life_of(claims);
    if (const auto kubernetes = claims.find("kubernetes.io"); kubernetes && kubernetes->is(json::Kind::object)) {
        sample.kubernetes_namespace = text_of(*kubernetes, "namespace").value_or("");
    }
    return sample;
}

} // namespace jwtdomain::policy
