// Verifiers with jose, each with its own copy of the key set, which it keeps for a second and reads anew no sooner, whatever kid it is
// asked for. Serves the published directory by the types of its _headers, rotates, and holds tokens of every age against all verifiers.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const [peers, binary, directory, port, leeway, cache] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${peers}/package.json`));
const { createRemoteJWKSet, jwtVerify, decodeJwt, importJWK, SignJWT } = await import(pathToFileURL(require.resolve('jose')));
const issuer = `http://127.0.0.1:${port}`;
const audience = 'https://api.prod.example.com';
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });
const served = `${directory}/jwtdomain/publish/prod`;

const types = () => {
  const out = {};
  let path;
  for (const line of fs.readFileSync(`${served}/_headers`, 'utf8').split('\n')) {
    if (line.startsWith('/')) path = line;
    const type = /^ {2}Content-Type: (.*)$/.exec(line);
    if (type) out[path] = type[1];
  }
  return out;
};
const server = http.createServer((request, response) => {
  const type = types()[request.url];
  if (!type) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': type });
  return response.end(fs.readFileSync(served + request.url));
});

const run = async (...words) => {
  const { stdout } = await promisify(execFile)(binary, words, { cwd: directory });
  return stdout.trim();
};
const rotate = async (...more) => JSON.parse(await run('rotate', '--domain', 'prod', '--format', 'json', ...more));

const results = { accepted: 0, failed: [], refused: 0, wrongly: [], signers: [], type: '' };
let verifiers = [];
const take = (set, token) => jwtVerify(token, set, { issuer, audience, clockTolerance: Number(leeway) });

// Everywhere, from its first moment to its last: a token that is not over must be taken.
const follow = async (token) => {
  const { exp } = decodeJwt(token);
  while (Date.now() < exp * 1000 - 50) {
    await Promise.all(verifiers.map(async (set, i) => {
      try {
        await take(set, token);
        results.accepted += 1;
      } catch (error) {
        if (Date.now() < exp * 1000) results.failed.push(`verifier ${i}: ${error.code}`);
      }
    }));
    await sleep(200);
  }
};

const kid = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
let over = false;
const tokens = [];
const issue = async () => {
  while (!over) {
    const token = await run('issue', '--domain', 'prod', '--subject', 'alice');
    if (results.signers.at(-1) !== kid(token)) results.signers.push(kid(token));
    tokens.push(follow(token));
    await sleep(100);
  }
};

await new Promise((done) => { server.listen(Number(port), '127.0.0.1', done); });
await rotate(); // nothing is due, but it publishes
const discovery = await fetch(`${issuer}/.well-known/openid-configuration`).then((answer) => answer.json());
results.type = (await fetch(discovery.jwks_uri)).headers.get('content-type');
const thief = JSON.parse(fs.readFileSync(`${directory}/old.jwk`, 'utf8'));
const stolen = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: thief.kid }).setIssuer(issuer)
  .setAudience(audience).setIssuedAt().setExpirationTime('1h').sign(await importJWK(thief, 'ES256'));
for (let i = 0; i < 4; i += 1) {
  verifiers.push(createRemoteJWKSet(new URL(discovery.jwks_uri), { cacheMaxAge: cache * 1000, cooldownDuration: 60000 }));
  await take(verifiers[i], stolen); // fills its copy; the copies are of different ages
  await sleep((cache * 1000) / 5);
}
const issuing = issue();
await sleep(500);
await rotate('--now');
let removed;
for (let i = 0; i < 60 && !removed; i += 1) { // as cron would, more often than needed
  const report = await rotate();
  if (report.done.some(({ what }) => what === 'removed')) removed = Date.now();
  await sleep(150);
}
const last = (removed ?? 0) + cache * 1000 + 100; // by then no copy has it
await sleep(Math.max(0, last - Date.now()));
for (const [i, set] of verifiers.entries()) {
  try {
    await take(set, stolen);
    results.wrongly.push(i);
  } catch (error) {
    results.refused += error.code === 'ERR_JWKS_NO_MATCHING_KEY';
  }
}
over = true;
await issuing;
await Promise.all(tokens);
verifiers = [];
results.removed = Boolean(removed);
console.log(JSON.stringify(results));
server.close();
server.closeAllConnections();
