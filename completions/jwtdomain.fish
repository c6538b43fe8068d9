set -g __jwtdomain_valued --color --format --output --policy --time -o
# Generated from the declarations of the commands: ./dev docs

# The command on the line, if there is one yet.
function __jwtdomain_command
    set -l words (commandline -opc)
    set -l skip no
    for word in $words[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $__jwtdomain_valued
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __jwtdomain_is
    test (__jwtdomain_command; or echo) = $argv[1]
end

# The domains of the policy that the command line means. Without one there are none.
function __jwtdomain_domains
    set -l words (commandline -opc)
    set -l policy
    if set -l at (contains -i -- --policy $words); and test (count $words) -gt $at
        set policy --policy $words[(math $at + 1)]
    end
    $words[1] __complete domains $policy 2>/dev/null
end

function __jwtdomain_token
    set -l word (commandline -ct)
    string match -q -- '@*' $word; and __fish_complete_path (string sub -s 2 -- $word) | string replace -r '^' @
end

complete -c jwtdomain -f
complete -c jwtdomain -n 'not __jwtdomain_command' -a init -d 'Make a policy or add domains to it; describe an issuer you have'
complete -c jwtdomain -n 'not __jwtdomain_command' -a keygen -d 'Make a key, for a domain or by itself; convert key files'
complete -c jwtdomain -n 'not __jwtdomain_command' -a jwks -d 'Print public keys as a JWK Set, ready to be published'
complete -c jwtdomain -n 'not __jwtdomain_command' -a schema -d 'Print the JSON Schema of a policy or of a verifier, for editors'
complete -c jwtdomain -n 'not __jwtdomain_command' -a issue -d 'Mint a short-lived token that is bound to one domain'
complete -c jwtdomain -n 'not __jwtdomain_command' -a inspect -d 'Say what a token is and what is odd about it, without believing it'
complete -c jwtdomain -n 'not __jwtdomain_command' -a verify -d 'Decide whether a token belongs here, and say every reason why not'
complete -c jwtdomain -n 'not __jwtdomain_command' -a audit -d 'Prove which domains are isolated, or mint the token that crosses'
complete -c jwtdomain -n 'not __jwtdomain_command' -a describe -d 'Say which tokens a gateways configuration accepts'
complete -c jwtdomain -n 'not __jwtdomain_command' -a export -d 'Write a gateways configuration that enforces the policy'
complete -c jwtdomain -n 'not __jwtdomain_command' -a proof -d 'Check a certificate of isolation against the policy'
complete -c jwtdomain -n 'not __jwtdomain_command' -a evidence -d 'Keep what an audit found, so that others can check it later'
complete -c jwtdomain -n 'not __jwtdomain_command' -a triage -d 'Say what a leaked token or a stolen key opens, until when, and what stops it'
complete -c jwtdomain -n 'not __jwtdomain_command' -a explain -d 'Explain a reason, a rule, an exit status or a topic'
complete -c jwtdomain -n 'not __jwtdomain_command' -a demo -d 'Show the main job on two made-up domains; nothing stays behind'
complete -c jwtdomain -n 'not __jwtdomain_command' -a help -d 'Say in short what a command takes'

complete -c jwtdomain -n 'not __jwtdomain_command' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n 'not __jwtdomain_command' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n 'not __jwtdomain_command' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n 'not __jwtdomain_command' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n 'not __jwtdomain_command' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n 'not __jwtdomain_command' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n 'not __jwtdomain_command' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n 'not __jwtdomain_command' -s V -l version -d 'say which version this is'

complete -c jwtdomain -n '__jwtdomain_is init' -l domain -s d -x -d 'a domain to make'
complete -c jwtdomain -n '__jwtdomain_is init' -l base-url -x -d 'issuers and audiences are made from it (default https://example.com)'
complete -c jwtdomain -n '__jwtdomain_is init' -l alg -x -a 'ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' -d 'the algorithm of the new domains (default ES256)'
complete -c jwtdomain -n '__jwtdomain_is init' -l issuer -l iss -x -d 'the domains issuer is somebody elses: no key is made'
complete -c jwtdomain -n '__jwtdomain_is init' -l preset -x -a 'keycloak auth0 okta entra cognito kubernetes github-actions spiffe' -d 'the kind of that issuer'
complete -c jwtdomain -n '__jwtdomain_is init' -l jwks -r -F -d 'that issuers public keys, copied into the policy'
complete -c jwtdomain -n '__jwtdomain_is init' -l audience -l aud -x -d 'an audience of the domain, with --preset'
complete -c jwtdomain -n '__jwtdomain_is init' -l sample -r -F -d 'take claim names, type and lifetime from a token of that issuer'
complete -c jwtdomain -n '__jwtdomain_is init' -l shared-issuer -d 'domains may have one issuer, or one providers keys'
complete -c jwtdomain -n '__jwtdomain_is init' -l shared-audience -d 'foreign domains may have one audience'
complete -c jwtdomain -n '__jwtdomain_is init' -l dry-run -s n -d 'show what would be written'
complete -c jwtdomain -n '__jwtdomain_is init' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is init' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is init' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is init' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is init' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is init' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is init' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is keygen' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'make a key for this domain of the policy'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l alg -x -a 'ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' -d 'the algorithm (default: the domains, or ES256)'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l bits -x -d 'size of an RSA key, 2048 to 8192 (default 2048)'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l out -r -F -d 'write a key file, outside of any policy; - prints it'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l from -r -F -d 'convert this key file into --out, as --format says'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l public -d 'with --from: write the public half only'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l kid -x -d 'with --from: this key of a set'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l passphrase -x -d 'to encrypt it: prompt, env:NAME, file:PATH or fd:N'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l from-passphrase -x -d 'what opens the file of --from (default: asked for)'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l format -x -a 'text json pem der jwk jwks pkcs1 sec1' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is keygen' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is jwks' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'the key set of this domain of the policy'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l key -r -F -d 'a set of the public halves of these key files'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l passphrase -x -d 'what opens an encrypted --key: prompt, env:NAME, file:PATH, fd:N'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l format -x -a 'json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is jwks' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is schema' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is schema' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is schema' -l format -x -a 'json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is schema' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is schema' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is schema' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is schema' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is schema' -x -a 'policy verifier'

complete -c jwtdomain -n '__jwtdomain_is issue' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'the domain of the policy that the token is of'
complete -c jwtdomain -n '__jwtdomain_is issue' -l subject -l sub -x -d 'whom the token is about'
complete -c jwtdomain -n '__jwtdomain_is issue' -l audience -l aud -x -d 'for whom it is (default: the domains one audience)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l scope -x -d 'a scope that it carries'
complete -c jwtdomain -n '__jwtdomain_is issue' -l client -x -d 'the client of the domain that it is issued to'
complete -c jwtdomain -n '__jwtdomain_is issue' -l ttl -x -d 'how long it lives: 90s, 5m (default: as long as the domain allows)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l not-before -x -d 'when it begins: RFC 3339, seconds since 1970, or +5m'
complete -c jwtdomain -n '__jwtdomain_is issue' -l claim -x -d 'a further claim; NAME:=JSON for what is no text'
complete -c jwtdomain -n '__jwtdomain_is issue' -l header -x -d 'a further member of the header; NAME:=JSON likewise'
complete -c jwtdomain -n '__jwtdomain_is issue' -l kid -x -d 'sign with this one of the domains keys'
complete -c jwtdomain -n '__jwtdomain_is issue' -l signer -x -d 'let a program sign: signing input in, signature out'
complete -c jwtdomain -n '__jwtdomain_is issue' -l key -r -F -d 'sign with this private key instead of one from the key store'
complete -c jwtdomain -n '__jwtdomain_is issue' -l passphrase -x -d 'what opens an encrypted --key: prompt, env:NAME, file:PATH, fd:N'
complete -c jwtdomain -n '__jwtdomain_is issue' -l secret -x -d 'without a policy: an HMAC secret from env:NAME, file:PATH, fd:N, prompt'
complete -c jwtdomain -n '__jwtdomain_is issue' -l issuer -l iss -x -d 'without a policy: the issuer'
complete -c jwtdomain -n '__jwtdomain_is issue' -l claims -x -d 'without a policy: the claim set, taken as it is'
complete -c jwtdomain -n '__jwtdomain_is issue' -l type -x -d 'without a policy: typ of the header (default JWT; empty for none)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l alg -x -a 'ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' -d 'without a policy: the algorithm (default: the keys own)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l request -d 'sign nothing: print what is to be signed, as JSON'
complete -c jwtdomain -n '__jwtdomain_is issue' -l attach -r -F -d 'a request that was signed elsewhere; with --signature'
complete -c jwtdomain -n '__jwtdomain_is issue' -l signature -r -F -d 'its signature: a file, -, env:NAME or fd:N; raw, base64url or DER'
complete -c jwtdomain -n '__jwtdomain_is issue' -l count -x -d 'as many tokens, a line each'
complete -c jwtdomain -n '__jwtdomain_is issue' -l input -x -d 'jsonl: one token for each JSON object on standard input'
complete -c jwtdomain -n '__jwtdomain_is issue' -l jobs -s j -x -d 'threads for --input (default: all processors)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is issue' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is issue' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is issue' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is issue' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is issue' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is issue' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is inspect' -l get -x -d 'print one claim alone; NAME can be a JSON Pointer (/cnf/jkt)'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l claims -d 'print the claims alone, as JSON'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l header -d 'print the header alone, as JSON; with --get, take NAME from the header'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l reveal -d 'show tokens and secrets inside the token as they are'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is inspect' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is inspect' -x -a '(__jwtdomain_token)'

complete -c jwtdomain -n '__jwtdomain_is verify' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'the domain that is to accept it; auto finds it'
complete -c jwtdomain -n '__jwtdomain_is verify' -l resource -x -d 'the resource that is asked for'
complete -c jwtdomain -n '__jwtdomain_is verify' -l method -x -d 'the HTTP method that is asked for'
complete -c jwtdomain -n '__jwtdomain_is verify' -l scope -x -d 'a scope that the token must have'
complete -c jwtdomain -n '__jwtdomain_is verify' -l expect -x -a 'accept reject reject:token-too-large reject:token-parts reject:token-encrypted reject:token-serialization reject:token-is-refresh reject:encoding-character reject:encoding-padding reject:encoding-noncanonical reject:header-not-json reject:header-not-object reject:header-duplicate-name reject:header-invalid-utf8 reject:header-too-deep reject:alg-missing reject:alg-none reject:alg-unknown reject:alg-not-allowed reject:alg-key-mismatch reject:crit-unknown reject:crit-malformed reject:b64-false reject:zip-present reject:kid-malformed reject:typ-missing reject:typ-mismatch reject:typ-malformed reject:keys-unavailable reject:key-unknown reject:key-ambiguous reject:key-missing reject:signature-missing reject:signature-length reject:signature-invalid reject:claims-not-json reject:claims-not-object reject:claims-duplicate-name reject:claims-invalid-utf8 reject:claims-too-deep reject:iss-missing reject:iss-malformed reject:iss-mismatch reject:aud-missing reject:aud-malformed reject:aud-empty reject:aud-mismatch reject:aud-foreign reject:domain-missing reject:domain-malformed reject:domain-mismatch reject:exp-missing reject:exp-malformed reject:exp-negative reject:expired reject:nbf-malformed reject:not-yet-valid reject:iat-missing reject:iat-malformed reject:iat-future reject:lifetime-negative reject:lifetime-exceeded reject:claim-missing reject:claim-malformed reject:claim-mismatch reject:trust-expired reject:revoked reject:scope-missing reject:scope-malformed reject:scope-foreign reject:resource-unknown reject:resource-foreign reject:method-unknown reject:domain-no-path reject:domain-ambiguous reject:domain-none' -d 'accept, reject or reject:CODE: exit 0 only then'
complete -c jwtdomain -n '__jwtdomain_is verify' -l input -x -d 'jsonl: one token or object a line, a verdict each'
complete -c jwtdomain -n '__jwtdomain_is verify' -l jobs -s j -x -d 'threads for --input (default: all processors)'
complete -c jwtdomain -n '__jwtdomain_is verify' -l key -r -F -d 'without a policy: this key (PEM, DER, JWK, X.509)'
complete -c jwtdomain -n '__jwtdomain_is verify' -l jwks -r -F -d 'without a policy: these keys'
complete -c jwtdomain -n '__jwtdomain_is verify' -l secret -x -d 'an HMAC secret: env:NAME, file:PATH, fd:N, prompt'
complete -c jwtdomain -n '__jwtdomain_is verify' -l issuer -l iss -x -d 'the issuer, without a policy'
complete -c jwtdomain -n '__jwtdomain_is verify' -l audience -l aud -x -d 'the audience, likewise'
complete -c jwtdomain -n '__jwtdomain_is verify' -l alg -x -a 'ES256 ES384 ES512 ES256K Ed25519 Ed448 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512 EdDSA' -d 'accept only this algorithm'
complete -c jwtdomain -n '__jwtdomain_is verify' -l leeway -x -d 'for differing clocks, without a policy (default 30s)'
complete -c jwtdomain -n '__jwtdomain_is verify' -l signature-only -d 'check the signature of a compact JWS, nothing else'
complete -c jwtdomain -n '__jwtdomain_is verify' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is verify' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is verify' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is verify' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is verify' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is verify' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is verify' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is verify' -x -a '(__jwtdomain_token)'

complete -c jwtdomain -n '__jwtdomain_is audit' -l type -x -a 'verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet' -d 'whose configurations these are (default: what they look like)'
complete -c jwtdomain -n '__jwtdomain_is audit' -l against -x -a 'outsider replay insider stolen-key hostile-issuer' -d 'the strongest attacker to hold against (default: insider)'
complete -c jwtdomain -n '__jwtdomain_is audit' -l require -x -a 'policy config probed' -d 'how each verdict must be known'
complete -c jwtdomain -n '__jwtdomain_is audit' -l min-depth -x -d 'fail unless so many facts must fail before a token crosses'
complete -c jwtdomain -n '__jwtdomain_is audit' -l fail-on -x -a 'critical high medium low info weaker' -d 'fail on findings from this severity up (default: high); of diff: weaker, on what is or may be weaker'
complete -c jwtdomain -n '__jwtdomain_is audit' -l token -r -F -d 'look at this token too (TOKEN, @FILE or -); may be repeated'
complete -c jwtdomain -n '__jwtdomain_is audit' -l save-witnesses -x -a '(__fish_complete_directories)' -d 'keep what crosses there, to be run again once it is mended'
complete -c jwtdomain -n '__jwtdomain_is audit' -l real-keys -d 'with --save-witnesses: also the tokens themselves, signed with the keys of the domains'
complete -c jwtdomain -n '__jwtdomain_is audit' -l baseline -r -F -d 'what is known from this earlier run does not fail'
complete -c jwtdomain -n '__jwtdomain_is audit' -l write-baseline -r -F -d 'write there what would fail, for --baseline'
complete -c jwtdomain -n '__jwtdomain_is audit' -l owner -x -d 'who answers for what --write-baseline writes'
complete -c jwtdomain -n '__jwtdomain_is audit' -l proof -r -F -d 'write a certificate of what is proved, for proof check'
complete -c jwtdomain -n '__jwtdomain_is audit' -l sign-key -r -F -d 'sign the certificate with this private key'
complete -c jwtdomain -n '__jwtdomain_is audit' -l passphrase -x -d 'what opens an encrypted --sign-key: prompt, env:NAME, file:PATH, fd:N'
complete -c jwtdomain -n '__jwtdomain_is audit' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is audit' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is audit' -l format -x -a 'text json jsonl sarif junit github gitlab-codequality gitlab-sast markdown html' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is audit' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is audit' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is audit' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is audit' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is audit' -x -a '(__fish_complete_directories)'

complete -c jwtdomain -n '__jwtdomain_is describe' -l type -x -a 'verifier envoy istio haproxy node spring kube-apiserver apache aws external contour envoy-gateway oauth2-proxy vault kong aspnet' -d 'whose configuration it is (default: what it looks like)'
complete -c jwtdomain -n '__jwtdomain_is describe' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is describe' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is describe' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is describe' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is describe' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is describe' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is describe' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is describe' -r -F

complete -c jwtdomain -n '__jwtdomain_is export' -l to -x -a 'envoy istio kube-apiserver spring haproxy apache node' -d 'what the configuration is for'
complete -c jwtdomain -n '__jwtdomain_is export' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'the domain whose tokens it is to accept (default: the only one)'
complete -c jwtdomain -n '__jwtdomain_is export' -l resource -x -d 'what it guards (default: all resources of the domain)'
complete -c jwtdomain -n '__jwtdomain_is export' -l allow-loss -x -d 'go on though the target cannot enforce this; several with commas'
complete -c jwtdomain -n '__jwtdomain_is export' -l keys-url -x -d 'where the target fetches the key set (default: as the policy says)'
complete -c jwtdomain -n '__jwtdomain_is export' -l key-dir -x -d 'where key files lie on the machine of the target'
complete -c jwtdomain -n '__jwtdomain_is export' -l write-keys -x -a '(__fish_complete_directories)' -d 'write the key files that it names there'
complete -c jwtdomain -n '__jwtdomain_is export' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is export' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is export' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is export' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is export' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is export' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is export' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is proof' -l key -r -F -d 'it must be signed by one of these public keys'
complete -c jwtdomain -n '__jwtdomain_is proof' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is proof' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is proof' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is proof' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is proof' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is proof' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is proof' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is proof' -r -F

complete -c jwtdomain -n '__jwtdomain_is evidence' -l against -x -a 'outsider replay insider stolen-key hostile-issuer' -d 'the strongest attacker to hold against (default: insider)'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l require -x -a 'policy config probed' -d 'how each verdict must be known'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l min-depth -x -d 'fail unless so many facts must fail before a token crosses'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l fail-on -x -a 'critical high medium low info' -d 'fail on findings from this severity up (default: high)'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l baseline -r -F -d 'make: what is known from this earlier run does not fail'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l sign-key -r -F -d 'make: sign the statement with this private key'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l passphrase -x -d 'what opens an encrypted --sign-key: prompt, env:NAME, file:PATH, fd:N'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l from -x -d 'verify: there must be a run of each day from this one'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l to -x -d 'verify: to this one'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l key -r -F -d 'verify: each run must be signed by one of these public keys'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is evidence' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is evidence' -x -a '(__fish_complete_directories)'

complete -c jwtdomain -n '__jwtdomain_is triage' -l key -r -F -d 'a stolen key instead: what does it open?'
complete -c jwtdomain -n '__jwtdomain_is triage' -l domain -s d -x -a '(__jwtdomain_domains)' -d 'all keys of a domain that is lost'
complete -c jwtdomain -n '__jwtdomain_is triage' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is triage' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is triage' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is triage' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is triage' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is triage' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is triage' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is triage' -x -a '(__jwtdomain_token)'

complete -c jwtdomain -n '__jwtdomain_is explain' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is explain' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is explain' -l format -x -a 'text json' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is explain' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is explain' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is explain' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is explain' -l verbose -s v -d 'say what is read and done, on standard error'
complete -c jwtdomain -n '__jwtdomain_is explain' -x -a 'algorithms attackers evidence exit-status isolation policy verification token-too-large token-parts token-encrypted token-serialization token-is-refresh encoding-character encoding-padding encoding-noncanonical header-not-json header-not-object header-duplicate-name header-invalid-utf8 header-too-deep alg-missing alg-none alg-unknown alg-not-allowed alg-key-mismatch crit-unknown crit-malformed b64-false zip-present kid-malformed typ-missing typ-mismatch typ-malformed keys-unavailable key-unknown key-ambiguous key-missing signature-missing signature-length signature-invalid claims-not-json claims-not-object claims-duplicate-name claims-invalid-utf8 claims-too-deep iss-missing iss-malformed iss-mismatch aud-missing aud-malformed aud-empty aud-mismatch aud-foreign domain-missing domain-malformed domain-mismatch exp-missing exp-malformed exp-negative expired nbf-malformed not-yet-valid iat-missing iat-malformed iat-future lifetime-negative lifetime-exceeded claim-missing claim-malformed claim-mismatch trust-expired revoked scope-missing scope-malformed scope-foreign resource-unknown resource-foreign method-unknown domain-no-path domain-ambiguous domain-none header-jku header-jwk header-x5u header-x5c kid-suspicious nested-token trailing-junk sub-missing jti-missing nbf-missing aud-spans-domains disclosure-unreferenced disclosure-malformed secret-in-claims ALG-01 ALG-02 ALG-03 ALG-04 ALG-05 ALG-06 ALG-07 ALG-08 ALG-09 ALG-10 ALG-12 AUD-01 AUD-02 AUD-03 AUD-04 AUD-05 AUD-06 CLM-01 CLM-03 CLM-04 CLM-05 CLM-06 CLM-07 CLM-08 ISS-01 ISS-02 ISS-03 ISS-04 ISS-05 ISS-06 ISS-07 ISS-08 ISS-09 JWK-01 JWK-02 JWK-04 JWK-05 JWK-06 JWK-07 KEY-01 KEY-02 KEY-03 KEY-04 KEY-05 KEY-06 KEY-07 KEY-08 KEY-09 KEY-10 LIF-01 LIF-02 LIF-03 LIF-04 PAR-01 PAR-02 REF-01 REF-02 REF-03 RUN-02 RUN-03 RUN-04 TYP-01 TYP-02 TYP-03 0 1 2 3 4 5 70'

complete -c jwtdomain -n '__jwtdomain_is demo' -l policy -x -a '(__fish_complete_directories)' -d 'the policys directory (default: the nearest one)'
complete -c jwtdomain -n '__jwtdomain_is demo' -l time -x -d 'judge as of then: RFC 3339, or seconds since 1970'
complete -c jwtdomain -n '__jwtdomain_is demo' -l format -x -a '' -d 'text or json; with PATH, into that file'
complete -c jwtdomain -n '__jwtdomain_is demo' -l output -s o -r -F -d 'write the report there instead of to standard output'
complete -c jwtdomain -n '__jwtdomain_is demo' -l color -x -a 'auto always never' -d 'colour in text'
complete -c jwtdomain -n '__jwtdomain_is demo' -l quiet -s q -d 'no warnings'
complete -c jwtdomain -n '__jwtdomain_is demo' -l verbose -s v -d 'say what is read and done, on standard error'

complete -c jwtdomain -n '__jwtdomain_is help' -x -a 'init keygen jwks schema issue inspect verify audit describe export proof evidence triage explain demo'
complete -c jwtdomain -s h -l help -d 'say in short what the command takes'
