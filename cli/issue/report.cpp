#include "cli/issue/report.h"

#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

void read_parts(IssueReport& report) {
    json::Document document;
    const json::Limits lenient{.duplicates = json::Duplicates::last};
    if (!document.parse(report.header, lenient)) {
        if (const auto algorithm = document.root().find("alg")) report.algorithm = algorithm->text();
        if (const auto kid = document.root().find("kid")) report.kid = std::string(kid->text());
    }
    if (!document.parse(report.claims, lenient)) {
        if (const auto expires = document.root().find("exp")) report.expires = expires->integer();
    }
}

} // namespace

IssueReport describe_token(std::string_view domain, std::string token) {
    IssueReport report;
    report.domain = domain;
    report.token = std::move(token);
    const std::string_view text = report.token;
    const std::size_t first = text.find('.'), second = text.find('.', first + 1);
    base64url_decode(text.substr(0, first), report.header);
    base64url_decode(text.substr(first + 1, second - first - 1), report.claims);
    read_parts(report);
    return report;
}

IssueReport describe_request(std::string_view domain, std::string header, std::string claims) {
    IssueReport report;
    report.domain = domain;
    report.signing_input = make_signing_input(header, claims);
    report.header = std::move(header);
    report.claims = std::move(claims);
    read_parts(report);
    return report;
}

std::string to_text(const IssueReport& report) { return report.token + "\n"; }

std::string to_json(const IssueReport& r) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "issue";
    if (!r.domain.empty()) out["domain"] = r.domain;
    out["algorithm"] = r.algorithm;
    if (r.kid) out["kid"] = *r.kid;
    out["header"] = json_value(r.header);
    out["claims"] = json_value(r.claims);
    if (r.expires) out["expires"] = format_time(*r.expires);
    if (!r.token.empty())
        out["token"] = r.token;
    else
        out["signing_input"] = r.signing_input;
    return json_text(out);
}

} // namespace jwtdomain::cli
