import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { encodePut, frameBodyMax } from '../lib/frames.js';

const { fallbackLists } = createRequire(import.meta.url)('../lib/plugin/remotes.cjs');
const url = 'https://cdn.example/nav/remoteEntry.js';
const inNode = (remotes, remoteType = 'script') =>
  fallbackLists(remotes, { remoteType, node: true });
const lists = (...entries) => Object.fromEntries(entries.map(([key, ...external]) =>
  [key, { external }]));

for (const [what, remotes, remoteType, expected, names] of [
  ['a script', { n: `nav@${url}` }, 'script',
    lists(['n', 'commonjs-module nav', `commonjs-module nav@${url}`]), { nav: url }],
  ['a script of a scoped name', { n: `@shop/nav@${url}` }, 'script',
    lists(['n', 'commonjs-module @shop/nav', `commonjs-module @shop/nav@${url}`]),
    { '@shop/nav': url }],
  ['a name', { nav: 'nav' }, 'commonjs-module', lists(['nav', 'commonjs-module nav']),
    { nav: null }],
  ['a path', { nav: '../nav/remoteEntry.js' }, 'commonjs',
    lists(['nav', 'commonjs-module nav', '../nav/remoteEntry.js']), { nav: null }],
  ['a promise', { nav: 'promise import("x")' }, 'script',
    lists(['nav', 'commonjs-module nav', 'promise import("x")']), { nav: null }],
  ['a list', { nav: [`nav@${url}`, 'internal ./own.js'] }, 'script',
    lists(['nav', 'commonjs-module nav', `commonjs-module nav@${url}`, 'internal ./own.js']),
    { nav: url }],
  ['a list of names', ['nav', { cart: 'cart' }], 'commonjs',
    lists(['nav', 'commonjs-module nav'], ['cart', 'commonjs-module cart']),
    { nav: null, cart: null }],
  ['a scope of its own', { nav: { external: 'nav', shareScope: 'old' } }, 'commonjs',
    { nav: { external: ['commonjs-module nav'], shareScope: 'old' } }, { nav: null }],
]) {
  test(`${what} comes after the daemon in a build for Node`, () => {
    assert.deepEqual(inNode(remotes, remoteType), { remotes: expected, names });
  });
}

test('in a build for pages the daemon comes first where its place is known', () => {
  const given = { n: `nav@${url}`, own: 'promise window.own' };
  const build = { remoteType: 'script', node: false };
  assert.deepEqual(fallbackLists(given, build).remotes, given);
  assert.deepEqual(fallbackLists(given, { ...build, gateway: 'http://localhost:4242' }).remotes, {
    n: { external: ['script nav@http://localhost:4242/remotes/nav/remoteEntry.js',
      `nav@${url}`] },
    own: 'promise window.own',
  });
});

test('content that fills its frame, or goes beyond it, is cut there', () => {
  const sizes = (length) => encodePut('00'.repeat(32), Buffer.alloc(length))
    .map((body) => body.length);
  assert.deepEqual(sizes(frameBodyMax - 48), [frameBodyMax]);
  assert.deepEqual(sizes(frameBodyMax - 47), [frameBodyMax, 1]);
  assert.deepEqual(sizes(2 * frameBodyMax), [frameBodyMax, frameBodyMax, 48]);
});
