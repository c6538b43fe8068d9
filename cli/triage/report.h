// What `triage` has to say of a leaked token or a stolen key: a value, printed elsewhere. It is meant to be pasted into
// a ticket: no signature and no secret is in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "jwtdomain/audit/blast_radius.h"
#include "jwtdomain/jwt/inspect.h"

namespace jwtdomain::cli {

struct TriageReport {
    struct Row {
        std::string service, domain;              // names
        std::string resource = {};                // what of the domain it guards: an absolute URI; empty: all of it
        std::vector<std::string> methods, scopes; // scopes: those that the service asks for, which the token has
        audit::Evidence evidence = audit::Evidence::policy;
        bool verified = false;
        std::string path, key;
        std::string key_of = {};  // the domains that publish that key, "a and b"; empty: none does, or it is not known
        bool key_foreign = false; // and their issuer is somebody else's
        std::optional<Time> until;
        Location where;
    };
    struct Revoked {                   // by an entry of the policy's list
        std::string by, value, reason; // "jti", which, and why; the reason may be empty
    };
    enum class State : std::uint8_t { live, later, expired, revoked, refused, unknown };

    bool of_key = false; // a stolen key, not a token
    State state = State::unknown;
    std::string subject;            // of a key: what was asked about: "prod", "key.pem"
    std::string domain;             // whose token it says that it is, "a or b" where that leaves two; may be empty
    std::vector<std::string> home;  // the names that `domain` joins
    bool foreign = false;           // that domain's issuer is somebody else's
    std::string issuer_kind;        // of foreign ones: the name of its preset, where that can be told; may be empty
    std::string example;            // where everybody can read it; empty: it is no known example
    std::optional<Revoked> revoked; // it is in the list, which not everything that accepts it reads
    bool revocations_read = false;  // there is such a list
    std::optional<inspect::Token> token; // redacted
    std::vector<Row> accepts;
    std::vector<std::string> undecided; // services, with why
    std::optional<Time> until;          // when time alone ends it everywhere; nullopt: never, or nothing accepts it
    std::vector<std::string> actions;   // what stops it, in order; sentences without a full stop
    bool policy_read = false;
    Time now = 0;
};

std::string_view name_of(TriageReport::State state); // "LIVE"
std::string_view code_of(TriageReport::State state); // "live", for machines
Exit exit_of(const TriageReport& report);

// `estate` may be null: there is no policy.
TriageReport triage_token(const audit::Estate* estate, std::string_view token, const accept::Context& context,
                          audit::Engines* engines = nullptr);
struct StolenKeys {
    std::string subject; // whose they are, for reports
    std::vector<audit::KeyIdentity> keys;
    std::string unread = {}; // why one more could not be read; empty if they all could
};
TriageReport triage_keys(const audit::Estate& estate, StolenKeys stolen);

// "by its jti 7: leaked", "no, by the list of the policy"; empty: there is no list.
std::string revoked_text(const TriageReport& report);
std::string to_text(const TriageReport& report, bool color);
std::string to_json(const TriageReport& report);
// The same as one line, after the number of the line that it answers and the name that this gave.
std::string to_json_line(const TriageReport& report, std::size_t line, const std::optional<std::string>& id);

} // namespace jwtdomain::cli
