#include <filesystem>

#include "cli/app/command.h"
#include "cli/app/gateways.h"
#include "cli/app/network.h"
#include "cli/app/paths.h"
#include "cli/app/policy.h"
#include "cli/gateway/describe.h"
#include "cli/gateway/described_keys.h"

namespace jwtdomain::cli {
namespace {

struct DescribeOptions {
    std::optional<std::string> file, type;
    NetworkOptions network;
};

void declare(Declaration& d, DescribeOptions& o) {
    d.argument("FILE", o.file, "the configuration, or - for standard input", Completes::file);
    d.choice("--type", "TYPE", gateway::importer_names(), o.type,
             "whose configuration it is (default: what it looks like)");
    declare_network(d, o.network);
}

// For places: below the folder that is described.
std::vector<std::string> names_of(const std::vector<std::string>& files, const std::string& described) {
    const auto place = gateway::parse_place(described);
    const std::string folder = place ? place->path : described;
    std::vector<std::string> out;
    for (const std::string& file : files) {
        const std::filesystem::path path(file);
        const std::string inside = path.lexically_relative(folder).string();
        out.push_back(inside.empty() || inside.starts_with('.') ? path.filename().string() : inside);
    }
    return out;
}

Exit run(Session& session, const DescribeOptions& options) {
    if (!options.file)
        return session.report({.fault = Fault::no_input,
                               .message = "no configuration is named",
                               .hint = "jwtdomain describe FILE, or -"});
    if (const Status good = use_network(session, options.network); !good) return session.report(good.error());
    const auto found = read_configurations(session, policy_reader(), *options.file, options.type.value_or(""));
    if (!found) return session.report(found.error());
    DescribeReport report{
        .file = path_if_below(session.world().directory(), *options.file), .type = {}, .rows = {}, .keys = {}};
    Exit exit = Exit::yes;
    for (const gateway::Reading& each : *found) {
        if (!each.import) {
            exit = session.report(each.import.error());
            continue;
        }
        report.type += (report.type.empty() ? "" : ", ") + each.import->type; // each there once
        auto verifiers = gateway::verifiers_of(*each.import, "domain");
        if (!verifiers) return session.report(verifiers.error());
        for (std::size_t i = 0; i < verifiers->size(); ++i) {
            std::string sentence = sentence_of((*verifiers)[i]);
            document::Node form = each.import->verifiers[i];
            hide_secrets(form);
            report.rows.push_back({std::move((*verifiers)[i]), std::move(form),
                                   names_of(each.import->files, *options.file), std::move(sentence)});
        }
    }
    if (report.rows.empty()) return exit;
    read_keys(session, report);
    if (options.network.fetch && lacks_fetched(report)) exit = worse(exit, Exit::undecided);
    return session.emit(
        exit, {{"text", [&] { return to_text(report, session.color()); }}, {"json", [&] { return to_json(report); }}});
}

// Which types there are, and how their meaning is known.
std::string types(bool held) {
    std::string out;
    for (const gateway::Importer& importer : gateway::importers()) {
        if (importer.held != held || importer.name == "verifier") continue;
        out += (out.empty() ? "`" : ", `") + std::string(importer.name) + "` (" + std::string(importer.title) + ")";
    }
    return out.empty() ? "none" : out;
}

std::string_view description() {
    static const std::string text =
        "Reads the configuration that is deployed, and says for each thing that it guards in one sentence which tokens "
        "get in; then the same in the normal form, each constraint with the line that it comes from. What the form "
        "cannot say is named: it is left out of a path (`dropped`), or all of it is opaque, and nothing is proved of "
        "it.\n\n"
        "With `--format json` the output is the normal form itself, which `audit` reads as well as a configuration. So "
        "an importer can be written in any language.\n\n"
        "What is read, by its `--type`. Held against running verifiers in our tests: " +
        types(true) + ". As their projects' own documentation, source and tests say: " + types(false) +
        ". And `verifier`, the normal form itself.\n\n"
        "At the end stands which keys it leads to: those of files beside it, and those at URLs as they were last "
        "fetched; "
        "`--fetch` asks for them, by an issuer's metadata, too, and fails (3) where there are none. What could not be "
        "read "
        "is named with its line.\n\n"
        "Of a folder all files of one type are read together. A part of what many domains share is named by "
        "`PATH#namespace=NAME`, `host=NAME` or `label=NAME=VALUE`, joined by `&`.";
    return text;
}

} // namespace

extern const Command kDescribe{
    .name = "describe",
    .group = "Isolation",
    .summary = "Say which tokens a gateway's configuration accepts",
    .description = description(),
    .formats = {"text", "json"},
    .examples = {{"What does it accept?", "jwtdomain describe envoy-prod.yaml"},
                 {"In the normal form, to be changed by hand", "jwtdomain describe envoy-prod.yaml --format json"}},
    .prepare = prepare<DescribeOptions, declare, run>,
};

} // namespace jwtdomain::cli
