// The npm peers behind one process: a JSON request a line on standard input, a JSON answer a line on standard output.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.argv[2]}/package.json`));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const jsonwebtoken = require('jsonwebtoken');
const libraries = { jose: await load('jose'), jose5: await load('jose5') };

// --- jose: CryptoKey or KeyObject, whatever the version makes of a file
const joseKey = async (jose, { format, text }, alg, secret) => {
  switch (format) {
    case 'jwk': return jose.importJWK(JSON.parse(text), alg);
    case 'jwks': return jose.createLocalJWKSet(JSON.parse(text));
    case 'certificate': return jose.importX509(text, alg);
    case 'pem': return secret ? jose.importPKCS8(text, alg, { extractable: true }) : jose.importSPKI(text, alg);
  }
  throw new Error(`no format ${format}`);
};

const jose = (library) => ({
  async generate({ alg, curve }) {
    if (alg.startsWith('HS')) {
      const secret = await library.generateSecret(alg, { extractable: true });
      return { jwk: JSON.stringify({ ...(await library.exportJWK(secret)), alg }) };
    }
    const options = { extractable: true, ...(curve && { crv: curve }) };
    const { publicKey, privateKey } = await library.generateKeyPair(alg, options);
    const kid = await library.calculateJwkThumbprint(await library.exportJWK(publicKey));
    const jwk = async (key) => JSON.stringify({ ...(await library.exportJWK(key)), alg, kid, use: 'sig' });
    return {
      jwk: await jwk(privateKey), pem: await library.exportPKCS8(privateKey),
      public: { jwk: await jwk(publicKey), pem: await library.exportSPKI(publicKey) },
    };
  },
  async sign({ alg, key, header, claims }) {
    return new library.SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(await joseKey(library, key, alg, true));
  },
  async verify({ alg, key, token, issuer, audience }) {
    const options = { algorithms: [alg], issuer, audience };
    return (await library.jwtVerify(token, await joseKey(library, key, alg, false), options)).payload;
  },
});

// --- jsonwebtoken: node's own keys
const nodeKey = ({ format, text }, secret) => {
  if (format === 'jwk') {
    const key = JSON.parse(text);
    if (key.kty === 'oct') return crypto.createSecretKey(Buffer.from(key.k, 'base64url'));
    return (secret ? crypto.createPrivateKey : crypto.createPublicKey)({ key, format: 'jwk' });
  }
  return text; // PEM: jsonwebtoken takes it as it is
};
const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', ES256K: 'secp256k1' };
const nodePair = (alg) => {
  if (/^[RP]S/.test(alg)) return crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (curves[alg]) return crypto.generateKeyPairSync('ec', { namedCurve: curves[alg] });
  return crypto.generateKeyPairSync(alg === 'Ed448' ? 'ed448' : 'ed25519');
};

const jsonwebtokenPeer = {
  async generate({ alg }) {
    if (alg.startsWith('HS')) {
      const k = crypto.randomBytes(Number(alg.slice(2)) / 8).toString('base64url');
      return { jwk: JSON.stringify({ kty: 'oct', k }) };
    }
    const { publicKey, privateKey } = nodePair(alg);
    const forms = (key, type) => ({
      jwk: JSON.stringify(key.export({ format: 'jwk' })), pem: key.export({ format: 'pem', type }),
    });
    return { ...forms(privateKey, 'pkcs8'), public: forms(publicKey, 'spki') };
  },
  async sign({ alg, key, header, claims }) {
    return jsonwebtoken.sign(claims, nodeKey(key, true), { algorithm: alg, header: { alg, ...header } });
  },
  async verify({ alg, key, token, issuer, audience }) {
    return jsonwebtoken.verify(token, nodeKey(key, false), { algorithms: [alg], issuer, audience });
  },
};

// --- node:crypto alone, for key files
const keyfile = {
  // Reads a private key in whatever form, and tells what it holds.
  async read({ text, passphrase }) {
    return crypto.createPrivateKey({ key: text, passphrase }).export({ format: 'jwk' });
  },
  // Encrypts a private key.
  async encrypt({ text, cipher, passphrase }) {
    return crypto.createPrivateKey(text).export({ format: 'pem', type: 'pkcs8', cipher, passphrase });
  },
};

const peers = {
  jose: jose(libraries.jose), jose5: jose(libraries.jose5), jsonwebtoken: jsonwebtokenPeer, node: keyfile,
};
for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { result: await peers[request.peer][request.do](request) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
