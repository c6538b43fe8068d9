#include "cli/scan/across.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/scan/rsa_keys.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostSamples = 20'000;

AcrossFinding finding_of(const scan::RepeatedNonce& nonce, const audit::Estate* estate) {
    AcrossFinding out{.code = "repeated-nonce",
                      .severity = Severity::critical,
                      .message =
                          fmt::format("an {} key has used one nonce twice: whoever has both tokens has its private "
                                      "half, and can sign whatever it signs",
                                      info(nonce.algorithm).name),
                      .tokens = {nonce.first, nonce.second}};
    out.r = hexadecimal(nonce.r);
    out.key = nonce.key.public_key().thumbprint();
    if (estate == nullptr) return out;
    const audit::KeyIdentity identity = audit::identity_of_key(VerificationKey(nonce.key.public_key()));
    const TriageReport opened = triage_keys(*estate, {.subject = "its issuer", .keys = {identity}});
    for (const TriageReport::Row& row : opened.accepts) {
        out.opens.push_back(fmt::format("{} of {} [{}]", row.service, row.domain, audit::name_of(row.evidence)));
        if (std::find(out.domains.begin(), out.domains.end(), row.domain) == out.domains.end())
            out.domains.push_back(row.domain);
    }
    out.actions = opened.actions;
    return out;
}

AcrossFinding finding_of(const scan::RepeatedId& id) {
    return {.code = "repeated-id",
            .severity = Severity::medium,
            .message =
                fmt::format("two tokens of the issuer {} have the jti {}: revoking one by it revokes both, and a "
                            "replay of one looks like the other",
                            id.issuer.empty() ? "(none)" : id.issuer, id.id),
            .tokens = {id.first, id.second}};
}

// The rules that `audit` runs over sample tokens; of those that look at the policy, too, what they say of tokens.
void add_rules(AcrossReport& report, const audit::Estate& estate, const std::vector<audit::SampleToken>& samples) {
    std::map<std::string, const audit::SampleToken*> by_label;
    for (const audit::SampleToken& sample : samples) by_label.emplace(sample.label, &sample);
    const audit::Findings nothing_proved;
    const audit::RuleInput input{.estate = estate, .findings = nothing_proved, .tokens = samples};
    for (const std::string_view rule : {"AUD-04", "KEY-08", "LIF-01"}) {
        std::vector<audit::RuleFinding> found;
        for (const audit::RuleEntry& entry : audit::rule_checks()) {
            if (entry.id == rule) entry.check(input, found);
        }
        for (const audit::RuleFinding& each : found) {
            const bool of_token = by_label.count(each.subject) > 0;
            if (!of_token && rule != "KEY-08") continue;
            AcrossFinding out{
                .code = std::string(rule), .severity = each.severity, .message = each.message, .tokens = {}};
            if (of_token) out.tokens.push_back(each.subject);
            for (const std::size_t domain : each.domains) out.domains.push_back(estate.name(domain));
            report.findings.push_back(std::move(out));
        }
    }
}

bool comes_first(const AcrossFinding& a, const AcrossFinding& b) {
    return std::tie(a.severity, a.code, a.tokens, a.message) < std::tie(b.severity, b.code, b.tokens, b.message);
}

Status write_keys(const std::string& path, const std::vector<scan::RepeatedNonce>& nonces) {
    SecretText text(64 + 1024 * nonces.size());
    text.text += "{\"keys\":[\n";
    for (const scan::RepeatedNonce& nonce : nonces) {
        JwkMetadata metadata;
        metadata.algorithm = std::string(info(nonce.algorithm).name);
        const auto written = write_private_jwk(nonce.key, metadata);
        if (!written) return fail(written.error());
        std::string_view jwk = written->expose();
        while (!jwk.empty() && jwk.back() == '\n') jwk.remove_suffix(1);
        text.text += &nonce == nonces.data() ? "" : ",\n";
        text.text += jwk;
    }
    text.text += "\n]}\n";
    return store::write_private_file(path, text.text, store::Existing::refuse);
}

} // namespace

void Across::take(std::string_view token, std::string_view signing_input, const std::string& fingerprint,
                  bool key_known) {
    cross_.add(token);
    if (!key_known) rsa_.add(token);
    if (samples_.size() == kMostSamples || signing_input.size() > room_) {
        ++left_out_;
        return;
    }
    room_ -= signing_input.size();
    samples_.push_back({.text = std::string(signing_input) + ".", .label = fingerprint});
}

AcrossReport Across::finish(const TriageBasis& basis, bool derive, const std::function<bool()>& stopped) const {
    AcrossReport out;
    for (const scan::RepeatedNonce& nonce : cross_.nonces()) out.findings.push_back(finding_of(nonce, basis.estate()));
    for (const scan::RepeatedId& id : cross_.ids()) out.findings.push_back(finding_of(id));
    add_rsa_keys(out, rsa_, derive, stopped);
    if (basis.estate()) add_rules(out, *basis.estate(), samples_);
    std::stable_sort(out.findings.begin(), out.findings.end(), comes_first);
    out.passed_over = std::max(cross_.passed_over(), left_out_);
    return out;
}

std::uint64_t failing(const AcrossReport& report, Severity fail_on) {
    return static_cast<std::uint64_t>(std::count_if(report.findings.begin(), report.findings.end(),
                                                    [&](const auto& each) { return each.severity <= fail_on; }));
}

void add_across(AcrossReport& sum, AcrossReport&& other) {
    const auto what = [](const AcrossFinding& of) { return std::tuple(of.code, of.message, of.tokens, of.key, of.r); };
    std::set<std::tuple<std::string, std::string, std::vector<std::string>, std::string, std::string>> known;
    for (const AcrossFinding& each : sum.findings) known.insert(what(each));
    for (AcrossFinding& each : other.findings) {
        if (known.insert(what(each)).second) sum.findings.push_back(std::move(each));
    }
    std::stable_sort(sum.findings.begin(), sum.findings.end(), comes_first);
    for (std::string& note : other.notes) {
        if (std::find(sum.notes.begin(), sum.notes.end(), note) == sum.notes.end())
            sum.notes.push_back(std::move(note));
    }
    sum.passed_over += other.passed_over;
    sum.runs += other.runs;
    sum.runs_without += other.runs_without;
}

Status Across::recover(const std::string& path, AcrossReport& report) const {
    if (cross_.nonces().empty()) return {};
    if (const Status written = write_keys(path, cross_.nonces()); !written) return written;
    report.recovered = path;
    return {};
}

} // namespace jwtdomain::cli
