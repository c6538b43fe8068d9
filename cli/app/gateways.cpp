#include "cli/app/gateways.h"

#include <filesystem>

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfiguration = 8u << 20;

Configuration read_one(std::string file, Result<std::string> content, std::string_view type, bool& recognised) {
    Configuration out{.file = std::move(file), .import = {}, .why = {}};
    recognised = true;
    if (!content) {
        out.why = describe(content.error());
        return out;
    }
    auto import = gateway::read({.file = out.file, .text = std::move(*content)}, type);
    if (import) {
        out.import = std::move(*import);
        return out;
    }
    recognised = import.error().fault != Fault::unsupported;
    out.why = describe(import.error());
    if (!import.error().hint.empty()) out.why += "; " + import.error().hint;
    return out;
}

Result<std::vector<Configuration>> read_folder(Session& session, const policy::Reader& files, const std::string& place,
                                               std::string_view type) {
    const auto found = files.glob(place, {"**/*.yaml", "**/*.yml", "**/*.json"});
    if (!found) return tl::unexpected(found.error());
    std::vector<Configuration> out;
    for (const std::string& file : *found) {
        bool recognised = false;
        Configuration one = read_one(file, files.read(file), type, recognised);
        if (recognised)
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
    bool recognised = false;
    std::vector<Configuration> out;
    if (place == "-")
        out.push_back(read_one("standard input", session.read_input(kMaxConfiguration), type, recognised));
    else
        out.push_back(read_one(place, files.read(place), type, recognised));
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
        std::string why = each.why;
        if (why.empty()) {
            auto verifiers = gateway::verifiers_of(each.import, each.file, domain);
            for (std::size_t i = 0; verifiers && i < verifiers->size(); ++i) {
                place_keys((*verifiers)[i], session.world().directory(), each.file);
                out.push_back(std::move((*verifiers)[i]));
            }
            if (!verifiers) why = describe(verifiers.error());
        }
        if (why.empty()) continue;
        session.warn(why);
        out.push_back(unread(domain, each.file, why));
    }
    return out;
}

} // namespace jwtdomain::cli
