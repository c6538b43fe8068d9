#include "cli/probe/transcript.h"

#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostOfBody = 200;
constexpr std::size_t kTellingPart = 16; // characters of a token by which a cut one is known
constexpr std::string_view kBegins = R"({"version":1,"command":"probe","transcript":true)";

// Of what it signs: without the signature, whatever its serialization is.
std::string name_of_token(const std::string& token) {
    if (token.starts_with('{')) return fingerprint(redact_json(token));
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string::npos ? first : token.find('.', first + 1);
    return fingerprint(std::string_view(token).substr(0, second));
}

std::string line_of(const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); }

void take_out(std::string& body, const std::string& secret) {
    for (std::size_t at = 0; !secret.empty() && (at = body.find(secret, at)) != std::string::npos;)
        body.replace(at, secret.size(), kRedacted);
    // Of an answer only the beginning is kept, which may end within it.
    const std::size_t cut = body.find(secret.substr(0, kTellingPart));
    if (secret.size() > kTellingPart && cut != std::string::npos) body.replace(cut, std::string::npos, kRedacted);
}

} // namespace

std::string told_body(std::string body, const std::string& token) {
    take_out(body, token);
    take_out(body, percent_encoded(token));
    const std::size_t dot = token.rfind('.');
    if (dot != std::string::npos && token.size() - dot > kTellingPart) take_out(body, token.substr(dot + 1));
    return escape_text(redact_json(body), kMostOfBody);
}

Result<std::unique_ptr<Transcript>> Transcript::open(const std::string& path, const World& world) {
    auto lines = store::PrivateLines::open(path);
    if (!lines) return tl::unexpected(lines.error());
    const auto start = lines->read_start(kBegins.size());
    if (!start) return tl::unexpected(start.error());
    if (!start->empty() && *start != kBegins)
        return fail({.fault = Fault::conflict,
                     .message = "this is no transcript of a probe, and is left as it is",
                     .where = {.file = path},
                     .hint = "name a file that is not there yet"});
    const std::string head = std::string(kBegins) + ",\"begun\":\"" + format_time(world.now()) + "\"}";
    if (const Status put = lines->append(head); !put) return tl::unexpected(put.error());
    return std::unique_ptr<Transcript>(new Transcript(std::move(*lines), world));
}

void Transcript::add(const std::string& domain, const std::string& target, const probe::Asked& asked) {
    const probe::Way way = asked.door.way(asked.in_query);
    const Json line{{"at", format_time(world_.now())},
                    {"domain", domain},
                    {"target", redact_text(target)},
                    {"row", asked.row},
                    {"method", way.method},
                    {"url", redact_text(way.where)},
                    {"place", way.place},
                    {"token", name_of_token(asked.token)},
                    {"outcome", name_of(asked.answer.outcome)},
                    {"detail", asked.answer.detail},
                    {"milliseconds", asked.answer.took},
                    {"body", told_body(asked.answer.body, asked.token)}};
    std::string text = line_of(line);
    const std::lock_guard lock(mutex_);
    if (written_) written_ = lines_.append(std::move(text));
}

Status Transcript::written() const {
    const std::lock_guard lock(mutex_);
    return written_;
}

} // namespace jwtdomain::cli
