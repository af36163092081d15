// What a plan and a load of three levels cost in frames, counted on the wire between a client and
// the daemon. The containers are G02's: host -> b -> c.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createHost } from '../../Sources/JavaScript/index.js';
import { verbs } from '../Rig/client.mjs';
import { Daemon } from '../Rig/daemon.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);

test('a graph of three levels', async (t) => {
  const vectors = path.join(here, '../LarderFederationTests/Vectors/federation-vectors.json');
  const { stdout } = await run(path.join(here, '../Fixtures/build'),
    ['graphs', '--vectors', vectors, '--webpack', '5.97']);
  const daemon = await Daemon.start();
  const wire = await Wire.start(daemon.socket, `${daemon.socket}.counted`);
  try {
    for (const name of ['b', 'c']) {
      await daemon.larder('publish', name, path.join(stdout.trim(), 'dist/G02', name));
    }
    await t.test('larder plan sends one PLAN and gets all digests', async () => {
      const plan = JSON.parse((await run(daemon.program('larder'),
        ['plan', 'b/B', '--json', '--socket', wire.path])).stdout);
      assert.deepEqual(wire.sent(), { HELLO: 1, PLAN: 1 });
      assert.deepEqual(plan.containers.map(({ name }) => name), ['b', 'c']);
      assert.ok(plan.files.length >= 4);
      for (const { path: file, digest } of plan.files) assert.match(digest, /^[0-9a-f]{64}$/, file);
    });
    await t.test('host.load costs six frames, both directions together', async () => {
      wire.frames = [];
      const host = createHost({ name: 'host', socket: wire.path, strict: true });
      const { default: text } = await host.load('b/B');
      assert.equal(text(), 'B(C)');
      await host.close();
      assert.deepEqual(wire.sent(), { HELLO: 1, INIT: 1, OPEN: 1 });
      assert.equal(wire.frames.length, 6);
    });
  } finally {
    await wire.stop();
    await daemon.stop();
  }
});

/** Passes bytes between clients and a daemon, and notes every frame's header. */
class Wire {
  /** {kind, fromDaemon} of each frame. */
  frames = [];
  #server;

  static async start(daemonPath, path_) {
    const wire = new Wire();
    wire.path = path_;
    wire.#server = net.createServer((client) => {
      const daemon = net.createConnection({ path: daemonPath });
      wire.#pass(client, daemon, false);
      wire.#pass(daemon, client, true);
    });
    wire.#server.listen(path_);
    await once(wire.#server, 'listening');
    return wire;
  }

  /** Frames that clients sent, by verb. */
  sent() {
    const counts = {};
    for (const { kind, fromDaemon } of this.frames) {
      if (fromDaemon) continue;
      const [name] = Object.entries(verbs).find(([, number]) => number === kind);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  #pass(source, sink, fromDaemon) {
    let held = Buffer.alloc(0);
    source.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 16 && held.length >= 16 + held.readUInt32LE(0)) {
        this.frames.push({ kind: held[4], fromDaemon });
        held = held.subarray(16 + held.readUInt32LE(0));
      }
      sink.write(bytes);
    });
    source.on('end', () => sink.end());
    source.on('error', () => sink.destroy());
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
