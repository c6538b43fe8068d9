#!/bin/sh
# Audits the policy, and what guards its domains, and probes what runs. Reports are written to
# $JWTDOMAIN_REPORTS; the exit status is the worst of all: 0 only if everything was decided and good.
# The probe takes a private key (PEM or JWK) or a good token of each domain from the environment, else a key from
# the key store. Without them it is INCONCLUSIVE, which is no pass.
#   prod: JWTDOMAIN_KEY_PROD or JWTDOMAIN_TOKEN_PROD
#   staging: JWTDOMAIN_KEY_STAGING or JWTDOMAIN_TOKEN_STAGING
# Made by: jwtdomain export --to script
set -u
umask 077

jwtdomain=${JWTDOMAIN:-jwtdomain}
reports=${JWTDOMAIN_REPORTS:-jwtdomain-reports}
mkdir -p "$reports" || exit 3

worst=0
run() { # COMMAND...: goes on whatever it says, and remembers the worst status
    "$@"
    status=$?
    for each in 70 2 1 3 4 5; do
        [ "$worst" -ne "$each" ] || return 0
        [ "$status" -ne "$each" ] || { worst=$status && return 0; }
    done
    [ "$status" -eq 0 ] || worst=$status
}

# Audit the policy
run "$jwtdomain" audit --policy jwtdomain --fail-on high \
    --format text \
    --format sarif:"$reports"/policy.sarif \
    --format junit:"$reports"/policy.xml \
    --format json:"$reports"/policy.json

# Probe what runs
set --
if [ -n "${JWTDOMAIN_KEY_PROD:-}" ]; then
    set -- "$@" --key prod=env:JWTDOMAIN_KEY_PROD
elif [ -n "${JWTDOMAIN_TOKEN_PROD:-}" ]; then
    set -- "$@" --token prod=env:JWTDOMAIN_TOKEN_PROD
fi
if [ -n "${JWTDOMAIN_KEY_STAGING:-}" ]; then
    set -- "$@" --key staging=env:JWTDOMAIN_KEY_STAGING
elif [ -n "${JWTDOMAIN_TOKEN_STAGING:-}" ]; then
    set -- "$@" --token staging=env:JWTDOMAIN_TOKEN_STAGING
fi
run "$jwtdomain" probe --policy jwtdomain "$@" \
    --format text \
    --format sarif:"$reports"/probe.sarif \
    --format junit:"$reports"/probe.xml \
    --format json:"$reports"/probe.json

exit "$worst"
