// JWS and JWE in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2, RFC 9901 section 8).
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::inspect {
namespace {

using namespace detail;

constexpr std::size_t kMostSignatures = 64;
constexpr std::string_view kEmptyObject = "e30"; // {}

std::string_view string_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is(json::Kind::string) ? value->text() : std::string_view{};
}

// One element of "signatures" or "recipients", or the flattened object itself.
Signature read_signature(json::Value object) {
    Signature signature;
    std::string octets;
    if (const auto header = object.find("protected")) signature.header = read_part(header->text(), octets);
    if (const auto header = object.find("header")) signature.unprotected = read_json(header->raw());
    const std::string_view text = string_of(object, "signature");
    signature.size = base64_decode_lenient(text, octets) ? octets.size() : text.size() * 3 / 4;
    return signature;
}

std::vector<Signature> read_signatures(Token& token, json::Value root, const char* list) {
    std::vector<Signature> signatures;
    const auto several = root.find(list);
    if (!several) return {read_signature(root)};
    for (const json::Member& element : *several) {
        if (signatures.size() == kMostSignatures) {
            add(token, Reason::token_serialization,
                "there are more than " + std::to_string(kMostSignatures) + " signatures: the rest was not read");
            break;
        }
        signatures.push_back(read_signature(element.value));
    }
    return signatures;
}

// What is odd about the header of a signature after the first.
void observe_further(Token& token, const Signature& signature, std::size_t number) {
    const std::string& text = signature.header.json.empty() ? signature.unprotected.json : signature.header.json;
    json::Document document;
    if (text.empty() || document.parse(text, kLimits)) return;
    Token scratch;
    observe_header(scratch, document.root(), false);
    for (const Finding& finding : scratch.findings) {
        add(token, finding.reason,
            "signature " + std::to_string(number) + (finding.detail.empty() ? "" : ": " + finding.detail));
    }
}

void observe_signature(Token& token, const Signature& signature) {
    std::string algorithm = algorithm_of(signature.header);
    if (algorithm.empty()) algorithm = algorithm_of(signature.unprotected);
    if (!algorithm.empty()) observe_signature_size(token, algorithm, signature.size);
}

// RFC 9901 section 8.1: disclosures and key binding stand in the unprotected header.
void read_disclosures(Token& token) {
    json::Document header;
    const Part& part = token.signatures.front().unprotected;
    if (part.json.empty() || header.parse(part.json, kLimits)) return;
    const auto list = header.root().find("disclosures");
    if (!list || !list->is(json::Kind::array)) return;
    std::vector<std::string_view> texts;
    for (const json::Member& element : *list) texts.push_back(element.value.text());
    token.disclosed = resolve_disclosures(token.claims.json, texts);
    observe_disclosures(token);
}

// The header that decides: the first signature's protected one, else its unprotected one.
Part first_header(const std::vector<Signature>& signatures) {
    if (signatures.empty()) return {};
    return signatures.front().header.json.empty() ? signatures.front().unprotected : signatures.front().header;
}

void read_jws(Token& token, json::Value root, const Options& options) {
    token.signatures = read_signatures(token, root, "signatures");
    token.header = first_header(token.signatures);
    const std::string_view payload = string_of(root, "payload");
    const auto first = root.find("signatures") ? root.find("signatures") : std::optional(root);
    std::string_view protected_part = string_of(*first, "protected");
    if (first->is(json::Kind::array) && first->size() > 0)
        protected_part = string_of((*first->begin()).value, "protected");
    observe_shape(token, protected_part.empty() ? kEmptyObject : protected_part,
                  payload.empty() ? kEmptyObject : payload, "");
    std::string octets;
    if (payload.empty()) {
        token.payload = Payload::detached;
    } else {
        token.claims = read_part(payload, octets);
        read_payload(token, octets, options);
    }
    for (std::size_t i = 0; i < token.signatures.size(); ++i) {
        observe_signature(token, token.signatures[i]);
        if (i > 0) observe_further(token, token.signatures[i], i + 1);
    }
    if (token.signatures.empty()) return add(token, Reason::signature_missing);
    token.signature_size = token.signatures.front().size;
    if (!protected_part.empty() && !payload.empty()) {
        token.fingerprint = fingerprint(std::string(protected_part) + "." + std::string(payload));
    }
    read_disclosures(token);
}

} // namespace

Token inspect_json(std::string_view text, const Options& options) {
    Token token;
    token.size = text.size();
    token.form = Form::jws_json;
    add(token, Reason::token_serialization);
    json::Document document;
    if (text.size() > kMaxToken) add(token, Reason::token_too_large, std::to_string(text.size()) + " octets");
    if (text.size() > kMaxToken ||
        document.parse(text, {.depth = 64, .values = 100000, .duplicates = json::Duplicates::last}) ||
        !document.root().is(json::Kind::object)) {
        settle(token);
        return token;
    }
    const json::Value root = document.root();
    if (root.find("ciphertext")) {
        token.form = Form::jwe_json;
        token.payload = Payload::encrypted;
        add(token, Reason::token_encrypted);
        std::string octets;
        token.signatures = read_signatures(token, root, "recipients");
        if (const auto header = root.find("protected"))
            token.header = read_part(header->text(), octets);
        else if (const auto shared = root.find("unprotected"))
            token.header = read_json(shared->raw());
        if (token.header.json.empty()) token.header = first_header(token.signatures);
    } else {
        read_jws(token, root, options);
    }
    finish(token, options);
    return token;
}

} // namespace jwtdomain::inspect
