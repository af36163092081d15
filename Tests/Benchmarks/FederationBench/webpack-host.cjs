'use strict';

// A process that renders the fixtures' page from HTTP origins under webpack's own runtime, and
// sends its parent how long it took: each container is fetched by its entry's URL when it is first
// required, and each chunk beside it when the runtime reads it.
const http = require('node:http');
const vm = require('node:vm');

const { origins, render, language, promotion } = JSON.parse(process.env.FACTS);
// As a browser has it: connections stay open, six to an origin.
const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
const containers = new Map();

const fetchText = (url) => new Promise((resolve, reject) => {
  http.get(url, { agent }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('end', () => (response.statusCode === 200
      ? resolve(Buffer.concat(parts).toString('utf8'))
      : reject(new Error(`${url} answers with ${response.statusCode}`))));
    response.on('error', reject);
  }).on('error', reject);
});

/** A promise, which webpack's runtime waits for like for any remote that comes over a network. */
function containerOf(name) {
  if (!containers.has(name)) containers.set(name, load(name));
  return containers.get(name);
}

async function load(name) {
  const base = origins[name];
  const files = {
    readFile: (file, encoding, callback) => {
      fetchText(new URL(file.slice(1), base)).then((text) => callback(null, text), callback);
    },
  };
  const require_ = (request) => {
    if (request === 'fs') return files;
    return request in origins ? containerOf(request) : require(request);
  };
  const module = { exports: {} };
  const code = await fetchText(new URL('remoteEntry.js', base));
  vm.runInThisContext(`(function (exports, require, module, __filename, __dirname) {${code}\n})`)
    .call(module.exports, module.exports, require_, module, '/remoteEntry.js', '/');
  return module.exports;
}

(async () => {
  const begun = performance.now();
  const container = await containerOf(render.remote);
  await container.init({});
  const page = (await container.get(`./${render.expose}`))();
  const html = await page.default(language, promotion);
  process.send({ milliseconds: performance.now() - begun, html, mode: 'webpack' });
  agent.destroy();
  process.disconnect();
})();
