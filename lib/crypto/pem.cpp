#include "jwtdomain/crypto/pem.h"

#include <algorithm>

#include <openssl/evp.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain::pem {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kMaxBlocks = 64;
constexpr std::size_t kLine = 48; // octets in a line of 64 characters

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 64 && std::all_of(label.begin(), label.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '#';
    });
}

Result<Block> decode(std::string_view label, std::string_view body) {
    Block block{std::string(label), body.find("Proc-Type:") != std::string_view::npos, {}};
    if (block.legacy_encryption) return block;
    SecretText der(body.size());
    if (!base64_decode_lenient(body, der.text)) {
        return fail(Fault::invalid, "the PEM block " + block.label + " holds something that is not base64");
    }
    block.der = SecretBytes(der.text);
    return block;
}

} // namespace

Result<std::vector<Block>> read(std::string_view text) {
    std::vector<Block> blocks;
    std::size_t at = 0;
    while ((at = text.find(kBegin, at)) != std::string_view::npos) {
        const std::size_t label_at = at + kBegin.size();
        const std::size_t label_end = text.find(kDashes, label_at);
        if (label_end == std::string_view::npos) return fail(Fault::invalid, "a PEM block begins without a label");
        const std::string_view label = text.substr(label_at, label_end - label_at);
        if (!is_label(label)) return fail(Fault::invalid, "a PEM block begins without a label");
        const std::size_t body = label_end + kDashes.size();
        const std::string last = std::string(kEnd) + std::string(label) + std::string(kDashes);
        const std::size_t end = text.find(last, body);
        if (end == std::string_view::npos) {
            return fail(Fault::invalid, "the PEM block " + std::string(label) + " has no end: is the file cut off?");
        }
        if (blocks.size() == kMaxBlocks) return fail(Fault::limit, "the file has more than 64 PEM blocks");
        Result<Block> block = decode(label, text.substr(body, end - body));
        if (!block) return tl::unexpected(block.error());
        blocks.push_back(std::move(*block));
        at = end + last.size();
    }
    return blocks;
}

SecretBytes write(std::string_view label, std::string_view der) {
    const std::string name(label);
    SecretText out(der.size() / kLine * 65 + 65 + 2 * label.size() + 64);
    out.text += "-----BEGIN " + name + "-----\n";
    for (; !der.empty(); der.remove_prefix(std::min(kLine, der.size()))) {
        const std::string_view line = der.substr(0, kLine);
        const std::size_t start = out.text.size();
        out.text.resize(start + (line.size() + 2) / 3 * 4 + 1); // EVP_EncodeBlock ends with a NUL
        EVP_EncodeBlock(openssl::octets(out.text.data() + start), openssl::octets(line), static_cast<int>(line.size()));
        out.text.back() = '\n';
    }
    out.text += "-----END " + name + "-----\n";
    return SecretBytes(out.text);
}

} // namespace jwtdomain::pem
