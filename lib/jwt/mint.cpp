#include "jwtdomain/jwt/mint.h"

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {
namespace {

constexpr std::size_t kIdSize = 16;
constexpr std::size_t kDraw = 256 * kIdSize;

} // namespace

std::string write_header(const TokenHeader& header) {
    std::string out;
    json::ObjectWriter writer(out);
    writer.text("alg", header.algorithm);
    if (header.kid) writer.text("kid", *header.kid);
    if (header.type) writer.text("typ", *header.type);
    for (const RawMember& member : header.further) writer.raw(member.name, member.json);
    writer.close();
    return out;
}

std::string make_signing_input(std::string_view header, std::string_view claims) {
    std::string out;
    base64url_append(out, header);
    out += '.';
    base64url_append(out, claims);
    return out;
}

Result<std::string> sign_compact(const SigningKey& key, Algorithm algorithm, const std::string& input) {
    auto signer = std::visit([&](const auto& k) { return Signer::make(k, algorithm); }, key);
    if (!signer) return tl::unexpected(signer.error());
    const auto signature = signer->sign(input);
    if (!signature) return tl::unexpected(signature.error());
    return input + "." + base64url_encode(*signature);
}

const std::string& TokenIds::next() {
    if (used_ == octets_.size()) {
        octets_ = random_octets(octets_.empty() ? kIdSize : kDraw); // a single token needs no more than one
        used_ = 0;
    }
    id_.clear();
    base64url_append(id_, std::string_view(octets_).substr(used_, kIdSize));
    used_ += kIdSize;
    return id_;
}

Minter::Minter(Signer signer, std::string_view header) : signer_(std::move(signer)) {
    base64url_append(prefix_, header);
    prefix_ += '.';
}

Status Minter::mint(std::string_view claims, std::string& out) {
    input_ = prefix_;
    base64url_append(input_, claims);
    const Result<std::string> signature = signer_.sign(input_);
    if (!signature) return tl::unexpected(signature.error());
    out += input_;
    out += '.';
    base64url_append(out, *signature);
    return {};
}

} // namespace jwtdomain
