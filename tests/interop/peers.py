"""The peers behind one interface: generate, sign, verify. A key is {"format": "jwk" | "pem" | "jwks", "text": ...}."""
import base64
import json
import os
import subprocess
import sys

from lab import PEERS, ROOT, must, run, write

try:
    import jwt as pyjwt
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
    from jwcrypto import jwk as jwcrypto_jwk
    from jwcrypto import jwt as jwcrypto_jwt
except ImportError as missing:
    sys.exit(f"{missing.name} is missing: ./dev test installs it")


class Refused(Exception):
    """The peer said no, in its own words."""


def b64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}


class Node:
    """node_peer.mjs, started once; `jose`, `jose5`, `jsonwebtoken` are peers in it."""
    process = None

    def __init__(self, name):
        self.name = name

    def ask(self, do, **request):
        if Node.process is None:
            try:
                version = must("node", "--version").decode()
                flags = ["--experimental-global-webcrypto"] if version.startswith("v18.") else []
                Node.process = subprocess.Popen(["node", "--no-warnings", *flags, ROOT / "tests/interop/node_peer.mjs", PEERS],
                                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            except (FileNotFoundError, RuntimeError) as error:
                sys.exit(f"node is missing: {error}")
        Node.process.stdin.write(json.dumps({"peer": self.name, "do": do, **request}) + "\n")
        Node.process.stdin.flush()
        line = Node.process.stdout.readline()
        if not line:
            sys.exit(f"the npm peers in {PEERS} do not run: ./dev test installs them")
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def generate(self, alg, curve=None):
        return self.ask("generate", alg=alg, curve=curve)

    def sign(self, alg, key, header, claims):
        return self.ask("sign", alg=alg, key=key, header=header, claims=claims)

    def verify(self, alg, key, token, issuer, audience):
        return self.ask("verify", alg=alg, key=key, token=token, issuer=issuer, audience=audience)


class PyJwt:
    name = "python3-jwt"

    @staticmethod
    def key(alg, key):
        if key["format"] == "pem":
            return key["text"]
        return pyjwt.algorithms.get_default_algorithms()[alg].from_jwk(key["text"])

    def generate(self, alg, curve=None):
        if alg.startswith("HS"):
            return {"jwk": json.dumps({"kty": "oct", "k": b64(os.urandom(int(alg[2:]) // 8))})}
        if alg[:2] in ("RS", "PS"):
            key = rsa.generate_private_key(65537, 2048)
        elif alg.startswith("ES"):
            key = ec.generate_private_key({"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1,
                                           "secp256k1": ec.SECP256K1}[curve]())
        else:
            key = (ed448.Ed448PrivateKey if curve == "Ed448" else ed25519.Ed25519PrivateKey).generate()
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        made = {"pem": private, "public": {"pem": public}}
        algorithm = pyjwt.algorithms.get_default_algorithms()[alg]
        if not alg.startswith("ES"):  # its JWKs of EC keys lose leading zeros: now and then not even PyJWT reads them back
            made["jwk"] = algorithm.to_jwk(key)
            made["public"]["jwk"] = algorithm.to_jwk(key.public_key())
        return made

    def sign(self, alg, key, header, claims):
        try:
            return pyjwt.encode(claims, self.key(alg, key), algorithm=alg, headers=header)
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error

    def verify(self, alg, key, token, issuer, audience):
        try:
            return pyjwt.decode(token, self.key(alg, key), algorithms=[alg], issuer=issuer, audience=audience)
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error


class JwCrypto:
    name = "python3-jwcrypto"

    @staticmethod
    def key(key):
        if key["format"] == "pem":
            return jwcrypto_jwk.JWK.from_pem(key["text"].encode())
        if key["format"] == "jwks":
            return jwcrypto_jwk.JWKSet.from_json(key["text"])
        return jwcrypto_jwk.JWK.from_json(key["text"])

    def generate(self, alg, curve=None):
        if alg.startswith("HS"):
            return {"jwk": jwcrypto_jwk.JWK.generate(kty="oct", size=int(alg[2:]), alg=alg, kid="shared").export()}
        if curve is None:
            key = jwcrypto_jwk.JWK.generate(kty="RSA", size=2048, alg=alg, use="sig", kid="made by jwcrypto")
        else:
            key = jwcrypto_jwk.JWK.generate(kty="EC" if alg.startswith("ES") else "OKP", crv=curve, alg=alg, use="sig",
                                            kid="made by jwcrypto")
        return {"jwk": key.export_private(), "pem": key.export_to_pem(True, None).decode(),
                "public": {"jwk": key.export_public(), "pem": key.export_to_pem().decode()}}

    def sign(self, alg, key, header, claims):
        try:
            token = jwcrypto_jwt.JWT(header={"alg": alg, **header}, claims=claims, algs=[alg])
            token.make_signed_token(self.key(key))
            return token.serialize()
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error

    def verify(self, alg, key, token, issuer, audience):
        try:
            checks = {"iss": issuer, "aud": audience, "exp": None}
            return json.loads(jwcrypto_jwt.JWT(jwt=token, key=self.key(key), algs=[alg], check_claims=checks).claims)
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error


class JoseCommand:
    """Debian's jose: reads and writes JWK only, and checks no claims."""
    name = "jose command"

    @staticmethod
    def run(*arguments, stdin=""):
        done = run("jose", *arguments, stdin=stdin)
        if done.returncode != 0:
            raise Refused(done.stderr.decode(errors="replace").strip().splitlines()[0] if done.stderr.strip()
                          else f"exit status {done.returncode}")
        return done.stdout.decode()

    def generate(self, alg, curve=None):
        private = self.run("jwk", "gen", "-i", json.dumps({"alg": alg}))
        if alg.startswith("HS"):
            return {"jwk": private}
        return {"jwk": private, "public": {"jwk": self.run("jwk", "pub", "-i-", stdin=private)}}

    def sign(self, alg, key, header, claims):
        path = write("jose.jwk", key["text"], private=True)
        template = json.dumps({"protected": {"alg": alg, **header}})
        token = self.run("jws", "sig", "-I-", "-k", path, "-s", template, "-c", stdin=json.dumps(claims))
        return token.strip()

    def verify(self, alg, key, token, issuer, audience):
        path = write("jose.pub.jwk", key["text"])
        found = json.loads(self.run("jws", "ver", "-i-", "-k", path, "-O-", stdin=token))
        if found["iss"] != issuer or found["aud"] != audience:
            raise Refused("other claims")
        return found


class OpenSsl:
    """The openssl command: bare signatures, which this class puts into tokens. It knows no JWK but for the octets of HMAC."""
    name = "openssl command"

    @staticmethod
    def is_hmac(alg):
        return alg.startswith("HS")

    def generate(self, alg, curve=None):
        if self.is_hmac(alg):
            return {"jwk": json.dumps({"kty": "oct", "k": b64(must("openssl", "rand", str(int(alg[2:]) // 8)))})}
        if alg[:2] in ("RS", "PS"):
            kind = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        elif alg.startswith("ES"):
            kind = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"]
        else:
            kind = ["-algorithm", curve]
        private = must("openssl", "genpkey", *kind).decode()
        return {"pem": private, "public": {"pem": must("openssl", "pkey", "-pubout", stdin=private).decode()}}

    @staticmethod
    def options(alg):
        """The arguments of pkeyutl, which hashes the message itself."""
        if alg[:2] in ("RS", "ES"):
            return ["-rawin", "-digest", f"sha{alg[2:5]}"]
        if alg.startswith("PS"):
            return ["-rawin", "-digest", f"sha{alg[2:]}", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest",
                    "-pkeyopt", f"rsa_mgf1_md:sha{alg[2:]}"]
        return ["-rawin"]

    @staticmethod
    def hmac(alg, key, message):
        k = unb64(json.loads(key["text"])["k"])
        return must("openssl", "dgst", f"-sha{alg[2:]}", "-mac", "HMAC", "-macopt", f"hexkey:{k.hex()}", "-binary", stdin=message)

    def sign(self, alg, key, header, claims):
        message = f"{b64(json.dumps({'alg': alg, **header}).encode())}.{b64(json.dumps(claims).encode())}"
        if self.is_hmac(alg):
            signature = self.hmac(alg, key, message)
        else:
            private, data = write("openssl.pem", key["text"], private=True), write("openssl.data", message)
            signature = must("openssl", "pkeyutl", "-sign", "-inkey", private, "-in", data, *self.options(alg))
            if alg.startswith("ES"):
                signature = raw_from_der(signature, {"ES384": 48, "ES512": 66}.get(alg, 32))
        return f"{message}.{b64(signature)}"

    def verify(self, alg, key, token, issuer, audience):
        message, _, signature = token.rpartition(".")
        header, payload = (json.loads(unb64(part)) for part in message.split("."))
        signature = unb64(signature)
        if header["alg"] != alg:
            raise Refused("another algorithm")
        if self.is_hmac(alg):
            good = self.hmac(alg, key, message) == signature
        else:
            if alg.startswith("ES"):
                signature = der_from_raw(signature)
            public, data = write("openssl.pub", key["text"]), write("openssl.data", message)
            good = run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-in", data, "-sigfile",
                       write("openssl.sig", signature), *self.options(alg)).returncode == 0
        if not good or payload["iss"] != issuer or payload["aud"] != audience:
            raise Refused("signature or claims")
        return payload


def raw_from_der(der, width):
    """SEQUENCE { INTEGER r, INTEGER s } as r || s."""
    at = 3 if der[1] & 0x80 else 2
    out = b""
    for _ in range(2):
        length = der[at + 1]
        out += int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(width, "big")
        at += 2 + length
    return out


def der_from_raw(raw):
    half = len(raw) // 2
    body = b""
    for part in (raw[:half], raw[half:]):
        number = int.from_bytes(part, "big")
        octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
        body += bytes([2, len(octets)]) + octets
    return b"\x30" + (bytes([0x81]) if len(body) > 127 else b"") + bytes([len(body)]) + body


PEERS_BY_NAME = {peer.name: peer for peer in
                 (Node("jose"), Node("jose5"), Node("jsonwebtoken"), PyJwt(), JwCrypto(), JoseCommand(), OpenSsl())}
