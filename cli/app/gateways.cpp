#include "cli/app/gateways.h"

#include <filesystem>

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfiguration = 8u << 20;

Configuration read_one(std::string file, Result<std::string> content, std::string_view type) {
    if (!content) return {std::move(file), fail(content.error())};
    auto import = gateway::read({.file = file, .text = std::move(*content)}, type);
    return {std::move(file), std::move(import)};
}

// For a line of its own: what is wrong, and what to do about it.
std::string sentence_of(const Error& error) { return describe(error) + (error.hint.empty() ? "" : "; " + error.hint); }

Result<std::vector<Configuration>> read_folder(Session& session, const policy::Reader& files, const std::string& place,
                                               std::string_view type) {
    const auto found = files.glob(place, {"**/*.yaml", "**/*.yml", "**/*.json"});
    if (!found) return tl::unexpected(found.error());
    std::vector<Configuration> out;
    for (const std::string& file : *found) {
        Configuration one = read_one(file, files.read(file), type);
        if (one.import || one.import.error().fault != Fault::unsupported)
            out.push_back(std::move(one));
        else
            session.note(file + " is of no type that is read here");
    }
    if (out.empty())
        return fail({.fault = Fault::no_input,
                     .message = "in " + place + " there is no configuration of a verifier that is known here",
                     .hint = "jwtdomain describe FILE says of one file why"});
    return out;
}

// Keys lie beside the configuration, if it does not say where.
void place_keys(policy::DeclaredVerifier& verifier, const std::string& directory, const std::string& file) {
    for (policy::DeclaredPath& path : verifier.accepts) {
        for (policy::DeclaredKeys& keys : path.keys) {
            std::string& value = keys.location.value;
            if (keys.location.kind != policy::KeyLocation::Kind::file || value.front() == '/') continue;
            const fs::path beside = fs::path(directory) / fs::path(file).parent_path() / value;
            value = beside.lexically_normal();
        }
    }
}

policy::DeclaredVerifier unread(const std::string& domain, const std::string& place, std::string why) {
    policy::DeclaredVerifier out;
    out.domain = domain;
    out.name = out.path = place;
    out.imported = true;
    out.guard = accept::Entry::Guard::opaque;
    out.why = std::move(why);
    out.where = {.file = place, .line = 0, .column = 0};
    return out;
}

} // namespace

Result<std::vector<Configuration>> read_configurations(Session& session, const policy::Reader& files,
                                                       const std::string& place, std::string_view type) {
    std::error_code none;
    const fs::path path = fs::path(session.world().directory()) / place;
    if (place != "-" && fs::is_directory(path, none)) return read_folder(session, files, place, type);
    std::vector<Configuration> out;
    if (place == "-")
        out.push_back(read_one("standard input", session.read_input(kMaxConfiguration), type));
    else
        out.push_back(read_one(place, files.read(place), type));
    return out;
}

std::vector<policy::DeclaredVerifier> read_verifiers(Session& session, const policy::Reader& files,
                                                     const std::string& domain, const std::string& place,
                                                     std::string_view type) {
    const auto configurations = read_configurations(session, files, place, type);
    if (!configurations) {
        session.report(configurations.error());
        return {unread(domain, place, describe(configurations.error()))};
    }
    std::vector<policy::DeclaredVerifier> out;
    for (const Configuration& each : *configurations) {
        auto verifiers = each.import.and_then(
            [&](const gateway::Import& import) { return gateway::verifiers_of(import, each.file, domain); });
        if (!verifiers) {
            const std::string why = sentence_of(verifiers.error());
            session.warn(why);
            out.push_back(unread(domain, each.file, why));
            continue;
        }
        for (policy::DeclaredVerifier& verifier : *verifiers) {
            place_keys(verifier, session.world().directory(), each.file);
            out.push_back(std::move(verifier));
        }
    }
    return out;
}

} // namespace jwtdomain::cli
