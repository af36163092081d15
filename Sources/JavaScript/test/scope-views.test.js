import assert from 'node:assert/strict';
import test from 'node:test';
import { types } from 'node:util';
import { Journal } from '../lib/journal.js';
import { ScopeViews } from '../lib/scope-views.js';

const owner = (name) => ({ name, spoiled: 0, spoil() { this.spoiled += 1; } });

function setUp() {
  const journal = new Journal();
  const [nav, shop] = [owner('nav'), owner('shop')];
  const scope = {};
  const views = new ScopeViews(journal);
  return { journal, nav, shop, scope, views, seen: views.open(scope, nav),
    offered: views.open(scope, shop) };
}

test('all views are of one scope, and only plain objects get into it', () => {
  const { scope, views, nav, seen, offered } = setUp();
  offered.lib = {};
  offered.lib['1.0.0'] = { get: () => () => 'lib', from: 'shop', eager: false };
  seen.lib = seen.lib || {};
  seen.alias = { '1.0.0': seen.lib['1.0.0'] };
  seen.alias['1.0.0'] = offered.lib['1.0.0'];
  for (const value of [scope.lib, scope.lib['1.0.0'], scope.alias, scope.alias['1.0.0']]) {
    assert.equal(types.isProxy(value), false);
  }
  assert.equal(scope.alias['1.0.0'], scope.lib['1.0.0']);
  assert.deepEqual(Object.keys(seen), ['lib', 'alias']);
  assert.equal(views.open(seen, nav), seen);
  assert.equal(seen.lib, seen.lib);
  assert.equal(views.raw(offered), scope);
});

test('who marks an entry as loaded has chosen it; who runs it is noted once', async () => {
  const { journal, scope, seen, offered } = setUp();
  offered.lib = { '1.0.0': { get: async () => () => 'lib', from: 'shop', eager: false } };
  seen.lib['1.0.0'].loaded = 1;
  const factory = await seen.lib['1.0.0'].get();
  assert.equal(scope.lib['1.0.0'].loaded, 1);
  assert.deepEqual(journal.shared,
    [{ consumer: 'nav', key: 'lib', version: '1.0.0', from: 'shop' }]);
  assert.deepEqual(journal.executed, []);
  assert.equal(factory(), 'lib');
  assert.equal(factory(), 'lib');
  assert.deepEqual(journal.executed, ['shop:lib@1.0.0']);
});

for (const [what, get] of [
  ['throws', () => { throw new Error('broken'); }],
  ['rejects', async () => { throw new Error('broken'); }],
]) {
  test(`an entry whose getter ${what} leaves the scope, and its provider starts anew`, async () => {
    const { shop, scope, seen, offered } = setUp();
    offered.lib = {};
    offered.lib['1.0.0'] = { get, from: 'shop', eager: false };
    await assert.rejects(async () => seen.lib['1.0.0'].get(), /broken/);
    assert.deepEqual(scope, {});
    assert.equal(shop.spoiled, 1);
  });
}

test('an entry stays if its file was only not here yet, or if the host itself provides it', () => {
  const { shop, scope, seen, offered } = setUp();
  const late = () => { throw Object.assign(new Error('late'), { code: 'notDelivered' }); };
  offered.lib = {};
  offered.lib['1.0.0'] = { get: late, from: 'shop', eager: false };
  scope.own = { '1.0.0': { get: () => { throw new Error('broken'); }, from: 'host' } };
  assert.throws(() => seen.lib['1.0.0'].get(), /late/);
  assert.throws(() => seen.own['1.0.0'].get(), /broken/);
  assert.deepEqual(Object.keys(scope), ['lib', 'own']);
  assert.equal(shop.spoiled, 0);
});
