// The table of the policy format. One line adds a field: binding it (bind_*.cpp) is the other half.
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::policy::schema {

namespace {

// --- Places -------------------------------------------------------------------------------------------------------

constexpr Shape kText{.scalar = Scalar::text};
constexpr Shape kTexts{.element = &kText};
constexpr Shape kSomeTexts{.element = &kText, .not_empty = true};
constexpr Shape kFlag{.scalar = Scalar::flag};
constexpr Shape kNumber{.scalar = Scalar::number};
constexpr Shape kSpan{.scalar = Scalar::span};
constexpr Shape kTime{.scalar = Scalar::time};
constexpr Shape kValue{.scalar = Scalar::value};

constexpr Shape word(Words words) { return {.scalar = Scalar::text, .words = words, .only_words = true}; }

constexpr Shape kAlgorithm = word(algorithm_words);
constexpr Shape kAlgorithms{.element = &kAlgorithm, .not_empty = true};
constexpr Shape kMethod = word(method_words);
constexpr Shape kMethodList{.element = &kMethod, .not_empty = true};
constexpr Shape kMethods{.entries = &kTexts, .names = method_words};
constexpr Shape kPresence = word(presence_words);
constexpr Shape kChecked = word(checked_words);
constexpr Shape kType{.noun = "a media type", .scalar = Scalar::text, .words = type_words};
constexpr Shape kTypes{
    .scalar = Scalar::text, .words = any_words, .only_words = true, .element = &kType, .not_empty = true};
constexpr Shape kClaimName{.noun = "a claim name, or a JSON Pointer such as /realm_access/roles",
                           .scalar = Scalar::text};
constexpr Shape kOptionalClaimName{.noun = "a claim name", .scalar = Scalar::text, .words = none_words};
constexpr Shape kClaimNames{.element = &kClaimName};

// --- Languages of strings, and tests of claims ----------------------------------------------------------------------

constexpr Field kPatternFields[] = {
    {"prefix", kText, false, "Strings that begin so."},
    {"suffix", kText, false, "Strings that end so."},
    {"contains", kText, false, "Strings that hold this anywhere."},
    {"glob", kText, false, "'*' is any run of octets, '?' is one."},
    {"regex", kText, false, "Strings in which this regular expression is found; ^ and $ are their ends."},
};
constexpr Object kPattern{"pattern", "a pattern", "A language of strings: exactly one of its fields.", kPatternFields};
constexpr Shape kMember{.scalar = Scalar::value, .object = &kPattern};
constexpr Shape kLanguage{.scalar = Scalar::value, .element = &kMember, .not_empty = true, .object = &kPattern};
constexpr Shape kName{.scalar = Scalar::text, .object = &kPattern};
constexpr Shape kIssuers{
    .scalar = Scalar::text, .words = any_words, .element = &kName, .not_empty = true, .object = &kPattern};
constexpr Shape kNames{
    .scalar = Scalar::text, .words = any_words, .element = &kName, .not_empty = true, .object = &kPattern};
constexpr Shape kValues{.element = &kValue, .not_empty = true};
constexpr Shape kClaimShape = word(shape_words);
constexpr Shape kRole = word(role_words);

constexpr Field kTestFields[] = {
    {"in", kLanguage, false, "The claim is one of these values or matches one of these patterns."},
    {"prefix", kText, false, "The claim begins so."},
    {"suffix", kText, false, "The claim ends so."},
    {"contains", kText, false, "The claim holds this anywhere."},
    {"glob", kText, false, "The claim matches: '*' is any run of octets, '?' is one."},
    {"regex", kText, false, "This regular expression is found in the claim; ^ and $ are its ends."},
    {"has_any", kLanguage, false, "At least one member of the list claim is among these."},
    {"has_all", kValues, false, "Each of these is a member of the list claim."},
    {"all_in", kLanguage, false, "Every member of the list claim is among these."},
    {"present", kFlag, false, "true: the claim is there, whatever its value; false: it is not."},
    {"shape", kClaimShape, false,
     "How the claim is read: scalar, list (an array, or one string), words (one string of words, or an array)."},
    {"optional", kFlag, false, "A token without the claim passes."},
    {"role", kRole, false, "What the claim is to the policy; decides the reason code of a failure."},
};
constexpr Object kTest{"claim_test", "a test of a claim", "One test, and how the claim is read.", kTestFields};
constexpr Shape kTestShape{.scalar = Scalar::value, .element = &kMember, .not_empty = true, .object = &kTest};
constexpr Shape kTests{.entries = &kTestShape};

// --- Domains --------------------------------------------------------------------------------------------------------

constexpr Field kClaimsFields[] = {
    {"domain", kOptionalClaimName, false, "The claim that names the token's domain; none: tokens have no such claim."},
    {"scope", kClaimName, false, "The claim that holds the scopes (default: scope)."},
};
constexpr Object kClaims{"claim_names", "claim names", "How the claims are called.", kClaimsFields};
constexpr Shape kClaimsShape{.object = &kClaims};

constexpr Shape kRefreshMode = word(refresh_words);
constexpr Field kRefreshFields[] = {
    {"mode", kRefreshMode, false, "How refresh tokens are protected from replay (default: off)."},
    {"idle", kSpan, false, "A refresh token that was not used for so long is dead (default: 8h)."},
    {"absolute", kSpan, false, "No family of refresh tokens lives longer (default: 7d)."},
    {"grace", kSpan, false, "A token that was just used may be sent again for so long (default: 30s)."},
};
constexpr Object kRefresh{"refresh", "refresh rules", "Rules of refresh tokens.", kRefreshFields};
constexpr Shape kRefreshShape{.object = &kRefresh};

constexpr Field kRotationFields[] = {
    {"cache", kSpan, false, "The longest that a consumer keeps the key set, whatever is advertised (default: 2h)."},
    {"every", kSpan, false, "How long a key signs (default: until `jwtdomain rotate` is run)."},
};
constexpr Object kRotation{"rotation", "rotation rules", "How signing keys are replaced.", kRotationFields};
constexpr Shape kRotationShape{.object = &kRotation};

constexpr Shape kFile{.noun = "the name of a file", .scalar = Scalar::text};
constexpr Field kTenantFields[] = {
    {"from", kFile, false, "A text file with one tenant a line; '#' begins a comment."},
    {"values", kSomeTexts, false, "The tenants."},
};
constexpr Object kTenant{"tenant", "a tenant list", "Makes one domain per tenant; {tenant} stands for its name.",
                         kTenantFields};
constexpr Shape kTenantShape{.object = &kTenant};

constexpr Field kResourceFields[] = {
    {"uri", kText, true, "The absolute URI of the resource."},
    {"methods", kMethods, false, "The scopes that each method needs, all of them; without it: any method, no scope."},
    {"audiences", kSomeTexts, false, "Those of the domain's audiences that it takes (default: all)."},
};
constexpr Object kResource{"resource", "a resource", "An API that belongs to this domain only.", kResourceFields};
constexpr Shape kResourceShape{.object = &kResource};
constexpr Shape kResources{.element = &kResourceShape};

constexpr Shape kAllowedAudiences{.scalar = Scalar::text, .words = own_words, .only_words = true, .element = &kText};
constexpr Shape kAllowedScopes{.scalar = Scalar::text, .words = any_words, .only_words = true, .element = &kText};
constexpr Shape kAllowedValues{.scalar = Scalar::text, .words = any_words, .only_words = true, .element = &kValue};
constexpr Shape kAllowedClaims{.entries = &kAllowedValues};
constexpr Field kIssueFields[] = {
    {"audiences", kAllowedAudiences, false, "own (default): the domain's audiences; any; or a list."},
    {"scopes", kAllowedScopes, false, "any (default), or a list."},
    {"claims", kAllowedClaims, false, "For each claim: any, or a list of its values."},
    {"other_claims", kFlag, false, "Claims that are not listed may be minted (default: true)."},
    {"lifetime", kSpan, false, "The longest life of a minted token (default: the domain's)."},
};
constexpr Object kIssue{"issue", "an issuance profile", "An upper bound on what the issuer can mint.", kIssueFields};
constexpr Shape kIssueShape{.object = &kIssue};

constexpr Shape kClientType = word(client_words);
constexpr Field kClientFields[] = {
    {"type", kClientType, true, "confidential: it can keep a secret."},
    {"disabled", kFlag, false, "It gets no token any more."},
    {"scopes", kTexts, false, "The scopes it may have (default: all of the profile)."},
    {"audiences", kTexts, false, "The audiences it may ask for (default: all of the profile)."},
};
constexpr Object kClient{"client", "a client", "A client of the domain's issuer.", kClientFields};
constexpr Shape kClientShape{.object = &kClient};
constexpr Shape kClients{.entries = &kClientShape};

constexpr Shape kJwks{
    .noun = "a file, an https URL, or the word discovery", .scalar = Scalar::text, .words = keys_words};
constexpr Shape kSender = word(sender_words);
constexpr Shape kProfile = word(profile_words);

constexpr std::string_view kTypesDoc =
    "Accepted media types of tokens (typ); absent: no typ header is fine; the word any: typ is not checked.";
constexpr std::string_view kRequiredDoc = "Claims that a token must have, besides iss, aud and exp.";

constexpr Field kDomainFields[] = {
    {"domain", kText, true, "The name: lower-case segments, divided by '/'."},
    {"description", kText, false, "For people."},
    {"parent", kText, false, "The domain around it. Nothing is inherited."},
    {"tenant", kTenantShape, false, "Makes this file a template."},
    {"foreign", kFlag, false, "The issuer is somebody else's: nothing is minted here (default: false)."},
    {"issuer", kText, false, "The value of iss, compared octet by octet."},
    {"issuer_optional", kFlag, false, "A token without iss is accepted (default: false)."},
    {"audiences", kTexts, false, "Values of aud that name this domain."},
    {"neutral_audiences", kTexts, false, "Values that may stand in aud beside them and name no domain."},
    {"audience_fallback", kClaimNames, false, "Claims that are read, in this order, where aud is absent."},
    {"audience_optional", kFlag, false, "aud may be absent, or neutral throughout (default: false)."},
    {"types", kTypes, false, kTypesDoc},
    {"algorithms", kAlgorithms, false, "Accepted signature algorithms."},
    {"claims", kClaimsShape, false, "How the claims are called here."},
    {"domain_value", kText, false, "The value of the domain claim (default: the domain's name)."},
    {"lifetime", kSpan, false, "The longest life of a token: exp - iat where iat is required, else what remains."},
    {"leeway", kSpan, false, "For clocks that differ, at most 60s."},
    {"required", kClaimNames, false, kRequiredDoc},
    {"match", kTests, false, "Further claims that a token must have, with their values."},
    {"jwks", kJwks, false, "The public keys: a file beside the policy, an https URL, or discovery."},
    {"earlier_jwks", kSomeTexts, false,
     "Files with key sets that were published before: keys that stand in these alone have been removed."},
    {"resources", kResources, false, "The APIs of the domain."},
    {"issue", kIssueShape, false, "The issuance profile."},
    {"clients", kClients, false, "The clients of the issuer."},
    {"refresh", kRefreshShape, false, "Rules of refresh tokens."},
    {"rotation", kRotationShape, false, "How signing keys are replaced."},
    {"sender_constraint", kSender, false, "Binds tokens to a key of the client (default: none)."},
    {"profile", kProfile, false, "A security profile that the domain is held to (default: none)."},
};
constexpr Object kDomain{"domain", "a domain", "A security zone: one file of domains/.", kDomainFields};
constexpr Shape kDomainShape{.object = &kDomain};
constexpr Shape kDomains{.element = &kDomainShape};

constexpr Field kDefaultsFields[] = {
    {"algorithms", kAlgorithms, false, "Accepted signature algorithms (default: ES256)."},
    {"types", kTypes, false, kTypesDoc},
    {"lifetime", kSpan, false, "The longest life of a token (default: 10m)."},
    {"leeway", kSpan, false, "For clocks that differ, at most 60s (default: 30s)."},
    {"required", kClaimNames, false, kRequiredDoc},
    {"neutral_audiences", kTexts, false, "Values that may stand in aud and name no domain."},
    {"audience_fallback", kClaimNames, false, "Claims that are read, in this order, where aud is absent."},
    {"refresh", kRefreshShape, false, "Rules of refresh tokens."},
    {"rotation", kRotationShape, false, "How signing keys are replaced."},
    {"sender_constraint", kSender, false, "Binds tokens to a key of the client (default: none)."},
    {"profile", kProfile, false, "A security profile (default: none)."},
};
constexpr Object kDefaults{"defaults", "defaults", "What domains have that do not say otherwise.", kDefaultsFields};
constexpr Shape kDefaultsShape{.object = &kDefaults};

// --- Edges ----------------------------------------------------------------------------------------------------------

constexpr Field kTrustFields[] = {
    {"from", kText, true, "The domain whose tokens are accepted."},
    {"to", kText, true, "The domain that accepts them."},
    {"audience", kText, true, "The only audience that these tokens may have."},
    {"scopes", kTexts, true, "The only scopes that these tokens may have."},
    {"reason", kText, true, "Why it is there."},
    {"owner", kText, true, "Who answers for it."},
    {"expires", kTime, true, "The end of the exception."},
};
constexpr Object kTrust{"trust_edge", "a trust edge", "A declared, directed, dated exception.", kTrustFields};
constexpr Shape kTrustShape{.object = &kTrust};
constexpr Shape kTrusts{.element = &kTrustShape};

constexpr Shape kExchangeKind = word(exchange_words);
constexpr Field kExchangeFields[] = {
    {"from", kText, true, "The domain whose token is given."},
    {"to", kText, true, "The domain whose token is got."},
    {"kind", kExchangeKind, true, "The protocol."},
    {"audience", kText, false, "The audience of what is got (default: any that the profile has)."},
    {"scopes", kTexts, false, "The scopes that it may have (default: any that the profile has)."},
    {"reason", kText, true, "Why it is there."},
    {"owner", kText, true, "Who answers for it."},
};
constexpr Object kExchange{"exchange_edge", "an exchange edge",
                           "A way to turn a token of one domain into one of another.", kExchangeFields};
constexpr Shape kExchangeShape{.object = &kExchange};
constexpr Shape kExchanges{.element = &kExchangeShape};

// --- Verifiers ------------------------------------------------------------------------------------------------------

constexpr Shape kPlace{.noun = "a file or an https URL", .scalar = Scalar::text};
constexpr Field kKeysFields[] = {
    {"jwks", kPlace, false,
     "Where the keys are; a claim in braces is that of the token: https://keys.example/{tenant}."},
    {"inline", kText, false, "The key set itself, instead of a place: a JWK Set or PEM, as text."},
    {"algorithms", kAlgorithms, false,
     "What they are used for, whatever the keys themselves say (default: the path's)."},
    {"kid", kText, false, "Only the key of that kid."},
    {"owner", kText, false, "The domain that they are of, for reports."},
    {"metadata_issuer", kText, false, "The issuer that the metadata names by which they were found."},
};
constexpr Object kKeys{"keys", "a source of keys", "Keys of a path.", kKeysFields};
constexpr Shape kKeySource{.noun = "a file or an https URL", .scalar = Scalar::text, .object = &kKeys};
constexpr Shape kKeySources{.noun = "a file, an https URL, or the word none",
                            .scalar = Scalar::text,
                            .words = none_words,
                            .element = &kKeySource,
                            .not_empty = true,
                            .object = &kKeys};

constexpr Shape kComparison = word(comparison_words);
constexpr Field kAudienceFields[] = {
    {"any_of", kNames, false, "At least one value is among these."},
    {"all_of", kSomeTexts, false, "Each of these is a value."},
    {"subset_of", kSomeTexts, false, "Every value is one of these."},
    {"optional", kFlag, false, "A token without aud passes."},
    {"empty_ok", kFlag, false, "An empty list passes."},
    {"string_only", kFlag, false, "A list is refused."},
    {"comparison", kComparison, false, "How values are compared (default: exact)."},
    {"fallback", kClaimNames, false, "Claims that are read, in this order, where aud is absent."},
};
constexpr Object kAudience{"audience_rule", "an audience rule", "What aud must be; all of what is said here holds.",
                           kAudienceFields};
constexpr Shape kAudienceShape{
    .scalar = Scalar::text, .words = audience_words, .element = &kName, .not_empty = true, .object = &kAudience};

constexpr Shape kDuplicates = word(duplicates_words);
constexpr Shape kAnyCase = word(any_case_words);
constexpr Shape kAnyCases{.element = &kAnyCase};
constexpr Shape kBase64 = word(base64_words);
constexpr Shape kCrit = word(crit_words);
constexpr Shape kRefused = word(refused_words);
constexpr Shape kAbsent = word(absent_words);
constexpr Field kDialectFields[] = {
    {"duplicates", kDuplicates, false, "What is done with a name that stands twice (default: reject)."},
    {"any_case", kAnyCases, false, "Claims whose names are read in any case, as Go does (default: none)."},
    {"base64", kBase64, false, "lenient takes padding, the other alphabet and stray bits (default: strict)."},
    {"issuer_array", kRefused, false, "A list of issuers, of which one is right (default: refused)."},
    {"crit", kCrit, false, "Unknown names in crit (default: enforced)."},
    {"alg", kCrit, false, "alg of the header; ignored: the algorithm is that of the path or key (default: enforced)."},
    {"none", kRefused, false, "The algorithm none with an empty signature (default: refused)."},
    {"encryption", kRefused, false, "A token that is only encrypted, to a public key (default: refused)."},
    {"json", kRefused, false, "The JSON serialization, beside the compact one (default: refused)."},
    {"cache", kText, false, "Paths with the same name here share verification results."},
};
constexpr Object kDialect{"dialect", "a dialect", "How the verifier reads a token.", kDialectFields};
constexpr Shape kDialectShape{.object = &kDialect};

constexpr Shape kKid = word(kid_words);
constexpr Field kPathFields[] = {
    {"name", kText, false, "For reports (default: its number among the paths)."},
    {"keys", kKeySources, true, "Where the keys are; none: signatures are not checked."},
    {"kid", kKid, false, "How kid selects among them (default: must_match)."},
    {"key_issuer", kChecked, false, "That iss is the issuer which the key itself names (default: unchecked)."},
    {"algorithms", kAlgorithms, false, "Accepted algorithms (default: the key's own, else all that fit it)."},
    {"types", kTypes, false, "Accepted media types (default: any)."},
    {"issuer", kIssuers, true, "any, or what iss must be."},
    {"issuer_optional", kFlag, false, "A token without iss passes (default: only with issuer any)."},
    {"audience", kAudienceShape, true, "any, absent, or what aud must be."},
    {"expiry", kPresence, true, "required, optional (checked where it is there), or unchecked."},
    {"negative_expiry", kRefused, false, "exp below zero (default: refused)."},
    {"zero_expiry", kAbsent, false, "exp 0: refused, or as if it were absent (default: refused)."},
    {"malformed_times", kAbsent, false, "exp, nbf or iat that is no number (default: refused)."},
    {"not_before", kChecked, false, "nbf, where it is there (default: unchecked)."},
    {"issued_at", kChecked, false, "iat in the future is refused (default: unchecked)."},
    {"longest_life", kSpan, false, "Of exp - iat (nbf where there is no iat), which must then be there."},
    {"longest_remaining", kSpan, false, "Of exp - now."},
    {"leeway", kSpan, false, "For clocks that differ (default: 0)."},
    {"ends", kTime, false, "The path itself accepts nothing from then on."},
    {"required", kClaimNames, false, "Claims that must be there."},
    {"claims", kTests, false, "Claims, with their values."},
    {"principal", kClaimNames, false, "Claims that together name who the token is of; nothing is accepted by them."},
    {"dialect", kDialectShape, false, "How it reads a token (default: as strictly as we do)."},
    {"dropped", kSomeTexts, false, "Constraints of the real verifier that are not said here."},
};
constexpr Object kPath{"path", "an acceptance path", "One way in which the verifier accepts a token.", kPathFields};
constexpr Shape kPathShape{.object = &kPath};
constexpr Shape kPaths{.element = &kPathShape, .not_empty = true};

constexpr Shape kPart = word(part_words);
constexpr Shape kDecides = word(decides_words);
constexpr Field kInputFields[] = {
    {"from", kPart, true, "Where it stands; token: in a token that nobody verifies."},
    {"name", kText, true, "How it is called there."},
    {"decides", kDecides, true, "What the service takes it for."},
    {"must_equal", kClaimName, false, "The claim of the verified token that it is compared with (default: none)."},
    {"protected_by", kText, false, "What keeps callers from writing it: mTLS of the gateway (default: nothing)."},
};
constexpr Object kInput{"unsigned_input", "an unsigned input",
                        "What the service behind believes of a request beside its verified token.", kInputFields};
constexpr Shape kInputShape{.object = &kInput};
constexpr Shape kInputs{.element = &kInputShape, .not_empty = true};

constexpr Shape kGuard = word(guard_words);
constexpr Shape kUnknown = word(unknown_words);
constexpr Shape kGateway = word(gateway_words);
constexpr Field kVerifierFields[] = {
    {"domain", kText, true, "The domain whose resource it guards."},
    {"name", kText, false, "For reports (default: the domain, or its number among those of the domain)."},
    {"resource", kText, false, "What it guards (default: all of the domain's)."},
    {"methods", kMethodList, false, "The methods that it guards (default: all)."},
    {"type", kGateway, false, "The gateway whose configuration is read."},
    {"path", kFile, false, "Its configuration: a file or a folder."},
    {"guard", kGuard, false, "paths (default); open: takes every request; opaque: cannot be said in this form."},
    {"why", kText, false, "Why it is open or opaque."},
    {"accepts", kPaths, false, "The ways in which it accepts a token."},
    {"unknown_issuer", kUnknown, false,
     "A token of an issuer that none of these names is refused (default), or passes as if there were no token; of what "
     "is open: so does every token that fails."},
    {"unsigned", kInputs, false,
     "What the service behind takes from parts of the request that no signature covers; `accepts` says what passes "
     "whatever stands there."},
};
constexpr Object kVerifier{"verifier", "a verifier",
                           "What guards a resource: a gateway's configuration, or acceptance paths in the normal form.",
                           kVerifierFields};
constexpr Shape kVerifierShape{.object = &kVerifier};
constexpr Shape kVerifiers{.element = &kVerifierShape};

// --- The policy -----------------------------------------------------------------------------------------------------

constexpr Field kRevocationsFields[] = {
    {"file", kFile, true, "The signed revocation file."},
    {"keys", kSomeTexts, false, "Key files that may sign it (default: each domain's own keys for its own entries)."},
};
constexpr Object kRevocations{"revocations", "revocations", "Where revoked tokens are listed.", kRevocationsFields};
constexpr Shape kRevocationsShape{.object = &kRevocations};

constexpr Field kPolicyFields[] = {
    {"version", kNumber, true, "The version of this format: 1."},
    {"include", kTexts, false,
     "Domain files: '*' is part of a name, '**/' any directories (default: domains/**/*.yaml)."},
    {"claims", kClaimsShape, false, "How the claims are called (default: domain and scope)."},
    {"defaults", kDefaultsShape, false, "What domains have that do not say otherwise."},
    {"domains", kDomains, false, "Domains that have no file of their own."},
    {"trust", kTrusts, false, "Declared exceptions."},
    {"exchange", kExchanges, false, "Declared exchanges of tokens."},
    {"verifiers", kVerifiers, false, "What really guards the resources."},
    {"revocations", kRevocationsShape, false, "Where revoked tokens are listed."},
};
constexpr Object kPolicy{"policy", "a policy", "policy.yaml: what all domains have in common.", kPolicyFields};

} // namespace

const Object& policy_object() { return kPolicy; }
const Object& domain_object() { return kDomain; }
const Object& verifier_object() { return kVerifier; }

std::vector<const Object*> objects() {
    return {&kPolicy, &kDefaults, &kDomain,  &kClaims,   &kTenant,   &kResource,    &kIssue,
            &kClient, &kRefresh,  &kTrust,   &kExchange, &kVerifier, &kInput,       &kPath,
            &kKeys,   &kAudience, &kDialect, &kTest,     &kPattern,  &kRevocations, &kRotation};
}

} // namespace jwtdomain::policy::schema
