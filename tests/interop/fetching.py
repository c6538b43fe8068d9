"""A policy whose keys are at URLs of a server on loopback that behaves, and of one that does not (fetch_server.mjs). No packet leaves loopback:
other hosts are names that --resolve takes for 127.0.0.1 and 127.0.0.2."""
import atexit
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

JWTDOMAIN = os.environ["JWTDOMAIN"]
HERE = pathlib.Path(__file__).parent
temporary = tempfile.TemporaryDirectory()
WORK = pathlib.Path(temporary.name)
ENVIRONMENT = {**os.environ, "XDG_STATE_HOME": str(WORK / "state"), "XDG_CACHE_HOME": str(WORK / "cache"), "HOME": str(WORK)}
count = 0  # checks that held


def run(*arguments, seconds=60, check=None):
    done = subprocess.run([JWTDOMAIN, *arguments], cwd=WORK, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=seconds, text=True)
    if check is not None and done.returncode != check:
        sys.exit(f"{arguments}: ended with {done.returncode}, not {check}:\n{done.stdout}{done.stderr}")
    return done


def expect(what, good):
    global count
    count += 1
    if not good:
        sys.exit(f"not so: {what}")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=WORK, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# --- a policy with keys, and the server
run("init", "--domain", "staging", "--domain", "prod", check=0)
PROD = WORK / "jwtdomain/domains/prod.yaml"
FILED = PROD.read_text()
(WORK / "jwks.json").write_bytes((WORK / "jwtdomain/jwks/prod.json").read_bytes())
token = run("issue", "--domain", "prod", "--sub", "a", check=0).stdout
(WORK / "t.jwt").write_text(token)
openssl("req", "-x509", "-sha256", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
        "-subj", "/CN=authority", "-addext", "basicConstraints=critical,CA:TRUE")
openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=keys.example")
(WORK / "san").write_text("subjectAltName=DNS:keys.example,DNS:localhost\n")
openssl("x509", "-req", "-sha256", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "san", "-out", "tls.pem")
(WORK / "old-san").write_text("subjectAltName=DNS:old.example\n")
openssl("x509", "-req", "-sha256", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "-1", "-extfile", "old-san", "-out", "old.pem")
server = subprocess.Popen(["node", HERE / "fetch_server.mjs", WORK])
atexit.register(lambda: (server.kill(), server.wait()))
for _ in range(100):
    if (WORK / "ports.json").exists() and (WORK / "ports.json").stat().st_size:
        break
    time.sleep(0.1)
ports = json.loads((WORK / "ports.json").read_text())
HTTP, HTTPS = f"http://127.0.0.1:{ports['http']}", f"https://keys.example:{ports['https']}"
TO_SERVER = ["--resolve", f"keys.example:{ports['https']}:127.0.0.1"]


def asked(place):
    with urllib.request.urlopen(f"{HTTP}/asked") as answer:
        return json.load(answer).get(place, 0)


def keys_at(url, issuer=None):
    text = re.sub(r"^jwks:.*$", f"jwks: {url}", FILED, flags=re.M)
    PROD.write_text(re.sub(r"^issuer:.*$", f"issuer: {issuer}", text, flags=re.M) if issuer else text)


def forget():
    subprocess.run(["rm", "-rf", WORK / "cache"], check=True)


def verify(*options, seconds=60):
    done = run("verify", "--domain", "prod", "--format", "json", *options, "@t.jwt", seconds=seconds)
    return done, json.loads(done.stdout) if done.stdout.strip() else {}


def refused(url, words, *options, seconds=60):
    """It ends as undecided, in bounded time, and says why."""
    forget()
    keys_at(url)
    begun = time.monotonic()
    done, _ = verify("--fetch", *options, seconds=seconds)
    expect(f"{url}: undecided, not {done.returncode}", done.returncode == 3)
    expect(f"{url} says {words}: {done.stdout}{done.stderr}", words in done.stdout + done.stderr)
    return time.monotonic() - begun


def done():
    print(f"{count} checks")
