#include "cli/scan/read_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/audit/options.h"
#include "cli/scan/json_rows.h"
#include "cli/scan/words.h"
#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

using State = TriageReport::State;

constexpr json::Limits kReportLimits{.depth = 64, .values = 1u << 26};

template <class Enum, class Name> std::optional<Enum> named(std::string_view wanted, std::size_t count, Name name) {
    for (std::size_t i = 0; i < count; ++i) {
        if (wanted == name(static_cast<Enum>(i))) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

// The members of one object. What is missing or of another kind is remembered, so that it can be asked once.
class Members {
public:
    Members(json::Value object, std::string& problem) : object_(object), problem_(problem) {}

    std::optional<json::Value> find(std::string_view name, json::Kind kind, bool needed) const {
        const auto value = object_.find(name);
        if (value && value->is(kind)) return value;
        if (value || needed) refuse(name);
        return std::nullopt;
    }
    std::string text(std::string_view name, bool needed = false) const {
        const auto value = find(name, json::Kind::string, needed);
        return value ? redact_text(value->text()) : "";
    }
    std::uint64_t number(std::string_view name, bool needed = false) const {
        const auto value = find(name, json::Kind::number, needed);
        if (!value) return 0;
        const auto integer = value->integer();
        if (!integer || *integer < 0) refuse(name);
        return static_cast<std::uint64_t>(integer.value_or(0));
    }
    bool truth(std::string_view name) const {
        const auto value = find(name, json::Kind::boolean, false);
        return value && value->boolean();
    }
    std::optional<Time> time(std::string_view name, bool needed = false) const {
        const auto value = object_.find(name);
        if (!needed && (!value || value->is(json::Kind::null))) return std::nullopt;
        const auto parsed = parse_time(text(name, true));
        if (!parsed) refuse(name);
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    std::vector<std::string> texts(std::string_view name) const {
        std::vector<std::string> out;
        const auto list = find(name, json::Kind::array, false);
        if (!list) return out;
        for (const json::Member& each : *list) out.push_back(redact_text(each.value.text()));
        return out;
    }
    std::vector<Members> objects(std::string_view name) const {
        std::vector<Members> out;
        const auto list = find(name, json::Kind::array, false);
        if (!list) return out;
        for (const json::Member& each : *list) {
            if (!each.value.is(json::Kind::object)) refuse(name);
            out.emplace_back(each.value, problem_);
        }
        return out;
    }
    std::optional<Members> object(std::string_view name, bool needed = false) const {
        const auto value = find(name, json::Kind::object, needed);
        return value ? std::optional(Members(*value, problem_)) : std::nullopt;
    }
    bool has(std::string_view name) const { return object_.find(name).has_value(); }
    std::optional<json::Value> any(std::string_view name) const { return object_.find(name); }
    // One of the values of an enum, by its name; it must be one.
    template <class Enum, class Name> Enum one_of(std::string_view name, std::size_t count, Name name_of_it) const {
        const auto found = named<Enum>(text(name, true), count, name_of_it);
        if (!found) refuse(name);
        return found.value_or(static_cast<Enum>(0));
    }
    void refuse(std::string_view name) const {
        if (problem_.empty()) problem_ = name;
    }

private:
    json::Value object_;
    std::string& problem_;
};

std::string path_of(const Members& members) {
    const std::string hex = members.text("path_hex");
    if (hex.empty()) return members.text("path", true);
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const int octet = hex_octet(hex[i], hex[i + 1]);
        if (octet < 0) members.refuse("path_hex");
        out += static_cast<char>(octet);
    }
    return redact_text(out);
}

// As report_json.cpp has it: the text where JSON's values do not hold it all.
std::string object_text(const Members& members, const std::string& name) {
    const auto value = members.any(name);
    if (!value) return {};
    const auto text = members.any(name + "_text");
    const auto normal = [](std::string_view json) {
        return json_value(json).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    };
    return redact_json(text && text->is(json::Kind::string) ? std::string(text->text()) : normal(value->raw()));
}

Occurrence read_occurrence(const Members& of) {
    constexpr std::size_t kMostLayers = 64; // more than there are
    Occurrence out;
    out.path = path_of(of);
    out.line = of.number("line", true);
    out.offset = of.number("offset", true);
    out.size = of.number("size", true);
    out.part = of.text("part");
    for (const std::string& each : of.texts("inside")) {
        const auto layer = named<scan::Layer>(each, kMostLayers, [](scan::Layer l) { return name_of(l); });
        if (!layer || each.empty()) of.refuse("inside");
        out.layers.push_back(layer.value_or(scan::Layer::base64));
    }
    for (const std::string& each : of.texts("repaired")) {
        const auto repair = named<scan::Repair>(each, scan::kRepairs, [](scan::Repair r) { return name_of(r); });
        if (!repair) of.refuse("repaired");
        out.repairs.add(repair.value_or(scan::Repair::percent));
    }
    if (const auto git = of.object("git")) {
        scan::GitPlace& place = out.git.emplace();
        place.object = git->text("object", true);
        place.kind = git->one_of<scan::GitKind>("kind", 4, [](scan::GitKind k) { return name_of(k); });
        place.reachable = git->truth("reachable");
        place.commit = git->text("commit");
        place.path = git->text("path");
        place.reference = git->text("reference");
        place.in_index = git->truth("staged");
    }
    return out;
}

TriageReport::Row read_row(const Members& of) {
    TriageReport::Row out;
    out.service = of.text("service", true);
    out.domain = of.text("domain", true);
    out.resource = of.text("resource");
    out.methods = of.texts("methods");
    out.scopes = of.texts("scopes");
    out.evidence = of.one_of<audit::Evidence>("evidence", 3, [](audit::Evidence e) { return audit::name_of(e); });
    out.verified = of.truth("verified");
    out.path = of.text("path");
    out.key = of.text("key");
    out.key_of = of.text("key_of");
    out.key_foreign = of.truth("key_foreign");
    out.until = of.time("until");
    return out;
}

// "a or b": names of domains have no blanks.
std::vector<std::string> names_in(std::string_view joined) {
    constexpr std::string_view kOr = " or ";
    std::vector<std::string> out;
    while (!joined.empty()) {
        const std::size_t end = std::min(joined.find(kOr), joined.size());
        out.emplace_back(joined.substr(0, end));
        joined.remove_prefix(std::min(end + kOr.size(), joined.size()));
    }
    return out;
}

FoundToken read_token(const Members& of) {
    FoundToken out{.fingerprint = of.text("fingerprint", true), .triage = {}};
    out.severity = of.one_of<Severity>("severity", 5, [](Severity s) { return name_of(s); });
    out.form = of.one_of<scan::Form>("form", 4, [](scan::Form f) { return name_of(f); });
    out.condition = of.one_of<scan::Condition>("condition", 3, [](scan::Condition c) { return scan::name_of(c); });
    out.example = of.text("example");
    TriageReport& triage = out.triage;
    triage.state = of.one_of<State>("state", 6, [](State s) { return code_of(s); });
    triage.domain = of.text("domain");
    triage.home = names_in(triage.domain);
    triage.foreign = of.truth("foreign");
    triage.issuer_kind = of.text("issuer_kind");
    if (const auto revoked = of.any("revoked")) {
        triage.revocations_read = true;
        if (revoked->is(json::Kind::object)) {
            const auto entry = of.object("revoked");
            triage.revoked =
                TriageReport::Revoked{entry->text("by", true), entry->text("value", true), entry->text("reason")};
        }
    }
    inspect::Token& looked = triage.token.emplace();
    looked.kind = of.text("kind");
    looked.expires = of.time("expires");
    looked.header.json = object_text(of, "header");
    looked.claims.json = object_text(of, "claims");
    looked.claims.whole = !looked.claims.json.empty() && !of.truth("claims_cut");
    for (const Members& each : of.objects("accepted_by")) triage.accepts.push_back(read_row(each));
    triage.until = of.time("until");
    triage.undecided = of.texts("undecided");
    triage.actions = of.texts("actions");
    if (const auto known = of.object("known")) out.known = KnownToken{known->text("owner"), known->time("since")};
    out.signature_checked = of.has("signed_by");
    if (const auto signer = of.any("signed_by"); signer && signer->is(json::Kind::object)) {
        const auto by = of.object("signed_by");
        out.signed_by = SignedBy{by->text("key"), by->text("of", true)};
    }
    // Asked for when it was found, and to be asked for again.
    if (const auto token = of.find("token", json::Kind::string, false)) out.token = token->text();
    return out;
}

Coverage read_coverage(const Members& of) {
    Coverage out;
    out.files = of.number("files", true);
    out.members = of.number("members");
    out.octets = of.number("octets", true);
    out.repositories = of.number("repositories");
    out.objects = of.number("objects");
    out.links = of.number("links");
    out.excluded = of.number("excluded");
    for (const Members& each : of.objects("gaps"))
        add_gap(out, {path_of(each), each.one_of<scan::Gap>("gap", 16, [](scan::Gap g) { return name_of(g); }),
                      each.text("detail")});
    out.gap_count = std::max<std::uint64_t>(of.number("gap_count"), out.gaps.size());
    out.interrupted = static_cast<int>(std::min<std::uint64_t>(of.number("interrupted"), 64));
    return out;
}

AcrossReport read_across(const Members& of) {
    AcrossReport out;
    for (const Members& each : of.objects("findings")) {
        AcrossFinding finding{.code = each.text("code", true),
                              .severity = each.one_of<Severity>("severity", 5, [](Severity s) { return name_of(s); }),
                              .message = each.text("message", true),
                              .tokens = each.texts("tokens")};
        finding.domains = each.texts("domains");
        finding.r = each.text("r");
        finding.key = each.text("key");
        finding.jwk = object_text(each, "jwk");
        finding.opens = each.texts("opens");
        finding.actions = each.texts("actions");
        out.findings.push_back(std::move(finding));
    }
    out.passed_over = of.number("passed_over");
    out.notes = of.texts("notes");
    if (of.has("runs")) out.runs = of.number("runs");
    out.runs_without = of.number("runs_without");
    out.recovered = of.text("recovered");
    return out;
}

void read_summary(const Members& of, ScanReport& out) {
    if (of.number("version", true) != 1) of.refuse("version");
    out.now = of.time("time", true).value_or(0);
    out.policy_read = of.truth("policy");
    out.fail_on = of.one_of<Severity>("fail_on", 5, [](Severity s) { return name_of(s); });
    if (const auto coverage = of.object("coverage", true)) out.coverage = read_coverage(*coverage);
    if (const auto across = of.object("across")) out.across = read_across(*across);
}

tl::unexpected<Error> not_understood(const std::string& file, unsigned line, const std::string& problem) {
    return fail(Error{.fault = Fault::invalid,
                      .message = problem.empty() ? "this is no report of scan"
                                                 : "this is no report of scan that is known: its member " + problem,
                      .where = {file, line, 0},
                      .hint = "make one: jwtdomain scan --format json:FILE PATH, or --format jsonl:FILE"});
}

Result<ScanReport> read_whole(const json::Document& document, const std::string& file) {
    std::string problem;
    const Members members(document.root(), problem);
    ScanReport out;
    if (members.text("command") != "scan") members.refuse("command");
    read_summary(members, out);
    for (const Members& each : members.objects("tokens")) {
        FoundToken token = read_token(each);
        for (const Members& place : each.objects("occurrences")) add_occurrence(token, read_occurrence(place));
        token.count = std::max(each.number("count", true), token.count);
        out.tokens.push_back(std::move(token));
    }
    if (!problem.empty()) return not_understood(file, 0, problem);
    return out;
}

// Of several runs, perhaps, one after the other, or line by line among each other.
class Lines {
public:
    explicit Lines(const std::string& file) : file_(file) {}

    Status take(std::string_view line, unsigned number) {
        json::Document document;
        if (document.parse(line, kReportLimits) || !document.root().is(json::Kind::object)) {
            torn_ = true; // the last one of a run that was killed
            return {};
        }
        std::string problem;
        const Members members(document.root(), problem);
        const std::string type = members.text("type", true);
        if (type == "summary")
            summary(members);
        else if (type == "token")
            token(members);
        else
            members.refuse("type");
        if (!problem.empty()) return not_understood(file_, number, problem);
        return {};
    }

    Result<ScanReport> end() {
        ScanReport out = sum_.take(); // of the summaries alone
        if (summaries_ == 0 && out.tokens.empty() && tokens_.empty() && torn_) return not_understood(file_, 0, "");
        for (auto& [fingerprint, token] : tokens_) {
            if (!token.described) return not_understood(file_, 0, "first: a token is not described");
            out.tokens.push_back(std::move(token.found));
        }
        const bool lost = summaries_ == 1 && found_ != tokens_.size();
        if (torn_ || open_ || lost || summaries_ == 0)
            add_gap(out.coverage, {file_, scan::Gap::cut, "a report breaks off before its end"});
        return out;
    }

private:
    void summary(const Members& of) {
        ScanReport each;
        read_summary(of, each);
        found_ = of.number("found", true);
        ++summaries_;
        open_ = false;
        if (const Status added = sum_.add(std::move(each)); !added) of.refuse("policy");
    }

    void token(const Members& of) {
        open_ = true;
        Line& line = tokens_[of.text("fingerprint", true)];
        if (of.has("severity")) {
            FoundToken told = read_token(of);
            if (line.described) {
                combine(line.found, std::move(told));
            } else {
                told.occurrences = std::move(line.found.occurrences);
                told.count = line.found.count;
                line.found = std::move(told);
            }
            line.described = true;
        }
        add_occurrence(line.found, read_occurrence(of));
    }

    struct Line {
        FoundToken found = {.fingerprint = {}, .triage = {}};
        bool described = false;
    };
    const std::string& file_;
    AddedReports sum_;
    std::map<std::string, Line> tokens_;
    std::uint64_t summaries_ = 0, found_ = 0;
    bool torn_ = false, open_ = false; // tokens came after the last summary
};

} // namespace

bool is_scan_report(std::string_view text) {
    const std::string_view beginning = text.substr(0, 200);
    return beginning.find("\"type\"") != std::string_view::npos ||
           beginning.find("\"command\"") != std::string_view::npos;
}

Result<ScanReport> read_scan_report(std::string_view text, const std::string& file) {
    json::Document document;
    const bool whole = !document.parse(text, kReportLimits) && document.root().is(json::Kind::object);
    if (whole && !document.root().find("type")) return read_whole(document, file);
    Lines lines(file);
    for (unsigned number = 1; !text.empty(); ++number) {
        const std::string_view line = take_until(text, '\n');
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        if (const Status taken = lines.take(line, number); !taken) return tl::unexpected(taken.error());
    }
    return lines.end();
}

Status AddedReports::add(ScanReport&& report) {
    if (any_ && report.policy_read != sum_.policy_read)
        return fail(Fault::invalid, "one of the reports was made with a policy, and another without",
                    "make them all with the same --policy");
    for (FoundToken& token : report.tokens) {
        const auto [same, is_new] = by_fingerprint_.try_emplace(token.fingerprint, sum_.tokens.size());
        if (is_new)
            sum_.tokens.push_back(std::move(token));
        else
            combine(sum_.tokens[same->second], std::move(token));
    }
    sum_.policy_read = report.policy_read;
    sum_.now = any_ ? std::max(sum_.now, report.now) : report.now;
    sum_.fail_on = any_ ? std::max(sum_.fail_on, report.fail_on) : report.fail_on;
    any_ = true;
    if (!report.across)
        ++without_across_;
    else if (sum_.across)
        add_across(*sum_.across, std::move(*report.across));
    else
        sum_.across = std::move(report.across);
    Coverage& to = sum_.coverage;
    Coverage& from = report.coverage;
    to.files += from.files;
    to.members += from.members;
    to.octets += from.octets;
    to.repositories += from.repositories;
    to.objects += from.objects;
    to.links += from.links;
    to.excluded += from.excluded;
    if (to.interrupted == 0) to.interrupted = from.interrupted;
    const std::uint64_t gaps = to.gap_count + from.gap_count;
    for (CoverageGap& gap : from.gaps) add_gap(to, std::move(gap));
    to.gap_count = gaps;
    return {};
}

ScanReport AddedReports::take() {
    for (FoundToken& token : sum_.tokens) token.triage.now = sum_.now;
    if (sum_.across) sum_.across->runs_without += without_across_;
    return std::move(sum_);
}

} // namespace jwtdomain::cli
