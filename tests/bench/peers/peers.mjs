// npm's libraries: node peers.mjs LIBRARY ALG KEY TOKENS ISSUER AUDIENCE. Prints "COUNT ACCEPTED SECONDS", of processor time.
import fs from 'node:fs';
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
const require = createRequire(process.env.PEERS + '/');
const [library, alg, keyFile, tokenFile, issuer, audience] = process.argv.slice(2);
const tokens = fs.readFileSync(tokenFile, 'utf8').trim().split('\n');
const bytes = fs.readFileSync(keyFile);
let verify;
if (library === 'jose') {
  const { jwtVerify } = await import(require.resolve('jose'));
  const key = alg === 'HS256' ? new Uint8Array(bytes) : crypto.createPublicKey(bytes);
  verify = async (token) => { await jwtVerify(token, key, { issuer, audience, algorithms: [alg] }); return true; };
} else if (library === 'jsonwebtoken') {
  const jwt = require('jsonwebtoken');
  const key = alg === 'HS256' ? bytes : crypto.createPublicKey(bytes);
  verify = (token) => { jwt.verify(token, key, { issuer, audience, algorithms: [alg] }); return true; };
} else {
  const { createVerifier } = require('fast-jwt');
  const check = createVerifier({ key: bytes, allowedIss: issuer, allowedAud: audience, algorithms: [alg], cache: false });
  verify = (token) => { check(token); return true; };
}
const start = process.cpuUsage();
let accepted = 0;
for (const token of tokens) {
  try { if (await verify(token)) accepted++; } catch { /* counted by its absence */ }
}
const { user, system } = process.cpuUsage(start);
console.log(tokens.length, accepted, (user + system) / 1e6);
