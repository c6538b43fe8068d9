#include "cli/crack/report.h"

#include <algorithm>

#include "jwtdomain/audit/known_keys.h"

namespace jwtdomain::cli {
namespace {

using Row = CrackReport::Row;

Row row_of(const audit::Estate* estate, const CrackToken& token, SecretBytes secret) {
    Row row{.fingerprint = token.fingerprint,
            .algorithm = std::string(info(token.target.algorithm).name),
            .domain = token.domain};
    row.found = true;
    row.rule = "KEY-06";
    row.what = "it is text that a list holds: people made it up, or it has leaked";
    const auto key = HmacKey::from_secret(std::move(secret));
    if (!key) { // the empty one, and the texts of keys
        row.what = "it is none: " + key.error().message;
        row.opens.undecided.push_back("whatever takes such a secret: it is refused as a key here");
        return row;
    }
    const audit::KeyIdentity identity = audit::identity_of_key(VerificationKey(*key));
    if (const KnownKey* const known = audit::find_known_key(identity)) {
        row.rule = "KEY-05";
        row.what = known->name;
        row.source = known->source;
    }
    if (estate) row.opens = triage_keys(*estate, {.subject = "the token's issuer", .keys = {identity}});
    if (!row.opens.accepts.empty()) row.severity = Severity::critical;
    return row;
}

} // namespace

std::vector<std::string> Row::domains() const {
    std::vector<std::string> names;
    for (const TriageReport::Row& each : opens.accepts) {
        if (std::find(names.begin(), names.end(), each.domain) == names.end()) names.push_back(each.domain);
    }
    return names;
}

std::size_t CrackReport::found() const {
    return static_cast<std::size_t>(
        std::count_if(tokens.begin(), tokens.end(), [](const Row& row) { return row.found; }));
}

CrackReport crack_report(const audit::Estate* estate, CrackTokens tokens, SearchEnd end) {
    CrackReport report{.complete = end.complete, .policy_read = estate != nullptr};
    report.refused = std::move(tokens.refused);
    for (std::size_t i = 0; i < tokens.tokens.size(); ++i) {
        const CrackToken& token = tokens.tokens[i];
        if (end.found[i] && !end.known[i]) {
            report.tokens.push_back(row_of(estate, token, std::move(end.secrets[i])));
            continue;
        }
        Row row{.fingerprint = token.fingerprint,
                .algorithm = std::string(info(token.target.algorithm).name),
                .domain = token.domain};
        row.found = row.earlier = end.found[i];
        report.tokens.push_back(std::move(row));
    }
    const auto rank = [](const Row& row) { return !row.found ? 9 : row.earlier ? 8 : static_cast<int>(row.severity); };
    std::stable_sort(report.tokens.begin(), report.tokens.end(),
                     [&](const Row& a, const Row& b) { return rank(a) < rank(b); });
    // Where the last secret was found, threads stop wherever they are.
    if (end.complete && report.found() < report.tokens.size()) report.tried = end.tried;
    return report;
}

Exit exit_of(const CrackReport& report) {
    if (report.found() > 0) return Exit::no;
    return report.complete && report.refused.empty() ? Exit::yes : Exit::undecided;
}

} // namespace jwtdomain::cli
