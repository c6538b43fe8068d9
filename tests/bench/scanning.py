"""Finding tokens in logs, small files, gzip and a repository, against what else reads them: cat, wc, grep and ripgrep."""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time

from lab import BINARY
from measure import in_turn, run, say, spent, target

MiB = 1 << 20
# The expressions that two well-known finders publish for tokens: gitleaks' rule `jwt` (MIT licence), and the pattern `JWT` of GitHub's
# secret-scanning-custom-patterns (MIT licence).
GITLEAKS = r"""\b(ey[a-zA-Z0-9]{17,}\.ey[a-zA-Z0-9/\\_-]{17,}\.(?:[a-zA-Z0-9/\\_-]{10,}={0,2})?)(?:[\x60'"\s;]|\\[nr]|$)"""
GITHUB = (r"e(?:y[IJ]|yL[CD]|yA[JKgi]|w[ko][JKgi])[A-Za-z0-9_-]{10,}(?:fQ|[3HXn]0|[1BFJNRVZdhlpx]9)={0,2}\."
          r"e(?:y[IJ]|yL[CD]|yA[JKgi]|w[ko][JKgi])[A-Za-z0-9_-]{10,}(?:fQ|[3HXn]0|[1BFJNRVZdhlpx]9)={0,2}(?:\.?[A-Za-z0-9_-]+={0,2})?")


class Corpus:
    """Lines of a log, with a token of its own on one line of so many octets."""

    def __init__(self, lab):
        self.lab, self.random = lab, random.Random(1)
        with open(lab.path("scanned.tokens"), "w") as out:
            subprocess.run([BINARY, "issue", "--domain", "prod", "--subject", "alice", "--count", "70000"], stdout=out, check=True, cwd=lab.dir, env=lab.env)
        with open(lab.path("scanned.tokens")) as tokens:
            self.tokens = iter(tokens.read().split())
        self.lines = [self.line(None) for _ in range(4000)]

    def line(self, token):
        pick = self.random
        words = " ".join(pick.choice(("GET", "POST", "user", "order", "cache", "miss", "took", "id", "retry")) for _ in range(pick.randint(3, 12)))
        more = f"authorization=\"Bearer {token}\"" if token else f"trace={pick.getrandbits(128):032x} etag={pick.randbytes(18).hex()}"
        return f"2026-11-{pick.randint(1, 28):02}T{pick.randint(0, 23):02}:00:00Z api-{pick.randint(1, 40)} INFO {words} {more} ms={pick.randint(1, 9999)}\n"

    def repeated(self, count):
        """The next tokens, again and again in no order, as sessions stand in a log; gives how many different ones."""
        few = [next(self.tokens) for _ in range(count)]
        self.tokens = iter(lambda: self.random.choice(few), None)
        return count

    def text(self, size, every):
        """So many octets, and how many tokens are in them; every: octets for one token, 0 for none."""
        out, count, length, due = [], 0, 0, every
        while length < size:
            if every and length >= due:
                out.append(self.line(next(self.tokens)))
                count, due = count + 1, due + every
            else:
                out.append(self.random.choice(self.lines))
            length += len(out[-1])
        return "".join(out).encode(), count


def found(place):
    """What a scan says that it found and read."""
    done = subprocess.run([BINARY, "scan", "--format", "json", place], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit(f"bench: scan {place}: exit {done.returncode}\n{done.stderr.decode()}")
    return json.loads(done.stdout)


def table(title, place, contestants, tokens, limits, octets, lab):
    """`limits`: by contestant, at least so many times as fast."""
    report = found(place)
    if len(report["tokens"]) != tokens:
        sys.exit(f"bench: scan finds {len(report['tokens'])} tokens of {tokens} in {title}")
    ours = {"jwtdomain scan": [BINARY, "scan", "--format", "jsonl", place],
            "jwtdomain scan, one thread": [BINARY, "scan", "--jobs", "1", "--format", "jsonl", place],
            "jwtdomain scan, with a policy": [BINARY, "scan", "--policy", lab.policy, "--format", "jsonl", place]}
    memory = {}

    def once(name, command):
        wall, most = spent_most(command)
        memory[name] = max(memory.get(name, 0), most)
        return wall

    everybody = {**ours, **contestants}
    r = in_turn({name: lambda name=name, command=command: once(name, command) for name, command in everybody.items()}, 5)
    say(f"### {title}\n")
    say("`cat` is compared with one thread of ours, the others with as many as there are cores.\n")
    say("| | seconds | MB/s | spread | scan is so many times as fast | MiB |\n|---|---|---|---|---|---|")
    best = r["jwtdomain scan"][0]
    for name, (first, _, worst) in r.items():
        ratio = first / (r["jwtdomain scan, one thread"][0] if name == "cat" else best)
        text = "" if name in ours else target(f"scan, {title}, by {name}", ratio, limits[name]) if name in limits else f"{ratio:.2f}"
        say(f"| {name} | {first:.3f} | {octets / first / 1e6:,.0f} | {worst / first:.2f} | {text} | {memory[name]:.0f} |")
    most = max(memory[name] for name in ours)
    say(f"\n{tokens:,} tokens, all found; {target(f'scan, {title}, memory', 64 / most, 1)} times the memory that it may take (64 MiB) is there.\n")


def spent_most(command):
    """Wall seconds, and the most memory in MiB; tokens that live, or nothing found, are no failure here."""
    start = time.perf_counter()
    child = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.perf_counter() - start
    if child.returncode not in (0, 1):
        sys.exit(f"bench: {' '.join(command)}: exit {child.returncode}")
    return wall, int(child.stderr.split()[-1]) / 1024


def scan(lab):
    say("## Finding tokens\n")
    say("Lines of a log on disk, warm; scan writes JSON Lines, finds, decodes, and says of each token what it is. grep and ripgrep write the lines that "
        "match. The expressions are those that gitleaks and GitHub publish.\n")
    corpus = Corpus(lab)
    files, counts = {}, {}
    for name, size, every in (("sparse", 256 * MiB, MiB), ("dense", 48 * MiB, 1024), ("none", 256 * MiB, 0), ("repeated", 48 * MiB, 1024)):
        files[name] = lab.path(name + ".log")
        first = corpus.tokens
        different = corpus.repeated(200) if name == "repeated" else None
        text, counts[name] = corpus.text(size, every)
        if different:
            corpus.tokens, counts[name] = first, different
        with open(files[name], "wb") as out:
            out.write(text)
    sizes = {name: os.path.getsize(file) for name, file in files.items()}

    def peers(file):
        return {"cat": ["cat", file], "wc -l": ["wc", "-l", file], "grep -c -F eyJ": ["grep", "-c", "-F", "eyJ", file],
                "rg -F eyJ": ["rg", "-N", "-F", "eyJ", file], "rg, gitleaks": ["rg", "-N", "-o", GITLEAKS, file],
                "rg, GitHub": ["rg", "-N", "-o", GITHUB, file]}

    table("256 MiB, a token in each", files["sparse"], peers(files["sparse"]), counts["sparse"], {"cat": 0.85, "rg, gitleaks": 1.5}, sizes["sparse"], lab)
    table("48 MiB, a token in each KiB, all different", files["dense"], peers(files["dense"]), counts["dense"], {"rg, gitleaks": 10}, sizes["dense"], lab)
    table("48 MiB, a token in each KiB, 200 different ones", files["repeated"], peers(files["repeated"]), counts["repeated"], {"rg, gitleaks": 10},
          sizes["repeated"], lab)
    table("256 MiB without tokens", files["none"], peers(files["none"]), 0, {"cat": 0.85}, sizes["none"], lab)

    small, size, number = lab.path("small"), 8192, 25000
    os.mkdir(small)
    total = 0
    for i in range(number):
        if i % 500 == 0:
            os.mkdir(f"{small}/{i // 500:02}")
        text, count = corpus.text(size, 0 if i % 100 else 4096)
        total += count
        with open(f"{small}/{i // 500:02}/{i}.txt", "wb") as out:
            out.write(text)
    octets = sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(small) for name in names)
    table("25,000 files of 8 KiB", small, {"rg -j2, gitleaks": ["rg", "-j2", "-uuu", "-o", GITLEAKS, small], "rg -j2 -F eyJ": ["rg", "-j2", "-uuu", "-F", "eyJ", small]},
          total, {"rg -j2, gitleaks": 1.5}, octets, lab)

    packed = lab.path("sparse.log.gz")
    with open(files["sparse"], "rb") as source, gzip.open(packed, "wb", 6) as out:
        shutil.copyfileobj(source, out, MiB)
    table("the first as gzip", packed, {"gzip -dc": ["gzip", "-dc", packed], "rg -z, gitleaks": ["rg", "-z", "-N", "-o", GITLEAKS, packed]},
          counts["sparse"], {"gzip -dc": 3}, sizes["sparse"], lab)

    repository = lab.path("repository")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", repository]
    run(["git", "init", "-q", repository])
    written = 0
    for commit in range(24):
        for file in range(8):
            text, count = corpus.text(MiB // 8, 64 << 10)
            written += count
            with open(f"{repository}/{file}.log", "wb") as out:
                out.write(text)
        run([*git, "add", "-A"])
        run([*git, "commit", "-q", "-m", str(commit)])
    run([*git, "gc", "-q"])
    history = ["git", "-C", repository, "log", "--all", "-p"]
    if len(found(repository)["tokens"]) != written:
        sys.exit(f"bench: scan finds {len(found(repository)['tokens'])} tokens of {written} in a repository")
    say("### A repository of 24 commits of 1 MiB each\n")
    walls = in_turn({"jwtdomain scan": lambda: spent_most([BINARY, "scan", "--format", "jsonl", repository])[0],
                     "git log -p": lambda: spent(history)[0],
                     "git cat-file": lambda: spent(["git", "-C", repository, "cat-file", "--batch-all-objects", "--unordered", "--batch"])[0]}, 5)
    say("| | seconds | spread |\n|---|---|---|")
    for name, (first, _, worst) in walls.items():
        say(f"| {name} | {first:.3f} | {worst / first:.2f} |")
    say(f"\n{written:,} tokens, all found.\n")
