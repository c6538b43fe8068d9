// Files of nginx that include each other.
#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"
#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/gateway/nginx.h"

namespace jwtdomain::gateway::nginx {
namespace {

constexpr std::size_t kMostIncludes = 8, kMost = 200'000; // directives

// What a configuration may begin with, or a part of one.
constexpr std::string_view kFirst =
    " user worker_processes worker_rlimit_nofile error_log pid daemon include load_module env events http server map "
    "upstream location log_format proxy_cache_path limit_req_zone auth_jwt auth_jwt_key_file auth_jwt_key_request "
    "auth_jwt_claim_set auth_jwt_header_set auth_jwt_require auth_jwt_leeway auth_jwt_key_cache auth_request geo "
    "js_import js_set proxy_pass resolver satisfy allow deny server_name listen keyval keyval_zone split_clients ";

std::string folder_of(const std::string& file) {
    const std::size_t slash = file.find_last_of("/\\");
    return slash == std::string::npos ? std::string() : file.substr(0, slash);
}

std::string name_of(const std::string& file) { return file.substr(file.find_last_of("/\\") + 1); }

// Does an `include`, in a configuration whose first file lies in `folder`, name this one? Of an absolute path the end
// may be below that folder.
bool names_file(const std::string& pattern, const std::string& folder, const std::string& file) {
    if (!wildcard::name_matches(name_of(pattern), name_of(file))) return false;
    const std::string below = folder_of(pattern), lies = folder_of(file);
    if (below == lies && pattern.starts_with('/')) return true;
    const auto joined = [&](std::string_view inner) {
        return folder.empty() || inner.empty() ? folder + std::string(inner) : folder + "/" + std::string(inner);
    };
    if (!pattern.starts_with('/')) return lies == joined(below);
    for (std::size_t at = 0; at != std::string::npos; at = below.find('/', at + 1)) {
        if (at > 0 && lies == joined(std::string_view(below).substr(at + 1))) return true;
    }
    const std::string last = name_of(below);
    return (last == "nginx" || last == "conf") && lies == folder;
}

class Files {
public:
    explicit Files(std::span<const Source> sources) : sources_(sources), included_(sources.size()) {
        for (std::uint32_t i = 0; i < sources.size(); ++i) parsed_.push_back(parse(sources[i].text, i));
    }

    std::vector<Root> roots() {
        std::vector<Root> all, out;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            folder_ = folder_of(sources_[i].file);
            Root root{sources_[i].file, {.directives = {}, .fault = parsed_[i].fault, .fault_at = parsed_[i].fault_at}};
            put_in(parsed_[i].directives, {i}, root.configuration);
            all.push_back(std::move(root));
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!included_[i]) out.push_back(std::move(all[i]));
        }
        return out.empty() ? std::move(all) : std::move(out); // in a circle
    }

private:
    void put_in(const std::vector<Directive>& from, const std::vector<std::size_t>& above, Configuration& out) {
        copy(from, above, out, out.directives);
    }

    void copy(const std::vector<Directive>& from, const std::vector<std::size_t>& above, Configuration& out,
              std::vector<Directive>& to) {
        for (const Directive& each : from) {
            if (++count_ > kMost) return refuse("its files come to more than is read here", each.mark(), out);
            if (each.name() == "include" && each.words.size() == 2 && include(each, above, out, to)) continue;
            Directive copied{.words = each.words, .has_block = each.has_block};
            copy(each.block, above, out, copied.block);
            to.push_back(std::move(copied));
        }
    }

    bool include(const Directive& directive, const std::vector<std::size_t>& above, Configuration& out,
                 std::vector<Directive>& to) {
        bool found = false;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (above.size() > kMostIncludes || std::find(above.begin(), above.end(), i) != above.end() ||
                !names_file(directive.word(1), folder_, sources_[i].file))
                continue;
            found = included_[i] = true;
            if (!parsed_[i].fault.empty()) refuse(parsed_[i].fault, parsed_[i].fault_at, out);
            std::vector<std::size_t> inner = above;
            inner.push_back(i);
            copy(parsed_[i].directives, inner, out, to);
        }
        return found;
    }

    static void refuse(const std::string& why, Mark at, Configuration& out) {
        if (!out.fault.empty()) return;
        out.fault = why;
        out.fault_at = at;
    }

    std::span<const Source> sources_;
    std::vector<Configuration> parsed_ = {};
    std::vector<bool> included_;
    std::string folder_ = {};
    std::size_t count_ = 0;
};

bool speaks_of_tokens(const std::vector<Directive>& directives) {
    return std::any_of(directives.begin(), directives.end(), [](const Directive& each) {
        return each.name().starts_with("auth_jwt") || each.name() == "auth_request" || speaks_of_tokens(each.block);
    });
}

} // namespace

std::vector<Root> roots_of(std::span<const Source> sources) { return Files(sources).roots(); }

bool is_configuration(const Source& source) {
    const std::string file = lower_case(source.file);
    if (source.text.find("auth_") == std::string::npos) return false;
    for (const char* other : {".yaml", ".yml", ".json"}) {
        if (file.ends_with(other)) return false;
    }
    const Configuration read = parse(source.text, 0);
    if (read.directives.empty() || kFirst.find(" " + read.directives.front().name() + " ") == std::string_view::npos)
        return false;
    return speaks_of_tokens(read.directives) ||
           (!read.fault.empty() && (source.text.find("auth_jwt") != std::string::npos ||
                                    source.text.find("auth_request") != std::string::npos));
}

} // namespace jwtdomain::gateway::nginx
