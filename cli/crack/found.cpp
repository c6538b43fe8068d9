#include "cli/crack/found.h"

#include <algorithm>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostOctets = 16u << 20;
constexpr std::string_view kHead = "{\"keys\":[\n", kTail = "\n]}\n";

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

Result<FoundFile> FoundFile::open(const std::string& path, bool resumed) {
    FoundFile out(path);
    const Status good = resumed ? store::check_private_place(path) : store::check_new_private_file(path);
    if (!good) return fail(good.error());
    auto there =
        resumed ? store::read_private_file(path, kMostOctets) : Result<SecretBytes>(fail(Fault::not_found, ""));
    if (!there)
        return there.error().fault == Fault::not_found ? Result<FoundFile>(std::move(out)) : fail(there.error());
    const std::string_view text = there->expose();
    if (text.size() < kHead.size() + kTail.size() || !text.starts_with(kHead) || !text.ends_with(kTail))
        return fail({.fault = Fault::invalid,
                     .message = "an earlier run has not written this",
                     .where = {.file = path},
                     .hint = "name a file that is not there yet"});
    out.keys_ = SecretBytes(text.substr(kHead.size(), text.size() - kHead.size() - kTail.size()));
    out.ours_ = true;
    return out;
}

Status FoundFile::add(const CrackToken& token, std::string_view secret) {
    const std::size_t kid = token.kid ? 6 * token.kid->size() : 0;
    SecretText text(keys_.size() + 4 * secret.size() + kid + 512), key(2 * secret.size() + 16),
        shown(secret.size() * 2 + 16);
    text.text += kHead;
    text.text += keys_.expose();
    if (!keys_.empty()) text.text += ",\n";
    base64url_append(key.text, secret);
    text.text += "{\"kty\":\"oct\",\"k\":\"";
    text.text += key.text;
    text.text += "\",\"alg\":\"";
    text.text += info(token.target.algorithm).name;
    if (token.kid && find_invalid_utf8(*token.kid) == std::string::npos) {
        text.text += "\",\"kid\":";
        json::append_ascii_string(text.text, *token.kid);
    } else {
        text.text += '"';
    }
    if (is_printable(secret)) { // for the reader; programs take k
        text.text += ",\"text\":";
        json::append_ascii_string(text.text, secret);
    }
    text.text += ",\"token\":\"" + token.fingerprint + "\"}";
    keys_ = SecretBytes(std::string_view(text.text).substr(kHead.size()));
    text.text += kTail;
    const auto existing = ours_ ? store::Existing::replace : store::Existing::refuse;
    const Status written = store::write_private_file(path_, text.text, existing);
    ours_ = ours_ || written;
    return written;
}

} // namespace jwtdomain::cli
