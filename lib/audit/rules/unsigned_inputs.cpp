#include "jwtdomain/audit/rules/unsigned_inputs.h"

#include <algorithm>

namespace jwtdomain::audit::rules {
namespace {

using accept::UnsignedInput;

std::string_view part_text(UnsignedInput::Part part) {
    switch (part) {
    case UnsignedInput::Part::header: return "the header ";
    case UnsignedInput::Part::query: return "the query parameter ";
    case UnsignedInput::Part::path: return "the path parameter ";
    case UnsignedInput::Part::cookie: return "the cookie ";
    case UnsignedInput::Part::body: return "the member of the body ";
    case UnsignedInput::Part::token: return "a token that nobody verifies, its claim ";
    }
    return {};
}

std::string_view decided_text(UnsignedInput::Decides decides) {
    switch (decides) {
    case UnsignedInput::Decides::domain: return "the domain";
    case UnsignedInput::Decides::subject: return "the subject";
    case UnsignedInput::Decides::scope: return "the scope";
    }
    return {};
}

} // namespace

void find_unsigned_inputs(const RuleInput& input, std::string_view rule,
                          std::initializer_list<UnsignedInput::Decides> decided, std::string_view why,
                          std::vector<RuleFinding>& out) {
    for (std::size_t s = 0; s < input.estate.services.size(); ++s) {
        const Service& service = input.estate.services[s];
        if (service.entry == nullptr) continue;
        for (const UnsignedInput& each : service.entry->unsigned_inputs) {
            if (std::find(decided.begin(), decided.end(), each.decides) == decided.end()) continue;
            if (!is_believed_unsigned(each)) continue;
            RuleFinding finding{
                .rule = rule, .domains = {service.domain}, .services = {s}, .where = each.where, .subject = each.name};
            finding.message = service.name + " takes " + std::string(decided_text(each.decides)) + " from " +
                              std::string(part_text(each.part)) + each.name + std::string(why);
            finding.severity = weigh(input, {}, {s}, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
