#!/usr/bin/python3
"""python3-jwt: pyjwt.py ALG KEY TOKENS ISSUER AUDIENCE. Prints "COUNT ACCEPTED SECONDS", of processor time."""
import sys
import time

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

alg, key_file, token_file, issuer, audience = sys.argv[1:]
key = open(key_file, "rb").read()
if alg != "HS256":
    key = load_pem_public_key(key)
tokens = open(token_file).read().split()
accepted = 0
start = time.process_time()
for token in tokens:
    try:
        jwt.decode(token, key, algorithms=[alg], issuer=issuer, audience=audience)
        accepted += 1
    except jwt.PyJWTError:
        pass
print(len(tokens), accepted, f"{time.process_time() - start:.6f}")
