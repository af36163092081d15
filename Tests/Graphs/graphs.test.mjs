// The graph vectors as real projects: built by the real webpack, published, planned by the daemon
// and run in the Node host. What both say is held against what webpack's own runtime did.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Daemon } from './daemon.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const vectorFile = process.env.LARDER_VECTORS
  ?? path.join(here, '../LarderFederationTests/Vectors/federation-vectors.json');
const graphs = ['G01', 'G02', 'G03', 'G05', 'G08', 'G09', 'G13', 'G14'];
const run = promisify(execFile);
const { graphVectors } = JSON.parse(await readFile(vectorFile, 'utf8'));

/** Order does not count: remotes arrive by promise there, at once here. */
const asSet = (list) => [...new Set(list.map((item) => JSON.stringify(item)))].sort();
const pick = (...keys) => (item) => Object.fromEntries(keys.map((key) => [key, item[key]]));
const choice = pick('consumer', 'key', 'version', 'from');
const entry = pick('container', 'askedBy');

for (const webpack of ['5.75', '5.97']) {
  test(`graphs that webpack ${webpack} built`, async (t) => {
    const { stdout } = await run(
      path.join(here, '../Fixtures/build'),
      ['graphs', '--vectors', vectorFile, '--webpack', webpack]);
    const dist = path.join(stdout.trim(), 'dist');
    for (const id of graphs) {
      const vector = graphVectors.find((one) => one.id === id);
      await t.test(`${id} ${vector.title}`, async () => {
        compare(vector, await play(vector, path.join(dist, id)));
      });
    }
  });
}

async function play(vector, folder) {
  const daemon = await Daemon.start();
  try {
    for (const [name, { exposes }] of Object.entries(vector.containers)) {
      if (Object.keys(exposes ?? {}).length > 0) {
        await daemon.larder('publish', name, path.join(folder, name));
      }
    }
    const { stdout } = await run(process.execPath, [
      path.join(here, 'run-graph.mjs'), '--vectors', vectorFile, '--graph', vector.id,
      '--socket', daemon.socket, '--strict',
    ]);
    return JSON.parse(stdout);
  } finally {
    await daemon.stop();
  }
}

function compare({ host, expect }, seen) {
  const { plan } = seen;
  const chunks = expect.chunks.filter((chunk) => chunk !== `${host}/src_boot_js.js`);
  const planned = plan.files.filter(({ kind }) => kind === 'chunk')
    .map(({ container, path: file }) => `${container}/${file}`);
  const plannedOrder = plan.executionOrder.map((step) => step.replace(':./', ':'));
  const failures = [expect.result].flat().filter((text) => text.startsWith('ERR:'));

  assert.deepEqual(seen.result, expect.result, 'result');
  assert.deepEqual(seen.executionOrder, expect.execOrder, 'order of execution');
  assert.deepEqual(asSet(seen.chunks), asSet(chunks), 'chunks that were read');
  assert.deepEqual(asSet(seen.entries.map(entry)), asSet(expect.entries), 'entries that ran');
  assert.deepEqual(asSet(seen.shared.map(choice)), asSet(expect.shared), 'choices that were made');
  assert.deepEqual(seen.errors.map(({ message }) => `ERR:${message}`), failures, 'errors');
  assert.deepEqual(seen.warnings.map(({ message }) => message), expect.warnings, 'warnings');

  assert.deepEqual(asSet(planned), asSet(chunks), 'chunks that were planned');
  assert.deepEqual(asSet(plan.entries.map(entry)), asSet(expect.entries), 'entries as planned');
  assert.deepEqual(
    asSet(plan.shared.filter(({ outcome }) => outcome === 'shared').map(choice)),
    asSet(expect.shared), 'choices as planned');
  assert.deepEqual(plannedOrder, expect.execOrder, 'order as planned');
  assert.deepEqual(
    plan.errors.map(({ kind }) => kind), failures.map(() => 'sharedUnavailable'),
    'errors as planned');
  assert.deepEqual(seen.differences, [], 'differences between plan and execution');
}
