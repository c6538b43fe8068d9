#include "cli/keygen/published.h"

#include "jwtdomain/base/json.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxSet = 4u << 20;

Result<std::string> path_of(const policy::Policy& policy, const policy::Domain& domain) {
    using Kind = policy::KeyLocation::Kind;
    const std::string& value = domain.keys.value;
    switch (domain.keys.kind) {
    case Kind::file: return value.front() == '/' ? value : policy.directory + "/" + value;
    case Kind::none:
        return fail(Error{.fault = Fault::unsupported,
                          .message = "the domain " + domain.name + " names no key set",
                          .where = domain.where,
                          .hint = "add `jwks: jwks/NAME.json` to it"});
    case Kind::url:
    case Kind::text: // of verifiers only
    case Kind::discovery: break;
    }
    return fail(
        Error{.fault = Fault::unsupported,
              .message = "the keys of " + domain.name + " are published at " + value + ", not in a file of the policy",
              .where = domain.where,
              .hint = "whoever publishes them there makes them; a file is named with `jwks: jwks/NAME.json`"});
}

std::string without_newline(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

} // namespace

Result<PublishedSet> read_published(const policy::Policy& policy, const policy::Domain& domain) {
    auto path = path_of(policy, domain);
    if (!path) return tl::unexpected(path.error());
    PublishedSet out{.path = std::move(*path), .text = {}, .set = {}};
    auto text = store::read_file(out.path, kMaxSet);
    if (!text && text.error().fault == Fault::not_found) return out;
    if (!text) return tl::unexpected(text.error());
    auto set = parse_jwks(*text, out.path);
    if (!set) return tl::unexpected(set.error());
    out.text = std::move(*text);
    out.set = std::move(*set);
    return out;
}

Result<std::string> add_to_set(const PublishedSet& published, const PublicJwk& key) {
    if (published.text.empty()) return write_jwks({key});
    json::Document document;
    const json::Problem problem = document.parse(published.text);
    const auto keys = problem ? std::nullopt : document.root().find("keys");
    if (!keys || !keys->is(json::Kind::array)) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the file is not a set of keys, so none can be added to it",
                          .where = {published.path},
                          .hint = "a set is written {\"keys\": [...]}"});
    }
    const std::size_t end = keys->offset() + keys->raw().size() - 1; // the closing bracket
    const std::size_t last = published.text.find_last_not_of(" \t\r\n", end - 1);
    std::string out = published.text.substr(0, last + 1);
    out += keys->size() == 0 ? "\n  " : ",\n  ";
    out += without_newline(write_jwk(key.key, key.metadata));
    out += "\n" + published.text.substr(end);
    return out;
}

Error no_key_yet(const policy::Domain& domain) {
    return {.fault = Fault::not_found,
            .message = "the domain " + domain.name + " has no key yet",
            .where = {},
            .hint = "make one: jwtdomain keygen --domain " + domain.name};
}

} // namespace jwtdomain::cli
