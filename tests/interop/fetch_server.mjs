// An issuer on loopback that behaves, and places that do not. Writes its ports as JSON: of http, and of https with the
// certificate that it was given, or for old.example with one that has ended.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
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
const resource = (path, servers) => JSON.stringify({ resource: `${base}/${path}`, authorization_servers: servers });
const changed = (more) => JSON.stringify({ keys: JSON.parse(keys()).keys.map((key) => ({ ...key, ...more })) });
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
  '/once': (request, response) => {
    if (asked[request.url] === 1) return json(response, keys());
    response.writeHead(503);
    return response.end();
  },
  '/duplicates': (_request, response) => {
    const [key] = JSON.parse(keys()).keys;
    const [other] = JSON.parse(fs.readFileSync(`${directory}/one.json`)).keys;
    return json(response, JSON.stringify({ keys: [{ ...other, kid: key.kid }, key] }));
  },
  '/merged': (_request, response) => json(response, JSON.stringify({ keys: [...JSON.parse(keys()).keys, ...JSON.parse(fs.readFileSync(`${directory}/jwtdomain/jwks/staging.json`)).keys] })),
  '/for-another': (_request, response) => json(response, changed({ issuer: 'https://another.example' })),
  '/ended': (_request, response) => json(response, changed({ exp: 1000000000 })),
  '/skewed': (_request, response) => json(response, keys(), { date: 'Thu, 01 Jan 1970 00:00:00 GMT', expires: 'Thu, 01 Jan 1970 00:00:00 GMT', 'cache-control': 'max-age=100' }),
  '/aged': (_request, response) => json(response, keys(), { age: '1000', 'cache-control': 'max-age=100' }),
  '/chunked': (_request, response) => { response.writeHead(200); response.write('{"keys": ['); setTimeout(() => response.destroy(), 50); },
  '/closed': (request) => request.socket.destroy(),
  '/no-http': (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  '/array': (_request, response) => json(response, '[1]'),
  '/nested/.well-known/openid-configuration': (_request, response) => json(response, '['.repeat(100000)),
  '/page/.well-known/openid-configuration': (_request, response) => { response.writeHead(200, { 'content-type': 'text/html' }); response.end('<html>'); },
  '/no-keys/.well-known/openid-configuration': (_request, response) => json(response, JSON.stringify({ issuer: `${base}/no-keys` })),
  '/tenant/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/{tenantid}`)),
  '/tenant/v2.0/.well-known/openid-configuration': (_request, response) => json(response, metadata(`${base}/{tenantid}/v2.0`)),
  '/.well-known/oauth-protected-resource/api': (_request, response) => json(response, resource('api', [`${base}/realms/one`])),
  '/.well-known/oauth-protected-resource/orders': (_request, response) => json(response, resource('orders', [`${base}/good`])),
  '/.well-known/oauth-protected-resource/strangers': (_request, response) => json(response, resource('strangers', [`${base}/good`, 'https://stranger.example'])),
  '/.well-known/oauth-protected-resource/nobodys': (_request, response) => json(response, resource('nobodys', [])),
  '/.well-known/oauth-protected-resource/plain': (_request, response) => json(response, resource('plain', ['http://plain.example'])),
  '/.well-known/oauth-protected-resource/slash': (_request, response) => json(response, resource('slash/', [`${base}/realms/one`])),
  '/.well-known/oauth-protected-resource/many': (_request, response) => json(response, resource('many', Array.from({ length: 101 }, (_, i) => `${base}/${i}`))),
  '/.well-known/oauth-protected-resource/list': (_request, response) => json(response, resource('list', 'https://a.example')),
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

const secret = { key: fs.readFileSync(`${directory}/tls.key`) };
const ended = tls.createSecureContext({ ...secret, cert: fs.readFileSync(`${directory}/old.pem`) });
const options = { ...secret, cert: fs.readFileSync(`${directory}/tls.pem`), SNICallback: (name, done) => done(null, name === 'old.example' ? ended : undefined) };
const plain = http.createServer(serve).listen(0, '127.0.0.1', () => {
  base = `http://127.0.0.1:${plain.address().port}`;
  const secure = https.createServer(options, serve).listen(0, '127.0.0.1', () => {
    fs.writeFileSync(`${directory}/ports.json`, JSON.stringify({ http: plain.address().port, https: secure.address().port }));
  });
});
