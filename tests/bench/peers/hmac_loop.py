"""What a guesser in Python reaches. Usage: hmac_loop.py TOKEN WORDS. Prints "COUNT FOUND SECONDS", of processor time."""
import base64
import hmac
import sys
import time

token = open(sys.argv[1], "rb").read().strip()
message, _, signature = token.rpartition(b".")
wanted = base64.urlsafe_b64decode(signature + b"==")
with open(sys.argv[2], "rb") as words:
    candidates = words.read().splitlines()
begun, found = time.process_time(), 0
for word in candidates:
    found += hmac.digest(word, message, "sha256") == wanted
print(len(candidates), found, time.process_time() - begun)
