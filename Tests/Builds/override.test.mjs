// One remote from a developer's own build, the others from their releases.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, Project, programs, startOrigin } from './project.mjs';

const run = promisify(execFile);
const config = (name, exposes, remotes) => configuration([{ target: 'async-node',
  larder: { publish: false, lockfile: false }, federation: { name, exposes, remotes,
    remoteType: 'commonjs-module', library: { type: 'commonjs-module' } } }]);
// A host as a program of its own: what it loads, and what it was told.
const program = `import { createHost } from 'larder';
  const told = [];
  const host = createHost({ name: 'shell', remotes: ['nav'],
    onWarning: ({ code }) => told.push(code) });
  const seen = [];
  for (let round = 0; round < 2; round += 1) {
    const { text, later } = await host.load('nav/Header').catch((error) => ({ text: error.code }));
    seen.push(text, later && await later().catch((error) => error.code));
  }
  console.log(JSON.stringify({ seen, told, mode: host.statistics().mode,
    differences: host.differences }));
  await host.close();`;

/** `nav`, which shows `cart`, both released; what a developer changes is built again. */
async function shop(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  const nav = async (text) => {
    await project.write('nav/header.js', `import { sum } from "cart/Total";
      export const text = "${text} " + sum;
      export const later = () => import("./later.js").then((module) => module.later);`);
    await project.write('nav/later.js', `export const later = "later ${text}";`);
  };
  await nav('released');
  await project.write('nav/webpack.config.js', config('nav', { './Header': './header.js' },
    { cart: 'cart' }));
  await project.write('cart/total.js', 'export const sum = 12;');
  await project.write('cart/webpack.config.js', config('cart', { './Total': './total.js' }));
  await project.write('host.mjs', program);
  for (const name of ['cart', 'nav']) {
    await project.build(name, '5.97');
    await daemon.larder('publish', name, project.file(`${name}/dist/async-node`));
  }
  const environment = { ...process.env, LARDER_SOCKET: daemon.socket,
    LARDER_OVERRIDES: project.file('overrides.json') };
  return { project, daemon, nav,
    override: async (...words) => JSON.parse((await run(path.join(programs, 'larder'),
      ['override', ...words, '--json'], { env: environment })).stdout),
    host: async () => JSON.parse((await run(process.execPath, [project.file('host.mjs')],
      { env: environment })).stdout) };
}

test('a remote comes from a build in a folder, its own remote from the release', async (t) => {
  const { project, nav, override, host } = await shop(t);
  const released = ['released 12', 'later released'];
  assert.deepEqual((await host()).seen, [...released, ...released]);

  await nav('own');
  const watched = project.watch(t, 'nav', '5.97', {});
  await watched.said(/compiled (successfully|with \d+ warning)/g, 1);
  const folder = project.file('nav/dist/async-node');
  assert.deepEqual(await override('nav', folder), { format: 1, remotes: { nav: folder } });
  const own = await host();
  assert.deepEqual(own.seen, ['own 12', 'later own', 'own 12', 'later own']);
  assert.deepEqual([own.told, own.mode, own.differences], [['override'], 'daemon', []]);

  // It is read anew: each host gets what was built last.
  await nav('newer');
  await watched.said(/compiled (successfully|with \d+ warning)/g, 2);
  assert.equal((await host()).seen[0], 'newer 12');

  assert.deepEqual(await override('--remove', 'nav'), { format: 1, remotes: {} });
  assert.deepEqual((await host()).seen, [...released, ...released]);
});

test('a dev server that does not answer leaves its place to the release', async (t) => {
  const { project, daemon, nav, override, host } = await shop(t);
  await nav('own');
  await project.build('nav', '5.97');
  const server = await startOrigin(t, project.file('nav/dist/async-node'));
  await override('nav', `${server.url}/`);
  assert.deepEqual((await host()).seen.slice(0, 2), ['own 12', 'later own']);
  // Nothing of it was stored.
  assert.equal((await daemon.larder('remote', 'show', 'nav')).releases.length, 1);

  server.goDown();
  const gone = await host();
  assert.deepEqual(gone.seen.slice(0, 2), ['released 12', 'later released']);
  assert.deepEqual(gone.told, ['override', 'overrideGone']);
});

test('what is no place, and no override, is refused', async (t) => {
  const project = await Project.create(t);
  const env = { ...process.env, LARDER_OVERRIDES: project.file('overrides.json') };
  const refused = async (...words) => {
    const failed = await run(path.join(programs, 'larder'), ['override', ...words, '--json'],
      { env }).catch((error) => error);
    return JSON.parse(failed.stderr).code;
  };
  assert.equal(await refused('nav', project.file('none')), 'notFound');
  assert.equal(await refused('nav'), 'badRequest');
  assert.equal(await refused('--remove', 'nav'), 'notFound');
  await project.write('overrides.json', '[]');
  assert.equal(await refused('nav', project.folder), 'invalidInput');
});
