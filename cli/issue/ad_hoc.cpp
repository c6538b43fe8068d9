#include <algorithm>

#include "cli/app/keys.h"
#include "cli/issue/issuer.h"
#include "cli/issue/request.h"
#include "cli/keygen/generate.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/policy/issuance.h"

namespace jwtdomain::cli {
namespace {

constexpr Seconds kLife = 600;

class AdHocIssuer final : public Issuer {
public:
    AdHocIssuer(SigningKey signing_key, Algorithm signing_algorithm)
        : key(std::move(signing_key)), algorithm(signing_algorithm) {}

    Result<Mint> minter() const override {
        const auto* pair = std::get_if<PrivateKey>(&key);
        auto signer = pair ? Signer::make(*pair, algorithm) : Signer::make(std::get<HmacKey>(key), algorithm);
        if (!signer) return tl::unexpected(signer.error());
        const auto made = std::make_shared<Minter>(std::move(*signer), header);
        return Mint([made](std::string_view claims, std::string& out) { return made->mint(claims, out); });
    }

    SigningKey key;
    Algorithm algorithm;
};

Result<PrivateJwk> load_signing_key(Session& session, const IssueOptions& options) {
    if (options.secret) {
        auto secret = session.read_secret(*options.secret, "HMAC secret");
        if (!secret) return tl::unexpected(secret.error());
        auto key = HmacKey::from_secret(std::move(*secret));
        if (!key) return tl::unexpected(key.error());
        return PrivateJwk{.key = std::move(*key), .metadata = {}};
    }
    auto loaded = load_key_file(session, *options.key, options.passphrase,
                                options.kid ? std::optional<std::string_view>(*options.kid) : std::nullopt);
    // A kid that is in no set is one to be written into the header.
    if (!loaded && options.kid) loaded = load_key_file(session, *options.key, options.passphrase);
    if (!loaded) return tl::unexpected(loaded.error());
    auto* jwk = std::get_if<PrivateJwk>(&loaded->content);
    if (!jwk) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "it holds public keys only, and signing needs the private half",
                          .where = {*options.key},
                          .hint = {}});
    }
    if (!may_sign(jwk->metadata)) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the key says that it is not for signing (use, key_ops)",
                          .where = {*options.key},
                          .hint = {}});
    }
    return std::move(*jwk);
}

Result<AlgorithmChoice> algorithm_for(const PrivateJwk& jwk, const IssueOptions& options) {
    const KeyType type = type_of(jwk.key);
    if (options.algorithm && lower_case(*options.algorithm) == "none") {
        return fail(Fault::usage, "a token with the algorithm \"none\" is signed by nobody: it is not made here",
                    "to see whether a verifier takes one: jwtdomain probe");
    }
    const std::optional<std::string>& name = options.algorithm ? options.algorithm : jwk.metadata.algorithm;
    if (!name) {
        for (const AlgorithmInfo& entry : algorithms()) {
            if (entry.key == type && type != KeyType::rsa && type != KeyType::hmac) return usual_name(entry.algorithm);
        }
        return usual_name(default_algorithm(type));
    }
    if (const auto algorithm = algorithm_on_key(*name, type)) return AlgorithmChoice{*algorithm, *name};
    const auto known = choose_algorithm(*name);
    if (!known) return tl::unexpected(known.error());
    return fail(Fault::usage, *name + " does not fit this key, which is " + std::string(name_of(type)));
}

std::optional<std::string> kid_for(const PrivateJwk& jwk, const IssueOptions& options) {
    if (options.kid) return options.kid;
    if (jwk.metadata.kid) return jwk.metadata.kid;
    if (std::holds_alternative<HmacKey>(jwk.key)) return std::nullopt; // its thumbprint is a digest of the secret
    return thumbprint_of(jwk.key);
}

std::string texts_as_json(const std::vector<std::string>& values) {
    if (values.size() == 1) return json::quote(values.front());
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "[" : ",") + json::quote(value);
    return out + "]";
}

std::string words(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "" : " ") + value;
    return out;
}

// Names and values in the order in which they are written. Defaults give way to what was said.
class ClaimList {
public:
    explicit ClaimList(std::vector<RawMember> given) : given_(std::move(given)) {}

    Status add(const char* name, std::string json, const char* option) {
        if (has(name))
            return fail(Fault::usage,
                        "the claim \"" + std::string(name) + "\" is given by " + option + " and once more",
                        "give it once");
        members_.push_back({name, std::move(json)});
        return {};
    }
    void add_default(const char* name, std::string json) {
        if (!has(name)) members_.push_back({name, std::move(json)});
    }
    bool has(std::string_view name) const {
        const auto is = [&](const RawMember& m) { return m.name == name; };
        return std::any_of(given_.begin(), given_.end(), is) || std::any_of(members_.begin(), members_.end(), is);
    }
    const std::vector<RawMember>& members() const { return members_; }
    const std::vector<RawMember>& given() const { return given_; }

private:
    std::vector<RawMember> given_, members_;
};

void append_members(std::string& out, const std::vector<RawMember>& members, bool& first) {
    for (const RawMember& member : members) {
        out += first ? "" : ",";
        first = false;
        json::append_string(out, member.name);
        out += ':' + member.json;
    }
}

Status add_options(ClaimList& list, const IssueOptions& options, const policy::IssueRequest& request, Time now) {
    const auto text = [&](const char* name, const std::optional<std::string>& value, const char* option) {
        return value ? list.add(name, json::quote(*value), option) : Status{};
    };
    if (const Status s = text("iss", options.issuer, "--issuer"); !s) return s;
    if (const Status s = text("sub", options.subject, "--subject"); !s) return s;
    if (!options.audiences.empty()) {
        if (const Status s = list.add("aud", texts_as_json(options.audiences), "--audience"); !s) return s;
    }
    if (!options.scopes.empty()) {
        if (const Status s = list.add("scope", json::quote(words(options.scopes)), "--scope"); !s) return s;
    }
    if (request.not_before) {
        if (const Status s = list.add("nbf", std::to_string(*request.not_before), "--not-before"); !s) return s;
    }
    if (!request.lifetime) return {};
    list.add_default("iat", std::to_string(now));
    return list.add("exp", std::to_string(now + *request.lifetime), "--ttl");
}

Status check_texts(const IssueOptions& options) {
    std::vector<std::string> all = options.audiences;
    all.insert(all.end(), options.scopes.begin(), options.scopes.end());
    for (const std::optional<std::string>& text : {options.issuer, options.subject}) {
        if (text) all.push_back(*text);
    }
    const bool good = std::all_of(all.begin(), all.end(),
                                  [](const std::string& t) { return find_invalid_utf8(t) == std::string_view::npos; });
    return good ? Status{} : Status(fail(Fault::usage, "the claims would not be UTF-8"));
}

// The members of the claim set, as text without the closing brace; false for one that is not a JSON object.
bool open_object(const std::string& text, json::Document& document, std::string& out, bool& empty) {
    const std::string_view trimmed = std::string_view(text).substr(0, text.find_last_not_of(" \t\r\n") + 1);
    // A test may want a name twice; all else is strict.
    if (document.parse(trimmed, {.duplicates = json::Duplicates::last}) || !document.root().is(json::Kind::object))
        return false;
    empty = document.root().size() == 0;
    out = trimmed.substr(0, trimmed.size() - 1);
    return true;
}

} // namespace

Result<std::unique_ptr<Issuer>> open_ad_hoc(Session& session, const IssueOptions& options) {
    auto jwk = load_signing_key(session, options);
    if (!jwk) return tl::unexpected(jwk.error());
    auto algorithm = algorithm_for(*jwk, options);
    if (!algorithm) return tl::unexpected(algorithm.error());
    auto further = parse_headers(options);
    if (!further) return tl::unexpected(further.error());
    const std::string type = options.type.value_or("JWT");
    for (const std::optional<std::string>& text : {options.kid, options.type}) {
        if (text && find_invalid_utf8(*text) != std::string_view::npos)
            return fail(Fault::usage, "the header would not be UTF-8");
    }
    auto issuer = std::make_unique<AdHocIssuer>(std::move(jwk->key), algorithm->algorithm);
    issuer->algorithm_name = algorithm->name;
    issuer->kid = kid_for({.key = issuer->key, .metadata = jwk->metadata}, options);
    issuer->header = write_header({.algorithm = algorithm->name,
                                   .kid = issuer->kid,
                                   .type = type.empty() ? std::nullopt : std::optional(type),
                                   .further = std::move(*further)});
    return std::unique_ptr<Issuer>(std::move(issuer));
}

void FreeClaims::append(std::string& out, std::string_view jti) const {
    out += before;
    if (!has_id) return;
    out += jti;
    out += after;
}

Result<FreeClaims> free_claims(const IssueOptions& options, const std::optional<std::string>& claim_set, Time now) {
    auto request = request_of(options, now);
    if (!request) return tl::unexpected(request.error());

    ClaimList list(std::move(request->claims));
    if (const Status added = add_options(list, options, *request, now); !added) return tl::unexpected(added.error());
    if (const Status good = check_texts(options); !good) return tl::unexpected(good.error());
    FreeClaims out;
    bool first = true;
    out.before = "{";
    if (claim_set) {
        json::Document document;
        if (!open_object(*claim_set, document, out.before, first))
            return fail(Fault::usage, "the claim set is not a JSON object",
                        "--claims '{\"sub\": \"alice\"}', or --claims @FILE");
        for (const std::vector<RawMember>* members : {&list.members(), &list.given()}) {
            for (const RawMember& member : *members) {
                if (document.root().find(member.name))
                    return fail(Fault::usage,
                                "the claim \"" + escape_text(member.name, 80) + "\" is in --claims and given once more",
                                "give it once");
            }
        }
        if (list.members().empty() && list.given().empty()) {
            out.before += '}';
            return out;
        }
    } else {
        list.add_default("iat", std::to_string(now));
        list.add_default("exp", std::to_string(now + kLife));
        out.has_id = !list.has("jti");
    }
    append_members(out.before, list.members(), first);
    append_members(out.before, list.given(), first);
    if (out.has_id) {
        out.before += first ? "\"jti\":\"" : ",\"jti\":\"";
        out.after = "\"}";
    } else {
        out.before += '}';
    }
    return out;
}

} // namespace jwtdomain::cli
