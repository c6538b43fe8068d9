#include "cli/app/network.h"

#include <algorithm>

#include "cli/app/fetched.h"
#include "jwtdomain/net/metadata.h"

namespace jwtdomain::cli {
namespace {

bool has_kid(const JwkSet& set, const std::string& kid) {
    const auto is_it = [&](const Jwk& key) { return key.metadata.kid == kid; };
    return std::any_of(set.keys.begin(), set.keys.end(), is_it);
}

void tell_age(Session& session, const net::Fetched& fetched, Time now) {
    if (!fetched.from_disk) return;
    const std::string text = fetched.url + " is used as it was " + age_of(fetched, now) + " ago";
    if (fetched.ends() <= now && !session.documents().has_kept())
        session.warn(text + ", longer than it says that it holds: --fetch asks for it anew");
    else
        session.note(text);
}

Result<JwkSet> keys_at(Session& session, const std::string& url) {
    net::Documents& documents = session.documents();
    auto fetched = documents.get(url);
    if (!fetched) return tl::unexpected(fetched.error());
    auto set = parse_jwks(fetched->body, url);
    const auto& kid = session.expected_kid();
    if (set && kid && !has_kid(*set, *kid)) {
        fetched = documents.get_again(url);
        if (!fetched) return tl::unexpected(fetched.error());
        set = parse_jwks(fetched->body, url);
    }
    if (set) tell_age(session, *fetched, documents.now());
    return set;
}

} // namespace

void declare_network(Declaration& d, NetworkOptions& o) {
    d.flag("--fetch", o.fetch, "fetch keys that are at URLs (default: those fetched before)");
    d.value("--cacert", "FILE", o.ca_file, "authorities to believe instead of the system's", Completes::file);
    d.flag("--allow-private", o.allow_private, "URLs may lead to private addresses");
    d.list("--resolve", "HOST:PORT:ADDRESS", o.resolve, "take this for the address of a host");
}

net::Access access_of(Session& session, const NetworkOptions& options) {
    return {.ca_file = options.ca_file.value_or(""),
            .private_addresses = options.allow_private,
            .resolve = options.resolve,
            .stopped = [&world = session.world()] { return world.interrupted() != 0; }};
}

Status use_network(Session& session, const NetworkOptions& options) {
    if (!options.fetch && options.any())
        return fail(Fault::usage, "--cacert, --allow-private and --resolve are for --fetch");
    for (const std::string& entry : options.resolve) {
        if (std::count(entry.begin(), entry.end(), ':') < 2 || entry.front() == ':' || entry.front() == '-' ||
            entry.front() == '+')
            return fail(Fault::usage, "'" + entry + "' is not HOST:PORT:ADDRESS");
    }
    session.set_documents(options.fetch, access_of(session, options));
    return {};
}

Result<JwkSet> fetch_keys(Session& session, const policy::KeyLocation& location) {
    const bool discovery = location.kind == policy::KeyLocation::Kind::discovery;
    if (!discovery && !net::is_metadata_place(location.value)) return keys_at(session, location.value);
    const auto metadata = discovery ? net::issuer_metadata(session.documents(), location.value)
                                    : net::metadata_at(session.documents(), location.value);
    if (!metadata) return tl::unexpected(metadata.error());
    return keys_at(session, metadata->jwks_uri);
}

} // namespace jwtdomain::cli
