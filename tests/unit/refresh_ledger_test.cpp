// The ledger on a real file: its invariants, by name (I1 to I12).
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include "jwtdomain/base/json.h"
#include "jwtdomain/refresh/ledger.h"
#include "jwtdomain/store/database.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using namespace jwtdomain::refresh;
using Mode = policy::RefreshRules::Mode;

namespace {

constexpr Time kStart = 1'700'000'000;

struct Families {
    TemporaryDirectory directory;
    policy::RefreshRules rules{.mode = Mode::rotate, .idle = 3600, .absolute = 7200, .grace = 30};
    int minted = 0;
    std::vector<std::string> denied; // families whose access tokens are to be denied
    bool cannot_announce = false;
    Cause mint_refuses = Cause::none;
    bool mint_fails = false;

    Ledger ledger() {
        auto opened = Ledger::open(directory / "state");
        REQUIRE_MESSAGE(opened, opened.error().message);
        return std::move(*opened);
    }
    Mint mint() {
        return [this](const refresh::Family& family, Time now) -> Result<Minted> {
            if (mint_fails) return fail(Fault::internal, "no random numbers");
            Minted out;
            out.grant = family.grant;
            out.cause = mint_refuses;
            out.refused = "not any more";
            out.access_token = "access-" + std::to_string(++minted);
            out.jti = "jti-" + std::to_string(minted);
            out.scopes = family.grant.scopes;
            out.expires = now + 600;
            return out;
        };
    }
    Announce announce() {
        return [this](const std::vector<refresh::Family>& ended) -> Status {
            if (cannot_announce) return fail(Fault::unreadable, "the disk is full");
            for (const refresh::Family& family : ended) denied.push_back(name_of_family(family.id));
            return {};
        };
    }
    static std::string token_in(const Answer& answer) {
        json::Document document;
        REQUIRE_FALSE(document.parse(answer.response.expose()));
        return std::string(document.root().find("refresh_token").value().text());
    }
    std::string begin(Grant grant = {.client = "web", .subject = "alice"}, Time now = kStart) {
        const auto answer = ledger().begin({.domain = "prod", .grant = std::move(grant), .rules = rules}, now, mint());
        REQUIRE_MESSAGE(answer, answer.error().message);
        return token_in(*answer);
    }
    Exchange exchange_of(std::string_view token) const {
        return {.domain = "prod",
                .client = "web",
                .rules = rules,
                .token = token,
                .proof = Proof::none,
                .proof_key = {},
                .proof_id = {},
                .proof_until = 0};
    }
    Result<Answer> try_exchange(const Exchange& exchange, Time now) {
        return ledger().exchange(exchange, now, mint(), announce());
    }
    Answer exchange(std::string_view token, Time now) {
        auto answer = try_exchange(exchange_of(token), now);
        REQUIRE_MESSAGE(answer, answer.error().message);
        return std::move(*answer);
    }
    std::string rotate(std::string_view token, Time now) {
        const Answer answer = exchange(token, now);
        REQUIRE(answer.decision.act == Act::rotate);
        return token_in(answer);
    }
    Cause refused(std::string_view token, Time now) {
        const Answer answer = exchange(token, now);
        CHECK(answer.response.empty());
        return answer.decision.cause;
    }
    std::string file(const std::string& name) const {
        std::ifstream in(directory / ("state/refresh/" + name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

} // namespace

TEST_CASE("refresh/invariants: I1 a family is a line, and only its head mints") {
    Families it;
    std::vector<std::string> tokens{it.begin()};
    for (int i = 1; i <= 5; ++i) tokens.push_back(it.rotate(tokens.back(), kStart + 100 * i));
    const int minted = it.minted;
    Families other; // whose store knows none of them
    for (const std::string& token : tokens) CHECK(other.refused(token, kStart + 600) == Cause::unknown);
    CHECK(it.refused(tokens[2], kStart + 600) == Cause::reused);
    CHECK(it.minted == minted);
}

TEST_CASE("refresh/invariants: I2 a retry gets the same octets again, from another process, too") {
    Families it;
    const std::string first = it.begin();
    const Answer answer = it.exchange(first, kStart + 10);
    for (const Seconds later : {10, 20, 40}) {
        const Answer again = it.exchange(first, kStart + later);
        CHECK(again.decision.act == Act::repeat);
        CHECK(again.response.expose() == answer.response.expose());
    }
    CHECK(it.minted == 2);
    CHECK(it.refused(first, kStart + 40) == Cause::reused); // the fourth
}

TEST_CASE("refresh/invariants: I3 what is revoked stays so") {
    Families it;
    const std::string first = it.begin();
    const std::string second = it.rotate(first, kStart + 10);
    it.rotate(second, kStart + 20);
    CHECK(it.refused(first, kStart + 100) == Cause::reused);
    for (const std::string& token : {first, second}) CHECK(it.refused(token, kStart + 101) == Cause::reused);
    CHECK(it.denied.size() == 1);
}

TEST_CASE("refresh/invariants: I4 after revoke has returned, nothing of the family commits") {
    Families it;
    const std::string token = it.begin();
    const std::string other = it.begin({.client = "web", .subject = "bob"});
    Selection alice;
    alice.subject = "alice";
    auto ledger = it.ledger();
    const auto ended = ledger.revoke(alice, "lost", kStart + 5, it.announce());
    REQUIRE(ended);
    CHECK(ended->size() == 1);
    CHECK(it.denied == std::vector<std::string>{name_of_family(ended->front().id)});
    CHECK(it.refused(token, kStart + 6) == Cause::revoked);
    CHECK(it.exchange(other, kStart + 6).decision.act == Act::rotate);
    const auto again = ledger.revoke(alice, "lost", kStart + 7, it.announce());
    REQUIRE(again);
    CHECK(again->empty());

    it.cannot_announce = true;
    Selection bob;
    bob.subject = "bob";
    CHECK_FALSE(ledger.revoke(bob, "lost", kStart + 8, it.announce()));
    CHECK(ledger.list(bob, 10)->front().standing.ended == std::nullopt);
}

TEST_CASE("refresh/invariants: I5 within one second, generations decide") {
    Families it;
    std::vector<std::string> tokens{it.begin()};
    for (int i = 0; i < 5; ++i) tokens.push_back(it.rotate(tokens.back(), kStart));
    CHECK(it.exchange(tokens[4], kStart).decision.act == Act::repeat);
    CHECK(it.refused(tokens[3], kStart) == Cause::superseded);
    CHECK(it.refused(tokens[2], kStart) == Cause::reused);
}

TEST_CASE("refresh/invariants: I6 the grace does not slide") {
    Families it;
    const std::string first = it.begin();
    it.rotate(first, kStart);
    CHECK(it.exchange(first, kStart + 29).decision.act == Act::repeat);
    CHECK(it.refused(first, kStart + 31) == Cause::reused);
}

TEST_CASE("refresh/invariants: I7 no refresh moves the end") {
    Families it;
    std::string token = it.begin();
    for (Time now = kStart + 1000; now < kStart + 7200; now += 1000) token = it.rotate(token, now);
    CHECK(it.ledger().list({}, 1)->front().standing.ends == kStart + 7200);
    CHECK(it.refused(token, kStart + 7200) == Cause::expired);
    CHECK(it.refused(token, kStart) == Cause::expired);
}

TEST_CASE("refresh/invariants: I8 domain, subject and client never change, and the grant only shrinks") {
    Families it;
    const std::string token = it.begin({.client = "web", .subject = "alice", .scopes = {"read", "write"}});
    Exchange exchange = it.exchange_of(token);
    exchange.domain = "staging";
    CHECK(it.try_exchange(exchange, kStart + 1)->decision.cause == Cause::other_domain);
    exchange = it.exchange_of(token);
    for (const std::optional<std::string>& client : {std::optional<std::string>("other"), {}}) {
        exchange.client = client;
        CHECK(it.try_exchange(exchange, kStart + 1)->decision.cause == Cause::other_client);
    }
    const Mint narrower = [&](const refresh::Family& family, Time now) {
        auto out = it.mint()(family, now);
        out->grant.scopes = {"read"};
        return out;
    };
    REQUIRE(it.ledger().exchange(it.exchange_of(token), kStart + 2, narrower, it.announce()));
    const refresh::Family family = it.ledger().list({}, 1)->front();
    CHECK(family.grant.scopes == std::vector<std::string>{"read"});
    CHECK(family.grant.subject == "alice");
    CHECK(family.domain == "prod");
}

TEST_CASE("refresh/invariants: I9 what fails on the way leaves the token good, and one line of them") {
    Families it;
    const std::string token = it.begin();
    it.mint_fails = true;
    CHECK_FALSE(it.try_exchange(it.exchange_of(token), kStart + 1));
    it.mint_fails = false;
    it.mint_refuses = Cause::not_allowed;
    CHECK(it.refused(token, kStart + 1) == Cause::not_allowed);
    it.mint_refuses = Cause::none;
    CHECK(it.exchange(token, kStart + 2).decision.act == Act::rotate);
}

TEST_CASE("refresh/invariants: I10 a stranger ends nothing") {
    Families it;
    const std::string first = it.begin();
    const std::string second = it.rotate(first, kStart + 1);
    auto forged = parse_token(first);
    REQUIRE(forged);
    forged->secret.expose_mutable()[5] ^= 1;
    CHECK(it.refused(format_token(*forged), kStart + 100) == Cause::unknown);
    forged = parse_token(first);
    forged->generation = 7;
    CHECK(it.refused(format_token(*forged), kStart + 100) == Cause::unknown);
    CHECK(it.refused(first.substr(0, first.size() - 1) + (first.back() == '0' ? "1" : "0"), kStart + 100) ==
          Cause::malformed);
    CHECK(it.denied.empty());
    CHECK(it.exchange(second, kStart + 100).decision.act == Act::rotate);
}

TEST_CASE("refresh/invariants: I11 the access tokens of a family that was reused are denied") {
    Families it;
    const std::string first = it.begin();
    it.rotate(first, kStart + 1);
    const Answer answer = it.exchange(first, kStart + 100);
    CHECK(answer.decision.act == Act::revoke);
    CHECK(it.denied == std::vector<std::string>{answer.family});

    Families full; // whatever becomes of telling: the family has ended
    const std::string token = full.begin();
    const std::string next = full.rotate(token, kStart + 1);
    full.cannot_announce = true;
    CHECK_FALSE(full.exchange(token, kStart + 100).announced);
    CHECK(full.refused(next, kStart + 101) == Cause::reused);
}

TEST_CASE("refresh/invariants: I12 turning the clock back opens nothing") {
    Families it;
    const std::string first = it.begin();
    it.rotate(first, kStart);
    const std::string other =
        it.begin({.client = "web", .subject = "bob"}, kStart + 1000); // the store has seen that time
    CHECK(it.refused(first, kStart + 5) == Cause::reused);
    CHECK(it.refused(other, kStart + 4600) == Cause::idle);
    CHECK(it.refused(other, kStart + 1000) == Cause::idle);
}

TEST_CASE("refresh/ledger: bound families: a proof is good for one use") {
    Families it;
    it.rules.mode = Mode::bind;
    const std::string token = it.begin({.client = "web", .subject = "alice", .key_thumbprint = "thumb"});
    Exchange exchange = it.exchange_of(token);
    CHECK(it.try_exchange(exchange, kStart + 1)->decision.cause == Cause::no_proof);
    exchange.proof = Proof::good;
    exchange.proof_key = "thumb";
    exchange.proof_id = "one";
    exchange.proof_until = kStart + 60;
    const auto answer = it.try_exchange(exchange, kStart + 1);
    CHECK(answer->decision.act == Act::renew);
    CHECK(answer->response.expose().find("refresh_token") == std::string_view::npos);
    CHECK(answer->response.expose().find("\"DPoP\"") != std::string_view::npos);
    CHECK(it.try_exchange(exchange, kStart + 2)->decision.cause == Cause::bad_proof);
    exchange.proof_id = "two";
    CHECK(it.try_exchange(exchange, kStart + 3)->decision.act == Act::renew);
    exchange.proof_id = "three";
    exchange.proof_key = "thief";
    CHECK(it.try_exchange(exchange, kStart + 4)->decision.cause == Cause::other_key);
}

TEST_CASE("refresh/ledger: what lies on the disk holds no token, and is for its owner alone") {
    Families it;
    const std::string first = it.begin();
    const std::string second = it.rotate(first, kStart + 1);
    for (const std::string& token : {first, second}) {
        const std::string secret(parse_token(token)->secret.expose());
        const std::string text = token.substr(token.find(".prod.") + 30);
        for (const char* name : {"store.db", "store.db-wal", "secret"}) {
            CHECK(it.file(name).find(text) == std::string::npos);
            CHECK(it.file(name).find(secret) == std::string::npos);
        }
    }
    for (const char* name : {"store.db", "secret"}) {
        struct stat info {};
        REQUIRE(stat((it.directory / (std::string("state/refresh/") + name)).c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
    }
    REQUIRE(it.file("store.db").find("alice") != std::string::npos); // so that it is the file that was looked at
    CHECK(it.rotate(second, kStart + 40).size() == second.size());
    Families copy; // the store alone, without its secret, is worth nothing
    std::filesystem::create_directories(copy.directory / "state/refresh");
    std::filesystem::permissions(copy.directory / "state", std::filesystem::perms::owner_all);
    std::filesystem::permissions(copy.directory / "state/refresh", std::filesystem::perms::owner_all);
    std::filesystem::copy(it.directory / "state/refresh/store.db", copy.directory / "state/refresh/store.db");
    const auto opened = Ledger::open(copy.directory / "state");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message.find("secret") != std::string::npos);
}

TEST_CASE("refresh/ledger: a record that was changed from outside is not believed, and the check names it") {
    Families it;
    const std::string token = it.begin();
    const std::string bob = it.begin({.client = "web", .subject = "bob"});
    {
        constexpr const char* kNoSteps[] = {""};
        auto database = store::Database::open_existing(Ledger::path_in(it.directory / "state"), {0x6a647231, kNoSteps});
        REQUIRE_MESSAGE(database, database.error().message);
        REQUIRE(database->execute("UPDATE families SET domain = 'staging' WHERE subject = 'alice'"));
        REQUIRE(database->execute("UPDATE log SET line = replace(line, 'bob', 'eve') WHERE number = 2"));
    }
    const auto answer = it.try_exchange(it.exchange_of(token), kStart + 1);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == Fault::invalid);
    CHECK(it.exchange(bob, kStart + 1).decision.act == Act::rotate);
    const auto check = it.ledger().check();
    REQUIRE(check);
    CHECK(check->families == 2);
    CHECK(check->altered == 1);
    CHECK(check->problems.size() == 2); // the record, and the line of the log
}

TEST_CASE("refresh/ledger: an old copy of the store that was put back is told by the first token that is newer") {
    Families it;
    const std::string first = it.begin();
    const std::string path = it.directory / "state/refresh/store.db";
    std::filesystem::copy(path, it.directory / "old.db");
    const std::string second = it.rotate(first, kStart + 1);
    const std::string third = it.rotate(second, kStart + 2);
    std::filesystem::copy(it.directory / "old.db", path, std::filesystem::copy_options::overwrite_existing);
    CHECK(it.refused(third, kStart + 3) == Cause::newer_than_store);
}

TEST_CASE("refresh/ledger: every exchange is a line of the log, each chained to the one before it") {
    Families it;
    const std::string first = it.begin();
    it.rotate(first, kStart + 1);
    it.refused(first, kStart + 100);
    std::vector<std::string> lines;
    auto ledger = it.ledger();
    REQUIRE(ledger.log().read([&](const AuditLog::Row& row) {
        CHECK(row.chained);
        lines.push_back(row.line);
        return true;
    }));
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].find(R"("event":"issue","domain":"prod")") != std::string::npos);
    CHECK(lines[1].find(R"("event":"refresh")") != std::string::npos);
    CHECK(lines[1].find(R"("jti":"jti-2")") != std::string::npos);
    CHECK(lines[2].find(R"("event":"reuse")") != std::string::npos);
    CHECK(lines[2].find(R"("cause":"reused")") != std::string::npos);
}

TEST_CASE("refresh/ledger: a newer store, one of something else, and one that is no database are left as they are") {
    Families it;
    it.begin();
    const std::string path = Ledger::path_in(it.directory / "state");
    constexpr const char* kNoSteps[] = {""};
    const auto change = [&](const char* sql) {
        auto database = store::Database::open_existing(path, {0x6a647231, kNoSteps});
        REQUIRE(database);
        REQUIRE(database->execute(sql));
    };
    change("PRAGMA user_version=2");
    auto opened = Ledger::open(it.directory / "state");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == Fault::unsupported);

    Families other;
    other.begin();
    std::ofstream(Ledger::path_in(other.directory / "state"), std::ios::binary) << std::string(8192, 'x');
    opened = Ledger::open(other.directory / "state");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == Fault::invalid);

    Families loose;
    loose.begin();
    std::filesystem::permissions(Ledger::path_in(loose.directory / "state"), std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    opened = Ledger::open(loose.directory / "state");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().hint.find("chmod 600") != std::string::npos);
}
