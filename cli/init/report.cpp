#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "cli/init/create.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

std::string names_of(const InitReport& report) {
    std::string names;
    for (const auto& domain : report.domains) names += (names.empty() ? "" : ", ") + domain.name;
    return names;
}

void text_of_plan(const InitReport& report, TextReport& out) {
    for (const InitReport::File& file : report.files) {
        out.blank().heading(escape_text(file.path) + ":");
        std::string_view rest = file.text;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            out.raw_line(escape_text(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
}

} // namespace

std::string to_text(const InitReport& report, bool color) {
    TextReport out(color);
    const std::string where = report.fresh ? "a policy for " + names_of(report) + " in " + report.directory
                                           : names_of(report) + " in the policy " + report.directory;
    out.headline(report.planned ? Tone::warning : Tone::good,
                 report.planned ? "WOULD WRITE"
                 : report.fresh ? "CREATED"
                                : "ADDED",
                 where);
    for (const auto& domain : report.domains) {
        out.heading(escape_text(domain.name));
        out.field("issuer", domain.issuer);
        for (const std::string& audience : domain.audiences) out.field("audience", audience);
        if (!domain.kid.empty()) out.field("key", domain.kid);
        if (domain.foreign) out.field("keys", "its issuer's; nothing is minted for it here");
    }
    for (const std::string& fact : report.facts) out.entry(Tone::good, "fetched", fact);
    if (report.planned) {
        text_of_plan(report, out);
        return out.take();
    }
    out.heading("Commit");
    for (const auto& file : report.files) out.raw_line("  " + escape_text(file.path));
    if (!report.private_files.empty()) {
        out.heading("Never commit");
        out.raw_line("  " + escape_text(report.key_store) + "  (" + std::to_string(report.private_files.size()) +
                     (report.private_files.size() == 1 ? " private key)" : " private keys)"));
    }
    out.heading("Next");
    for (const std::string& command : report.next) out.raw_line("  " + escape_text(command));
    return out.take();
}

std::string to_json(const InitReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "init";
    out["written"] = !report.planned;
    out["directory"] = report.directory;
    out["new_policy"] = report.fresh;
    out["domains"] = nlohmann::ordered_json::array();
    for (const auto& domain : report.domains) {
        nlohmann::ordered_json entry;
        entry["name"] = domain.name;
        entry["issuer"] = domain.issuer;
        entry["audiences"] = domain.audiences;
        entry["foreign"] = domain.foreign;
        if (!domain.kid.empty()) entry["kid"] = domain.kid;
        out["domains"].push_back(std::move(entry));
    }
    if (!report.facts.empty()) out["fetched"] = report.facts;
    out["files"] = nlohmann::ordered_json::array();
    for (const auto& file : report.files) {
        nlohmann::ordered_json entry;
        entry["path"] = file.path;
        if (report.planned) entry["text"] = file.text;
        out["files"].push_back(std::move(entry));
    }
    out["private_files"] = report.private_files;
    out["next"] = report.next;
    return json_text(out);
}

} // namespace jwtdomain::cli
