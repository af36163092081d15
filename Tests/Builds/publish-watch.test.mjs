// `larder publish --watch` beside a real `webpack --watch`: each finished build, and no torn one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';
import { createHost } from '../../Sources/JavaScript/index.js';
import { Daemon } from '../Graphs/daemon.mjs';
import { Project, programs } from './project.mjs';

// Without Larder's plugin: the statistics are written after the files, as a build tool would.
const configuration = `
const { ModuleFederationPlugin } = require('webpack').container;
const { writeFile } = require('node:fs/promises');
module.exports = { mode: 'production', target: 'async-node', devtool: false, entry: {},
  output: { path: __dirname + '/dist', publicPath: '', uniqueName: 'nav',
    chunkFilename: '[name].js', library: { type: 'commonjs-module' } },
  optimization: { chunkIds: 'named', moduleIds: 'named', minimize: false },
  plugins: [new ModuleFederationPlugin({ name: 'nav', filename: 'remoteEntry.js',
    library: { type: 'commonjs-module' }, exposes: { './A': './a.js', './B': './b.js' } }),
  { apply: (compiler) => compiler.hooks.done.tapPromise('stats', async (stats) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    await writeFile(__dirname + '/dist/stats.json', JSON.stringify(stats.toJson()));
  }) }] };
`;

// What would wait for ever fails then.
const limits = { timeout: 120_000 };

/** A remote with two modules, and `larder publish --watch` on its folder, which need not be there. */
async function watching(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  const write = async (version) => {
    await project.write('nav/a.js', `export const text = "${version}";`);
    await project.write('nav/b.js', `export const text = "${version}";`);
  };
  await write('first');
  await project.write('nav/webpack.config.js', configuration);
  const child = spawn(path.join(programs, 'larder'), ['publish', 'nav', project.file('nav/dist'),
    '--watch', '--json', '--socket', daemon.socket], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  t.after(async () => { child.kill(); await ended; });
  const releases = [];
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    for (const line of text.split('\n').filter(Boolean)) releases.push(JSON.parse(line));
    child.emit('news');
  });
  child.stderr.setEncoding('utf8').on('data', (text) => { said += text; child.emit('news'); });
  return {
    daemon,
    project,
    write,
    releases,
    published: async (count) => { while (releases.length < count) await once(child, 'news'); },
    told: async (pattern) => { while (!pattern.test(said)) await once(child, 'news'); },
    load: async () => {
      const host = createHost({ name: 'host', socket: daemon.socket, remotes: ['nav'],
        overrides: false });
      try {
        const [a, b] = await Promise.all([host.load('nav/A'), host.load('nav/B')]);
        return [a.text, b.text];
      } finally {
        await host.close();
      }
    },
  };
}

test('each finished build is published, whole', limits, async (t) => {
  const { daemon, project, write, releases, published, load } = await watching(t);
  project.watch(t, 'nav', '5.97', {});
  await published(1);
  // Builds that follow each other without rest, then one that stays.
  for (let version = 1; version <= 4; version += 1) {
    await write(version);
    await new Promise((resolve) => { setTimeout(resolve, 150); });
  }
  await write('last');
  for (let count = 2; ; count += 1) {
    await published(count);
    if ((await load()).includes('last')) break;
  }
  assert.deepEqual(await load(), ['last', 'last']);
  for (const { release, completeness } of releases) {
    assert.equal(completeness, 'exact');
    await daemon.larder('remote', 'channel', 'nav', 'current', release);
    const [a, b] = await load();
    assert.equal(a, b);
  }
});

test('a folder whose statistics are of an earlier build is waited for', limits, async (t) => {
  const { project, releases, published, told, load } = await watching(t);
  await project.build('nav', '5.97');
  await published(1);
  const swap = async (name) => {
    const text = await project.read(name);
    await project.write(name, text.replace('first', 'other'));
  };
  // Half of a build of equal sizes, for as long as it takes.
  await swap('nav/dist/a_js.js');
  await told(/'a_js\.js' is newer than stats\.json: waiting for that/);
  assert.equal(releases.length, 1);
  await swap('nav/dist/b_js.js');
  await project.write('nav/dist/stats.json', await project.read('nav/dist/stats.json'));
  await published(2);
  assert.deepEqual(await load(), ['other', 'other']);
});
