#include "cli/probe/controls.h"

#include <algorithm>
#include <initializer_list>

#include "cli/app/policy.h"
#include "cli/app/program.h"
#include "cli/keygen/published.h"
#include "jwtdomain/jwt/keyfile.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/policy/issuance.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {
namespace {

constexpr Seconds kLife = 60;
constexpr const char* kSubject = "jwtdomain-probe";

constexpr const char* kReadByAll = "what stands in the command line can be read by everybody on this machine";

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What has expired is refused everywhere, which shows nothing.
Status check_good(const std::string& text, Time now) {
    UnverifiedToken token;
    token.parse(text);
    const auto expires = token.has_claims() ? token.claims().find("exp") : std::nullopt;
    const auto time = expires ? expires->integer() : std::nullopt;
    if (time && *time <= now) return fail(Fault::invalid, "the token that was handed in has expired");
    return {};
}

Result<std::string> read_token(Session& session, const std::string& source) {
    if (const auto command = command_in(source)) {
        const auto words = split_command(*command);
        if (!words) return tl::unexpected(words.error());
        return run_program(*words, "");
    }
    if (source.starts_with('@')) return session.read_argument(source, "token", kMaxToken + 1024);
    const auto secret = session.read_secret(source, "token");
    if (!secret) return tl::unexpected(secret.error());
    return std::string(secret->expose());
}

// "DOMAIN=SOURCE"
Result<HandedIn> handed_in(const std::string& given, const policy::Policy& policy, std::string_view question,
                           std::string_view how) {
    const std::size_t equals = given.find('=');
    if (equals == std::string::npos) return fail(Fault::usage, std::string(question), std::string(how));
    const auto domain = policy::require_domain(policy, given.substr(0, equals));
    if (!domain) return tl::unexpected(domain.error());
    return HandedIn{static_cast<std::size_t>(*domain - policy.domains.data()), given.substr(equals + 1)};
}

bool begins_with_any(const std::string& text, std::initializer_list<std::string_view> heads) {
    return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return text.starts_with(head); });
}

} // namespace

Result<HandedIn> token_source(const std::string& given, const policy::Policy& policy) {
    auto from =
        handed_in(given, policy, "whose token is it?", "--token DOMAIN=env:NAME, DOMAIN=@FILE or DOMAIN=cmd:PROGRAM");
    if (from && !begins_with_any(from->source, {"env:", "@", "cmd:", "file:", "fd:"}))
        return fail(Fault::usage, "a token is handed in as env:NAME, @FILE or cmd:PROGRAM", kReadByAll);
    return from;
}

Result<HandedIn> key_source(const std::string& given, const policy::Policy& policy) {
    auto from = handed_in(given, policy, "whose key is it?", "--key DOMAIN=env:NAME or DOMAIN=@FILE");
    if (from && !begins_with_any(from->source, {"env:", "@", "file:", "fd:"}))
        return fail(Fault::usage, "a key is handed in as env:NAME or @FILE", kReadByAll);
    return from;
}

Result<Controls> Controls::open(Session& session, const ProbeOptions& options, const policy::Policy& policy) {
    Controls out(session, policy);
    for (const std::string& given : options.tokens) {
        if (const Status taken = out.take_token(given); !taken) return tl::unexpected(taken.error());
    }
    for (const std::string& given : options.keys) {
        if (const Status taken = out.take_key(given); !taken) return tl::unexpected(taken.error());
    }
    return out;
}

Status Controls::take_token(const std::string& given) {
    const auto from = token_source(given, *policy_);
    if (!from) return fail(from.error());
    const auto text = read_token(*session_, from->source);
    if (!text) return fail(text.error());
    const std::string token(trim_token(*text));
    UnverifiedToken read;
    read.parse(token);
    if (!read.usable() || !read.has_claims())
        return fail(Fault::invalid,
                    "what is given as the token of " + policy_->domains[from->domain].name + " is none with claims",
                    "what is it? jwtdomain inspect");
    handed_[from->domain] = token;
    return {};
}

Status Controls::take_key(const std::string& given) {
    const auto from = key_source(given, *policy_);
    if (!from) return fail(from.error());
    std::string source = from->source;
    if (source.starts_with('@')) source.replace(0, 1, "file:");
    const std::string& name = policy_->domains[from->domain].name;
    if (handed_.count(from->domain) != 0)
        return fail(Fault::usage, "of " + name + " both a token and a key are handed in", "one of them is enough");
    const auto secret = session_->read_secret(source, "key");
    if (!secret) return fail(secret.error());
    const Passphrase none = [] { return fail(Fault::usage, "an encrypted key cannot be handed in"); };
    auto loaded = load_key(secret->expose(), "the key of " + name, none);
    if (!loaded) return fail(loaded.error());
    auto* const one = std::get_if<PrivateJwk>(&loaded->content);
    auto* const pair = one == nullptr ? nullptr : std::get_if<PrivateKey>(&one->key);
    if (pair == nullptr)
        return fail(Fault::invalid, "what is given as the key of " + name + " is no private key of a key pair");
    handed_keys_.insert_or_assign(from->domain, std::move(*pair));
    return {};
}

const std::vector<std::string>& Controls::kids_of(std::size_t number) {
    const std::lock_guard lock(*reading_);
    const auto [known, fresh] = kids_.try_emplace(number);
    const policy::Domain& domain = policy_->domains[number];
    if (!fresh || domain.keys.kind != policy::KeyLocation::Kind::file) return known->second;
    const auto set = read_published(*policy_, domain);
    for (std::size_t i = 0; set && i < set->set.keys.size(); ++i) {
        if (set->set.keys[i].metadata.kid) known->second.push_back(*set->set.keys[i].metadata.kid);
    }
    return known->second;
}

// Of the first domain that is another one, and has what is wanted.
void Controls::put_foreign(std::size_t domain, probe::Control& control) {
    const policy::Domain& own = policy_->domains[domain];
    const auto take = [](std::string& to, const std::vector<std::string>& from, const auto& is_own) {
        const auto found = std::find_if_not(from.begin(), from.end(), is_own);
        if (to.empty() && found != from.end()) to = *found;
    };
    for (std::size_t d = 0; d < policy_->domains.size(); ++d) {
        const policy::Domain& other = policy_->domains[d];
        if (d == domain) continue;
        take(control.foreign_issuer, {other.issuer}, [&](const std::string& issuer) { return issuer == own.issuer; });
        take(control.foreign_audience, other.audiences, [&](const std::string& audience) {
            return has(own.audiences, audience) || has(own.neutral_audiences, audience);
        });
        take(control.foreign_domain, {other.domain_value},
             [&](const std::string& value) { return value == own.domain_value; });
        take(control.foreign_kid, kids_of(d), [&](const std::string& kid) { return has(kids_of(domain), kid); });
    }
    control.domain_claim = own.domain_claim;
    control.scope_claim = own.scope_claim;
    control.now = session_->world().now();
}

Result<Controls::Key> Controls::open_key(std::size_t number) {
    const policy::Domain& domain = policy_->domains[number];
    if (const Status own = policy::require_own_issuer(domain); !own) return tl::unexpected(own.error());
    const auto published = read_published(*policy_, domain);
    if (!published) return tl::unexpected(published.error());
    ChoiceRules rules{.now = session_->world().now(), .kid = {}, .has_private_half = {}, .where = {}};
    if (const auto handed = handed_keys_.find(number); handed != handed_keys_.end()) {
        const PublicKey& own = handed->second.public_key();
        rules.has_private_half = [&](const PublicKey& key) { return key.identity() == own.identity(); };
        rules.where = "what --key has handed in";
        auto choice = choose_signing_key(published->set, domain, rules);
        if (!choice) return tl::unexpected(choice.error());
        return Key{std::move(*choice), handed->second};
    }
    const auto state = session_->state_directory();
    if (!state) return tl::unexpected(state.error());
    const store::KeyStore keys(*state);
    rules.has_private_half = [&](const PublicKey& key) { return keys.contains(key.thumbprint()); };
    rules.where = "in the key store " + keys.directory();
    auto choice = choose_signing_key(published->set, domain, rules);
    if (!choice) return tl::unexpected(choice.error());
    auto half = load_private_half(keys, choice->key);
    if (!half) return tl::unexpected(half.error());
    return Key{std::move(*choice), std::move(*half)};
}

const Result<Controls::Key>& Controls::key_of(std::size_t domain) {
    const std::lock_guard lock(*reading_);
    const auto known = keys_.find(domain);
    return known != keys_.end() ? known->second : keys_.emplace(domain, open_key(domain)).first->second;
}

Result<probe::Control> Controls::mint(std::size_t number, const std::vector<std::string>& audiences,
                                      const std::vector<std::string>& scopes) {
    const policy::Domain& domain = policy_->domains[number];
    const Result<Key>& key = key_of(number);
    if (!key) return tl::unexpected(key.error());
    policy::IssueRequest request{.subject = kSubject, .audiences = audiences, .scopes = scopes};
    request.lifetime = std::min(kLife, domain.lifetime);
    const auto plan = policy::plan_claims(domain, request, session_->world().now());
    if (!plan) return tl::unexpected(plan.error());
    auto signer = Signer::make(key->half, key->choice.algorithm);
    if (!signer) return tl::unexpected(signer.error());
    Minter minter(std::move(*signer), write_header({.algorithm = key->choice.algorithm_name,
                                                    .kid = key->choice.kid,
                                                    .type = policy::token_type(domain),
                                                    .further = {}}));
    std::string claims;
    plan->append(claims, TokenIds().next());
    probe::Control out;
    if (const Status minted = minter.mint(claims, out.token); !minted) return tl::unexpected(minted.error());
    out.public_key = key->choice.key;
    out.key = key->half;
    return out;
}

Result<probe::Control> Controls::of(std::size_t domain, const policy::Resource* resource, const std::string& method) {
    Result<probe::Control> out = probe::Control{};
    if (const auto handed = handed_.find(domain); handed != handed_.end()) {
        if (const Status good = check_good(handed->second, session_->world().now()); !good)
            return tl::unexpected(good.error());
        out->token = handed->second;
    } else {
        std::vector<std::string> audiences, scopes;
        const policy::Domain& own = policy_->domains[domain];
        if (resource != nullptr && !resource->audiences.empty())
            audiences = {resource->audiences.front()};
        else if (own.audiences.size() > 1)
            audiences = {own.audiences.front()};
        if (resource != nullptr) {
            const auto found = resource->methods.find(method);
            if (found != resource->methods.end()) scopes = found->second;
        }
        out = mint(domain, audiences, scopes);
        if (!out) return out;
    }
    put_foreign(domain, *out);
    return out;
}

} // namespace jwtdomain::cli
