// An API for each setup of a file, at /NAME on a port of loopback, guarded by one of the npm libraries.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [peers, file, portFile] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${peers}/package.json`));
const { library, setups } = JSON.parse(fs.readFileSync(file));
const jose = await import(pathToFileURL(require.resolve('jose')));
const jsonwebtoken = require('jsonwebtoken');
const algorithms = ['RS256'];
const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));

// Each makes of a setup what verifies a token, or throws.
const makers = {
  jose({ keys, issuer, audience, expiry }) {
    const set = jose.createLocalJWKSet({ keys });
    const options = given({ issuer, audience, algorithms, requiredClaims: expiry ? ['exp'] : null });
    return (token) => jose.jwtVerify(token, set, options);
  },
  jsonwebtoken({ keys, issuer, audience, expiry }) {
    const byKid = new Map(keys.map((key) => [key.kid, crypto.createPublicKey({ key, format: 'jwk' })]));
    const getKey = ({ kid }, done) => {
      const key = byKid.get(kid) ?? (kid === undefined && byKid.size === 1 ? [...byKid.values()][0] : undefined);
      done(key ? null : new Error('no such key'), key);
    };
    return (token) => new Promise((resolve, reject) => {
      jsonwebtoken.verify(token, getKey, given({ issuer, audience, algorithms }), (error, claims) => {
        if (error || (expiry && claims.exp === undefined)) reject(error ?? new Error('no exp'));
        else resolve(claims);
      });
    });
  },
};
const verifiers = new Map(Object.entries(setups).map(([name, setup]) => [`/${name}`, makers[library](setup)]));

const server = http.createServer(async (request, response) => {
  const verify = verifiers.get(request.url);
  let status = 404;
  if (verify) {
    try {
      await verify((request.headers.authorization ?? '').replace(/^Bearer /, ''));
      status = 200;
    } catch (error) {
      status = 401;
    }
  }
  response.writeHead(status).end();
});
server.listen(0, '127.0.0.1', () => {
  fs.writeFileSync(`${portFile}.new`, `${server.address().port}`);
  fs.renameSync(`${portFile}.new`, portFile);
});
