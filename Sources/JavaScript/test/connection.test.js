import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRig } from '../rig/rig.js';
import { smallContainer, textModule } from '../rig/small-container.js';
import { planOf, sharing, threeLevels } from '../rig/worlds.js';

test('a reply in several frames is one reply', async (t) => {
  const { daemon, host } = await startRig(t, threeLevels());
  daemon.split = true;
  assert.equal((await host({ remotes: ['nav'] }).load('nav/View')).text(), 'nav(catalog(cart()))');
  assert.equal(daemon.frames, 7);
});

test('a lost connection is made anew, and a lazy chunk stays that of the first release',
  async (t) => {
    const world = sharing();
    const { daemon, host } = await startRig(t, world);
    const one = host({ remotes: ['shop'] });
    const list = await one.load('shop/List');
    // The next release has the same file names and other content.
    world.remotes.shop.files = { ...world.remotes.shop.files, 'lazy.js': 'exports.modules = {};' };
    daemon.drop();
    assert.equal(await list.lazy(), 'shop:lazy()');
    assert.deepEqual(daemon.verbs, ['HELLO', 'INIT', 'OPEN', 'HELLO', 'INIT', 'GET']);
    assert.deepEqual(daemon.bodies.INIT[1].releases, { shop: '1' });
    assert.deepEqual(daemon.bodies.INIT[1].session, 1);
    assert.equal(one.statistics().reconnections, 1);
  });

test('a host keeps the release that it runs when the channel moves', async (t) => {
  const world = sharing();
  const first = world.plan;
  const { host, warnings } = await startRig(t, world);
  const one = host({ remotes: ['shop'], strict: false });
  await one.load('shop/List');
  world.plan = (...asked) => {
    const plan = first(...asked);
    return { ...plan, containers: plan.containers.map((facts) => ({ ...facts, release: '2' })) };
  };
  world.remotes.shop.files['lazy.js'] = 'exports.modules = {};';
  const again = await one.load('shop/List');
  assert.equal(await again.lazy().catch((error) => error.code), 'shop:lazy()');
  assert.deepEqual(warnings.map(({ code }) => code), ['releaseChanged']);
});

for (const [what, keeps, release, expected] of [
  ['has if the new session keeps the release', true, '2', 'a { color: red }'],
  ['has if the remote did not move', false, '1', 'a { color: red }'],
  ['refuses if the remote moved', false, '2', 'releaseChanged'],
]) {
  test(`after a lost connection a file that no plan named is one that a host ${what}`,
    async (t) => {
      const world = threeLevels();
      const { daemon, host } = await startRig(t, world);
      const one = host({ remotes: ['nav'] });
      await one.load('nav/View');
      daemon.drop();
      daemon.keeps = keeps;
      world.remotes.nav.release = release;
      const file = await one.asset('nav', 'nav.css').catch((error) => error.code);
      assert.equal(file.toString(), expected);
    });
}

test('a daemon that is gone is a typed error, and the host goes on when it is back', async (t) => {
  const { daemon, host } = await startRig(t, threeLevels());
  const one = host({ remotes: ['nav'] });
  await one.load('nav/View');
  await daemon.stop();
  await assert.rejects(one.asset('nav', 'nav.css'), { code: 'connectionLost' });
});

test('more requests than may be in flight wait for their turn', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.css`, `c${i}`]));
  const { daemon, host } = await startRig(t, { remotes: { nav: { files } } });
  const one = host();
  const all = await Promise.all(Object.keys(files).map((file) => one.asset('nav', file)));
  assert.deepEqual(all.map(String), Object.values(files));
  assert.equal(daemon.unansweredMax, 64);
});

const nodeBuild = (phase) => ({
  remotes: { nav: { files: smallContainer('nav', {
    target: 'node',
    exposes: { './A': { chunk: 'a', id: 'a' } },
    chunks: {
      a: { a: `${textModule('A')}
        exports.lazy = () => load('b').then(() => require('b').text());` },
      b: { b: textModule('B') },
    },
  }) } },
  plan: () => {
    const plan = planOf([['nav', 'host']], [['nav', 'a'], ['nav', 'b', phase]],
      { executionOrder: ['nav:./A'] });
    plan.containers[0].target = 'node';
    if (phase) return plan;
    return { ...plan, files: plan.files.slice(0, 1) };
  },
});

test('a container of target node has its lazy chunks before it can ask for them', async (t) => {
  const { daemon, host } = await startRig(t, nodeBuild('reachable'));
  const one = host({ remotes: ['nav'], target: 'node' });
  assert.equal(await (await one.load('nav/A')).lazy(), 'B()');
  assert.deepEqual(daemon.verbs, ['HELLO', 'INIT', 'OPEN']);
});

test('so it has in a host of target async-node, at the price of one GET', async (t) => {
  const { daemon, host } = await startRig(t, nodeBuild('reachable'));
  const one = host({ remotes: ['nav'] });
  assert.equal(await (await one.load('nav/A')).lazy(), 'B()');
  assert.deepEqual(daemon.verbs, ['HELLO', 'INIT', 'OPEN', 'GET']);
});

test('a chunk that no plan has is fetched before a container of target node tries again',
  async (t) => {
    const { host } = await startRig(t, nodeBuild(undefined));
    const one = host({ remotes: ['nav'], strict: false });
    const module = await one.load('nav/A');
    assert.equal(module.text(), 'A()');
    await assert.rejects(async () => module.lazy(), { code: 'notDelivered',
      remedy: /async-node/ });
    assert.deepEqual(one.differences.map(({ kind, seen }) => [kind, seen]), [['file', 'a.js']]);
  });

test('a host that is not closed lets the process end', async (t) => {
  const { daemon } = await startRig(t, threeLevels());
  const index = fileURLToPath(new URL('../index.js', import.meta.url));
  const program = `import { createHost } from ${JSON.stringify(index)};
    const host = createHost({ name: 'host', remotes: ['nav'] });
    console.log((await host.load('nav/View')).text());`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath,
    ['--input-type=module', '--eval', program],
    { env: { ...process.env, LARDER_SOCKET: daemon.socket, LARDER: '' }, timeout: 20_000 });
  assert.equal(stdout, 'nav(catalog(cart()))\n');
  assert.equal(stderr, '');
});
