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

// As a webpack runtime registers: it goes on with the object that it has just put there.
const register = (scope, key, version, from) => {
  const versions = scope[key] = scope[key] || {};
  const active = versions[version];
  if (!active || (!active.loaded && from > active.from)) {
    versions[version] = { get: () => () => `${from}:${key}`, from, eager: false };
  }
};
const offers = (scope, key) => Object.fromEntries(
  Object.entries(scope[key] ?? {}).map(([version, entry]) => [version, entry.from]));

const policy = {
  containers: [{ name: 'nav' }, { name: 'shop' }, { name: 'ads' }],
  withheld: [{ providers: ['ads'] }, { consumer: 'nav', providers: ['ads'] },
    { consumer: 'ads', providers: ['shop'] }],
};

function withPolicy() {
  const parts = setUp();
  parts.views.learn(policy);
  parts.scope.react = { '18.0.0': { get: () => () => 'host', from: 'host', eager: false } };
  const ads = owner('ads');
  return { ...parts, ads, view: (one) => parts.views.open(parts.scope, one) };
}

test('what the policy withholds is not in a scope, whatever its version and its name', () => {
  const { nav, shop, ads, scope, views, view } = withPolicy();
  register(view(ads), 'react', '99.0.0', 'zzz');
  register(view(ads), 'react', '18.0.0', 'zzz');
  register(view(ads), 'left-pad', '1.0.0', 'zzz');
  register(view(shop), 'react', '17.0.0', 'shop');
  assert.deepEqual(offers(view(nav), 'react'), { '18.0.0': 'host', '17.0.0': 'shop' });
  assert.equal(Object.prototype.hasOwnProperty.call(view(nav), 'left-pad'), false);
  assert.deepEqual(offers(view(ads), 'react'), { '18.0.0': 'zzz', '99.0.0': 'zzz' });
  assert.deepEqual(offers(view(shop), 'react'),
    { '18.0.0': 'zzz', '99.0.0': 'zzz', '17.0.0': 'shop' });
  views.settle(scope);
  assert.deepEqual(offers(scope, 'react'), { '18.0.0': 'host', '17.0.0': 'shop' });
  // Handed on by a container, it is the next one's own all the same.
  assert.equal(views.open(view(ads), nav), view(nav));
});

test('a choice, and a failure, concern all that see the entry', async () => {
  const { nav, shop, ads, scope, journal, view } = withPolicy();
  view(nav).react['18.0.0'].loaded = 1;
  register(view(ads), 'react', '18.0.0', 'zzz');
  assert.equal(view(ads).react['18.0.0'].from, 'host');
  assert.deepEqual(journal.shared.map(({ consumer, from }) => [consumer, from]),
    [['nav', 'host']]);
  view(shop).lib = { '1.0.0': { get: () => { throw new Error('broken'); }, from: 'shop' } };
  assert.deepEqual(offers(view(nav), 'lib'), { '1.0.0': 'shop' });
  assert.throws(() => view(nav).lib['1.0.0'].get(), /broken/);
  assert.equal(shop.spoiled, 1);
  for (const seen of [view(nav), view(shop), scope]) assert.deepEqual(offers(seen, 'lib'), {});
});

test('a container that no plan has is served by the host alone, until one has it', () => {
  const { nav, shop, views, view } = withPolicy();
  const late = owner('late');
  register(view(shop), 'lib', '1.0.0', 'shop');
  register(view(late), 'own', '1.0.0', 'late');
  assert.deepEqual([offers(view(late), 'react'), offers(view(late), 'lib')],
    [{ '18.0.0': 'host' }, {}]);
  assert.deepEqual(offers(view(nav), 'own'), {});
  views.learn({ containers: [{ name: 'late' }], withheld: [] });
  assert.deepEqual(offers(view(late), 'lib'), { '1.0.0': 'shop' });
  assert.deepEqual(offers(view(nav), 'own'), { '1.0.0': 'late' });
});
