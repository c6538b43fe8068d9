// npm's jose as a client that makes proofs of possession (RFC 9449), and as a server that checks them: a JSON request a line, an answer a
// line.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.argv[2]}/package.json`));
const jose = await import(pathToFileURL(require.resolve('jose')));
const hash = (text) => crypto.createHash('sha256').update(text).digest('base64url');

const make = async ({ jwk, alg, method, uri, token, at }) => {
  const { d, ...open } = JSON.parse(jwk);
  const { kty, crv, x, y, n, e } = open;
  const claims = { jti: crypto.randomUUID(), htm: method, htu: uri, iat: at, ...(token && { ath: hash(token) }) };
  const proof = new jose.SignJWT(claims).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) });
  return proof.sign(await jose.importJWK(JSON.parse(jwk), alg));
};

const check = async ({ proof, method, uri, token, at }) => {
  const { payload, protectedHeader } = await jose.jwtVerify(proof, jose.EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: 60, currentDate: new Date(at * 1000) });
  if (payload.htm !== method || payload.htu !== uri) throw new Error('for another request');
  if (token && payload.ath !== hash(token)) throw new Error('for another token');
  return jose.calculateJwkThumbprint(protectedHeader.jwk);
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await (request.proof ? check : make)(request) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
