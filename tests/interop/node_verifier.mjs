// An API for each service of a file of options (as `jwtdomain describe --type node` reads it), at /NAME on a port of
// loopback, guarded by the npm library that it names.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [peers, file, portFile] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${peers}/package.json`));
const load = async (name) => import(pathToFileURL(require.resolve(name)));

// {"pattern", "flags"} in the file is a RegExp in the program.
const revive = (_name, value) => (typeof value?.pattern === 'string' ? new RegExp(value.pattern, value.flags) : value);
const { services } = JSON.parse(fs.readFileSync(file), revive);

const publicKey = (jwk) => crypto.createPublicKey({ key: jwk, format: 'jwk' });
const pem = (jwk) => publicKey(jwk).export({ type: 'spki', format: 'pem' });

// By kid; without one there must be no choice.
const select = ({ keys }, kid) => {
  const found = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  if (found.length !== 1) throw new Error('no such key');
  return found[0];
};

// Of a middleware of Express: refused with what it gives to next, or thrown.
const run = (middleware, request, response) => new Promise((resolve, reject) => {
  middleware(request, response, (error) => (error ? reject(error) : resolve()));
});

const asExpress = (request) => Object.assign(request, {
  query: {}, protocol: 'http', originalUrl: request.url, get: (name) => request.headers[name.toLowerCase()], is: () => false,
});

// Each makes of a service what lets a request through, or throws.
const makers = {
  async jose({ keys, options }) {
    const { jwtVerify, createLocalJWKSet } = await load('jose');
    const set = createLocalJWKSet(keys);
    return ({ token }) => jwtVerify(token, set, options);
  },
  async jsonwebtoken({ keys, options }) {
    const { verify } = require('jsonwebtoken');
    const getKey = ({ kid }, done) => {
      try {
        done(null, publicKey(select(keys, kid)));
      } catch (error) {
        done(error);
      }
    };
    return ({ token }) => new Promise((resolve, reject) => {
      verify(token, getKey, options, (error, claims) => (error ? reject(error) : resolve(claims)));
    });
  },
  async 'express-jwt'({ keys, options }) {
    const { expressjwt } = require('express-jwt');
    const secret = async (_request, token) => publicKey(select(keys, token?.header.kid));
    const middleware = expressjwt({ ...options, secret });
    return ({ request, response }) => run(middleware, request, response);
  },
  async 'express-oauth2-jwt-bearer'({ name, options, requiredScopes }) {
    const library = require('express-oauth2-jwt-bearer');
    const jwksUri = `http://127.0.0.1:${server.address().port}/jwks/${name}`;
    const handlers = [library.auth({ ...options, jwksUri })];
    if (requiredScopes) handlers.push(library.requiredScopes(requiredScopes));
    return async ({ request, response }) => {
      for (const handler of handlers) await run(handler, asExpress(request), response);
    };
  },
  async '@fastify/jwt'({ keys, options }) {
    const fastify = require('fastify')();
    const secret = async (_request, token) => pem(select(keys, token.header.kid));
    await fastify.register(require('@fastify/jwt'), { ...options, secret });
    fastify.get('/', async (request) => { await request.jwtVerify(); return 'in'; });
    await fastify.ready();
    return async ({ request }) => {
      const { statusCode } = await fastify.inject({ url: '/', headers: { authorization: request.headers.authorization } });
      if (statusCode !== 200) throw new Error(`${statusCode}`);
    };
  },
  async 'aws-jwt-verify'({ keys, options }) {
    const { JwtVerifier } = require('aws-jwt-verify');
    const verifier = JwtVerifier.create(options);
    verifier.cacheJwks(keys);
    return ({ token }) => verifier.verifySync(token);
  },
};

const verifiers = new Map();
const server = http.createServer(async (request, response) => {
  const [, kind, name] = request.url.split('/');
  if (kind === 'jwks' && name in services) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(services[name].keys));
    return;
  }
  const verify = verifiers.get(kind);
  let status = 404;
  if (verify) {
    try {
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      await verify({ token, request, response });
      status = 200;
    } catch (error) {
      status = 401;
    }
  }
  response.writeHead(status).end();
});
server.listen(0, '127.0.0.1', async () => {
  for (const [name, service] of Object.entries(services)) verifiers.set(name, await makers[service.library]({ name, ...service }));
  fs.writeFileSync(`${portFile}.new`, `${server.address().port}`);
  fs.renameSync(`${portFile}.new`, portFile);
});
