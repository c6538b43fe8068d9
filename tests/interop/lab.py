"""What the interop tests share: our command, a directory for the files of one test, and the count of checks."""
import atexit
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ.get("SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
BINARY = os.environ.get("JWTDOMAIN") or str(ROOT / "build/release/jwtdomain")
PEERS = os.environ.get("PEERS") or str(ROOT / "build/peers")

ISSUER = "https://auth.prod.example.com"
AUDIENCE = "https://api.prod.example.com"

WORK = pathlib.Path(tempfile.mkdtemp(prefix="jwtdomain-test-"))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)

_checks = 0
_failures = []


def check(good, sentence):
    """Counts a check; a failure is told at once and again by finish()."""
    global _checks
    _checks += 1
    if not good:
        _failures.append(sentence)
        print(f"FAILED: {sentence}", flush=True)
    return bool(good)


def finish(at_least):
    """Ends the test. `at_least` is how many checks there must have been: a loop over nothing proves nothing."""
    if _checks < at_least:
        _failures.append(f"only {_checks} checks were made, expected at least {at_least}")
    print(f"{_checks} checks, {len(_failures)} failed")
    for failure in _failures[:20]:
        print(f"  {failure}")
    sys.exit(1 if _failures else 0)


def run(*command, stdin=b"", env=None, cwd=WORK):
    """Any program; its output as octets. What is missing is a failure of the test, said in words."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    try:
        return subprocess.run([str(part) for part in command], input=stdin, capture_output=True, env=env, cwd=cwd,
                              timeout=60, check=False)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing: ./dev test installs it")


def must(*command, stdin=b"", env=None):
    """A helper's output, when only success makes sense."""
    done = run(*command, stdin=stdin, env=env)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def jwtdomain(*arguments, stdin=b"", env=None):
    """Our command, in an environment where only what the test says is there."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(WORK), "XDG_STATE_HOME": str(WORK / "state"), **(env or {})}
    return run(BINARY, *arguments, stdin=stdin, env=clean)


def told(done):
    """What a command said, for a sentence about its failure."""
    text = (done.stdout + done.stderr).decode(errors="replace").strip().replace("\n", " | ")
    return f"exit {done.returncode}: {text[:400]}"


def write(name, content, private=False):
    """A file below WORK."""
    path = WORK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.unlink()
    path.touch(mode=0o600 if private else 0o644)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def claims(**more):
    now = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "iat": now, "exp": now + 600, "name": "Zoë \U0001f511", **more}


def verdict(token, *arguments):
    """verify's report: the object, with the exit status as "exit"."""
    done = jwtdomain("verify", "--format", "json", *arguments, "-", stdin=token)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {"verdict": "none: its output is not JSON"}
    report["exit"] = done.returncode
    report["told"] = told(done)
    return report


def expected():
    return ["--issuer", ISSUER, "--audience", AUDIENCE]
