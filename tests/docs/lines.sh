# shellcheck shell=bash
# What every shell must offer. The caller defines expect LINE WORD...; a word after '!' must not be offered. Runs in bash and zsh.
expect_lines() {
    expect 'jwtdomain ' verify explain help '!__complete'
    expect 'jwtdomain ver' verify '!explain'
    expect 'jwtdomain --col' --color
    expect 'jwtdomain --ver' --version
    expect 'jwtdomain --color ' auto always never
    expect 'jwtdomain --policy other ver' verify
    expect 'jwtdomain help ' verify explain
    expect 'jwtdomain verify --' --domain --resource --audience --aud --format --help
    expect 'jwtdomain verify --dom' --domain '!--resource'
    expect 'jwtdomain verify --domain ' staging prod prod/tenant-a
    expect 'jwtdomain verify -d s' staging '!prod'
    expect 'jwtdomain verify --policy nowhere --domain ' '!staging'
    expect 'jwtdomain verify --policy jwtdomain --domain p' prod prod/tenant-a '!staging'
    expect 'jwtdomain verify --alg E' ES256 ES384 ES512 ES256K Ed25519 Ed448 EdDSA
    expect 'jwtdomain verify --format ' text json
    expect 'jwtdomain verify --key k' key.pem
    expect 'jwtdomain init --preset k' keycloak kubernetes '!auth0'
    expect 'jwtdomain issue --domain s' staging '!prod'
    expect 'jwtdomain keygen --alg HS' HS256 HS384 HS512 '!ES256'
    expect 'jwtdomain explain aud' aud-mismatch aud-missing aud-foreign '!iss-missing'
    expect 'jwtdomain explain IS' ISS-07 ISS-08
    expect 'jwtdomain explain pol' policy
    expect 'jwtdomain explain --format j' json
    expect 'jwtdomain verify --domain prod --expect rej' reject
    expect 'jwtdomain verify --resource https://api.prod.example --meth' --method
}
