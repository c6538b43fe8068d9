#include "cli/docs/values.h"

#include "cli/app/help.h"
#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/jwt/reason.h"

namespace jwtdomain::cli {
namespace {

std::vector<std::string> algorithm_names() {
    std::vector<std::string> names;
    for (const AlgorithmInfo& entry : algorithms()) names.emplace_back(entry.name);
    names.emplace_back("EdDSA");
    return names;
}

// The values of --expect: a reason is only of use where a token is rejected.
std::vector<std::string> expectations() {
    std::vector<std::string> words{"accept", "reject"};
    for (const ReasonInfo& entry : reasons()) {
        if (entry.stage != Stage::observation) words.push_back("reject:" + std::string(entry.code));
    }
    return words;
}

Values values_of(Completes completes, const std::vector<std::string>& choices) {
    if (!choices.empty()) return {Values::Kind::words, choices};
    switch (completes) {
    case Completes::nothing:
    case Completes::choice: return {};
    case Completes::file: return {Values::Kind::file, {}};
    case Completes::directory: return {Values::Kind::directory, {}};
    case Completes::domain: return {Values::Kind::domain, {}};
    case Completes::algorithm: return {Values::Kind::words, algorithm_names()};
    case Completes::reason: return {Values::Kind::words, expectations()};
    }
    return {};
}

} // namespace

Values values_of(const Command& command, const OptionSpec& option) {
    if (option_names(option).front() == "--format")
        return {Values::Kind::words, {command.formats.begin(), command.formats.end()}};
    return values_of(option.completes, option.choices);
}

Values values_of(const ArgumentSpec& argument) {
    Values values = values_of(argument.completes, argument.choices);
    if (values.kind == Values::Kind::file && argument.name == "TOKEN") values.kind = Values::Kind::token;
    return values;
}

std::string plain_help(std::string_view help) {
    std::string out;
    for (const char c : help) {
        if (c != '`' && c != '\'' && c != '"' && c != '\\' && c != '$') out += c;
    }
    return out;
}

} // namespace jwtdomain::cli
