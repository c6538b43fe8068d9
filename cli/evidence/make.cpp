#include <filesystem>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/revision.h"
#include "cli/evidence/run.h"
#include "jwtdomain/base/version.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProgram = 256u << 20;

Status write_all(const std::map<std::string, std::string>& files, const std::string& directory) {
    for (const auto& [name, content] : files) {
        const std::string path = fmt::format("{}/{}", directory, name);
        if (auto written = store::write_file(path, content, store::Existing::refuse); !written) return written;
    }
    return {};
}

} // namespace

Result<MakeReport> make_evidence(Session& session, const EvidenceMakeOptions& options) {
    std::error_code error;
    const fs::path target(options.directory);
    if (fs::exists(fs::symlink_status(target, error)))
        return fail(Fault::conflict, options.directory + " exists",
                    "one directory a run, for example " + options.directory + "-" +
                        format_time(session.now()).substr(0, 10));
    const auto directory = session.policy_directory();
    if (!directory) return tl::unexpected(directory.error());
    auto bundle = make_bundle(
        session,
        {.directory = *directory, .baseline = options.baseline, .options = options.audit, .as_of = session.now()});
    if (!bundle) return tl::unexpected(bundle.error());
    Statement statement;
    statement.clock = format_time(session.world().now());
    statement.tool_version = version();
    const auto program = store::read_file(session.world().program_file(), kMostProgram);
    if (program) statement.tool_sha256 = fingerprint(*program);
    if (auto state = tree_state(*directory)) {
        statement.revision = std::move(state->head);
        statement.modified = state->modified;
    }
    for (const auto& [name, content] : bundle->files) statement.subjects[name] = fingerprint(content);
    auto envelope = write_statement(session, statement, options.sealing);
    if (!envelope) return tl::unexpected(envelope.error());
    bundle->files.emplace(kEnvelope, std::move(*envelope));

    std::string partial = options.directory;
    while (partial.size() > 1 && partial.back() == '/') partial.pop_back();
    partial += ".partial-" + fingerprint(random_octets(16)).substr(0, 12);
    Status written = write_all(bundle->files, partial);
    if (written) {
        fs::rename(partial, target, error);
        if (error) written = fail(Fault::unreadable, "cannot write " + options.directory + ": " + error.message());
    }
    if (!written) {
        std::error_code ignored;
        fs::remove_all(partial, ignored);
        return tl::unexpected(written.error());
    }
    MakeReport report{.directory = options.directory,
                      .audit = std::move(bundle->report),
                      .files = {},
                      .is_signed = options.sealing.key.has_value()};
    for (const auto& [name, content] : bundle->files) report.files.push_back(name);
    return report;
}

std::string to_text(const MakeReport& report, bool color) {
    TextReport out(color);
    const Exit status = exit_of(report.audit);
    const Tone tone = status == Exit::yes ? Tone::good : status == Exit::no ? Tone::bad : Tone::warning;
    out.headline(tone, name_of(report.audit.verdict), headline_of(report.audit));
    out.line(standing_of(report.audit));
    out.blank();
    out.path("evidence", report.directory);
    out.field("files", fmt::format("{}", fmt::join(report.files, ", ")));
    out.field("signed", report.is_signed ? "yes" : "no: give --sign-key");
    out.blank();
    out.line("Check it later, anywhere:");
    out.raw_line("    jwtdomain evidence verify " + report.directory);
    return out.take();
}

std::string to_json(const MakeReport& report) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "evidence make";
    out["directory"] = report.directory;
    out["verdict"] = code_of(report.audit.verdict);
    out["time"] = format_time(report.audit.now);
    out["signed"] = report.is_signed;
    out["files"] = report.files;
    return json_text(out);
}

} // namespace jwtdomain::cli
