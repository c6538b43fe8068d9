# shellcheck shell=bash
# A policy with the domains staging, prod and prod/tenant-a, for the tests of completions: in jwtdomain/ below DIRECTORY. Runs in bash and zsh.
make_policy() { # DIRECTORY
    mkdir -p "$1/jwtdomain/domains"
    cat >"$1/jwtdomain/policy.yaml" <<'END'
version: 1
include: [domains/*.yaml]
END
    for domain in staging prod tenant; do
        case $domain in
        tenant) name=prod/tenant-a ;;
        *) name=$domain ;;
        esac
        cat >"$1/jwtdomain/domains/$domain.yaml" <<END
domain: $name
issuer: https://auth.$domain.example
audiences: [https://api.$domain.example]
END
    done
    mkdir -p "$1/other"
    : >"$1/token.jwt"
    : >"$1/key.pem"
}
