// Builds that another bundler's description tells of, through the real daemon: Module Federation 2's
// manifests beside a real build, and what Native Federation writes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import test from 'node:test';
import { createHost } from '../../Sources/JavaScript/index.js';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, Project, startOrigin } from './project.mjs';

const dist = 'nav/dist/async-node';

async function startDaemon(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  return daemon;
}

/** A build of `nav` by webpack, with a module that it loads later. */
async function built(t) {
  const project = await Project.create(t);
  await project.write('nav/header.js', `export const text = "one";
    export const later = () => import("./later.js").then((module) => module.text);`);
  await project.write('nav/later.js', 'export const text = "later";');
  await project.write('nav/webpack.config.js', configuration([{ target: 'async-node',
    larder: { publish: false, lockfile: false }, federation: { name: 'nav',
      exposes: { './Header': './header.js' }, library: { type: 'commonjs-module' } } }]));
  await project.build('nav', '5.97');
  return project;
}

/** What the plugin of Module Federation 2 writes of such a build. */
const manifest = (header = 'header_js.js') => ({
  id: 'nav',
  name: 'nav',
  metaData: {
    name: 'nav',
    type: 'app',
    buildInfo: { buildVersion: '1.0.0', buildName: 'nav' },
    remoteEntry: { name: 'remoteEntry.js', path: '', type: 'commonjs-module' },
    types: { path: '', name: '', zip: '', api: '' },
    globalName: 'nav',
    pluginVersion: '0.9.1',
    publicPath: '',
  },
  shared: [],
  remotes: [],
  exposes: [{ id: 'nav:Header', name: 'Header', path: './Header',
    assets: { js: { sync: [header], async: ['later_js.js'] }, css: { sync: [], async: [] } } }],
});

test('a remote is added by its manifest, completed by its code, and runs', async (t) => {
  const [daemon, project] = [await startDaemon(t), await built(t)];
  await rm(project.file(`${dist}/stats.json`), { force: true });
  await project.write(`${dist}/mf-manifest.json`, JSON.stringify(manifest()));
  const origin = await startOrigin(t, project.file(dist));
  await daemon.larder('remote', 'add', 'nav', `${origin.url}/mf-manifest.json`);
  const { current } = await daemon.larder('remote', 'update', 'nav');
  assert.equal(current.completeness, 'closed');
  const { variants } = await daemon.larder('inspect', project.file(dist));
  assert.deepEqual([variants[0].reading.source, variants[0].reading.others,
    variants[0].reading.disagreements], ['mf-manifest', ['code'], undefined]);

  // What the manifest told is enough to run it, and to run it without its origin.
  origin.goDown();
  const host = createHost({ name: 'shell', socket: daemon.socket });
  t.after(() => host.close());
  const { text, later } = await host.load('nav/Header');
  assert.deepEqual([text, await later()], ['one', 'later']);
  assert.deepEqual(host.differences, []);
});

test('a manifest that its own build belies is told of, and what runs is the code', async (t) => {
  const [daemon, project] = [await startDaemon(t), await built(t)];
  await project.write(`${dist}/mf-manifest.json`, JSON.stringify(manifest('header.gone.js')));
  const origin = await startOrigin(t, project.file(dist));
  await daemon.larder('remote', 'add', 'nav', `${origin.url}/mf-manifest.json`);
  const { current } = await daemon.larder('remote', 'update', 'nav');
  // Less is promised of it: a file that something names is not there.
  assert.equal(current.completeness, 'open');
  const { variants } = await daemon.larder('inspect', project.file(dist));
  assert.deepEqual(variants[0].reading.disagreements.map(({ fact, subject, other }) =>
    [fact, subject, other.source]), [['files', './Header', 'code']]);
  const host = createHost({ name: 'shell', socket: daemon.socket });
  t.after(() => host.close());
  assert.equal((await host.load('nav/Header')).text, 'one');
});

/** What Native Federation writes: modules, and the list of them with their integrity values. */
async function nativeBuild(project) {
  const files = {
    'Header-AB.js': 'import { name } from "./chunk-Y.js"; export const text = "native " + name;',
    'chunk-Y.js': 'export const name = "nav";',
    'lit.js': 'export const html = String.raw;',
  };
  for (const [name, text] of Object.entries(files)) await project.write(`nav/${name}`, text);
  const integrity = (text) => `sha384-${createHash('sha384').update(text).digest('base64')}`;
  await project.write('nav/remoteEntry.json', JSON.stringify({
    name: 'nav',
    exposes: [{ key: './Header', outFileName: 'Header-AB.js' }],
    shared: [{ packageName: 'lit', outFileName: 'lit.js', requiredVersion: '^3.0.0',
      singleton: true, strictVersion: true, version: '3.1.0' }],
    integrity: Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, integrity(text)])),
  }));
  return Object.keys(files);
}

test('a remote of Native Federation is kept whole, and held to its integrity values', async (t) => {
  const daemon = await startDaemon(t);
  const project = await Project.create(t);
  const files = await nativeBuild(project);
  const origin = await startOrigin(t, project.file('nav'));
  await daemon.larder('remote', 'add', 'nav', `${origin.url}/remoteEntry.json`);
  const { current } = await daemon.larder('remote', 'update', 'nav');
  assert.equal(current.variants[0].target, 'module');

  origin.goDown();
  await daemon.larder('export', 'nav', '--output', project.file('nav.tar'));
  const tar = await project.read('nav.tar');
  for (const name of files) assert.ok(tar.includes(await project.read(`nav/${name}`)), name);
  const plan = await daemon.larder('plan', 'nav/Header', '--target', 'module');
  assert.deepEqual(plan.files.map(({ path }) => path).sort(),
    ['Header-AB.js', 'chunk-Y.js', 'lit.js', 'remoteEntry.json']);

  // The same length, another text.
  origin.comeBack();
  await project.write('nav/chunk-Y.js', 'export const name = "bad";');
  const failed = await daemon.larder('remote', 'add', 'other', `${origin.url}/remoteEntry.json`)
    .catch((error) => error);
  assert.equal(JSON.parse(failed.stderr).code, 'integrityMismatch');
});

test('an import map is a remote: what it maps is fetched with it', async (t) => {
  const daemon = await startDaemon(t);
  const project = await Project.create(t);
  await project.write('nav/importmap.json',
    JSON.stringify({ imports: { 'nav/Header': './header.js', lit: 'https://cdn.example/lit.js' } }));
  await project.write('nav/header.js', 'import "./part.js";');
  await project.write('nav/part.js', '');
  const origin = await startOrigin(t, project.file('nav'));
  await daemon.larder('remote', 'add', 'nav', `${origin.url}/importmap.json`);
  const { current } = await daemon.larder('remote', 'update', 'nav');
  assert.equal(current.completeness, 'closed');
  assert.deepEqual(origin.asked.filter((path) => path.endsWith('.js')).sort(),
    ['/header.js', '/part.js']);
});
