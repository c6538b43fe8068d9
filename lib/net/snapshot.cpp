#include "jwtdomain/net/snapshot.h"

#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::net {
namespace {

constexpr std::string_view kFormat = "jwtdomain snapshot";
constexpr std::int64_t kVersion = 1;

std::optional<std::string> text_of(const json::Value& object, std::string_view name) {
    const auto value = object.is(json::Kind::object) ? object.find(name) : std::nullopt;
    return value && value->is(json::Kind::string) ? std::optional<std::string>(value->text()) : std::nullopt;
}

std::optional<std::int64_t> number_of(const json::Value& object, std::string_view name) {
    const auto value = object.is(json::Kind::object) ? object.find(name) : std::nullopt;
    return value ? value->integer() : std::nullopt;
}

// nullopt: something is missing, or of another type.
std::optional<Result<Fetched>> read_answer(const json::Value& entry, const std::string& url) {
    if (auto problem = text_of(entry, "problem")) {
        const auto absent = text_of(entry, "kind");
        if (absent != "absent" && absent != "unreadable") return std::nullopt;
        return fail(absent == "absent" ? Fault::not_found : Fault::unreadable, std::move(*problem));
    }
    const auto body = text_of(entry, "body"), digest = text_of(entry, "sha256"), at = text_of(entry, "fetched");
    const auto lives = number_of(entry, "lives");
    const auto confirmed = parse_time(at.value_or(""));
    std::string octets;
    if (!body || !digest || !confirmed || !lives || *lives < 0 || *lives > kLongestLife ||
        base64url_decode(*body, octets) != Base64Defect::none)
        return std::nullopt;
    if (hexadecimal(sha256(octets)) != *digest)
        return fail(Fault::invalid, "the snapshot was changed: " + url + " has not the digest that it had");
    return Fetched{.url = url, .body = std::move(octets), .confirmed = *confirmed, .lives = *lives, .from_disk = true};
}

} // namespace

std::string write_snapshot(const Answers& answers) {
    using Json = nlohmann::ordered_json;
    Json list = Json::array();
    for (const auto& [url, answer] : answers) {
        if (answer)
            list.push_back({{"url", url},
                            {"sha256", hexadecimal(sha256(answer->body))},
                            {"fetched", format_time(answer->confirmed)},
                            {"lives", answer->lives},
                            {"body", base64url_encode(answer->body)}});
        else
            list.push_back({{"url", url},
                            {"kind", answer.error().fault == Fault::not_found ? "absent" : "unreadable"},
                            {"problem", describe(answer.error())}});
    }
    const Json out{{"format", kFormat}, {"version", kVersion}, {"documents", std::move(list)}};
    return out.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

Result<Answers> read_snapshot(std::string_view text, const std::string& file) {
    const auto refuse = [&](std::string what) {
        return fail(Error{.fault = Fault::invalid,
                          .message = std::move(what),
                          .where = {file, 0, 0},
                          .hint = "make one: jwtdomain audit --fetch --snapshot FILE"});
    };
    json::Document document;
    if (text.size() > kMostSnapshot || document.parse(text)) return refuse("this is no snapshot");
    const json::Value root = document.root();
    if (text_of(root, "format") != kFormat || number_of(root, "version") != kVersion)
        return refuse("this is no snapshot, or of a version that is not known");
    const auto list = root.find("documents");
    if (!list || !list->is(json::Kind::array)) return refuse("this snapshot is damaged");
    Answers out;
    for (const json::Member& element : *list) {
        const auto url = text_of(element.value, "url");
        auto answer = url ? read_answer(element.value, *url) : std::nullopt;
        if (!answer) return refuse("this snapshot is damaged");
        if (!*answer && answer->error().fault == Fault::invalid) return refuse(answer->error().message);
        if (!out.emplace(*url, std::move(*answer)).second) return refuse("this snapshot has " + *url + " twice");
    }
    return out;
}

} // namespace jwtdomain::net
