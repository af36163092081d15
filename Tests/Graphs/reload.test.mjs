// Hosts that are made and closed again and again in one process leave nothing behind.
//
// LARDER_RELOADS=10000 is what `make soak` runs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Daemon } from './daemon.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const vectors = path.join(here, '../LarderFederationTests/Vectors/federation-vectors.json');
const run = promisify(execFile);
const reloads = Number(process.env.LARDER_RELOADS ?? 400);

test(`${reloads} reloads in one process`, async () => {
  const { stdout: folder } = await run(
    path.join(here, '../Fixtures/build'), ['graphs', '--vectors', vectors, '--webpack', '5.97']);
  const daemon = await Daemon.start();
  try {
    for (const name of ['b', 'c', 'd']) {
      await daemon.larder('publish', name, path.join(folder.trim(), 'dist/G05', name));
    }
    // What V8 compiles grows for thousands of reloads before it settles, and is not ours to count.
    const { stdout } = await run(process.execPath, ['--expose-gc', '--jitless', path.join(here, 'reload.mjs'),
      '--socket', daemon.socket, '--reloads', String(reloads)]);
    // Shapes are learned in the first quarter.
    const { heap } = JSON.parse(stdout);
    const { slope, error } = line(heap.slice(Math.floor(heap.length / 4)));
    console.log(`campaign reloads: ${reloads} reloads, the heap grows by ${
      slope.toFixed(1)} +- ${error.toFixed(1)} bytes with each`);
    // The samples themselves take some 80 bytes each; a host that stayed would take 100 KB.
    assert.ok(slope <= Math.max(3 * error, 64), `${slope} bytes a reload, give or take ${error}`);
  } finally {
    await daemon.stop();
  }
});

/** The line of least squares through points, and the standard error of its slope. */
function line(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const slope = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
  const rest = points.reduce((sum, [at, value]) => sum + (value - y - slope * (at - x)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / spread) };
}
