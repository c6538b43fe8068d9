#include <algorithm>
#include <utility>

#include "jwtdomain/refresh/answer.h"
#include "jwtdomain/refresh/ledger.h"
#include "jwtdomain/refresh/ledger_store.h"

namespace jwtdomain::refresh {
namespace {

// One exchange, inside its transaction.
class Exchanging {
public:
    Exchanging(LedgerStore& store, const Exchange& exchange, Time given, const Mint& mint, const Announce& announce)
        : store_(store), exchange_(exchange), given_(given), mint_(mint), announce_(announce) {}

    Result<Answer> run(const RefreshToken& token);

private:
    Result<Answer> of_family(Family family, const RefreshToken& token);
    Result<Proof> check_proof(const Family& family);
    Result<Answer> refuse(const Decision& decision, LogEntry entry);
    Result<Answer> end(Family family, const Decision& decision);
    Result<Answer> repeat(Family family, const RefreshToken& token);
    Result<Answer> renew(Family family, const RefreshToken& token, Act act);

    LedgerStore& store_;
    const Exchange& exchange_;
    const Time given_; // by the clock
    Time now_ = 0;     // no earlier than what was recorded
    const Mint& mint_;
    const Announce& announce_;
};

Result<Answer> Exchanging::run(const RefreshToken& token) {
    const auto now = store_.clock(given_);
    if (!now) return tl::unexpected(now.error());
    now_ = *now;
    LogEntry stranger{.event = Event::refuse,
                      .domain = exchange_.domain,
                      .family = name_of_family(token.family),
                      .generation = token.generation,
                      .client = exchange_.client.value_or("")};
    if (token.domain != exchange_.domain) {
        stranger.detail = "of " + token.domain;
        return refuse({Act::refuse, Cause::other_domain}, std::move(stranger));
    }
    auto family = store_.read(token.family);
    if (!family) return tl::unexpected(family.error());
    if (!*family || (*family)->domain != exchange_.domain || store_.recognise(**family, token) == Presented::unknown)
        return refuse({Act::refuse, Cause::unknown}, std::move(stranger));
    return of_family(std::move(**family), token);
}

Result<Answer> Exchanging::of_family(Family family, const RefreshToken& token) {
    LogEntry entry = log_entry(Event::refuse, family);
    entry.generation = token.generation;
    if (family.grant.client != exchange_.client) {
        entry.detail = exchange_.client ? "presented by " + *exchange_.client : "presented by nobody";
        return refuse({Act::refuse, Cause::other_client}, std::move(entry));
    }
    const auto proof = check_proof(family);
    if (!proof) return tl::unexpected(proof.error());
    const Decision decision =
        decide(family.standing, store_.recognise(family, token), token.generation, *proof, exchange_.rules, now_);
    switch (decision.act) {
    case Act::refuse: return refuse(decision, std::move(entry));
    case Act::end:
    case Act::revoke: return end(std::move(family), decision);
    case Act::repeat: return repeat(std::move(family), token);
    case Act::rotate:
    case Act::renew: return renew(std::move(family), token, decision.act);
    }
    return fail(Fault::internal, "an exchange came to no decision");
}

// A proof is good for one use (RFC 9449 section 11.1), also where it is by another key.
Result<Proof> Exchanging::check_proof(const Family& family) {
    if (!family.standing.bound || exchange_.proof != Proof::good) return exchange_.proof;
    const auto fresh = store_.use_proof(exchange_.proof_id, exchange_.proof_until);
    if (!fresh) return tl::unexpected(fresh.error());
    if (!*fresh) return Proof::bad;
    return exchange_.proof_key == family.grant.key_thumbprint ? Proof::good : Proof::other_key;
}

Result<Answer> Exchanging::refuse(const Decision& decision, LogEntry entry) {
    entry.cause = decision.cause;
    if (const Status done = store_.log.append(entry, given_); !done) return tl::unexpected(done.error());
    return Answer{.decision = decision, .family = entry.family, .generation = entry.generation.value_or(0)};
}

Result<Answer> Exchanging::end(Family family, const Decision& decision) {
    const bool reuse = decision.act == Act::revoke;
    family.standing.ended = decision.cause;
    family.ended_at = now_;
    if (const Status done = store_.drop_sealed(family); !done) return tl::unexpected(done.error());
    if (const Status done = store_.update(family); !done) return tl::unexpected(done.error());
    LogEntry entry = log_entry(reuse ? Event::reuse : Event::end, family);
    if (reuse) entry.until = family.access_until;
    auto answer = refuse(decision, std::move(entry));
    // Whatever becomes of it: that the family has ended stands.
    if (answer && reuse) answer->announced = announce_({family});
    return answer;
}

Result<Answer> Exchanging::repeat(Family family, const RefreshToken& token) {
    auto response = store_.unseal(family, token);
    if (!response) return tl::unexpected(response.error());
    ++family.standing.retries;
    if (const Status done = store_.update(family); !done) return tl::unexpected(done.error());
    const LogEntry entry = log_entry(Event::retry, family);
    if (const Status done = store_.log.append(entry, given_); !done) return tl::unexpected(done.error());
    Answer out{.decision = {Act::repeat, Cause::none}, .family = entry.family};
    out.generation = family.standing.generation;
    out.response = std::move(*response);
    return out;
}

Result<Answer> Exchanging::renew(Family family, const RefreshToken& token, Act act) {
    auto minted = mint_(family, given_);
    if (!minted) return tl::unexpected(minted.error());
    LogEntry entry = log_entry(Event::refresh, family);
    if (minted->cause != Cause::none) {
        entry.event = Event::refuse;
        entry.detail = minted->refused;
        return refuse({Act::refuse, minted->cause}, std::move(entry));
    }
    Standing& standing = family.standing;
    family.grant = minted->grant;
    family.access_until = std::max(family.access_until, minted->expires);
    standing.used = now_;
    if (const Status done = store_.sweep(now_); !done) return tl::unexpected(done.error());
    if (const Status done = store_.drop_sealed(family); !done) return tl::unexpected(done.error());
    Answer out{.decision = {act, Cause::none}, .family = entry.family};
    if (act == Act::rotate) {
        const RefreshToken successor = store_.make_token(family, ++standing.generation);
        standing.rotated_before = standing.rotated;
        standing.rotated = now_;
        standing.retries = 0;
        family.previous = std::exchange(family.head, store_.hash_of(successor));
        family.sealed_until = now_ + std::min(exchange_.rules.grace, kLongestGrace);
        out.response = token_response(*minted, &successor, standing.bound, given_);
        if (const Status done = store_.seal(family, token, out.response); !done) return tl::unexpected(done.error());
    } else {
        out.response = token_response(*minted, nullptr, standing.bound, given_);
    }
    if (const Status done = store_.update(family); !done) return tl::unexpected(done.error());
    entry.generation = out.generation = standing.generation;
    entry.jti = minted->jti;
    entry.until = minted->expires;
    if (const Status done = store_.log.append(entry, given_); !done) return tl::unexpected(done.error());
    out.minted = std::move(*minted);
    return out;
}

} // namespace

Result<Answer> Ledger::exchange(const Exchange& exchange, Time now, const Mint& mint, const Announce& announce) {
    const auto token = parse_token(exchange.token);
    if (!token) return Answer{.decision = {Act::refuse, Cause::malformed}};
    auto transaction = store::Transaction::begin(store_->database);
    if (!transaction) return tl::unexpected(transaction.error());
    auto answer = Exchanging(*store_, exchange, now, mint, announce).run(*token);
    if (!answer) return answer;
    if (const Status done = transaction->commit(); !done) return tl::unexpected(done.error());
    return answer;
}

} // namespace jwtdomain::refresh
