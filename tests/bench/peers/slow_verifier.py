"""Endpoints that verify tokens of prod with PyJWT, and answer after a while. Usage: slow_verifier.py KEY.pem ISSUER AUDIENCE MILLISECONDS COUNT

Prints their ports, and serves until its standard input ends."""
import asyncio
import sys

import jwt

KEY, ISSUER, AUDIENCE = open(sys.argv[1]).read(), sys.argv[2], sys.argv[3]
DELAY, COUNT = int(sys.argv[4]) / 1000, int(sys.argv[5])
REQUIRED = {"require": ["iss", "aud", "exp", "iat", "sub", "jti"]}


def takes(token):
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "at+jwt" or "crit" in header:
            return False
        claims = jwt.decode(token, KEY, algorithms=["ES256"], issuer=ISSUER, audience=AUDIENCE, options=REQUIRED)
        return claims.get("domain") == "prod" and claims["exp"] >= 0
    except Exception:  # of what is no token, PyJWT raises others, too
        return False


async def serve(reader, writer):
    try:
        while True:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            line = next((line for line in request.split("\r\n") if line.lower().startswith("authorization: bearer ")), " " * 22)
            await asyncio.sleep(DELAY)
            status = b"204 OK" if takes(line[22:]) else b"401 No"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        writer.close()


async def main():
    servers = [await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20) for _ in range(COUNT)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
