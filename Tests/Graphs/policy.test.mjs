// A sharing policy with real builds: two containers provide one version of a package, from two
// origins, and by the runtimes' rules the greater unique name would serve both.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Daemon } from './daemon.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const vectorFile = path.join(here, '../LarderFederationTests/Vectors/federation-vectors.json');
const run = promisify(execFile);
const built = run(path.join(here, '../Fixtures/build'),
  ['graphs', '--vectors', vectorFile, '--webpack', '5.97']);

/** Serves a container's folder at an origin of its own. @returns {Promise<string>} its URL */
async function serve(t, name) {
  const folder = path.join((await built).stdout.trim(), 'dist/G09', name);
  const server = createServer(async ({ url }, response) => {
    const body = await readFile(path.join(folder, path.basename(url))).catch(() => null);
    response.writeHead(body ? 200 : 404).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${server.address().port}/`;
}

async function play(t, sharing) {
  const origins = {};
  for (const name of ['b', 'c', 'e']) origins[name] = await serve(t, name);
  const daemon = await Daemon.start({ origins: ['*'], sharing: sharing?.(origins) });
  t.after(() => daemon.stop());
  for (const [name, url] of Object.entries(origins)) {
    await daemon.larder('remote', 'add', name, url);
    await daemon.larder('remote', 'update', name);
  }
  const { stdout } = await run(process.execPath, [
    path.join(here, 'run-graph.mjs'), '--vectors', vectorFile, '--graph', 'G09',
    '--socket', daemon.socket, '--strict']);
  const { result, plan, differences } = JSON.parse(stdout);
  assert.deepEqual(differences, []);
  return { result, rules: plan.shared.map(({ rule }) => rule), daemon };
}

test('without a policy the greater name serves both', async (t) => {
  const { result, rules } = await play(t);
  assert.deepEqual(result, ['B(1.4.0<e)', 'C(2.1.0<c)', 'E(1.4.0<e)']);
  assert.deepEqual(rules, ['W5', 'W5', 'W5']);
});

test('under same-origin each has its own, as planned', async (t) => {
  const { result, rules } = await play(t, () => 'same-origin');
  assert.deepEqual(result, ['B(1.4.0<b)', 'C(2.1.0<c)', 'E(1.4.0<e)']);
  assert.deepEqual(rules, ['L1', 'W5', 'W5']);
});

test('a rule lets one origin serve another, and not the other way; the registry tells', async (t) => {
  const { result, daemon } = await play(t, ({ b, e }) =>
    [{ from: [e.slice(0, -1)], to: [b.slice(0, -1)] }]);
  assert.deepEqual(result, ['B(1.4.0<e)', 'C(2.1.0<c)', 'E(1.4.0<e)']);
  const { packages } = await daemon.larder('share', 'list', 'lib');
  const [one] = packages[0].versions.filter(({ version }) => version === '1.4.0');
  assert.deepEqual(one.providers.map(({ remote }) => remote), ['b', 'e']);
  assert.equal(one.providers[0].files.length, 1);
  assert.deepEqual(one.uses.map(({ host, consumer, from, count }) => [host, consumer, from, count]),
    [['host', 'b', 'e', 1], ['host', 'e', 'e', 1]]);
});
