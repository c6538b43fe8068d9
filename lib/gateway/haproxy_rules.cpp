#include "jwtdomain/gateway/haproxy_rules.h"

#include <algorithm>
#include <cctype>

#include "jwtdomain/base/join.h"

namespace jwtdomain::gateway::haproxy_rules {
namespace {

constexpr std::size_t kWordsOfLine = 30; // HAProxy takes 64

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-:/@~").find(c) != std::string_view::npos;
}

std::string in_case(std::string text, int (*change)(int)) {
    for (char& c : text) c = static_cast<char>(change(static_cast<unsigned char>(c)));
    return text;
}

} // namespace

bool is_writable(std::string_view value) {
    return !value.empty() && std::none_of(value.begin(), value.end(),
                                          [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string word(std::string_view value) {
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::optional<std::string> query_of(const std::vector<std::string>& path) {
    std::string out = "$";
    for (const std::string& name : path) {
        if (name.empty()) return std::nullopt;
        out += '.';
        for (const char c : name) {
            if (c == '.')
                out += "\\.";
            else if (is_of_name(c))
                out += c;
            else
                return std::nullopt;
        }
    }
    return out;
}

std::vector<std::string> spellings(const std::vector<std::string>& types) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& type) {
        if (std::find(out.begin(), out.end(), type) == out.end()) out.push_back(type);
    };
    constexpr std::string_view kCommon = "application/";
    for (const std::string& type : types) {
        const std::string bare = type.starts_with(kCommon) ? type.substr(kCommon.size()) : type;
        for (const std::string& each : {bare, in_case(bare, std::tolower), in_case(bare, std::toupper)}) {
            add(each);
            if (bare.find('/') == std::string::npos) add(std::string(kCommon) + each);
        }
    }
    return out;
}

bool Rules::define(const std::string& name, const std::string& test, const std::vector<std::string>& values) {
    if (!names_.emplace(name, name).second) return false;
    for (std::size_t begin = 0; begin < values.size(); begin += kWordsOfLine) {
        std::string out = "acl " + name + " " + test;
        for (std::size_t i = begin; i < std::min(begin + kWordsOfLine, values.size()); ++i)
            out += " " + word(values[i]);
        line(out);
    }
    return true;
}

std::string Rules::name_of(const std::string& kind, const std::string& test, const std::vector<std::string>& values) {
    std::string key = test;
    for (const std::string& value : values) key += "\n" + value;
    std::string& name = names_[key];
    if (name.empty()) {
        name = kind + "_" + std::to_string(++counts_[kind]);
        define(name, test, values);
    }
    return names_[key];
}

void Rules::deny_unless(const std::vector<std::string>& alternatives, int status) {
    if (std::find(alternatives.begin(), alternatives.end(), "") != alternatives.end()) return; // one always holds
    line("http-request deny deny_status " + std::to_string(status) + " unless " + join(alternatives, " || "));
}

void Rules::deny_if(const std::string& condition, int status) {
    line("http-request deny deny_status " + std::to_string(status) + " if " + condition);
}

} // namespace jwtdomain::gateway::haproxy_rules
