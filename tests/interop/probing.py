"""A policy of two domains, and what the probe finds of what guards them."""
import json

import verifiers
from lab import WORK, jwtdomain, told

HOME = WORK / "jwtdomain"


def ours(*arguments, status=(0,)):
    done = jwtdomain(*arguments)
    if done.returncode not in status:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {told(done)}")
    return done.stdout.decode()


def probed(*arguments):
    return json.loads(ours("probe", "--policy", HOME, *arguments, "--format", "json", status=(0, 1, 3)))


def not_enforced(target):
    return {kind["check"] for kind in target["kinds"] if kind["conclusion"] == "broken"}


def crosses(target):
    return any(row["conclusion"] == "broken" for row in target["foreign"])


def wider(target):
    """What it takes, and its configuration refuses, as we read it."""
    return {row["what"] for row in target["foreign"] + target["kinds"] if row["accepted"] and row["modelled"] == "refuses"}


def witnesses(target):
    return [row for row in target["foreign"] if "the witness of the audit" in row["what"]]


def modelled(target):
    return sum(row["modelled"] != "unknown" for row in target["foreign"] + target["kinds"])


def domains():
    """Staging and prod, with their keys as verifiers have them."""
    ours("init", "--policy", HOME, "--domain", "staging", "--domain", "prod", "--alg", "RS256")
    out = {}
    for name in ("staging", "prod"):
        jwk = json.loads((HOME / "jwks" / f"{name}.json").read_text())["keys"][0]
        pem = WORK / f"{name}.pem"
        ours("keygen", "--from", HOME / "jwks" / f"{name}.json", "--public", "--format", "pem", "--out", pem)
        out[name] = verifiers.Domain(name, f"https://auth.{name}.example.com", f"https://api.{name}.example.com", pem, jwk)
    return out


# What a verifier does not look at unless it is told to, which no set-up does: typ and the domain claim.
ALWAYS = {"type", "domain claim"}
