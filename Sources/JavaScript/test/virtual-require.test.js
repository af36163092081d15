import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { Journal } from '../lib/journal.js';
import { createContainerRequire } from '../lib/virtual-require.js';

const here = fileURLToPath(import.meta.url);

/** `require` of a container whose entry is `js/entry.js`. */
function requireOf(files) {
  const journal = new Journal();
  const bytes = (path) => path in files && Buffer.from(files[path]);
  const source = {
    facts: () => ({ release: '1' }),
    knows: (name) => name === 'cart',
    fileNow: (name, path) => bytes(path) || undefined,
    file: async (name, path) => bytes(path) || Promise.reject(new Error(`no ${path}`)),
  };
  const world = { source, journal, hostRequire: createRequire(here),
    facade: (name, askedBy) => ({ name, askedBy, get: () => 'got' }) };
  return { journal, files, require: createContainerRequire('nav', 'js/entry.js', world) };
}

test('files of a release require each other as if they lay in a folder', () => {
  const { require, journal } = requireOf({
    'js/a.js': 'exports.b = require("./b.js"); exports.data = require("../data.json");'
      + 'exports.name = __filename; exports.folder = __dirname; exports.self = this;',
    'js/b.js': 'module.exports = { again: require("./a.js") };',
    'data.json': '{"x": 1}',
  });
  const a = require('./a.js');
  assert.equal(a.b.again, a);
  assert.equal(a.self, a);
  assert.deepEqual(a.data, { x: 1 });
  assert.equal(a.name, `${a.folder}/a.js`);
  assert.equal(require('./a.js'), a);
  assert.deepEqual(journal.files.map(({ path }) => path), ['js/a.js', 'js/b.js', 'data.json']);
});

test('a file that failed runs again', () => {
  const { require, files } = requireOf({ 'js/a.js': 'throw new RangeError("once");' });
  assert.throws(() => require('./a.js'), { name: 'RangeError' });
  files['js/a.js'] = 'exports.ready = true;';
  assert.equal(require('./a.js').ready, true);
});

test('the file functions give files of the release, and those of the disk as ever', async () => {
  const { require } = requireOf({ 'js/entry.js': 'module.exports = __dirname;',
    'js/a.txt': 'text' });
  const folder = require('./entry.js');
  const virtual = require('fs');
  const called = (...given) => new Promise((resolve, reject) => virtual.readFile(...given,
    (error, value) => (error ? reject(error) : resolve(value))));
  assert.equal(await called(`${folder}/a.txt`, 'utf-8'), 'text');
  assert.deepEqual(await called(`${folder}/../js/a.txt`), Buffer.from('text'));
  await assert.rejects(called(`${folder}/none.txt`), /no js\/none\.txt/);
  assert.equal(virtual.readFileSync(`${folder}/a.txt`, { encoding: 'utf8' }), 'text');
  assert.equal(await virtual.promises.readFile(`${folder}/a.txt`, 'utf8'), 'text');
  assert.equal(await require('node:fs/promises').readFile(`${folder}/a.txt`, 'utf8'), 'text');
  const own = fs.readFileSync(here, 'utf8');
  assert.equal(virtual.readFileSync(here, 'utf8'), own);
  assert.equal(await called(here, 'utf8'), own);
  assert.equal(await virtual.promises.readFile(here, 'utf8'), own);
  assert.equal(virtual.existsSync(here), true);
});

test('other names are those of Node, of remotes, and of the host, in this order', () => {
  const { require } = requireOf({});
  assert.equal(require('node:path'), require('path'));
  assert.deepEqual({ ...require('cart'), get: undefined },
    { name: 'cart', askedBy: 'nav', get: undefined });
  assert.equal(require(here.replace('virtual-require.test.js', '../package.json')).name, 'larder');
  const unknown = require('nobody');
  assert.equal(unknown.get(), 'got');
  assert.throws(() => unknown.pad, { code: 'unresolvedRequest' });
});

test('a file that is not here yet is noted, and an error that says so', () => {
  const { require, journal } = requireOf({});
  assert.throws(() => require('./late.js'), { code: 'notDelivered', remote: 'nav' });
  assert.deepEqual([...journal.missing.values()], [{ container: 'nav', path: 'js/late.js' }]);
  assert.equal(journal.misses, 1);
});
