#!/usr/bin/python3 -B
"""An API guarded by `jwtdomain verify`, on a port of loopback, which is printed: /DOMAIN answers 200 where the bearer token is good there,
401 where it is not, and 500 where that could not be decided: verify_server.py BINARY POLICY"""
import http.server
import subprocess
import sys

BINARY, POLICY = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        domain = self.path.strip("/")
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        status = 401
        if scheme.lower() == "bearer" and token:
            done = subprocess.run([BINARY, "verify", "--policy", POLICY, "--domain", domain, "-"], input=token.encode(), capture_output=True, timeout=20, check=False)
            status = {0: 200, 1: 401}.get(done.returncode, 500)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
