import assert from 'node:assert/strict';
import test from 'node:test';
import { startRig } from '../rig/rig.js';
import { smallContainer, textModule } from '../rig/small-container.js';
import { planOf, sharing, threeLevels } from '../rig/worlds.js';

test('a remote that is not registered is an error of that load alone', async (t) => {
  const error = { kind: 'unknownRemote', container: 'none', expose: './View', phase: 'required',
    message: 'no remote none is registered', remedy: 'larder remote add none URL' };
  const world = threeLevels();
  const plan = world.plan();
  plan.entries.push({ container: 'none', askedBy: 'host' });
  world.plan = ([{ remote }]) => ({ ...plan, errors: remote === 'none' ? [error] : [] });
  const { host, warnings } = await startRig(t, world);
  const one = host({ remotes: ['nav', 'none'], strict: false });
  assert.equal((await one.load('nav/View')).text(), 'nav(catalog(cart()))');
  await assert.rejects(one.load('none/View'), { code: 'unknownRemote', remote: 'none',
    expose: './View', message: error.message, remedy: error.remedy });
  assert.equal((await one.load('nav/View')).text(), 'nav(catalog(cart()))');
  assert.deepEqual(one.differences, []);
  assert.equal(warnings.filter(({ code }) => code === 'initialisationFailed').length, 1);
});

test('an expose that the container lacks is named', async (t) => {
  const { host } = await startRig(t, threeLevels());
  const one = host({ remotes: ['nav'], strict: false });
  await assert.rejects(one.load('nav/Nope'), { code: 'unknownExpose', remote: 'nav',
    expose: './Nope', message: 'Module "./Nope" does not exist in container.' });
});

test('what the daemon refuses comes with its code and remedy', async (t) => {
  const { daemon, host } = await startRig(t, threeLevels());
  daemon.refuse.OPEN = { code: 'noSpace', message: 'the disk is full', remedy: 'free some' };
  const one = host({ remotes: ['nav'] });
  await assert.rejects(one.load('nav/View'), { code: 'noSpace', remedy: 'free some' });
  daemon.refuse = {};
  assert.equal((await one.load('nav/View')).text(), 'nav(catalog(cart()))');
});

for (const [type, text] of [
  ['var', 'var nav;(() => { nav = { get() {}, init() {} }; })();'],
  ['window', 'window["nav"] = (() => ({ get() {}, init() {} }))();'],
  ['module', 'const a = 1, b = 2; export { a as get, b as init };'],
  ['system', 'System.register([], function () {});'],
]) {
  test(`a container of library type ${type} is refused by that name`, async (t) => {
    const { host } = await startRig(t, { remotes: { nav: { files: { 'remoteEntry.js': text } } },
      plan: () => planOf([['nav', 'host']], []) });
    await assert.rejects(host({ strict: false }).load('nav/View'), (error) =>
      error.code === 'unsupportedContainer' && error.message.includes(`type ${type},`)
      && /commonjs-module/.test(error.remedy));
  });
}

test('a nested remote that was missing works once it is there, and is never an empty module',
  async (t) => {
    const world = threeLevels();
    const plan = world.plan();
    const without = planOf([['nav', 'host'], ['catalog', 'nav']],
      [['nav', 'view'], ['catalog', 'view']], { errors: [{ kind: 'missingRemote',
        container: 'catalog', expose: './View', phase: 'required',
        message: "remote 'cart' is not known", remedy: 'add it' }] });
    without.entries.push({ container: 'cart', askedBy: 'catalog' });
    let missing = true;
    world.plan = () => (missing ? without : plan);
    const { host } = await startRig(t, world);
    const one = host({ remotes: ['nav'], strict: false });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await assert.rejects(one.load('nav/View'), (error) => error.code === 'unknownRemote'
        && error.message.startsWith("remote 'cart' is not known") && error.remedy === 'add it'
        && error.message.includes('while loading "./View" from cart'));
    }
    missing = false;
    assert.equal((await one.load('nav/View')).text(), 'nav(catalog(cart()))');
  });

test('a module that throws gives its own error, and runs again when it is asked for again',
  async (t) => {
    globalThis.__broken = true;
    t.after(() => { delete globalThis.__broken; });
    const { host } = await startRig(t, { remotes: { nav: { files: smallContainer('nav', {
      exposes: { './A': { chunk: 'a', id: 'a' } },
      chunks: { a: { a: 'if (globalThis.__broken) throw new RangeError("mine"); '
        + 'exports.ready = true;' } },
    }) } }, plan: () => planOf([['nav', 'host']], [['nav', 'a']]) });
    const one = host({ strict: false });
    await assert.rejects(one.load('nav/A'), { name: 'RangeError', message: 'mine' });
    globalThis.__broken = false;
    assert.equal((await one.load('nav/A')).ready, true);
  });

test('a chunk that could not be had is asked for again', async (t) => {
  const world = sharing();
  const text = world.remotes.shop.files['lib.js'];
  delete world.remotes.shop.files['lib.js'];
  const { host } = await startRig(t, world);
  const one = host({ remotes: ['shop'], strict: false });
  await assert.rejects(one.load('shop/List'), { code: 'notFound' });
  world.remotes.shop.files['lib.js'] = text;
  assert.equal((await one.load('shop/List')).text(), 'shop:list(shop:lib())');
});

test('a name that nobody knows is refused when it is used, as a package or as a remote',
  async (t) => {
    const { daemon, host } = await startRig(t, { remotes: { nav: { files: {
      'remoteEntry.js': `const nobody = require('nobody');
        module.exports = { init() {}, get: (name) => name === './Package'
          ? Promise.resolve(() => nobody.pad('x')) : nobody.get('./A') };`,
    } } }, plan: () => planOf([['nav', 'host']], []) });
    daemon.refuse.REMOTE = { code: 'unknownRemote', message: 'no remote nobody is registered' };
    const one = host({ strict: false });
    await assert.rejects(one.load('nav/Package'), { code: 'unresolvedRequest',
      message: /^nav requires nobody, / });
    await assert.rejects(one.load('nav/Remote'), { code: 'unknownRemote', remote: 'nobody' });
  });

test('a difference from the plan is reported, and fatal where that is asked for', async (t) => {
  const world = sharing();
  const plan = world.plan([{ expose: './List' }], []);
  world.plan = () => ({ ...plan, shared: [{ ...plan.shared[0], version: '1.0.9', from: 'else' }],
    executionOrder: ['shop:./List', 'shop:lib@1.1.0'] });
  const { daemon, host } = await startRig(t, world);
  const strict = host({ remotes: ['shop'] });
  await assert.rejects(strict.load('shop/List'), { code: 'planMismatch' });
  await strict.close();
  const lenient = host({ remotes: ['shop'], strict: false });
  assert.equal((await lenient.load('shop/List')).text(), 'shop:list(shop:lib())');
  await lenient.close();
  // Whether the order or the load is compared first depends on turns of the event loop.
  const byKind = [...lenient.differences].sort((a, b) =>
    a.kind.localeCompare(b.kind));
  assert.deepEqual(byKind, [
    { kind: 'order', container: 'shop', planned: 'shop:./List shop:lib@1.1.0',
      seen: 'shop:lib@1.1.0 shop:./List' },
    { kind: 'shared', container: 'shop', planned: null, seen: 'lib@1.1.0 from shop' },
    { kind: 'shared', container: 'shop', planned: 'lib@1.0.9 from else', seen: null },
  ]);
  const reported = daemon.bodies.REPORT.flatMap(({ differences }) => differences);
  assert.deepEqual(reported.slice(-3), lenient.differences);
  // What had loaded is what the daemon keeps them by.
  for (const { requests } of daemon.bodies.REPORT) {
    assert.deepEqual(requests, [{ remote: 'shop', expose: './List' }]);
  }
});

test('a file that was planned and not read is a difference, whatever fails later on', async (t) => {
  const world = sharing();
  const plan = world.plan([{ expose: './List' }], []);
  world.plan = () => ({ ...plan,
    files: [...plan.files, { ...plan.files[1], path: 'other.js' }],
    errors: [{ kind: 'missingRemote', container: 'shop', expose: './List', phase: 'reachable',
      message: 'later' }] });
  const { host } = await startRig(t, world);
  await assert.rejects(host({ remotes: ['shop'] }).load('shop/List'),
    { code: 'planMismatch', message: /file of shop: planned other\.js, seen null/ });
});

test('a package whose chunk failed comes from its provider once that is whole again', async (t) => {
  const world = sharing();
  const lib = world.remotes.shop.files['lib.js'];
  delete world.remotes.shop.files['lib.js'];
  world.remotes.nav = { files: smallContainer('nav', {
    exposes: { './A': { chunk: 'a', id: 'a' } },
    consumes: { a: [{ id: 'shared-lib', key: 'lib' }] },
    chunks: { a: { a: textModule('nav:a', ['shared-lib']) } },
  }) };
  world.plan = () => planOf([['shop', 'host'], ['nav', 'host']],
    [['nav', 'a'], ['shop', 'lib']], {
      shared: [{ consumer: 'nav', key: 'lib', outcome: 'shared', version: '1.1.0', from: 'shop' }],
      executionOrder: ['shop:lib@1.1.0', 'nav:./A'] });
  const { host } = await startRig(t, world);
  const one = host({ remotes: ['shop', 'nav'], strict: false });
  await assert.rejects(one.load('nav/A'), { code: 'notFound' });
  world.remotes.shop.files['lib.js'] = lib;
  assert.equal((await one.load('nav/A')).text(), 'nav:a(shop:lib())');
});

test('a file that no plan has is a difference', async (t) => {
  const world = sharing();
  const plan = world.plan([{ expose: './List' }], []);
  world.plan = () => ({ ...plan, files: plan.files.filter(({ path }) => path !== 'lib.js') });
  const { host } = await startRig(t, world);
  await assert.rejects(host({ remotes: ['shop'] }).load('shop/List'),
    { code: 'planMismatch', message: /file of shop: planned null, seen lib\.js/ });
});
