import assert from 'node:assert/strict';
import test from 'node:test';
import { createHost, LarderError } from '../index.js';
import { startRig } from '../rig/rig.js';
import { smallContainer, textModule } from '../rig/small-container.js';
import { planOf, sharing, threeLevels } from '../rig/worlds.js';

test('a load of three levels costs six frames, sent in one write', async (t) => {
  const { daemon, host } = await startRig(t, threeLevels());
  const one = host({ remotes: ['nav'] });
  const view = await one.load('nav/View');
  assert.equal(view.text(), 'nav(catalog(cart()))');
  assert.deepEqual(daemon.verbs, ['HELLO', 'INIT', 'OPEN']);
  assert.equal(daemon.frames, 6);
  assert.equal(daemon.reads, 1);
  assert.deepEqual(one.statistics().frames, { sent: 3, received: 3 });
  assert.deepEqual(one.differences, []);
});

test('what is asked for together shares one plan, and is not sent twice', async (t) => {
  const { daemon, host } = await startRig(t, sharing());
  const one = host({ remotes: ['shop'] });
  await Promise.all([one.load('shop/List'), one.load('shop/Pay')]);
  assert.equal(daemon.verbs.filter((verb) => verb === 'OPEN').length, 1);
  assert.deepEqual(daemon.bodies.OPEN[0].requests,
    [{ remote: 'shop', expose: './List' }, { remote: 'shop', expose: './Pay' }]);
  await one.load('shop/List');
  assert.ok(daemon.bodies.OPEN[1].have.length > 0);
});

test('getting a factory executes nothing; it loads what that module needs', async (t) => {
  const { host } = await startRig(t, sharing());
  const one = host({ remotes: ['shop'] });
  const factory = await one.get('shop', './List');
  assert.deepEqual(globalThis.__order, []);
  assert.deepEqual(one.observed.files.map(({ path }) => path).sort(), ['lib.js', 'list.js']);
  assert.equal(factory().text(), 'shop:list(shop:lib())');
  assert.equal(factory(), await one.load('shop/List'));
  assert.deepEqual(globalThis.__order, ['shop:list', 'shop:lib']);
  assert.deepEqual(one.observed.executed, ['shop:lib@1.1.0', 'shop:./List']);
});

test('a package of the host is used where it is the higher one, and runs once', async (t) => {
  const { daemon, host } = await startRig(t, sharing('1.2.0'));
  let runs = 0;
  const lib = { version: '1.2.0', import: () => { runs += 1; return { text: () => 'own' }; } };
  const one = host({ remotes: ['shop'], shared: { lib } });
  assert.equal((await one.load('shop/List')).text(), 'shop:list(own)');
  assert.equal((await one.loadShared('lib', { requiredVersion: '^1.0.0' })).text(), 'own');
  assert.equal(runs, 1);
  assert.deepEqual(daemon.bodies.INIT[0].host.shared, [{ scope: 'default', key: 'lib',
    version: '1.2.0', from: 'host', eager: false, loaded: false }]);
});

test('a package that the host lacks comes from the remote', async (t) => {
  const { daemon, host } = await startRig(t, sharing());
  const one = host({ remotes: ['shop'] });
  const lib = await one.loadShared('lib', { requiredVersion: '^1.0.0', singleton: true });
  assert.equal(lib.text(), 'shop:lib()');
  assert.equal(await one.loadShared('lib', { requiredVersion: '^1.0.0', singleton: true }), lib);
  assert.deepEqual(daemon.bodies.OPEN.map(({ consumes }) => consumes), [[{ scope: 'default',
    key: 'lib', requiredVersion: '^1.0.0', singleton: true, strictVersion: false,
    hasFallback: false, after: 0 }]]);
});

test('a package that nobody has is a typed error; with a fallback it is that', async (t) => {
  const { host } = await startRig(t, { remotes: {}, plan: () => ({}) });
  const one = host();
  await assert.rejects(one.loadShared('vue', { requiredVersion: '^3.0.0' }),
    { code: 'sharedUnavailable',
      message: "Shared module vue doesn't exist in shared scope default" });
  assert.equal(await one.loadShared('vue', { import: () => 'own' }), 'own');
});

test('a package of the host that could not be loaded may be tried again', async (t) => {
  const { host } = await startRig(t, { remotes: {}, plan: () => ({}) });
  let broken = true;
  const lib = { version: '1.0.0', import: async () => {
    if (broken) throw new RangeError('not yet');
    return 'loaded';
  } };
  const one = host({ shared: { lib }, strict: false });
  await assert.rejects(one.loadShared('lib'), { name: 'RangeError' });
  broken = false;
  assert.equal(await one.loadShared('lib'), 'loaded');
});

test('remotes of the host start before remotes of those', async (t) => {
  const world = threeLevels();
  world.remotes.other = { files: smallContainer('other', {}) };
  const plan = world.plan();
  const [nav, ...nested] = plan.entries;
  world.plan = () => ({ ...plan, entries: [nav, { container: 'other', askedBy: 'host' }, ...nested],
    files: [...plan.files, { container: 'other', path: 'remoteEntry.js', kind: 'entry',
      phase: 'required' }],
    containers: [...plan.containers, { name: 'other', uniqueName: 'other', release: '1',
      entry: 'remoteEntry.js' }] });
  const { host } = await startRig(t, world);
  const one = host({ remotes: ['nav', 'other'] });
  await one.load('nav/View');
  assert.deepEqual(one.observed.entries.map(({ container }) => container),
    ['nav', 'other', 'catalog', 'cart']);
});

test('what was planned before and not loaded yet is not missed', async (t) => {
  const world = sharing();
  const both = [{ remote: 'shop', expose: './List' }, { remote: 'shop', expose: './Pay' }];
  const plan = world.plan(both, []);
  world.plan = () => ({ ...plan, requests: both });
  const { host } = await startRig(t, world);
  const one = host({ remotes: ['shop'] });
  await one.plan(['shop/List', 'shop/Pay']);
  await one.load('shop/List');
  await one.load('shop/Pay');
  assert.deepEqual(one.differences, []);
});

test('an override counts from then on, and the daemon hears of it', async (t) => {
  const { daemon, host } = await startRig(t, { remotes: {}, plan: () => ({}) });
  const one = host({ shared: { lib: { version: '1.0.0', module: 'first' } }, strict: false });
  await one.plan([]);
  await one.override({ lib: { version: '1.5.0', module: 'second' } });
  assert.equal(await one.loadShared('lib', { requiredVersion: '^1.0.0' }), 'second');
  assert.equal(daemon.bodies.OVERRIDE[0].shared[0].version, '1.5.0');
});

test('an asset is that of the release which the host runs', async (t) => {
  const { host } = await startRig(t, threeLevels());
  const one = host({ remotes: ['nav'] });
  await one.load('nav/View');
  assert.equal((await one.asset('nav', 'nav.css')).toString(), 'a { color: red }');
  await assert.rejects(one.asset('nav', 'none.css'), { code: 'notFound', remote: 'nav' });
});

test('a container has its own contract: the exact name first, then with ./', async (t) => {
  const { host } = await startRig(t, {
    remotes: { nav: { files: smallContainer('nav', {
      exposes: { './A': { chunk: 'a', id: 'a' }, B: { chunk: 'a', id: 'b' } },
      chunks: { a: { a: textModule('A'), b: textModule('B') } },
    }) } },
    plan: () => planOf([['nav', 'host']], [['nav', 'a']]),
  });
  const container = host({ strict: false }).container('nav');
  const scope = {};
  await container.init(scope);
  assert.equal((await container.get('./A'))().text(), 'A()');
  assert.equal((await container.get('A'))().text(), 'A()');
  assert.equal((await container.get('B'))().text(), 'B()');
  await assert.rejects(container.get('C'), /"\.\/C" does not exist in container/);
  const before = (await container.get('A'))();
  await assert.rejects(async () => container.init({}), /different share scope/);
  assert.equal((await container.get('A'))(), before);
});

test('a host without a name, or for a browser, is refused', () => {
  for (const [options, message] of [
    [{}, /needs a name/],
    [{ name: 'a', target: 'web' }, /target web/],
    [{ name: 'a', ruleSet: 'mf3' }, /rule set mf3/],
    [{ name: 'a', remotes: { b: 'ftp://x/' } }, /remote b/],
    [{ name: 'a', shared: { react: { version: '18.0.0' } } }, /shared package react/],
  ]) {
    assert.throws(() => createHost(options), (error) =>
      error instanceof LarderError && error.code === 'badRequest' && message.test(error.message));
  }
});

test('a closed host refuses, and closes once more', async (t) => {
  const { host } = await startRig(t, threeLevels());
  const one = host({ remotes: ['nav'] });
  await one.load('nav/View');
  await one.close();
  await one.close();
  await assert.rejects(one.load('nav/View'), { code: 'closed' });
});

for (const withheld of [undefined, [{ consumer: 'shop', providers: ['ads'] }, { providers: ['ads'] }]]) {
  test(`a plan ${withheld ? 'that withholds a package keeps it from' : 'lets a package serve'} `
    + 'another container', async (t) => {
    const world = sharing();
    world.remotes.ads = { files: smallContainer('ads', {
      exposes: { './Ad': { chunk: 'ad', id: 'ad' } },
      provides: [{ key: 'lib', version: '9.0.0', chunk: 'lib', id: 'lib' }],
      chunks: { ad: { ad: textModule('ads:ad') }, lib: { lib: textModule('ads:lib') } },
    }) };
    const from = withheld ? 'shop' : 'ads';
    const version = withheld ? '1.1.0' : '9.0.0';
    world.plan = (requests) => planOf([['ads', 'host'], ['shop', 'host']],
      requests.flatMap(({ remote }) => (remote === 'ads' ? [['ads', 'ad']]
        : [['shop', 'list'], [from, 'lib'], ['shop', 'lazy', 'reachable']])), {
        withheld,
        shared: requests.filter(({ remote }) => remote === 'shop')
          .map(() => ({ consumer: 'shop', key: 'lib', outcome: 'shared', version, from })),
        executionOrder: ['ads:./Ad', `${from}:lib@${version}`, 'shop:./List'],
      });
    const { host } = await startRig(t, world);
    const one = host({ remotes: ['ads', 'shop'] });
    assert.equal((await one.load('ads/Ad')).text(), 'ads:ad()');
    assert.equal((await one.load('shop/List')).text(), `shop:list(${from}:lib())`);
    assert.deepEqual(one.differences, []);
  });
}
