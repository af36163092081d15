// One request to the origin for each realm and credential, however many clients wait and whoever
// dies.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { Client, sha256 } from '../Rig/client.mjs';
import { Daemon } from '../Rig/daemon.mjs';
import { Random, seed } from '../Rig/random.mjs';
import { ScriptedOrigin } from '../Rig/scripted-origin.mjs';

const clientsPerRealm = 25;

test('50 clients of two realms cost one request a realm and credential', async () => {
  const body = new Random(seed()).bytes(3_000_000);
  const gates = [];
  // Sends the first half, and the rest when the test opens the gate.
  const origin = await ScriptedOrigin.start((request, response) => {
    response.writeHead(200, { 'Content-Length': body.length });
    response.write(body.subarray(0, body.length / 2));
    gates.push(() => response.end(body.subarray(body.length / 2)));
  });
  const daemon = await Daemon.start({ realms: ['other'] });
  try {
    const url = `${origin.url}/asset.bin`;
    const starter = spawn(daemon.program('larder'), [
      'fetch', url, '--output', '/dev/null', '--socket', daemon.socket], { stdio: 'ignore' });
    await until(() => gates.length === 1);

    const clients = [];
    for (const realm of ['default', 'other']) {
      for (let number = 0; number < clientsPerRealm - (realm === 'default' ? 1 : 0); number += 1) {
        clients.push(await Client.connect(daemon.socketOf(realm)));
      }
    }
    const observer = await Client.connect(daemon.socket);
    const waiting = clients.map((client) => client.ensure({ url }));
    const privileged = observer.ensure({ url, authorization: 'Bearer token' });
    await until(async () => (await coalesced(daemon)) === clients.length - 1);
    await until(() => gates.length === 3);

    const died = once(starter, 'exit');
    starter.kill('SIGKILL');
    await died;
    for (const open of gates) open();
    for (const { bytes, reply } of await Promise.all([...waiting, privileged])) {
      assert.equal(sha256(bytes), sha256(body), 'a client got other bytes');
      assert.equal(reply.digest, sha256(body));
    }
    assert.deepEqual(
      origin.requests.map(({ authorization }) => authorization ?? 'none').sort(),
      ['Bearer token', 'none', 'none']);
    for (const client of [...clients, observer]) client.close();
  } finally {
    await daemon.stop();
    await origin.stop();
  }
});

/** Clients that wait for another's fetch, in both realms. */
async function coalesced(daemon) {
  let count = 0;
  for (const realm of ['default', 'other']) {
    const client = await Client.connect(daemon.socketOf(realm));
    count += (await client.statistics()).origin.coalesced;
    client.close();
  }
  return count;
}

/** Looks again until it holds; the runner's own time limit ends a test that never gets there. */
async function until(holds) {
  while (!await holds()) await new Promise(setImmediate);
}
