"""What the contestants work on: keys, tokens, and the peers' programs, made ready in a directory of their own."""
import os
import shutil
import subprocess
import sys

from measure import pinned, run

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BINARY = os.environ.get("JWTDOMAIN", os.path.join(ROOT, "build/release/jwtdomain"))
PEERS = os.environ.get("PEERS", os.path.join(ROOT, "build/bench-peers"))
CRATES = "/usr/share/cargo/registry"  # where Debian puts the sources of Rust's crates
ISSUER, AUDIENCE = "https://auth.prod.example.com", "https://api.prod.example.com"
OTHER_AUDIENCE = "https://api.staging.example.com"
ALGORITHMS = {"HS256": 200000, "RS256": 25000, "ES256": 10000, "EdDSA": 10000}


class Lab:
    def __init__(self, directory):
        self.dir = directory
        self.env = dict(os.environ, XDG_STATE_HOME=self.path("state"))
        run([BINARY, "init", "--domain", "staging", "--domain", "prod"], cwd=directory, env=self.env)
        self.policy = self.path("jwtdomain")

    def path(self, name):
        return os.path.join(self.dir, name)

    def keys(self, alg):
        """A private key, its public half as peers want it, and as we do."""
        private, public = self.path(f"{alg}.jwk"), self.path(f"{alg}.pub")
        if alg == "HS256":
            if not os.path.exists(public):
                with open(os.open(public, os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
                    out.write(os.urandom(16).hex())
            return public, public
        if not os.path.exists(private):
            run([BINARY, "keygen", "--alg", alg, "--out", private, "--format", "jwk"])
            run([BINARY, "keygen", "--from", private, "--public", "--format", "pem", "--out", public])
        return private, public

    def signing(self, alg, audience=AUDIENCE):
        """Our command that mints tokens with eight claims; the number of them is to be added."""
        private, _ = self.keys(alg)
        key = ["--secret", f"file:{private}"] if alg == "HS256" else ["--key", private]
        return [BINARY, "issue", *key, "--alg", alg, "--issuer", ISSUER, "--audience", audience, "--subject", "alice",
                "--scope", "orders:read orders:write", "--claim", "domain=prod", "--ttl", "24h", "--count"]

    def tokens(self, alg):
        """Distinct tokens, one a line."""
        file = self.path(f"{alg}.tokens")
        if not os.path.exists(file):
            with open(file, "w") as out:
                done = subprocess.run([*self.signing(alg), str(ALGORITHMS[alg])], stdout=out, stderr=subprocess.PIPE)
            if done.returncode != 0:
                sys.exit("bench: " + done.stderr.decode())
        return file

    def head(self, alg, count):
        file = self.path(f"{alg}.{count}.tokens")
        if not os.path.exists(file):
            with open(self.tokens(alg)) as source, open(file, "w") as out:
                for _ in range(count):
                    out.write(source.readline())
        return file

    def wrong(self, alg, kind):
        """A hundred tokens that nobody may accept: with another claim set than was signed, or for somebody else."""
        file = self.path(f"{alg}.{kind}.tokens")
        if not os.path.exists(file):
            count = 100
            others = run([*self.signing(alg, OTHER_AUDIENCE), str(count)]).split()
            with open(self.head(alg, count)) as source, open(file, "w") as out:
                for ours, other in zip(source.read().split(), others):
                    parts = ours.split(".")
                    forged = ".".join([parts[0], parts[1], other.split(".")[2]])
                    out.write((forged if kind == "forged" else other) + "\n")
        return file

    def domain_token(self):
        """A token of prod under the policy. It lives for ten minutes, and the whole bench takes longer."""
        with open(self.path("one.jwt"), "w") as out:
            out.write(run([BINARY, "issue", "--domain", "prod", "--subject", "alice"], cwd=self.dir, env=self.env))
        return self.path("one.jwt")

    def verify(self, alg, jobs):
        _, public = self.keys(alg)
        key = ["--secret", f"file:{public}"] if alg == "HS256" else ["--key", public]
        return [BINARY, "verify", *key, "--alg", alg, "--issuer", ISSUER, "--audience", AUDIENCE,
                "--input", "jsonl", "--jobs", str(jobs)]

    # --- programs of peers

    def compiled(self, name):
        """A peer in C or C++, compiled when it is first asked for."""
        program = self.path(name)
        if os.path.exists(program):
            return program
        compilers = {"raw.c": ["cc", "-lcrypto"], "hmac_loop.c": ["cc", "-lcrypto"], "libjwt.c": ["cc", "-ljwt"], "cppjwt.cpp": ["c++", "-lcrypto"]}
        source = next(s for s in compilers if s.split(".")[0] == name)
        compiler, *libraries = compilers[source]
        run([compiler, "-O2", "-w", "-o", program, f"{HERE}/peers/{source}", *libraries])
        return program

    def prover(self):
        """Asks the library itself, for estates that no command line could hold."""
        program = self.path("audit_scale")
        if not os.path.exists(program):
            run(["g++", "-std=c++20", "-O2", f"-I{ROOT}/build/include", "-o", program, f"{HERE}/peers/audit_scale.cpp",
                 os.path.join(ROOT, "build/release/libjwtdomain.a"), "-lyaml-cpp", "-lcrypto"])
        return program

    def crate(self):
        """Rust's jsonwebtoken, built from Debian's crates without any network; kept in build/, since that takes a minute."""
        place = os.path.join(ROOT, "build/bench-rust")
        shutil.copytree(f"{HERE}/peers/rust", place, dirs_exist_ok=True)
        run(["cargo", "build", "--quiet", "--release", "--offline", "--config", 'source.crates-io.replace-with="debian"',
             "--config", f'source.debian.directory="{CRATES}"'], cwd=place,
            env=dict(os.environ, CARGO_HOME=place + "/home", CARGO_TARGET_DIR=place + "/target"))
        return place + "/target/release/jsonwebtoken"

    def verifiers(self, alg):
        """The peers that have the algorithm: by name a command that lacks its file of tokens (it is put in place of None),
        and whether it checks claims."""
        _, public = self.keys(alg)
        claims = [ISSUER, AUDIENCE]
        peers = {
            "limit (raw EVP)": ([self.compiled("raw"), "verify", alg, public, None], False),
            "python3-jwt": (["/usr/bin/python3", f"{HERE}/peers/pyjwt.py", alg, public, None, *claims], True),
            "Rust jsonwebtoken": ([self.crate(), alg, public, None, *claims], True),
        }
        for library in ("jose", "jsonwebtoken", "fast-jwt"):
            peers[f"npm {library}"] = (["node", f"{HERE}/peers/peers.mjs", library, alg, public, None, *claims], True)
        peers["cpp-jwt"] = ([self.compiled("cppjwt"), alg, public, None, *claims], True)
        peers["libjwt"] = ([self.compiled("libjwt"), alg, public, None], False)
        if alg == "EdDSA":  # which these have not
            for name in ("npm jsonwebtoken", "cpp-jwt", "libjwt"):
                del peers[name]
        return peers


def peer_loop(command, tokens, wanted):
    """Processor seconds that the loop of a peer took for one token, as it says itself; exactly `wanted` must be accepted."""
    words = [tokens if word is None else word for word in command]
    total, accepted, seconds = run(pinned(words), env=dict(os.environ, PEERS=PEERS)).split()
    if int(accepted) != wanted:
        sys.exit(f"bench: {' '.join(words)}: {accepted} of {total} accepted, not {wanted}")
    return float(seconds) / max(int(total), 1)


def check_answers(lab, alg, peers):
    """Nobody is timed who would take a forged token, or, if it looks at claims, one for another audience."""
    for kind in ("forged", "foreign"):
        tokens = lab.wrong(alg, kind)
        for command, checks_claims in peers.values():
            if kind == "forged" or checks_claims:
                peer_loop(command, tokens, 0)
        with open(tokens) as source:
            ours = subprocess.run(lab.verify(alg, 1), stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        rejected = ours.stdout.count(b'"verdict":"rejected"')
        if ours.returncode != 1 or rejected != 100:
            sys.exit(f"bench: jwtdomain rejects {rejected} of 100 {kind} tokens ({alg})")
