"""Tokens octet by octet, as no honest issuer writes them."""
import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from jwcrypto import jwk as jwcrypto_jwk


def encoded(octets):
    if isinstance(octets, str):
        octets = octets.encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Forge:
    """Signs whatever header and payload with a domain's own key, which is in that file."""

    def __init__(self, key_file, domain):
        jwk = json.loads(key_file.read_text())
        self.key = jwcrypto_jwk.JWK(**jwk).get_op_key("sign")
        self.domain = domain
        self.header = {"alg": "RS256", "typ": "at+jwt", "kid": domain.jwk["kid"]}
        self.count = 0

    def claims(self, **changed):
        """What an honest token has; None leaves a claim out."""
        self.count += 1
        now = int(time.time())
        claims = {"iss": self.domain.issuer, "aud": self.domain.audience, "sub": "alice", "domain": self.domain.name,
                  "scope": "read", "jti": f"f{self.count}", "iat": now, "exp": now + 600, **changed}
        return {name: value for name, value in claims.items() if value is not None}

    def unsigned(self, payload, **header):
        """Of claims, or of a payload as text or octets; None leaves a parameter of the header out."""
        text = payload if isinstance(payload, (str, bytes)) else json.dumps(payload, separators=(",", ":"))
        header = {name: value for name, value in {**self.header, **header}.items() if value is not None}
        return f"{encoded(json.dumps(header, separators=(',', ':')))}.{encoded(text)}"

    def sign(self, octets):
        return self.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())

    def __call__(self, payload, **header):
        first = self.unsigned(payload, **header)
        return f"{first}.{encoded(self.sign(first.encode()))}"

    def with_claims(self, **changed):
        return self(self.claims(**changed))

    def twice(self, name, first, last):
        """A payload with one name twice."""
        rest = json.dumps(self.claims(**{name: None}), separators=(",", ":"))[1:]
        return self(f'{{{json.dumps(name)}:{json.dumps(first)},{json.dumps(name)}:{json.dumps(last)},{rest}')

    def none(self, **changed):
        return self.unsigned(self.claims(**changed), alg="none") + "."

    def by_secret(self, secret, **changed):
        first = self.unsigned(self.claims(**changed), alg="HS256")
        return f"{first}.{encoded(hmac.new(secret, first.encode(), hashlib.sha256).digest())}"

    def padded(self):
        """The payload's base64 with its '='."""
        filler = ""
        while len(json.dumps(self.claims(filler=filler), separators=(",", ":"))) % 3 != 1:
            filler += "x"
        head, payload = self.unsigned(self.claims(filler=filler)).split(".")
        first = f"{head}.{payload}=="
        return f"{first}.{encoded(self.sign(first.encode()))}"


def stray_bits(token):
    """The same signature, though its last character is another one: of that only some bits count."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
