#include "cli/probe/listening.h"

#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/net/http.h"

namespace jwtdomain::cli {
namespace {

std::string key_set_at(const std::string& place) { return "/" + place + "/jwks.json"; }
std::string certificate_at(const std::string& place) { return "/" + place + "/certificate.pem"; }

} // namespace

Result<Listening> Listening::open(const ProbeOptions& options) {
    Listening out;
    if (!options.listen) {
        if (options.listen_url) return fail(Fault::usage, "--listen-url is for --listen", "--listen 127.0.0.1:0");
        return out;
    }
    auto listener = net::Listener::open(*options.listen);
    if (!listener) return tl::unexpected(listener.error());
    out.base_ = listener->url();
    out.listener_ = std::move(*listener);
    if (!options.listen_url) return out;
    const auto url = net::parse_url(*options.listen_url);
    if (!url) return tl::unexpected(url.error());
    if (url->text.find_first_of("?#") != std::string::npos)
        return fail(Fault::usage, "--listen-url takes a URL without a query");
    out.base_ = url->text;
    while (out.base_.ends_with('/')) out.base_.pop_back();
    return out;
}

// 128 random bits.
std::string Listening::new_place() const { return listener_ ? TokenIds().next() : std::string(); }

void Listening::name(const std::string& place, probe::Control& control) const {
    control.jku = base_ + key_set_at(place);
    control.x5u = base_ + certificate_at(place);
}

Status Listening::serve(const std::string& place, const probe::Mutants& mutants) {
    const auto certificate = mutants.certificate();
    if (!certificate) return tl::unexpected(certificate.error());
    listener_->serve(key_set_at(place), "application/json", mutants.key_set());
    listener_->serve(certificate_at(place), "application/x-pem-file", *certificate);
    return {};
}

std::size_t Listening::visits(const std::string& place, std::string_view kind) const {
    return listener_->visits(kind == "jku" ? key_set_at(place) : certificate_at(place));
}

} // namespace jwtdomain::cli
