// The lockfile of real builds: who writes it, and what does not get past it.
import assert from 'node:assert/strict';
import { appendFile, readFile, rm } from 'node:fs/promises';
import test from 'node:test';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, larder, Project, startOrigin } from './project.mjs';

const dist = 'nav/dist/async-node';
const file = `${dist}/larder-lock.json`;

/** A built `nav`, which refers to `cart`. */
async function built(t, socket) {
  const project = await Project.create(t);
  await project.write('nav/header.js', 'import "cart/Total"; export const text = "one";');
  await project.write('nav/webpack.config.js', configuration([{ target: 'async-node',
    larder: { publish: false }, federation: { name: 'nav', exposes: { './Header': './header.js' },
      library: { type: 'commonjs-module' }, remotes: { cart: 'cart' },
      remoteType: 'commonjs-module' } }]));
  return { project, said: await project.build('nav', '5.97', { socket }) };
}

async function startDaemon(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  return daemon;
}

test('a build with LarderPlugin is locked, exactly, and stays so', async (t) => {
  const { project } = await built(t);
  const text = await project.read(file);
  const { format, containers, files, remotes } = JSON.parse(text);
  assert.equal(format, 1);
  assert.equal(remotes, undefined);
  assert.deepEqual(containers.map(({ name, reading }) => [name, reading.source]),
    [['nav', 'stats']]);
  assert.ok(files.length >= 2);
  const from = await larder('inspect', project.file(dist));
  assert.equal(from.variants[0].reading.source, 'lockfile');
  assert.equal(from.variants[0].reading.completeness, 'exact');
});

test('the same build has the same lockfile; another one is told by --frozen', async (t) => {
  const { project } = await built(t);
  const folder = project.file(dist);
  await larder('lock', folder, '--offline');
  const first = await project.read(file);
  await larder('lock', folder, '--offline', '--frozen');
  await rm(folder, { recursive: true });
  await project.build('nav', '5.97');
  await larder('lock', folder, '--offline');
  assert.equal(await project.read(file), first);

  await appendFile(project.file(`${dist}/remoteEntry.js`), '\n// changed');
  await project.write(`${dist}/new.js`, '1');
  const failed = await larder('lock', folder, '--offline', '--frozen').catch((error) => error);
  assert.equal(failed.code, 65);
  const { variants } = JSON.parse(failed.stdout).folders[0];
  assert.deepEqual(variants[0].files.map(({ name }) => name), ['new.js', 'remoteEntry.js']);
  assert.equal(await project.read(file), first);
  assert.match(failed.stderr, /integrityMismatch/);
});

for (const [what, change] of [
  ['another byte', (project) => appendFile(project.file(`${dist}/remoteEntry.js`), ' ')],
  ['a file more', (project) => project.write(`${dist}/new.js`, '1')],
  ['a file less', (project) => rm(project.file(`${dist}/header_js.js`))],
  ['a lockfile of another format', async (project) => project.write(file,
    (await project.read(file)).replace('"format" : 1', '"format" : 2'))],
]) {
  test(`a locked build with ${what} is neither inspected nor published`, async (t) => {
    const daemon = await startDaemon(t);
    const { project } = await built(t);
    await change(project);
    for (const words of [['inspect', project.file(dist)], ['publish', 'nav', project.file(dist)]]) {
      const failed = await daemon.larder(...words).catch((error) => error);
      assert.equal(failed.code, 65, words[0]);
    }
    assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
  });
}

test('a locked deploy is fetched as it was locked, or not at all', async (t) => {
  const daemon = await startDaemon(t);
  const { project } = await built(t);
  const origin = await startOrigin(t, project.file(dist));
  await daemon.larder('remote', 'add', 'nav', `${origin.url}/`);
  const { current } = await daemon.larder('remote', 'update', 'nav');
  assert.equal(current.completeness, 'exact');

  // A chunk of equal length that is not the one.
  const chunk = project.file(`${dist}/header_js.js`);
  const good = await readFile(chunk, 'utf8');
  await project.write(`${dist}/header_js.js`, good.replace('one', 'two'));
  await daemon.larder('remote', 'add', 'other', `${origin.url}/`);
  const failed = await daemon.larder('remote', 'update', 'other').catch((error) => error);
  assert.equal(failed.code, 65);
  assert.equal(JSON.parse(failed.stderr).code, 'integrityMismatch');
  const { current: none, state } = await daemon.larder('remote', 'show', 'other');
  assert.deepEqual([none, state], [undefined, 'failed']);
});

test('a lockfile notes the releases of the build\'s remotes where a daemon answers', async (t) => {
  const daemon = await startDaemon(t);
  const { project } = await built(t);
  const folder = project.file(dist);
  // Whatever build there is: it is its name that counts.
  const { release } = await daemon.larder('publish', 'cart', folder);
  await daemon.larder('lock', folder);
  assert.deepEqual(JSON.parse(await project.read(file)).remotes, { cart: release });
  // Without one, what was noted stays.
  await larder('lock', folder, '--offline', '--frozen');
});
