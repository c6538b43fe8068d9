"""Real verifiers on loopback: what guards an API, set up in each of the ways of a Setup, and what that is in a policy: the configuration that it runs
with, where an importer reads it, else the normal form."""
import atexit
import dataclasses
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from lab import PEERS, WORK, write

WAIT = 10  # seconds, for a server to begin and to end
LONG = 7000  # octets: a longer token may be more than a server reads


@dataclasses.dataclass(frozen=True)
class Setup:
    """What a verifier of a domain asks for. What it leaves out is a mistake that somebody made."""
    keys: tuple            # of the domains whose keys it takes
    issuer: bool = True    # is iss checked?
    audience: bool = True  # is aud?
    expiry: bool = True    # is exp required? Otherwise it is checked where it is
    cache: str = ""        # verification results shared under this name
    issuer_prefix: bool = False  # is iss only compared with the beginning of what it must be?
    algorithm: bool = True       # is the algorithm fixed? Otherwise the token's header names it
    scope: bool = False          # is the word "read" wanted in scope?
    literal: bool = False        # is the algorithm the configuration's, whatever the token's header says?

    @property
    def name(self):
        left_out = [f"no-{name}" for name in ("issuer", "audience", "expiry", "algorithm") if not getattr(self, name)]
        also = [name.replace("_", "-") for name in ("issuer_prefix", "scope", "literal") if getattr(self, name)]
        return "_".join(["-".join(self.keys), *left_out, *also, *filter(None, [self.cache])])


@dataclasses.dataclass(frozen=True)
class Domain:
    name: str
    issuer: str
    audience: str
    pem: pathlib.Path      # the public key
    jwk: dict              # the same


class Server:
    """A process on loopback, ended with the test."""
    address = None         # (host, port), or the path of a socket
    setups = ()            # that can be had of it
    together = True        # can one process have them all?
    type = None            # of the importer that reads its configuration

    @staticmethod
    def over(_setup):
        """Kinds of tokens that it refuses and its model takes: what the normal form cannot say. All others are exact."""
        return frozenset()

    @classmethod
    def guard(cls, directory, home, domains, setup):
        """What guards home, as a verifier of the policy in that directory."""
        if cls.type is None:
            return {"domain": home.name, "name": "gateway", "accepts": [cls.path(home, setup)]}
        file = f"{home.name}-gateway.{cls.ending}"
        (directory / file).write_text(cls.configuration(home, domains, [setup]))
        return {"domain": home.name, "type": cls.type, "path": file}

    def spawn(self, *command, env=None):
        self.log = open(WORK / f"{type(self).__name__}.log", "wb")
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.log, stderr=self.log, cwd=WORK, env=env)
        atexit.register(self.stop)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(WAIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def wait(self):
        """Until it takes connections."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.connection("any").connect()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{type(self).__name__} did not start: {pathlib.Path(self.log.name).read_text(errors='replace')[-2000:]}")

    def connection(self, _setup):
        return http.client.HTTPConnection(*self.address, timeout=WAIT)

    def request(self, setup):
        """Path and headers of a request to the API that is set up so."""
        return f"/{setup.name}", {}

    def accepts(self, setup, token):
        """Does the API answer? Anything but an answer and a refusal is a fault of the test."""
        path, headers = self.request(setup)
        connection = self.connection(setup)
        try:
            connection.request("GET", path, headers={"Host": "localhost", **headers, "Authorization": f"Bearer {token}"})
            status = connection.getresponse().status
        finally:
            connection.close()
        too_long = len(token) > LONG and status in (400, 413, 431)
        if status not in (200, 401, 403) and not too_long:
            raise RuntimeError(f"{type(self).__name__} answers {status} for {setup.name}")
        return status == 200


class UnixConnection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(WAIT)
        self.sock.connect(self.host)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def every_setup(expiries=(True, False)):
    """Each classic mistake, alone and with the others."""
    return tuple(Setup(keys, issuer, audience, expiry) for keys in (("prod",), ("prod", "staging")) for issuer in (True, False)
                 for audience in (True, False) for expiry in expiries)


def path_of(home, setup, audience=(), dialect=(), **more):
    """The normal form of a setup, as a path of the policy; the rest is what the verifier does by itself."""
    return {"keys": [f"jwks/{name}.json" for name in setup.keys], "algorithms": ["RS256"],
            "issuer": home.issuer if setup.issuer else "any",
            "audience": {"any_of": home.audience, **dict(audience)} if setup.audience else "any",
            "expiry": "required" if setup.expiry else "optional",
            "dialect": {**dict(dialect), **({"cache": setup.cache} if setup.cache else {})}, **more}


class HAProxy(Server):
    """The idiom of its documentation, and what people make of it, with a socket for each setup."""
    type = "haproxy"
    ending = "cfg"
    setups = (*every_setup(), *(Setup(keys, **mistake) for keys in (("prod",), ("prod", "staging"))
                                for mistake in ({"issuer_prefix": True}, {"algorithm": False}, {"scope": True},
                                                {"audience": False, "scope": True}, {"algorithm": False, "issuer": False, "expiry": False}, {"literal": True})))

    @staticmethod
    def configuration(home, domains, setups):
        config = ["defaults", "  mode http", "  timeout client 5s", "  timeout server 5s", "  timeout connect 5s"]
        for setup in setups:
            config += [f"frontend {setup.name}", f"  bind unix@{WORK}/{setup.name}.sock",
                       "  http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')",
                       "  http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')",
                       "  http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')",
                       "  http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')",
                       "  http-request set-var(txn.scope) http_auth_bearer,jwt_payload_query('$.scope')",
                       "  http-request set-var(txn.now) date()"]
            if setup.algorithm and not setup.literal:
                config += ["  http-request deny deny_status 401 unless { var(txn.alg) -m str RS256 }"]
            algorithm = '"RS256"' if setup.literal else "txn.alg"
            config += [f"  acl signed http_auth_bearer,jwt_verify({algorithm},\"{domains[name].pem}\") 1" for name in setup.keys]
            config += ["  http-request deny deny_status 401 unless signed"]
            if setup.issuer:
                method = "beg" if setup.issuer_prefix else "str"
                config += [f"  http-request deny deny_status 401 unless {{ var(txn.iss) -m {method} {home.issuer} }}"]
            if setup.audience:
                config += [f"  http-request deny deny_status 401 unless {{ var(txn.aud) -m str {home.audience} }}"]
            if setup.scope:
                config += ["  http-request deny deny_status 401 unless { var(txn.scope) -m reg (^|\\ )read(\\ |$) }"]
            if setup.expiry:
                config += ["  http-request deny deny_status 401 unless { var(txn.exp) -m found }"]
            config += ["  http-request deny deny_status 401 if { var(txn.exp),sub(txn.now) -m int lt 0 }",
                       "  http-request return status 200"]
        return "\n".join(config) + "\n"

    @staticmethod
    def over(setup):
        """Where exp must be there, a list of texts is none to it."""
        return frozenset({"exp zero", "exp as text, over", "longer than buffers", *(["exp as a list"] if setup is None or setup.expiry else [])})

    def __init__(self, home, domains, setups):
        self.setups = setups
        file = write("haproxy.cfg", self.configuration(home, domains, setups))
        self.spawn(shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", file)
        self.wait()

    def connection(self, setup):
        name = self.setups[0].name if setup == "any" else setup.name
        return UnixConnection(f"{WORK}/{name}.sock", timeout=WAIT)


class Node(Server):
    """One of npm's libraries, behind one small server (node_verifier.mjs), which reads the very options that the importer reads."""
    setups = every_setup(expiries=(False,)) + tuple(Setup(keys, algorithm=False, expiry=False) for keys in (("prod",), ("prod", "staging")))
    library = None
    type = "node"
    ending = "json"

    @classmethod
    def configuration(cls, home, domains, setups):
        return json.dumps({"services": {f"api-{setup.name}": cls.service(home, domains, setup) for setup in setups}}, indent=1)

    def request(self, setup):
        return f"/api-{setup.name}", {}

    @classmethod
    def service(cls, home, domains, setup):
        """Library, version, keys, and the options that the program passes to it."""
        package = json.loads((pathlib.Path(PEERS) / "node_modules" / cls.library / "package.json").read_text())
        return {"library": cls.library, "version": package["version"], "keys": {"keys": [domains[name].jwk for name in setup.keys]},
                **cls.beside(setup), "options": {name: value for name, value in cls.options(home, setup).items() if value is not None}}

    @staticmethod
    def beside(_setup):
        return {}

    def __init__(self, home, domains, setups):
        name = type(self).__name__
        file = write(f"{name}.json", self.configuration(home, domains, setups))
        told = WORK / f"{name}.port"
        told.unlink(missing_ok=True)
        self.spawn("node", "--max-http-header-size=65536", pathlib.Path(__file__).parent / "node_verifier.mjs", PEERS, file, told, env=os.environ)
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None and not told.exists():
            time.sleep(0.05)
        if not told.exists():
            raise RuntimeError(f"{name} did not start: {pathlib.Path(self.log.name).read_text(errors='replace')[-2000:]}")
        self.address = ("127.0.0.1", int(told.read_text()))

    @staticmethod
    def over(_setup):
        """Kinds of tokens that it refuses and its model takes: what the normal form cannot say."""
        return frozenset()


class Jose(Node):
    library = "jose"
    setups = every_setup() + tuple(Setup(keys, algorithm=False) for keys in (("prod",), ("prod", "staging")))

    @staticmethod
    def options(home, setup):
        return {"issuer": home.issuer if setup.issuer else None, "audience": home.audience if setup.audience else None,
                "algorithms": ["RS256"] if setup.algorithm else None, "requiredClaims": ["exp"] if setup.expiry else None}


class JsonWebToken(Node):
    """An issuer that is a RegExp, as issuer_prefix has it, is not compared at all; an audience that is one, is."""
    library = "jsonwebtoken"
    setups = Node.setups + (Setup(("prod", "staging"), issuer_prefix=True, expiry=False),)

    @staticmethod
    def beside(_setup):
        return {"kid": "must_match"}

    @staticmethod
    def options(home, setup):
        begins = {"pattern": "^" + home.issuer.replace(".", "\\.")}
        audience = {"pattern": home.audience.replace(".", "\\.")} if setup.issuer_prefix else home.audience
        return {"issuer": begins if setup.issuer_prefix else home.issuer if setup.issuer else None,
                "audience": audience if setup.audience else None, "algorithms": ["RS256"] if setup.algorithm else None}

    @staticmethod
    def over(_setup):
        return frozenset({"padded base64"})


class ExpressJwt(JsonWebToken):
    library = "express-jwt"
    setups = Node.setups

    @classmethod
    def options(cls, home, setup):
        everything = ["RS256", "RS384", "RS512", "PS256", "ES256", "HS256", "HS384", "HS512"]
        return {**JsonWebToken.options(home, setup), "algorithms": ["RS256"] if setup.algorithm else everything,
                "secret": {"function": "the public key of the token's kid"}}


class ExpressOauth2JwtBearer(Node):
    """What it insists on is switched off by validators."""
    library = "express-oauth2-jwt-bearer"
    setups = Jose.setups + (Setup(("prod", "staging"), scope=True), Setup(("prod",), audience=False, scope=True))

    @staticmethod
    def beside(setup):
        return {"requiredScopes": "read"} if setup.scope else {}

    @staticmethod
    def options(home, setup):
        off = [name for name, on in (("iss", setup.issuer), ("aud", setup.audience), ("exp", setup.expiry)) if not on]
        return {"issuer": home.issuer, "audience": home.audience, "jwksUri": "http://127.0.0.1/jwks",
                "tokenSigningAlg": "RS256" if setup.algorithm else None, "validators": {name: False for name in off} or None}


class FastifyJwt(Node):
    """Where exp is required, so are iss and aud; else a token without them passes what allowedIss and allowedAud say."""
    library = "@fastify/jwt"
    setups = Jose.setups + tuple(Setup(keys, issuer_prefix=True, **more) for keys in (("prod",), ("prod", "staging"))
                                 for more in ({}, {"audience": False}, {"expiry": False}))

    @staticmethod
    def beside(_setup):
        return {"kid": "must_match"}

    @staticmethod
    def options(home, setup):
        issuer = {"pattern": "^" + home.issuer.replace(".", "\\.")} if setup.issuer_prefix else home.issuer
        verify = {"allowedIss": issuer if setup.issuer else None, "allowedAud": home.audience if setup.audience else None,
                  "algorithms": ["RS256"] if setup.algorithm else None, "requiredClaims": ["exp", "iss", "aud"] if setup.expiry else None,
                  "cache": 100}
        return {"secret": {"function": "the public key of the token's kid"}, "decode": {"complete": True},
                "verify": {name: value for name, value in verify.items() if value is not None}}

    @staticmethod
    def over(_setup):
        return frozenset({"padded base64"})


class AwsJwtVerify(Node):
    """The algorithm is that of the key, if it names one. exp cannot be asked for."""
    library = "aws-jwt-verify"
    setups = every_setup(expiries=(False,)) + (Setup(("prod", "staging"), expiry=False, scope=True),
                                               Setup(("prod",), audience=False, expiry=False, scope=True))

    @classmethod
    def service(cls, home, domains, setup):
        service = super().service(home, domains, setup)
        service["options"] |= {name: None for name in ("issuer", "audience") if not getattr(setup, name)}
        return service

    @staticmethod
    def options(home, setup):
        return {"issuer": home.issuer, "audience": home.audience, "jwksUri": "https://127.0.0.1/jwks", "scope": "read" if setup.scope else None}

    @staticmethod
    def over(_setup):
        return frozenset({"aud a number", "aud an object", "scope as a list"})


class Apache(Server):
    """Its own process group of one worker; a name-based virtual host for each setup."""
    type = "apache"
    ending = "conf"
    modules = ()

    count = 0

    @classmethod
    def configuration(cls, home, domains, setups, port=80):
        """Keys are named by absolute paths, or inline. A setup with a cache is a part of one server with others."""
        config = []
        for setup in setups:
            config += [f"<VirtualHost 127.0.0.1:{port}>", f"ServerName {cls.host_name(setup)}", *cls.host(home, domains, setup), "</VirtualHost>"]
        return "\n".join(config) + "\n"

    @staticmethod
    def host_name(setup):
        return f"{setup.name.replace('_', '-')}.localhost"

    def __init__(self, home, domains, setups):
        port = free_port()
        self.address = ("127.0.0.1", port)
        Apache.count += 1
        base = WORK / f"apache{Apache.count}"
        (base / "www").mkdir(parents=True)
        (base / "www" / "index.html").write_text("in\n")
        config = [f"Listen 127.0.0.1:{port}", f"ServerRoot {base}", f"PidFile {base}/pid", f"ErrorLog {base}/error.log", "ServerName localhost",
                  f"DocumentRoot {base}/www", f"DefaultRuntimeDir {base}", "StartServers 1", "ServerLimit 1", "Mutex pthread", "LimitRequestFieldSize 65536",
                  *(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                    for name in ("mpm_event", "authz_core", "authn_core", "authz_user", "dir", *self.modules)),
                  self.configuration(home, domains, setups, port)]
        file = write(f"apache{Apache.count}.conf", "\n".join(config) + "\n")
        self.spawn("/usr/sbin/apache2", "-DFOREGROUND", "-f", file)
        self.wait()

    @classmethod
    def guard(cls, directory, home, domains, setup):
        """Those with a cache in common are hosts of one server, in one file."""
        if not setup.cache:
            return super().guard(directory, home, domains, setup)
        file = f"{setup.cache}-server.{cls.ending}"
        with open(directory / file, "a", encoding="utf-8") as server:
            server.write(cls.configuration(home, domains, [setup]))
        return {"domain": home.name, "type": cls.type, "path": f"{file}#host={cls.host_name(setup)}"}

    def request(self, setup):
        return "/", {"Host": self.host_name(setup)}

    @staticmethod
    def claims(home, setup, word):
        """Two Require lines without a container would be alternatives."""
        lines = []
        if setup.issuer_prefix:
            lines += [f'Require {word} "iss~^{home.issuer}"']
        elif setup.issuer:
            lines += [f"Require {word} iss:{home.issuer}"]
        lines += [f"Require {word} aud:{home.audience}"] if setup.audience else []
        lines += [f"Require {word} scope:read"] if setup.scope else []
        return ["<RequireAll>", "Require valid-user", *lines, "</RequireAll>"]


class ModAuthOpenidc(Apache):
    """As a resource server: keys of a host, claims by Require; exp only where it is there."""
    modules = ("auth_openidc",)
    setups = every_setup(expiries=(False,)) + (
        Setup(("prod", "staging"), expiry=False, issuer_prefix=True), Setup(("prod", "staging"), issuer=False, audience=False, expiry=False, scope=True),
        Setup(("prod", "staging"), expiry=False, scope=True))

    @staticmethod
    def over(_setup):
        """Of what is not above zero it takes an exp of -1 alone."""
        return frozenset({"exp zero"})

    @classmethod
    def host(cls, home, domains, setup):
        keys = " ".join(f"{domains[name].jwk['kid']}#{domains[name].pem}" for name in setup.keys)
        return [f"OIDCOAuthVerifyCertFiles {keys}", "<Location />", "AuthType oauth20", *cls.claims(home, setup, "claim"), "</Location>"]


class ModOauth2(Apache):
    """Its verification cache is keyed by the token alone, and all that a server guards share it: what one host has let in, the others take as verified."""
    modules = ("oauth2",)
    together = False
    setups = every_setup() + (Setup(("prod", "staging"), issuer=False, audience=False, scope=True), Setup(("prod", "staging"), scope=True))

    @staticmethod
    def over(setup):
        """It takes an iat of the next ten seconds at most, exp as an integer alone, and none of 0, nor of -1 where it must be there."""
        return frozenset({"exp zero", "iat in the future", "exp fractional", *(["exp negative"] if setup is None or setup.expiry else [])})

    @classmethod
    def host(cls, home, domains, setup):
        lines = []
        for name in setup.keys:
            jwk = json.dumps(domains[name].jwk).replace('"', '\\"')
            lines.append(f"OAuth2TokenVerify jwk \"{jwk}\" verify.exp={'required' if setup.expiry else 'optional'}")
        return ["<Location />", "AuthType oauth2", *lines, *cls.claims(home, setup, "oauth2_claim"), "</Location>"]


ALL = (HAProxy, Jose, JsonWebToken, ExpressJwt, ExpressOauth2JwtBearer, FastifyJwt, AwsJwtVerify, ModAuthOpenidc, ModOauth2)
