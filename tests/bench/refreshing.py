"""Exchanging refresh tokens, each on the disk before it is answered, against the plain rate of SQLite's commits."""
import json
import os
import random
import sqlite3
import subprocess
import threading
import time

from lab import BINARY
from measure import in_turn, run, say, target

SECONDS = 2
CLIENT = ["--domain", "prod", "--client", "web"]


class Chain:
    """A process that is given one token after the other: the one that it answered with last."""

    def __init__(self, lab):
        answer = run([BINARY, "issue", "--domain", "prod", "--subject", "alice", "--client", "web", "--refresh"], cwd=lab.dir, env=lab.env)
        self.token = json.loads(answer)["refresh_token"]
        self.process = subprocess.Popen([BINARY, "refresh", *CLIENT, "--input", "lines"], cwd=lab.dir, env=lab.env, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        self.count = 0

    def step(self):
        self.process.stdin.write(self.token + "\n")
        self.process.stdin.flush()
        self.token = json.loads(self.process.stdout.readline())["refresh_token"]
        self.count += 1

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def refreshes(chains):
    """Seconds for one, all of them at once."""
    end = time.perf_counter() + SECONDS
    before = sum(chain.count for chain in chains)

    def go(chain):
        while time.perf_counter() < end:
            chain.step()

    begin = time.perf_counter()
    threads = [threading.Thread(target=go, args=(chain,)) for chain in chains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - begin) / (sum(chain.count for chain in chains) - before)


class Plain:
    """A row of 600 octets is put in the place of another, and committed."""

    def __init__(self, lab):
        self.connection = sqlite3.connect(lab.path("plain.db"), isolation_level=None)
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB);")
        for number in range(1000):
            self.connection.execute("INSERT INTO t VALUES(?, ?)", (number, os.urandom(600)))

    def seconds(self):
        end, count = time.perf_counter() + SECONDS, 0
        begin = time.perf_counter()
        while time.perf_counter() < end:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("UPDATE t SET value = ? WHERE id = ?", (os.urandom(600), count % 1000))
            self.connection.execute("COMMIT")
            count += 1
        return (time.perf_counter() - begin) / count


def grow(lab, families):
    """So many more, made of one that there is; none of them is ever asked for."""
    store = sqlite3.connect(os.path.join(lab.env["XDG_STATE_HOME"], "jwtdomain/refresh/store.db"))
    columns = [row[1] for row in store.execute("PRAGMA table_info(families)")][2:]
    like = store.execute(f"SELECT {', '.join(columns)} FROM families LIMIT 1").fetchone()
    pick = random.Random(families)
    store.executemany(f"INSERT INTO families(id, {', '.join(columns)}) VALUES(?{', ?' * len(columns)})",
                      ((pick.randbytes(16), *like) for _ in range(families)))
    store.commit()
    store.close()


def refresh(lab):
    say("## Refresh tokens\n")
    say("Exchanges a second: the token is looked up, the next access token minted (ES256) and judged, the answer sealed, all of it and a line of "
        "the audit log committed with a sync of the disk. Each process is asked by a pipe, and asked again when it has answered. "
        "The limit is what SQLite commits, one row each time, with the same settings on the same disk.\n")
    with open(os.path.join(lab.policy, "domains/prod.yaml"), "a") as domain:
        domain.write("clients: {web: {type: public}}\nrefresh: {mode: rotate}\n")
    plain = Plain(lab)
    chains = [Chain(lab) for _ in range(8)]
    results = in_turn({"one process": lambda: refreshes(chains[:1]), "eight processes": lambda: refreshes(chains), "SQLite, plain commits": plain.seconds}, 5)
    limit = results["SQLite, plain commits"]
    say("| | exchanges/s | of plain commits | by medians | spread |\n|---|---|---|---|---|")
    for name, (best, median, worst) in results.items():
        share = limit[0] / best
        text = target("refresh, one process", share, 0.8) if name == "one process" else f"{share:.2f}"
        say(f"| {name} | {1 / best:,.0f} | {text} | {limit[1] / median:.2f} | {worst / best:.2f} |")
    say()
    for chain in chains[1:]:
        chain.close()
    grow(lab, 1000)
    few = in_turn({"few": lambda: refreshes(chains[:1])}, 3)["few"]
    chains[0].close()
    grow(lab, 1_000_000)
    one = Chain(lab)
    many = in_turn({"many": lambda: refreshes([one])}, 3)["many"]
    one.close()
    say(f"With a thousand families an exchange takes {few[1] * 1e6:,.0f} us, with a million {many[1] * 1e6:,.0f} us: "
        f"{target('refresh, a million families', few[1] / many[1], 0.8)} of the rate is left.\n")
