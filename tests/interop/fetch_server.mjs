// An issuer on loopback that behaves, and places that do not. Prints its ports as JSON: of http, and of https with the
// certificate that it was given.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import zlib from 'node:zlib';

const [directory] = process.argv.slice(2);
const asked = {};
let base;
let keys = () => fs.readFileSync(`${directory}/jwks.json`);

const json = (response, text, headers = {}) => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(text);
};
const metadata = (issuer, more = {}) => JSON.stringify({ issuer, jwks_uri: `${base}/jwks`, ...more });
const redirect = (response, location) => {
  response.writeHead(302, { location });
  response.end();
};
const forever = (response, chunk) => {
  const more = () => { while (!response.destroyed && response.write(chunk)); };
  response.on('drain', more);
  more();
};

const places = {
  '/jwks': (request, response) => {
    if (request.headers['if-none-match'] === '"one"') {
      response.writeHead(304, { 'cache-control': 'max-age=100' });
      return response.end();
    }
    return json(response, keys(), { etag: '"one"', 'cache-control': 'max-age=100' });
  },
  '/short': (_request, response) => json(response, keys(), { 'cache-control': 'max-age=0' }),
  '/secret': (_request, response) => json(response, keys(), { 'cache-control': 'no-store' }),
  '/good/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/good`)),
  '/.well-known/oauth-authorization-server/oauth': (_request, response) => json(response, metadata(`${base}/oauth`)),
  '/slash/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/slash/`)),
  '/plain/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/plain`, { jwks_uri: 'http://keys.example/' })),
  '/realms/one/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/realms/one`, { jwks_uri: `${base}/realms/one/protocol/openid-connect/certs` })),
  '/realms/one/protocol/openid-connect/certs': (_request, response) => json(response, fs.readFileSync(`${directory}/one.json`)),
  '/private/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/private`, { jwks_uri: `${base}/private.json` })),
  '/private.json': (_request, response) => json(response, fs.readFileSync(`${directory}/private.json`)),
  '/moved': (_request, response) => redirect(response, '/jwks'),
  '/away': (_request, response) => redirect(response, 'https://elsewhere.example/jwks'),
  '/inside': (_request, response) => redirect(response, 'http://127.0.0.2/latest/meta-data'),
  '/file': (_request, response) => redirect(response, 'file:///etc/passwd'),
  '/loop': (_request, response) => redirect(response, '/loop'),
  '/html': (_request, response) => { response.writeHead(200, { 'content-type': 'text/html' }); response.end('<html>sign in</html>'); },
  '/broken': (_request, response) => json(response, '{"keys": [{'),
  '/error': (_request, response) => { response.writeHead(503); response.end('later'); },
  '/gone': (_request, response) => { response.writeHead(410); response.end(); },
  '/cut': (_request, response) => { response.writeHead(200, { 'content-length': 1000 }); response.write('{"keys"'); setTimeout(() => response.destroy(), 50); },
  '/silent': () => {},
  '/drip': (_request, response) => { response.writeHead(200); const timer = setInterval(() => response.write(' '), 200); response.on('close', () => clearInterval(timer)); },
  '/endless': (_request, response) => { response.writeHead(200); forever(response, Buffer.alloc(65536, 0x20)); },
  '/bomb': (_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }); response.end(zlib.gzipSync(Buffer.alloc(50 << 20))); },
  '/headers': (_request, response) => { response.writeHead(200, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'a'.repeat(900)]))); response.end('{}'); },
  '/many': (_request, response) => json(response, JSON.stringify({ keys: Array.from({ length: 10000 }, (_, i) => ({ ...JSON.parse(keys()).keys[0], kid: `k${i}` })) })),
  '/asked': (_request, response) => json(response, JSON.stringify(asked)),
};

const serve = (request, response) => {
  asked[request.url] = (asked[request.url] ?? 0) + 1;
  const place = places[request.url];
  if (place) return place(request, response);
  response.writeHead(404);
  return response.end();
};

const options = { key: fs.readFileSync(`${directory}/tls.key`), cert: fs.readFileSync(`${directory}/tls.pem`) };
const plain = http.createServer(serve).listen(0, '127.0.0.1', () => {
  base = `http://127.0.0.1:${plain.address().port}`;
  const secure = https.createServer(options, serve).listen(0, '127.0.0.1', () => {
    fs.writeFileSync(`${directory}/ports.json`, JSON.stringify({ http: plain.address().port, https: secure.address().port }));
  });
});
