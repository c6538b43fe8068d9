# Generated from the declarations of the commands: ./dev docs
# shellcheck shell=bash

_jwtdomain_commands='init keygen rotate jwks schema issue refresh revoke inspect verify audit describe export probe proof evidence triage scan crack explain demo help'

_jwtdomain_options() { # COMMAND
    case $1 in
    init) echo '--domain -d --base-url --alg --issuer --iss --resource --preset --jwks --audience --aud --sample --fetch --cacert --allow-private --resolve --shared-issuer --shared-audience --dry-run -n --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    keygen) echo '--domain -d --alg --bits --out --from --public --kid --passphrase --from-passphrase --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    rotate) echo '--domain -d --plan --simulate --emergency --now --reason --public --alg --bits --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    jwks) echo '--domain -d --key --check --passphrase --fetch --cacert --allow-private --resolve --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    schema) echo '--policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    issue) echo '--domain -d --subject --sub --audience --aud --scope --client --ttl --not-before --claim --header --kid --signer --key --passphrase --secret --issuer --iss --claims --type --alg --refresh --dpop-key --proof --access-token --nonce --request --attach --signature --count --input --jobs -j --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    refresh) echo '--domain -d --client --subject --sub --scope --audience --aud --ttl --dpop --dpop-key --endpoint --input --kid --signer --key --passphrase --store-check --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    revoke) echo '--jti --family --subject --sub --client --key --domain -d --before --reason --list --import --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    inspect) echo '--get --claims --header --reveal --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    verify) echo '--domain -d --resource --method --scope --dpop --expect --input --jobs -j --key --jwks --secret --issuer --iss --audience --aud --alg --leeway --signature-only --fetch --cacert --allow-private --resolve --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    audit) echo '--type --against --require --min-depth --fail-on --token --save-witnesses --real-keys --baseline --write-baseline --owner --proof --sign-key --passphrase --fetch --cacert --allow-private --resolve --snapshot --resource-metadata --domain --since --chain --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    describe) echo '--type --fetch --cacert --allow-private --resolve --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    export) echo '--to --domain -d --resource --allow-loss --keys-url --key-dir --write-keys --type --target --token --key --fail-on --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    probe) echo '--type --against --target --token --key --method --carrier --body --accept --refuse --timeout --total-timeout --jobs -j --rate --resume --transcript --dangerous --listen --listen-url --fetch --cacert --allow-private --resolve --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    proof) echo '--key --snapshot --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    evidence) echo '--against --require --min-depth --fail-on --baseline --sign-key --passphrase --fetch --cacert --allow-private --resolve --from --to --key --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    triage) echo '--key --input --domain -d --config --type --fetch --cacert --allow-private --resolve --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    scan) echo '--exclude --max-depth --max-window --max-unpacked --since --staged --fail-on --jwks --config --type --fetch --cacert --allow-private --resolve --only --baseline --write-baseline --owner --shard --jobs -j --strict --loose --across --recover --derive-keys --reveal --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    crack) echo '--input --wordlist -w --mutate --out --resume --foreign --export --jobs -j --policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    explain) echo '--policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    demo) echo '--policy --time --format --output -o --color --quiet -q --verbose -v --help -h' ;;
    *) echo '--policy --time --format --output -o --color --quiet -q --verbose -v --help -h --version -V' ;;
    esac
}

# What the value of an option is; false if it takes none.
_jwtdomain_value() { # COMMAND OPTION
    case $1:$2 in
    init:--domain | init:-d) echo 'none' ;;
    init:--base-url) echo 'none' ;;
    init:--alg) echo 'words:ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' ;;
    init:--issuer | init:--iss) echo 'none' ;;
    init:--resource) echo 'none' ;;
    init:--preset) echo 'words:keycloak auth0 okta entra cognito kubernetes github-actions spiffe' ;;
    init:--jwks) echo 'file' ;;
    init:--audience | init:--aud) echo 'none' ;;
    init:--sample) echo 'file' ;;
    init:--cacert) echo 'file' ;;
    init:--resolve) echo 'none' ;;
    init:--policy) echo 'directory' ;;
    init:--time) echo 'none' ;;
    init:--format) echo 'words:text json' ;;
    init:--output | init:-o) echo 'file' ;;
    init:--color) echo 'words:auto always never' ;;
    keygen:--domain | keygen:-d) echo 'domain' ;;
    keygen:--alg) echo 'words:ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' ;;
    keygen:--bits) echo 'none' ;;
    keygen:--out) echo 'file' ;;
    keygen:--from) echo 'file' ;;
    keygen:--kid) echo 'none' ;;
    keygen:--passphrase) echo 'none' ;;
    keygen:--from-passphrase) echo 'none' ;;
    keygen:--policy) echo 'directory' ;;
    keygen:--time) echo 'none' ;;
    keygen:--format) echo 'words:text json pem der jwk jwks pkcs1 sec1' ;;
    keygen:--output | keygen:-o) echo 'file' ;;
    keygen:--color) echo 'words:auto always never' ;;
    rotate:--domain | rotate:-d) echo 'domain' ;;
    rotate:--reason) echo 'none' ;;
    rotate:--public) echo 'file' ;;
    rotate:--alg) echo 'words:ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' ;;
    rotate:--bits) echo 'none' ;;
    rotate:--policy) echo 'directory' ;;
    rotate:--time) echo 'none' ;;
    rotate:--format) echo 'words:text json' ;;
    rotate:--output | rotate:-o) echo 'file' ;;
    rotate:--color) echo 'words:auto always never' ;;
    jwks:--domain | jwks:-d) echo 'domain' ;;
    jwks:--key) echo 'file' ;;
    jwks:--check) echo 'none' ;;
    jwks:--passphrase) echo 'none' ;;
    jwks:--cacert) echo 'file' ;;
    jwks:--resolve) echo 'none' ;;
    jwks:--policy) echo 'directory' ;;
    jwks:--time) echo 'none' ;;
    jwks:--format) echo 'words:json text' ;;
    jwks:--output | jwks:-o) echo 'file' ;;
    jwks:--color) echo 'words:auto always never' ;;
    schema:--policy) echo 'directory' ;;
    schema:--time) echo 'none' ;;
    schema:--format) echo 'words:json' ;;
    schema:--output | schema:-o) echo 'file' ;;
    schema:--color) echo 'words:auto always never' ;;
    issue:--domain | issue:-d) echo 'domain' ;;
    issue:--subject | issue:--sub) echo 'none' ;;
    issue:--audience | issue:--aud) echo 'none' ;;
    issue:--scope) echo 'none' ;;
    issue:--client) echo 'none' ;;
    issue:--ttl) echo 'none' ;;
    issue:--not-before) echo 'none' ;;
    issue:--claim) echo 'none' ;;
    issue:--header) echo 'none' ;;
    issue:--kid) echo 'none' ;;
    issue:--signer) echo 'none' ;;
    issue:--key) echo 'file' ;;
    issue:--passphrase) echo 'none' ;;
    issue:--secret) echo 'none' ;;
    issue:--issuer | issue:--iss) echo 'none' ;;
    issue:--claims) echo 'none' ;;
    issue:--type) echo 'none' ;;
    issue:--alg) echo 'words:ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' ;;
    issue:--dpop-key) echo 'file' ;;
    issue:--proof) echo 'none' ;;
    issue:--access-token) echo 'file' ;;
    issue:--nonce) echo 'none' ;;
    issue:--attach) echo 'file' ;;
    issue:--signature) echo 'file' ;;
    issue:--count) echo 'none' ;;
    issue:--input) echo 'none' ;;
    issue:--jobs | issue:-j) echo 'none' ;;
    issue:--policy) echo 'directory' ;;
    issue:--time) echo 'none' ;;
    issue:--format) echo 'words:text json' ;;
    issue:--output | issue:-o) echo 'file' ;;
    issue:--color) echo 'words:auto always never' ;;
    refresh:--domain | refresh:-d) echo 'domain' ;;
    refresh:--client) echo 'none' ;;
    refresh:--subject | refresh:--sub) echo 'none' ;;
    refresh:--scope) echo 'none' ;;
    refresh:--audience | refresh:--aud) echo 'none' ;;
    refresh:--ttl) echo 'none' ;;
    refresh:--dpop) echo 'file' ;;
    refresh:--dpop-key) echo 'file' ;;
    refresh:--endpoint) echo 'none' ;;
    refresh:--input) echo 'none' ;;
    refresh:--kid) echo 'none' ;;
    refresh:--signer) echo 'none' ;;
    refresh:--key) echo 'file' ;;
    refresh:--passphrase) echo 'none' ;;
    refresh:--policy) echo 'directory' ;;
    refresh:--time) echo 'none' ;;
    refresh:--format) echo 'words:text json' ;;
    refresh:--output | refresh:-o) echo 'file' ;;
    refresh:--color) echo 'words:auto always never' ;;
    revoke:--jti) echo 'none' ;;
    revoke:--family) echo 'none' ;;
    revoke:--subject | revoke:--sub) echo 'none' ;;
    revoke:--client) echo 'none' ;;
    revoke:--key) echo 'none' ;;
    revoke:--domain | revoke:-d) echo 'domain' ;;
    revoke:--before) echo 'none' ;;
    revoke:--reason) echo 'none' ;;
    revoke:--import) echo 'file' ;;
    revoke:--policy) echo 'directory' ;;
    revoke:--time) echo 'none' ;;
    revoke:--format) echo 'words:text json' ;;
    revoke:--output | revoke:-o) echo 'file' ;;
    revoke:--color) echo 'words:auto always never' ;;
    inspect:--get) echo 'none' ;;
    inspect:--policy) echo 'directory' ;;
    inspect:--time) echo 'none' ;;
    inspect:--format) echo 'words:text json' ;;
    inspect:--output | inspect:-o) echo 'file' ;;
    inspect:--color) echo 'words:auto always never' ;;
    verify:--domain | verify:-d) echo 'domain' ;;
    verify:--resource) echo 'none' ;;
    verify:--method) echo 'none' ;;
    verify:--scope) echo 'none' ;;
    verify:--dpop) echo 'file' ;;
    verify:--expect) echo 'words:accept reject reject:token-too-large reject:token-parts reject:token-encrypted reject:token-serialization reject:token-is-refresh reject:encoding-character reject:encoding-padding reject:encoding-noncanonical reject:header-not-json reject:header-not-object reject:header-duplicate-name reject:header-invalid-utf8 reject:header-too-deep reject:alg-missing reject:alg-none reject:alg-unknown reject:alg-not-allowed reject:alg-key-mismatch reject:crit-unknown reject:crit-malformed reject:b64-false reject:zip-present reject:kid-malformed reject:typ-missing reject:typ-mismatch reject:typ-malformed reject:keys-unavailable reject:key-unknown reject:key-ambiguous reject:key-missing reject:signature-missing reject:signature-length reject:signature-invalid reject:claims-not-json reject:claims-not-object reject:claims-duplicate-name reject:claims-invalid-utf8 reject:claims-too-deep reject:iss-missing reject:iss-malformed reject:iss-mismatch reject:aud-missing reject:aud-malformed reject:aud-empty reject:aud-mismatch reject:aud-foreign reject:domain-missing reject:domain-malformed reject:domain-mismatch reject:exp-missing reject:exp-malformed reject:exp-negative reject:expired reject:nbf-malformed reject:not-yet-valid reject:iat-missing reject:iat-malformed reject:iat-future reject:lifetime-negative reject:lifetime-exceeded reject:claim-missing reject:claim-malformed reject:claim-mismatch reject:trust-expired reject:revoked reject:proof-invalid reject:scope-missing reject:scope-malformed reject:scope-foreign reject:resource-unknown reject:resource-foreign reject:method-unknown reject:domain-no-path reject:domain-ambiguous reject:domain-none' ;;
    verify:--input) echo 'none' ;;
    verify:--jobs | verify:-j) echo 'none' ;;
    verify:--key) echo 'file' ;;
    verify:--jwks) echo 'file' ;;
    verify:--secret) echo 'none' ;;
    verify:--issuer | verify:--iss) echo 'none' ;;
    verify:--audience | verify:--aud) echo 'none' ;;
    verify:--alg) echo 'words:ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' ;;
    verify:--leeway) echo 'none' ;;
    verify:--cacert) echo 'file' ;;
    verify:--resolve) echo 'none' ;;
    verify:--policy) echo 'directory' ;;
    verify:--time) echo 'none' ;;
    verify:--format) echo 'words:text json' ;;
    verify:--output | verify:-o) echo 'file' ;;
    verify:--color) echo 'words:auto always never' ;;
    audit:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    audit:--against) echo 'words:outsider replay insider stolen-key hostile-issuer' ;;
    audit:--require) echo 'words:policy config probed' ;;
    audit:--min-depth) echo 'none' ;;
    audit:--fail-on) echo 'words:critical high medium low info weaker' ;;
    audit:--token) echo 'file' ;;
    audit:--save-witnesses) echo 'directory' ;;
    audit:--baseline) echo 'file' ;;
    audit:--write-baseline) echo 'file' ;;
    audit:--owner) echo 'none' ;;
    audit:--proof) echo 'file' ;;
    audit:--sign-key) echo 'file' ;;
    audit:--passphrase) echo 'none' ;;
    audit:--cacert) echo 'file' ;;
    audit:--resolve) echo 'none' ;;
    audit:--snapshot) echo 'file' ;;
    audit:--domain) echo 'domain' ;;
    audit:--since) echo 'none' ;;
    audit:--chain) echo 'none' ;;
    audit:--policy) echo 'directory' ;;
    audit:--time) echo 'none' ;;
    audit:--format) echo 'words:text json jsonl sarif junit github gitlab-codequality gitlab-sast markdown html' ;;
    audit:--output | audit:-o) echo 'file' ;;
    audit:--color) echo 'words:auto always never' ;;
    describe:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    describe:--cacert) echo 'file' ;;
    describe:--resolve) echo 'none' ;;
    describe:--policy) echo 'directory' ;;
    describe:--time) echo 'none' ;;
    describe:--format) echo 'words:text json' ;;
    describe:--output | describe:-o) echo 'file' ;;
    describe:--color) echo 'words:auto always never' ;;
    export:--to) echo 'words:envoy istio kube-apiserver spring haproxy apache node script github-actions gitlab-ci' ;;
    export:--domain | export:-d) echo 'domain' ;;
    export:--resource) echo 'none' ;;
    export:--allow-loss) echo 'none' ;;
    export:--keys-url) echo 'none' ;;
    export:--key-dir) echo 'none' ;;
    export:--write-keys) echo 'directory' ;;
    export:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    export:--target) echo 'none' ;;
    export:--token) echo 'none' ;;
    export:--key) echo 'none' ;;
    export:--fail-on) echo 'words:critical high medium low info' ;;
    export:--policy) echo 'directory' ;;
    export:--time) echo 'none' ;;
    export:--format) echo 'words:text json' ;;
    export:--output | export:-o) echo 'file' ;;
    export:--color) echo 'words:auto always never' ;;
    probe:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    probe:--against) echo 'words:outsider replay insider stolen-key hostile-issuer' ;;
    probe:--target) echo 'none' ;;
    probe:--token) echo 'none' ;;
    probe:--key) echo 'none' ;;
    probe:--method) echo 'none' ;;
    probe:--carrier) echo 'none' ;;
    probe:--body) echo 'none' ;;
    probe:--accept) echo 'none' ;;
    probe:--refuse) echo 'none' ;;
    probe:--timeout) echo 'none' ;;
    probe:--total-timeout) echo 'none' ;;
    probe:--jobs | probe:-j) echo 'none' ;;
    probe:--rate) echo 'none' ;;
    probe:--resume) echo 'file' ;;
    probe:--transcript) echo 'file' ;;
    probe:--listen) echo 'none' ;;
    probe:--listen-url) echo 'none' ;;
    probe:--cacert) echo 'file' ;;
    probe:--resolve) echo 'none' ;;
    probe:--policy) echo 'directory' ;;
    probe:--time) echo 'none' ;;
    probe:--format) echo 'words:text json jsonl sarif junit github gitlab-codequality gitlab-sast markdown html' ;;
    probe:--output | probe:-o) echo 'file' ;;
    probe:--color) echo 'words:auto always never' ;;
    proof:--key) echo 'file' ;;
    proof:--snapshot) echo 'file' ;;
    proof:--policy) echo 'directory' ;;
    proof:--time) echo 'none' ;;
    proof:--format) echo 'words:text json' ;;
    proof:--output | proof:-o) echo 'file' ;;
    proof:--color) echo 'words:auto always never' ;;
    evidence:--against) echo 'words:outsider replay insider stolen-key hostile-issuer' ;;
    evidence:--require) echo 'words:policy config probed' ;;
    evidence:--min-depth) echo 'none' ;;
    evidence:--fail-on) echo 'words:critical high medium low info' ;;
    evidence:--baseline) echo 'file' ;;
    evidence:--sign-key) echo 'file' ;;
    evidence:--passphrase) echo 'none' ;;
    evidence:--cacert) echo 'file' ;;
    evidence:--resolve) echo 'none' ;;
    evidence:--from) echo 'none' ;;
    evidence:--to) echo 'none' ;;
    evidence:--key) echo 'file' ;;
    evidence:--policy) echo 'directory' ;;
    evidence:--time) echo 'none' ;;
    evidence:--format) echo 'words:text json' ;;
    evidence:--output | evidence:-o) echo 'file' ;;
    evidence:--color) echo 'words:auto always never' ;;
    triage:--key) echo 'file' ;;
    triage:--input) echo 'none' ;;
    triage:--domain | triage:-d) echo 'domain' ;;
    triage:--config) echo 'directory' ;;
    triage:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    triage:--cacert) echo 'file' ;;
    triage:--resolve) echo 'none' ;;
    triage:--policy) echo 'directory' ;;
    triage:--time) echo 'none' ;;
    triage:--format) echo 'words:text json' ;;
    triage:--output | triage:-o) echo 'file' ;;
    triage:--color) echo 'words:auto always never' ;;
    scan:--exclude) echo 'none' ;;
    scan:--max-depth) echo 'none' ;;
    scan:--max-window) echo 'none' ;;
    scan:--max-unpacked) echo 'none' ;;
    scan:--since) echo 'none' ;;
    scan:--fail-on) echo 'words:critical high medium low info' ;;
    scan:--jwks) echo 'file' ;;
    scan:--config) echo 'directory' ;;
    scan:--type) echo 'words:verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet oathkeeper nginx postgrest hasura krakend traefik-hub apisix tyk' ;;
    scan:--cacert) echo 'file' ;;
    scan:--resolve) echo 'none' ;;
    scan:--only) echo 'none' ;;
    scan:--baseline) echo 'file' ;;
    scan:--write-baseline) echo 'file' ;;
    scan:--owner) echo 'none' ;;
    scan:--shard) echo 'none' ;;
    scan:--jobs | scan:-j) echo 'none' ;;
    scan:--recover) echo 'file' ;;
    scan:--policy) echo 'directory' ;;
    scan:--time) echo 'none' ;;
    scan:--format) echo 'words:text json jsonl csv sarif html' ;;
    scan:--output | scan:-o) echo 'file' ;;
    scan:--color) echo 'words:auto always never' ;;
    crack:--input) echo 'none' ;;
    crack:--wordlist | crack:-w) echo 'file' ;;
    crack:--out) echo 'file' ;;
    crack:--resume) echo 'file' ;;
    crack:--export) echo 'words:hashcat john' ;;
    crack:--jobs | crack:-j) echo 'none' ;;
    crack:--policy) echo 'directory' ;;
    crack:--time) echo 'none' ;;
    crack:--format) echo 'words:text json' ;;
    crack:--output | crack:-o) echo 'file' ;;
    crack:--color) echo 'words:auto always never' ;;
    explain:--policy) echo 'directory' ;;
    explain:--time) echo 'none' ;;
    explain:--format) echo 'words:text json' ;;
    explain:--output | explain:-o) echo 'file' ;;
    explain:--color) echo 'words:auto always never' ;;
    demo:--policy) echo 'directory' ;;
    demo:--time) echo 'none' ;;
    demo:--format) echo 'words:' ;;
    demo:--output | demo:-o) echo 'file' ;;
    demo:--color) echo 'words:auto always never' ;;
    '*:--policy') echo 'directory' ;;
    '*:--time') echo 'none' ;;
    '*:--format') echo 'words:text json' ;;
    '*:--output' | '*:-o') echo 'file' ;;
    '*:--color') echo 'words:auto always never' ;;
    *) return 1 ;;
    esac
}

_jwtdomain_argument() { # COMMAND
    case $1 in
    schema) echo 'words:policy verifier' ;;
    refresh) echo 'file' ;;
    revoke) echo 'none' ;;
    inspect) echo 'token' ;;
    verify) echo 'token' ;;
    audit) echo 'directory' ;;
    describe) echo 'file' ;;
    export) echo 'directory' ;;
    probe) echo 'directory' ;;
    proof) echo 'file' ;;
    evidence) echo 'directory' ;;
    triage) echo 'token' ;;
    scan) echo 'file' ;;
    crack) echo 'token' ;;
    explain) echo 'words:algorithms attackers crack evidence exit-status isolation policy probe scan verification token-too-large token-parts token-encrypted token-serialization token-is-refresh encoding-character encoding-padding encoding-noncanonical header-not-json header-not-object header-duplicate-name header-invalid-utf8 header-too-deep alg-missing alg-none alg-unknown alg-not-allowed alg-key-mismatch crit-unknown crit-malformed b64-false zip-present kid-malformed typ-missing typ-mismatch typ-malformed keys-unavailable key-unknown key-ambiguous key-missing signature-missing signature-length signature-invalid claims-not-json claims-not-object claims-duplicate-name claims-invalid-utf8 claims-too-deep iss-missing iss-malformed iss-mismatch aud-missing aud-malformed aud-empty aud-mismatch aud-foreign domain-missing domain-malformed domain-mismatch exp-missing exp-malformed exp-negative expired nbf-malformed not-yet-valid iat-missing iat-malformed iat-future lifetime-negative lifetime-exceeded claim-missing claim-malformed claim-mismatch trust-expired revoked proof-invalid scope-missing scope-malformed scope-foreign resource-unknown resource-foreign method-unknown domain-no-path domain-ambiguous domain-none header-jku header-jwk header-x5u header-x5c kid-suspicious nested-token trailing-junk sub-missing jti-missing nbf-missing aud-spans-domains disclosure-unreferenced disclosure-malformed secret-in-claims ALG-01 ALG-02 ALG-03 ALG-04 ALG-05 ALG-06 ALG-07 ALG-08 ALG-09 ALG-10 ALG-11 ALG-12 AUD-01 AUD-02 AUD-03 AUD-04 AUD-05 AUD-06 CLM-01 CLM-02 CLM-03 CLM-04 CLM-05 CLM-06 CLM-07 CLM-08 ISS-01 ISS-02 ISS-03 ISS-04 ISS-05 ISS-06 ISS-07 ISS-08 ISS-09 JWK-01 JWK-02 JWK-03 JWK-04 JWK-05 JWK-06 JWK-07 KEY-01 KEY-02 KEY-03 KEY-04 KEY-05 KEY-06 KEY-07 KEY-08 KEY-09 KEY-10 LIF-01 LIF-02 LIF-03 LIF-04 PAR-01 PAR-02 REF-01 REF-02 REF-03 RUN-01 RUN-02 RUN-03 RUN-04 RUN-05 TYP-01 TYP-02 TYP-03 0 1 2 3 4 5 70' ;;
    help) echo "words:$_jwtdomain_commands" ;;
    *) echo none ;;
    esac
}

# Candidates for $1, of the kind $2, into COMPREPLY.
_jwtdomain_candidates() {
    local current=$1 kind=$2
    case $kind in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames 2>/dev/null ;;
    directory) mapfile -t COMPREPLY < <(compgen -d -- "$current") && compopt -o filenames 2>/dev/null ;;
    token) [[ $current != @* ]] || mapfile -t COMPREPLY < <(compgen -P @ -f -- "${current#@}") ;;
    domain) mapfile -t COMPREPLY < <(compgen -W "$(_jwtdomain_domains)" -- "$current") ;;
    words:*) mapfile -t COMPREPLY < <(compgen -W "${kind#words:}" -- "$current") ;;
    esac
}

# The domains of the policy that the command line means. Without one there are none.
_jwtdomain_domains() {
    local i policy=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} != --policy ]] || policy=(--policy "${COMP_WORDS[i + 1]}")
    done
    "${COMP_WORDS[0]}" __complete domains "${policy[@]}" 2>/dev/null
}

_jwtdomain() {
    local words=() cword=0 i word
    # bash splits words at '=' and ':' as well: put them together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && { [[ $word == [=:]* ]] || [[ ${COMP_WORDS[i - 1]} == [=:] ]]; }; then
            words[cword]+=$word
        else
            ((i == 0)) || ((cword += 1))
            words[cword]=$word
        fi
    done
    local current=${words[cword]} command='' option='' kind prefix=''
    COMPREPLY=()
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        option=''
        if [[ $word == -?* && $word != *=* ]] && _jwtdomain_value "${command:-*}" "$word" >/dev/null; then
            option=$word
            ((i += 1))
        elif [[ $word != -* && -z $command ]]; then
            command=$word
        fi
    done
    # $i went past the end if the last whole word takes the current one as its value.
    ((i > cword)) || option=''
    if [[ -z $option && $current == --*=* ]]; then
        option=${current%%=*}
        prefix=$option=
        current=${current#*=}
    fi
    if [[ -n $option ]]; then
        kind=$(_jwtdomain_value "${command:-*}" "$option") || return 0
        _jwtdomain_candidates "$current" "$kind"
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_jwtdomain_options "$command")" -- "$current")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$_jwtdomain_commands" -- "$current")
    else
        _jwtdomain_candidates "$current" "$(_jwtdomain_argument "$command")"
    fi
    # Readline replaces only what stands behind the last '=' or ':'.
    if [[ $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"${current%"${current##*:}"}"}; done
    elif [[ -n $prefix && $COMP_WORDBREAKS != *=* ]]; then
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=$prefix${COMPREPLY[i]}; done
    fi
    return 0
}

complete -F _jwtdomain jwtdomain
