#include "cli/app/gateways.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/app/policy.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfiguration = 8u << 20;

// For a line of its own: what is wrong, and what to do about it.
std::string sentence_of(const Error& error) { return describe(error) + (error.hint.empty() ? "" : "; " + error.hint); }

// Keys and tokens that lie beside it are not read for this. HAProxy and Apache know no ending for theirs.
bool may_be_configuration(const std::string& file) {
    static constexpr std::string_view kOthers[] = {".pem", ".key", ".crt", ".cer", ".der", ".jwk", ".jwt", ".md"};
    return std::none_of(std::begin(kOthers), std::end(kOthers), [&](auto end) { return file.ends_with(end); });
}

// Links to folders below it: what lies there is deployed, perhaps, and not read. Names with a dot in front are not
// meant (Kubernetes mounts through them).
std::vector<gateway::Reading> links_below(const fs::path& folder) {
    std::vector<gateway::Reading> out;
    std::error_code failed;
    for (fs::recursive_directory_iterator each(folder, fs::directory_options::skip_permission_denied, failed), end;
         !failed && each != end; each.increment(failed)) {
        const std::string path = each->path().string();
        std::error_code none;
        if (each->path().filename().string().starts_with('.'))
            each.disable_recursion_pending();
        else if (each->is_symlink(none) && each->is_directory(none))
            out.push_back({path, fail({.fault = Fault::unsupported,
                                       .message = "it is a link to a folder, which is not followed",
                                       .where = {path, 0, 0},
                                       .hint = "name that folder, too"})});
    }
    return out;
}

Result<std::vector<gateway::Reading>> read_folder(Session& session, const policy::Reader& files,
                                                  const gateway::Place& place, std::string_view type) {
    const auto found = files.glob(place.path, {"**/*"});
    if (!found) return tl::unexpected(found.error());
    std::vector<gateway::Reading> unread = links_below(fs::path(session.world().directory()) / place.path);
    std::vector<gateway::Source> sources;
    for (const std::string& file : *found) {
        if (!may_be_configuration(file)) continue;
        auto content = files.read(file);
        if (!content)
            unread.push_back({file, tl::unexpected(content.error())});
        else
            sources.push_back({file, std::move(*content)});
    }
    std::vector<std::string> others;
    std::vector<gateway::Reading> out = gateway::read_together(std::move(sources), type, place.selection, others);
    for (const std::string& file : others) session.note(file + " is of no type that is read here");
    std::move(unread.begin(), unread.end(), std::back_inserter(out));
    if (out.empty())
        return fail({.fault = Fault::no_input,
                     .message = "in " + place.path + " there is no configuration of a verifier that is known here",
                     .hint = "jwtdomain describe FILE says of one file why"});
    return out;
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

// What is below the policy's directory is named from there, so that it is found in a revision, too.
void place_keys(policy::DeclaredVerifier& verifier, const std::string& directory, const std::string& policy) {
    for (policy::DeclaredPath& path : verifier.accepts) {
        const fs::path folder = fs::path(path.where.file).parent_path();
        const fs::path below = folder.lexically_relative(policy);
        const bool inside = !below.empty() && *below.begin() != "..";
        for (policy::DeclaredKeys& keys : path.keys) {
            std::string& value = keys.location.value;
            if (keys.location.kind != policy::KeyLocation::Kind::file || value.front() == '/') continue;
            value = ((inside ? below : directory / folder) / value).lexically_normal();
        }
    }
}

Result<std::vector<gateway::Reading>> read_configurations(Session& session, const policy::Reader& files,
                                                          const std::string& written, std::string_view type) {
    const auto place = gateway::parse_place(written);
    if (!place) return tl::unexpected(place.error());
    std::error_code none;
    const bool is_input = place->path == "-";
    if (!is_input && fs::is_directory(fs::path(session.world().directory()) / place->path, none))
        return read_folder(session, files, *place, type);
    auto content = is_input ? session.read_input_again(kMaxConfiguration) : files.read(place->path);
    if (!content) {
        const auto inside = files.glob(place->path, {"**/*"}); // a folder in a revision, which is on no disk
        if (!is_input && inside && !inside->empty()) return read_folder(session, files, *place, type);
        return tl::unexpected(content.error());
    }
    const std::string name = is_input ? "standard input" : place->path;
    const gateway::Source source{.file = name, .text = std::move(*content)};
    std::vector<gateway::Reading> out;
    std::vector<std::string> others;
    if (type.empty()) out = gateway::read_together({source}, type, place->selection, others);
    if (out.empty()) out.push_back({name, gateway::read(source, type, place->selection)});
    return out;
}

std::vector<policy::DeclaredVerifier> read_verifiers(Session& session, const policy::Reader& files,
                                                     const policy::Policy& policy, const std::string& domain,
                                                     const std::string& place, std::string_view type) {
    const auto configurations = read_configurations(session, files, place, type);
    if (!configurations) {
        session.report(configurations.error());
        return {unread(domain, place, describe(configurations.error()))};
    }
    std::vector<policy::DeclaredVerifier> out;
    for (const gateway::Reading& each : *configurations) {
        auto verifiers =
            each.import.and_then([&](const gateway::Import& import) { return gateway::verifiers_of(import, domain); });
        if (!verifiers) {
            const std::string why = sentence_of(verifiers.error());
            session.warn(why);
            out.push_back(unread(domain, each.file, why));
            continue;
        }
        for (policy::DeclaredVerifier& verifier : *verifiers) {
            place_keys(verifier, session.world().directory(), policy.directory);
            out.push_back(std::move(verifier));
        }
    }
    return out;
}

Status add_configurations(Session& session, const policy::Reader& files, const std::vector<std::string>& words,
                          const std::optional<std::string>& type, policy::Policy& policy) {
    for (const std::string& word : words) {
        const std::size_t at = word.find('=');
        const auto domain = policy::require_domain(policy, word.substr(0, at));
        if (!domain) return tl::unexpected(domain.error());
        for (auto& each :
             read_verifiers(session, files, policy, (*domain)->name, word.substr(at + 1), type.value_or("")))
            policy.verifiers.push_back(std::move(each));
    }
    name_files_once(policy);
    return {};
}

Status check_configurations(const std::vector<std::string>& words, const std::optional<std::string>& type,
                            const std::string& command) {
    if (type && words.empty())
        return fail(Fault::usage, "--type is for DOMAIN=PATH",
                    "jwtdomain " + command + " prod=envoy.yaml --type envoy");
    for (const std::string& word : words) {
        const std::size_t at = word.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == word.size())
            return fail(Fault::usage, "\"" + word + "\" is not DOMAIN=PATH", "jwtdomain " + command + " prod=k8s/prod");
    }
    return {};
}

} // namespace jwtdomain::cli
