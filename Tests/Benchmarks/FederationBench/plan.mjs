// Plans over a hundred containers: how long the daemon takes from request to reply, JSON and socket
// included, and how much of a processor.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Connection } from '../../../Sources/JavaScript/lib/connection.js';
import { encodeJSON, parseJSON, verbs } from '../../../Sources/JavaScript/lib/frames.js';
import { crowd } from './crowd.mjs';
import { LarderDaemon } from './servers.mjs';

const run = promisify(execFile);
const timeoutMs = 60_000;

/**
 * @param {{programs: string, rounds: number, tell: (line: string) => void}} options
 * @returns {Promise<object>} sizes of the plan and milliseconds: `warm`, `other` (a host that asks
 *   the first time), `cold` (the first after a start of the daemon), `processor` (of a warm one)
 */
export async function measurePlans({ programs, rounds, tell }) {
  const graph = crowd();
  const dist = await build(graph);
  const [{ containers }] = graph.graphVectors;
  const { remotes, modules } = containers.host;
  const requests = modules['./src/boot.js'].static.map((request) => {
    const [remote, part] = request.split('/');
    return { remote, expose: `./${part}` };
  });
  const ask = (name) => encodeJSON(
    { host: { name, target: 'node', remotes: Object.keys(remotes) }, requests });
  const daemon = await LarderDaemon.start(programs);
  const figures = { cold: [], other: [], warm: [], processor: [] };
  try {
    tell('publishing a hundred containers');
    const names = (await readdir(dist)).filter((name) => name !== 'host');
    for (const name of names) await daemon.larder('publish', name, path.join(dist, name));
    for (let round = 1; round <= rounds; round += 1) {
      tell(`plans, round ${round} of ${rounds}`);
      await daemon.end();
      await daemon.run();
      const connection = await greet(daemon.socket);
      figures.cold.push((await time(connection, ask('host'))).milliseconds);
      figures.other.push((await time(connection, ask(`host-${round}`))).milliseconds);
      const count = 200;
      const before = await daemon.processorTime();
      for (let turn = 0; turn < count; turn += 1) {
        figures.warm.push((await time(connection, ask('host'))).milliseconds);
      }
      figures.processor.push((await daemon.processorTime() - before) / count);
      if (round === rounds) figures.plan = sizes(await time(connection, ask('host')));
      connection.close();
    }
  } finally {
    await daemon.remove();
  }
  return figures;
}

/** Has the graph built, once for all time. @returns {Promise<string>} folder of the containers */
async function build(graph) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'larder-bench-crowd-'));
  try {
    const file = path.join(folder, 'crowd.json');
    await writeFile(file, JSON.stringify(graph));
    const { stdout } = await run(
      fileURLToPath(new URL('../../Fixtures/build', import.meta.url)),
      ['graphs', '--vectors', file, '--webpack', '5.97']);
    return path.join(stdout.trim(), 'dist', 'crowd');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function greet(socket) {
  const counts = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };
  const connection = await Connection.connect(socket, counts, timeoutMs);
  await connection.request(verbs.HELLO, encodeJSON({ protocol: [1, 1], client: 'bench' }));
  return connection;
}

async function time(connection, body) {
  const begun = performance.now();
  const bodies = await connection.request(verbs.PLAN, body);
  return { milliseconds: performance.now() - begun, bodies };
}

function sizes({ bodies }) {
  const text = Buffer.concat(bodies);
  const { containers, files, shared, executionOrder, cycles, errors } = parseJSON(text);
  if (errors.length > 0) throw new Error(`the plan has errors: ${errors[0].message}`);
  return { bytes: text.length, containers: containers.length, files: files.length,
    shared: shared.length, executed: executionOrder.length, cycles: cycles.length };
}
