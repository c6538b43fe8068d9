// oidc-provider, twice: an issuer for each domain, on loopback, with a client that asks for access tokens of an API by its
// resource indicator (RFC 8707), as JWTs (RFC 9068). Each line on standard input is a command, answered by one on standard
// output: "rotate prod" puts a new key before the old one, "forget prod" takes the old ones out of what is published,
// "asked prod" says how often its key set was.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import readline from 'node:readline';
import crypto from 'node:crypto';

const [peers, ...names] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${peers}/package.json`));
for (const kind of ['info', 'warn', 'log']) console[kind] = () => {}; // it advises
// Node 18, which Debian 12 has, lacks what oidc-provider 9 calls.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);
const { default: Provider, errors } = await import(pathToFileURL(require.resolve('oidc-provider')));

const answer = (text) => process.stdout.write(`${text}\n`);

const makeKey = (number) => {
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${number}`, alg: 'RS256', use: 'sig' };
};

class Issuer {
  constructor(name) {
    this.name = name;
    this.audience = `https://api.${name}.example.com`;
    this.keys = [makeKey(1)];
    this.made = 1;
    this.asked = 0;
  }

  async listen() {
    this.server = http.createServer((request, response) => {
      if (request.url === '/jwks') this.asked += 1;
      this.answer(request, response);
    });
    await new Promise((done) => { this.server.listen(0, '127.0.0.1', done); });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    this.start();
  }

  // With the keys of now: the first one signs, all are published.
  start() {
    const resource = {
      scope: 'orders:read', audience: this.audience, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
    };
    const provider = new Provider(this.url, {
      clients: [{ client_id: 'ci', client_secret: 'of-the-test', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
      jwks: { keys: this.keys },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context, indicator) => {
            if (indicator !== this.audience) throw new errors.InvalidTarget();
            return resource;
          },
        },
      },
    });
    this.answer = provider.callback();
  }

  rotate() {
    this.made += 1;
    this.keys.unshift(makeKey(this.made));
    this.start();
  }

  forget() {
    this.keys.length = 1;
    this.start();
  }
}

const issuers = Object.fromEntries(names.map((name) => [name, new Issuer(name)]));
for (const issuer of Object.values(issuers)) await issuer.listen();
answer(JSON.stringify(Object.fromEntries(Object.values(issuers).map(({ name, url }) => [name, url]))));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, name] = line.split(' ');
  if (command === 'rotate') issuers[name].rotate();
  if (command === 'forget') issuers[name].forget();
  answer(command === 'asked' ? issuers[name].asked : 'done');
}
process.exit(0);
