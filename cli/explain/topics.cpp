#include "cli/explain/topics.h"

#include <algorithm>
#include <array>

#include "cli/explain/crack_topic.h"
#include "cli/explain/probe_topic.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::cli {
namespace {

struct StageInfo {
    Stage stage;
    std::string_view heading, work;
};

constexpr auto kStages = std::to_array<StageInfo>({
    {Stage::shape, "Shape", "at most 1 MiB; three parts, each in the one canonical spelling of base64url"},
    {Stage::header, "Header",
     "strict JSON; an algorithm that the domain allows; a type that it takes; no extension that we do not know"},
    {Stage::key, "Key", "one key of this domain, by its kid; never a key that the token brings or points to"},
    {Stage::signature, "Signature", "over the octets as they were received"},
    {Stage::claims, "Claims", "issuer, audience, domain, times, required claims, revocation; compared octet by octet"},
    {Stage::resource, "Scope and resource", "the scopes that the method of the resource needs"},
    {Stage::domain, "Domain", "what cannot be decided by one acceptance path alone"},
    {Stage::observation, "Observation", "what `jwtdomain inspect` points out; it rejects nothing by itself"},
});

constexpr auto kAdvice = std::to_array<ExitAdvice>({
    {Exit::yes, "Go on", "jwtdomain verify --domain prod @prod.jwt"},
    {Exit::no, "Stop: let the job fail; the report says why, and `jwtdomain explain CODE` explains each reason",
     "jwtdomain verify --domain prod @staging.jwt"},
    {Exit::usage, "Mend the command line; the message names the option, and --help lists them all",
     "jwtdomain verify --domian prod @prod.jwt"},
    {Exit::undecided,
     "Treat it as no: what could not be read or proved is not safe; the message names what stood in the way",
     "jwtdomain verify --domain prod @no-such-file.jwt"},
    {Exit::no_input, "Name the token, the domain or the file; an empty pipe before this command is the usual cause",
     "jwtdomain verify --domain prod - </dev/null"},
    {Exit::retry, "Try again in a moment: another process holds a lock, or a key begins to be valid later", ""},
    {Exit::internal, "Report it with the command and its output, without tokens and keys; nothing was decided", ""},
});

PageTable::Row row_of(const AlgorithmInfo& a) {
    const std::string rsa = "RSA key of " + std::to_string(a.min_key_size) + " bits up, ";
    std::string text = std::string(name_of(a.key)) + " key";
    if (a.family == Family::rsa_pkcs1) text = rsa + "PKCS #1 v1.5";
    if (a.family == Family::rsa_pss) text = rsa + "PSS";
    if (a.family == Family::hmac) text = "secret of " + std::to_string(a.min_key_size) + " octets up";
    if (a.hash_bits > 0) text += ", SHA-" + std::to_string(a.hash_bits);
    if (a.signature_size > 0 && a.family != Family::hmac) {
        text += "; signature of " + std::to_string(a.signature_size) + " octets";
    }
    return {std::string(a.name), text + "; " + std::string(a.source)};
}

// What tests/interop/MATRIX.md says, which is made by running the peers: a test holds the two together.
constexpr std::array kPeers{
    PeerInfo{"npm jose 6.2.18", "ES256K, EdDSA with Ed448, Ed448 (RFC 9864)"},
    PeerInfo{"npm jose 5.10.0", "Ed448 (RFC 9864)"},
    PeerInfo{"npm jsonwebtoken 9.0.3",
             "ES256K, EdDSA with Ed25519, EdDSA with Ed448, Ed25519 (RFC 9864), Ed448 (RFC 9864)"},
    PeerInfo{"python3-jwt 2.6.0", "Ed25519 (RFC 9864), Ed448 (RFC 9864)"},
    PeerInfo{"python3-jwcrypto 1.1", "Ed25519 (RFC 9864), Ed448 (RFC 9864)"},
    PeerInfo{"jose 11", "ES256K, EdDSA with Ed25519, EdDSA with Ed448, Ed25519 (RFC 9864), Ed448 (RFC 9864)"},
    PeerInfo{"openssl 3.0", ""},
};

std::vector<PageTable> algorithm_tables() {
    PageTable all{"Algorithms", {}};
    for (const AlgorithmInfo& a : algorithms()) all.rows.push_back(row_of(a));
    all.rows.push_back(
        {"EdDSA", "another name: Ed25519 on a key of that curve, Ed448 on one of that; RFC 9864 section 2.2"});
    PageTable tested{"Tested with these: keys and tokens, both ways", {}};
    for (const PeerInfo& peer : kPeers) {
        tested.rows.push_back(
            {std::string(peer.name), peer.lacks.empty() ? "all" : "all but " + std::string(peer.lacks)});
    }
    return {all, tested};
}

std::vector<PageTable> verification_tables() {
    PageTable order{"In this order", {}};
    int number = 0;
    for (const StageInfo& stage : kStages) {
        if (stage.stage == Stage::observation) continue;
        order.rows.push_back({std::to_string(++number) + " " + std::string(stage.heading), std::string(stage.work)});
    }
    return {order};
}

std::vector<PageTable> policy_tables() {
    return {{"Files",
             {{"policy.yaml", "names of claims, defaults, trust and exchange edges, verifiers"},
              {"domains/NAME.yaml", "one domain: issuer, audiences, resources, what its issuer may mint"},
              {"jwks/NAME.json", "the public keys of a domain"},
              {"ignores.yaml", "findings that are accepted: why, by whom, until when"}}},
            {"Where it is looked for",
             {{"1", "--policy DIR"},
              {"2", "the environment variable JWTDOMAIN_POLICY"},
              {"3", "the nearest jwtdomain/policy.yaml, up to the root of the work tree"}}}};
}

std::vector<PageTable> evidence_tables() {
    return {{"Levels",
             {{"[policy]", "declared only: the policy says so, and nothing that runs was looked at"},
              {"[config]", "the configuration that guards the resource was read"},
              {"[probed]", "a running verifier was asked, and answered"}}}};
}

std::vector<PageTable> isolation_tables() {
    return {{"Verdicts",
             {{"LEAKS", "a token that crosses was made, signed, and accepted by the engine; exit status 1"},
              {"NOT PROVEN", "it could not be decided, and what stood in the way is named; exit status 3"},
              {"CONSISTENT", "the policy holds against itself, and what guards its resources was not read; 0"},
              {"ISOLATED", "no such token exists, under the assumptions that are printed; 0"}}},
            {"Depth",
             {{"0", "some token crosses already"},
              {"1", "one edit, theft or bypass away from it"},
              {"3+", "three facts or more must fail first; `--min-depth` asks for so many"}}}};
}

std::vector<PageTable> attacker_tables() {
    return {{"From the weakest to the strongest",
             {{"outsider", "knows what is public: key sets, documents"},
              {"replay", "holds tokens of domain A as its issuer makes them by default"},
              {"insider", "can have any token that the issuance profile of A permits"},
              {"stolen-key", "has the private key of A: any header, any claims"},
              {"hostile-issuer", "puts any key wherever A controls the source of keys"}}}};
}

std::vector<PageTable> exit_tables() {
    PageTable all{"Statuses", {}};
    for (const ExitInfo& entry : statuses_by_number()) {
        all.rows.push_back({std::to_string(static_cast<int>(entry.status)) + " " + std::string(entry.name),
                            std::string(entry.meaning)});
    }
    all.rows.push_back({"128+n", "ended by the signal n"});
    return {all};
}

std::vector<PageTable> scan_tables() {
    return {
        {"Severities",
         {{"critical", "LEAKED-LIVE: something accepts it, and its signature is good"},
          {"high", "LEAKED-UNEXPIRED: accepted if its signature is good, accepted later, or not known to be refused"},
          {"medium", "LEAKED-REFUSED: whole and unexpired, and refused by all that the policy knows"},
          {"low", "LEAKED-PART: without its signature, or cut off"},
          {"info", "LEAKED-DEAD: expired, revoked, or an example that everybody can read"}}},
        {"Places",
         {{"logs/a.log:7", "a file, and a line in it"},
          {"repo!1a2b3c4d5e6f:src/a.js:7", "in git: the oldest commit that brings it there; as `git show` takes it, "
                                           "behind the '!'"},
          {"repo!1a2b3c4d5e6f:1", "the message of a commit; or an object of which no place is known (unreachable)"},
          {"repo!refs/tags/v1:4", "an annotated tag"},
          {"repo!:src/a.js:7", "staged, and in no commit"}}},
        {"A baseline",
         {{"make one", "jwtdomain scan --write-baseline known.json --owner NAME PATH"},
          {"use it", "jwtdomain scan --baseline known.json PATH"},
          {"by hand", "one fingerprint a line; a report of scan, in json or jsonl, will do as well"}}},
        {"Over many machines",
         {{"", "Reports of parts, in json or jsonl, add up to those of a single run, whatever the order: `jwtdomain "
               "scan merge REPORT...`. Give all of them one --time, and one --policy."},
          {"--shard 3/8", "reads a part of what is named, by the octets of each path: no list has to be shared out"},
          {"GNU parallel", "find logs -type f -print0 | parallel -0 -X jwtdomain scan --format jsonl > parts.jsonl"},
          {"Spark", "sc.textFile('hdfs:///logs').pipe('jwtdomain scan --format jsonl -').saveAsTextFile('found'), then "
                    "hdfs dfs -cat 'found/part-*' | jwtdomain scan merge -"},
          {"Kubernetes", "an indexed Job whose pods run scan --shard \"$JOB_COMPLETION_INDEX/8\" --format "
                         "\"json:/found/$JOB_COMPLETION_INDEX.json\"; README.md has it"}}},
    };
}

const std::vector<Topic>& table() {
    static const std::vector<Topic> all{
        {"algorithms",
         "The algorithms that tokens can be signed with and verified by",
         {"A key is used with exactly one algorithm: its own `alg` decides, or else the domain's list. New domains get "
          "ES256. "
          "`none` is not an algorithm here, in whatever spelling.",
          "An HMAC secret (HS256, HS384, HS512) is known to everybody who verifies, so each of them can mint. Prefer a "
          "key pair "
          "where more than one party is involved."},
         algorithm_tables},
        {"attackers",
         "Against whom a domain is isolated; each attacker can do what those before can",
         {"A leak names the weakest attacker who suffices for it; a proof names the strongest whom it defeats. "
          "`--against NAME` sets how "
          "strong an attacker a check must hold against; without it that is the insider."},
         attacker_tables},
        {"crack",
         "What `jwtdomain crack` tries, and what it means that a secret was found, or was not",
         {"An HMAC token is signed with a secret that its verifiers have, too. Whoever has one such token can try "
          "secrets against it without asking anybody, some ten million a second on one core: only one of random "
          "octets, as long as the hash (`jwtdomain keygen --alg HS256`), withstands that.",
          "A secret that was found is never shown. `--out FILE` writes it into a file of mode 0600 that must not be "
          "there yet; `jwtdomain triage --key FILE` says again what it opens. Treat every token that it has signed as "
          "forged, and make a new one: what was guessed once is guessed again.",
          "NOT FOUND says of nothing but what was tried. For longer lists, rules and masks there are hashcat and john "
          "(`--export`)."},
         crack_tables},
        {"evidence",
         "How a verdict is known: every one says so",
         {"A policy that contradicts nothing is consistent, no more: what really guards a resource can differ from "
          "what was declared. "
          "A resource of which nothing was read is not proven, and that is never a pass."},
         evidence_tables},
        {"exit-status",
         "What the exit status says to a script",
         {"Anything but 0 must stop a job that depends on the answer. 1 is a decision; 2 to 5 and 70 mean that there "
          "is none. Where several "
          "hold, the first of 70, 2, 1, 3, 4, 5 is the one. The output format never changes it."},
         exit_tables},
        {"isolation",
         "What `jwtdomain audit` decides, against whom, and how surely",
         {"For every ordered pair of domains it asks whether there is a token that an attacker can have of the one and "
          "what guards the other accepts. "
          "Where there is one, it is shown with each field that would stop it if it were required: each answer was "
          "computed with the change made.",
          "`--against` names the strongest attacker to hold against (default: insider; jwtdomain explain attackers); "
          "stronger ones are shown and do not fail. `--require` asks how each verdict must be known (jwtdomain explain "
          "evidence)."},
         isolation_tables},
        {"policy",
         "The directory that declares all domains",
         {"It holds public material only: commit it. Private keys stay outside any work tree, in "
          "$XDG_STATE_HOME/jwtdomain or "
          "~/.local/state/jwtdomain, in files that only you can read.",
          "Files are YAML or JSON and are read strictly: an unknown field, a duplicate name or a dangling reference is "
          "an error "
          "with its place. `jwtdomain schema policy` prints the JSON Schema; `jwtdomain init` writes a first policy."},
         policy_tables},
        {"probe",
         "What `jwtdomain probe` sends, what its answers show, and how its report is read",
         {"A check is called enforced if all tokens that differ in it were refused beside a control that was accepted: "
          "each finding is attributed to the one thing in which its token differed. One that was taken is NOT "
          "ENFORCED, "
          "whatever else was refused.",
          "INCONCLUSIVE means that nothing was seen. Look at the control first: is it taken by hand? Does the target "
          "answer 401 or 403 where it refuses (`--accept` and `--refuse` say which statuses mean what)? Does it look "
          "for "
          "the token elsewhere (`--carrier`)? A token that cannot be minted here is handed in by `--token`.",
          "Tokens live a minute, with the subject jwtdomain-probe and the scopes that the resource asks for. Without "
          "the private key of a domain most kinds cannot be made: they are listed as not sent."},
         probe_tables},
        {"scan",
         "How the report of `jwtdomain scan` is read, shared out among machines, and kept for the next time",
         {"Nothing in a report makes a token usable, unless --reveal was given. A token is named by its fingerprint: "
          "SHA-256, in hexadecimal, of what is signed, without the signature. `--only FINGERPRINT` finds it again "
          "elsewhere.",
          "A severity is that of the token itself. `--fail-on` says from which one on the exit status is 1; what a "
          "baseline has does not fail, and is shown as known. Incomplete coverage is 3, where nothing fails."},
         scan_tables},
        {"verification",
         "What `jwtdomain verify --domain NAME` checks, in order",
         {"It asks the acceptance paths of that domain and of no other: its key set, its issuer, its audiences. Every "
          "check that fails is reported, each with a stable "
          "reason code, and so is the domain that would have accepted the token."},
         verification_tables},
    };
    return all;
}

constexpr bool in_order() {
    for (std::size_t i = 0; i < kStages.size(); ++i) {
        if (static_cast<std::size_t>(kStages[i].stage) != i) return false;
    }
    return true;
}
static_assert(in_order(), "the table follows the enum");

} // namespace

std::span<const PeerInfo> peers() { return kPeers; }

std::span<const Topic> topics() { return table(); }

const ExitAdvice& advice_on(Exit status) {
    for (const ExitAdvice& entry : kAdvice) {
        if (entry.status == status) return entry;
    }
    return kAdvice.back();
}

std::vector<ExitInfo> statuses_by_number() {
    std::vector<ExitInfo> list(exit_statuses().begin(), exit_statuses().end());
    std::sort(list.begin(), list.end(), [](const ExitInfo& a, const ExitInfo& b) { return a.status < b.status; });
    return list;
}

std::string_view heading_of(Stage stage) { return kStages[static_cast<std::size_t>(stage)].heading; }
std::string_view work_of(Stage stage) { return kStages[static_cast<std::size_t>(stage)].work; }

} // namespace jwtdomain::cli
