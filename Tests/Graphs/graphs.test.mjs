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
    for (const vector of graphVectors) {
      await t.test(`${vector.id} ${vector.title}`, async () => {
        const daemon = await Daemon.start();
        try {
          await publish(daemon, vector, path.join(dist, vector.id));
          // The library as the host, as far as that has words for it, and the host's own build.
          const { remotes } = vector.containers[vector.host];
          if (!Object.values(remotes).some(Array.isArray)) {
            compare(vector, await play(daemon, vector), false);
          }
          compare(vector, await play(daemon, vector, '--build'), true);
        } finally {
          await daemon.stop();
        }
      });
    }
  });
}

async function publish(daemon, { host, containers }, folder) {
  for (const [name, { exposes, offline }] of Object.entries(containers)) {
    if (offline || (name !== host && Object.keys(exposes).length === 0)) continue;
    await daemon.larder('publish', name, path.join(folder, name));
  }
}

async function play(daemon, { id }, ...more) {
  const { stdout } = await run(process.execPath, [
    path.join(here, 'run-graph.mjs'), '--vectors', vectorFile, '--graph', id,
    '--socket', daemon.socket, '--strict', ...more,
  ]);
  return JSON.parse(stdout);
}

/** That a remote is not there is recorded in the recorder's words. */
const inAnyWords = (text) => text.replace(/^.*(offline|no remote named|is not known).*$/m, '…');
const outcome = (result, isBuild) => (Array.isArray(result)
  ? result.map((one) => outcome(one, isBuild))
  // Only a runtime knows the name that a build gave to what it asked for.
  : inAnyWords(result).replace(/\nwhile loading .*/, isBuild ? '$&' : ''));

const kindOf = (failure) => {
  if (failure.includes('does not exist in container')) return 'unknownExpose';
  return failure.includes('offline') ? 'unknownRemote' : 'sharedUnavailable';
};

/** @param {boolean} isBuild whether the host's own build was run, by a host beside the vector's */
function compare({ host, expect }, seen, isBuild) {
  const { plan } = seen;
  const isBoot = (text) => [`${host}/src_boot_js.js`, `${host}:./boot`].includes(text);
  const asked = (entries) => asSet(
    entries.filter(({ container }) => !isBuild || container !== host).map(entry));
  const chunks = expect.chunks.filter((chunk) => !isBoot(chunk));
  const planned = plan.files.filter(({ kind }) => kind === 'chunk')
    .map(({ container, path: file }) => `${container}/${file}`);
  const failures = [expect.result].flat().filter((text) => text.startsWith('ERR:'));

  assert.deepEqual(outcome(seen.result, isBuild), outcome(expect.result, isBuild), 'result');
  assert.deepEqual(seen.executionOrder, expect.execOrder, 'order of execution');
  assert.deepEqual(
    asSet(seen.chunks.filter((chunk) => !isBoot(chunk))), asSet(chunks), 'chunks that were read');
  assert.deepEqual(asked(seen.entries), asked(expect.entries), 'entries that ran');
  assert.deepEqual(asSet(seen.shared.map(choice)), asSet(expect.shared), 'choices that were made');
  assert.deepEqual(
    seen.warnings.map((warning) => inAnyWords(warning.message ?? warning)),
    expect.warnings.map(inAnyWords), 'warnings');

  assert.deepEqual(
    asSet(planned.filter((chunk) => !isBoot(chunk))), asSet(chunks), 'chunks that were planned');
  assert.deepEqual(asked(plan.entries), asked(expect.entries), 'entries as planned');
  assert.deepEqual(
    asSet(plan.shared.filter(({ outcome: came }) => came === 'shared').map(choice)),
    asSet(expect.shared), 'choices as planned');
  assert.deepEqual(
    plan.executionOrder.filter((step) => !isBoot(step)).map((step) => step.replace(':./', ':')),
    expect.execOrder, 'order as planned');
  assert.deepEqual(plan.errors.map(({ kind }) => kind), failures.map(kindOf), 'errors as planned');
  assert.deepEqual(seen.differences, [], 'differences between plan and execution');
}
