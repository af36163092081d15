// A host for each request, as a server that renders pages makes them: when it is closed nothing of it
// is left, neither in memory nor open.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'node:test';
import { startRig } from '../rig/rig.js';
import { sharing } from '../rig/worlds.js';
import { createHost } from '../index.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const requests = 100;

/** Renders once; gives what would still be there if anything held the host or its modules. */
async function render(socket, index) {
  const host = createHost({ name: `request-${index}`, remotes: ['shop'], socket,
    shared: { page: { version: '1.0.0', module: { index } } } });
  const list = await host.load('shop/List');
  assert.equal(list.text(), 'shop:list(shop:lib())');
  host.watch('shop', () => {});
  if (index % 10 === 0) await host.loadShared('vue').catch(() => {});
  await host.close();
  return [new WeakRef(host), new WeakRef(list)];
}

const open = () => process.getActiveResourcesInfo()
  .filter((name) => ['PipeWrap', 'PipeConnectWrap', 'Timeout'].includes(name)).length;

/** Sockets close a turn later; what a turn still holds is let go of with it. */
async function settled() {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 1); });
    collect();
  }
}

test('a hundred hosts that were closed leave nothing', async (t) => {
  const { daemon } = await startRig(t, sharing());
  await render(daemon.socket, 0);
  await settled();
  const before = open();
  const left = [];
  for (let index = 1; index <= requests; index += 1) {
    left.push(...await render(daemon.socket, index));
  }
  await settled();
  assert.equal(left.filter((reference) => reference.deref()).length, 0);
  assert.equal(open(), before);
});
