#include "cli/evidence/envelope.h"

#include "cli/app/json_text.h"
#include "jwtdomain/jwt/envelope.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kType = "application/vnd.in-toto+json";
constexpr std::string_view kStatement = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicate = "urn:jwtdomain:evidence:v1";
constexpr std::size_t kMost = 64u << 20;

std::string text_of(const Statement& statement) {
    Json subjects = Json::array();
    for (const auto& [name, digest] : statement.subjects)
        subjects.push_back({{"name", name}, {"digest", {{"sha256", digest}}}});
    Json out;
    out["_type"] = kStatement;
    out["subject"] = std::move(subjects);
    out["predicateType"] = kPredicate;
    out["predicate"] = {
        {"clock", statement.clock},
        {"tool",
         {{"name", "jwtdomain"}, {"version", statement.tool_version}, {"digest", {{"sha256", statement.tool_sha256}}}}},
        {"policy", {{"revision", statement.revision}, {"modified", statement.modified}}}};
    return out.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::optional<Statement> statement_of(const Json& json) {
    try {
        if (json.at("_type") != kStatement || json.at("predicateType") != kPredicate) return std::nullopt;
        Statement out;
        for (const Json& subject : json.at("subject")) {
            const bool fresh = out.subjects
                                   .emplace(subject.at("name").get<std::string>(),
                                            subject.at("digest").at("sha256").get<std::string>())
                                   .second;
            if (!fresh) return std::nullopt;
        }
        const Json& predicate = json.at("predicate");
        out.clock = predicate.at("clock").get<std::string>();
        out.tool_version = predicate.at("tool").at("version").get<std::string>();
        out.tool_sha256 = predicate.at("tool").at("digest").at("sha256").get<std::string>();
        out.revision = predicate.at("policy").at("revision").get<std::string>();
        out.modified = predicate.at("policy").at("modified").get<bool>();
        return out;
    } catch (const Json::exception&) { // a member is missing, or of another type
        return std::nullopt;
    }
}

} // namespace

Result<std::string> write_statement(Session& session, const Statement& statement, const SealingOptions& sealing) {
    std::string payload = text_of(statement);
    if (sealing.key) return sealed(session, std::move(payload), kType, sealing);
    return write_envelope({.payload = std::move(payload), .type = std::string(kType), .signatures = {}});
}

Result<ReadStatement> read_statement(Session& session, const std::string& text, const std::string& file,
                                     const std::optional<std::string>& keys) {
    const auto envelope = open_envelope(text, file, kMost);
    if (!envelope) return tl::unexpected(envelope.error());
    auto statement = envelope->type == kType ? statement_of(strict_json_value(envelope->payload)) : std::nullopt;
    if (!statement)
        return fail({.fault = Fault::invalid,
                     .message = "what is in this envelope is no statement of evidence",
                     .where = {file, 0, 0},
                     .hint = {}});
    const auto signature = signature_of(session, *envelope, keys);
    if (!signature) return tl::unexpected(signature.error());
    return ReadStatement{.statement = std::move(*statement), .signature = *signature};
}

} // namespace jwtdomain::cli
