// `larder types sync`: archives as real programs write them, and archives that mean harm.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, Project } from './project.mjs';

// Files with their texts; text of the form {repeat: n} is long and hardly repeats itself.
const writer = `
import json, random, sys, zipfile
random.seed(1)
place, method, files = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with zipfile.ZipFile(place, 'w', getattr(zipfile, method)) as archive:
  for name, text in files.items():
    if isinstance(text, dict):
      text = ' '.join('word%d' % random.randrange(5000) for _ in range(text['repeat']))
      print(text, end='')
    archive.writestr(name, text)
`;
const zip = async (place, files, method = 'ZIP_DEFLATED') =>
  (await promisify(execFile)('python3', ['-c', writer, place, method, JSON.stringify(files)],
    { maxBuffer: 1 << 26 })).stdout;

async function shop(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  await project.write('nav/header.js', 'export const text = "one";');
  await project.write('nav/webpack.config.js', configuration([{ target: 'async-node',
    larder: { publish: false, lockfile: false }, federation: { name: 'nav',
      exposes: { './Header': './header.js' }, library: { type: 'commonjs-module' } } }]));
  await project.build('nav', '5.97');
  const dist = project.file('nav/dist/async-node');
  const app = project.file('app');
  await project.write('app/webpack.config.js', `const { ModuleFederationPlugin } = {};
    module.exports = { plugins: [new ModuleFederationPlugin({
      remotes: { menu: 'nav@http://127.0.0.1:1/remoteEntry.js' } })] };`);
  return { project, app, archive: path.join(dist, '@mf-types.zip'),
    publish: () => daemon.larder('publish', 'nav', dist),
    sync: (...words) => daemon.larder('types', 'sync', '--in', app, ...words) };
}

test('declarations are those of the release, and are replaced as a whole', async (t) => {
  const { project, app, archive, publish, sync } = await shop(t);
  await publish();
  const [none] = (await sync()).remotes;
  assert.deepEqual([none.name, none.files], ['nav', undefined]);

  const long = await zip(archive, { 'Header.d.ts': 'export declare const text: string;',
    'compiled-types/deep/a.d.ts': { repeat: 60_000 } });
  const { release } = await publish();
  const [{ files, changed, ...first }] = (await sync()).remotes;
  assert.deepEqual([files, changed, first.release], [2, true, release]);
  const types = path.join(app, '@mf-types/nav');
  assert.equal(await readFile(path.join(types, 'Header.d.ts'), 'utf8'),
    'export declare const text: string;');
  assert.equal(await readFile(path.join(types, 'compiled-types/deep/a.d.ts'), 'utf8'), long);
  assert.equal((await sync('nav')).remotes[0].changed, false);

  await zip(archive, { 'Footer.d.ts': 'export {};' }, 'ZIP_STORED');
  await publish();
  assert.equal((await sync('nav')).remotes[0].files, 1);
  assert.deepEqual((await readdir(types)).filter((name) => !name.startsWith('.')), ['Footer.d.ts']);
  assert.deepEqual(await readdir(path.join(app, '@mf-types')), ['nav']);
  // An older release has its own.
  assert.equal((await sync(`nav@${release}`)).remotes[0].files, 2);
  await project.read('app/@mf-types/nav/Header.d.ts');
});

for (const [what, files, method] of [
  ['leads out of its folder', { '../evil.d.ts': 'x' }],
  ['has a name that begins at the root', { '/etc/evil.d.ts': 'x' }],
  ['is packed by another method', { 'a.d.ts': 'x'.repeat(99) }, 'ZIP_BZIP2'],
]) {
  test(`an archive that ${what} is refused, and changes nothing`, async (t) => {
    const { app, archive, publish, sync } = await shop(t);
    await zip(archive, { 'a.d.ts': 'good' });
    await publish();
    await sync();
    await zip(archive, files, method);
    await publish();
    const failed = await sync().catch((error) => error);
    assert.equal(failed.code, 65);
    assert.match(JSON.parse(failed.stderr).message, /@mf-types.zip of nav@/);
    assert.equal(await readFile(path.join(app, '@mf-types/nav/a.d.ts'), 'utf8'), 'good');
    assert.deepEqual(await readdir(path.join(app, '@mf-types')), ['nav']);
  });
}
