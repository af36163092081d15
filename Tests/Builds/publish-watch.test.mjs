// `larder publish --watch` beside a real `webpack --watch`: each finished build, and no torn one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

test('each finished build is published, whole', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  const write = async (version) => {
    await project.write('nav/a.js', `export const text = "${version}";`);
    await project.write('nav/b.js', `export const text = "${version}";`);
  };
  await write(0);
  await project.write('nav/webpack.config.js', configuration);

  // The folder is not there yet: it waits.
  const child = spawn(path.join(programs, 'larder'), ['publish', 'nav', project.file('nav/dist'),
    '--watch', '--json', '--socket', daemon.socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.after(async () => { child.kill(); await ended; });
  child.stdout.setEncoding('utf8');
  const releases = [];
  child.stdout.on('data', (text) => {
    for (const line of text.split('\n').filter(Boolean)) releases.push(JSON.parse(line));
    child.emit('published');
  });
  const published = async (count) => {
    while (releases.length < count) await once(child, 'published');
  };

  project.watch(t, 'nav', '5.97', {});
  await published(1);
  // Builds that follow each other without rest, then one that stays.
  for (let version = 1; version <= 4; version += 1) {
    await write(version);
    await new Promise((resolve) => { setTimeout(resolve, 150); });
  }
  await write('last');
  const load = async () => {
    const host = createHost({ name: 'host', socket: daemon.socket, remotes: ['nav'] });
    try {
      const [a, b] = await Promise.all([host.load('nav/A'), host.load('nav/B')]);
      return [a.text, b.text];
    } finally {
      await host.close();
    }
  };
  for (let count = 2, seen = []; !seen.every((text) => text === 'last') || seen.length === 0;
    count += 1) {
    await published(count);
    seen = await load();
  }
  assert.ok(releases.every(({ completeness }) => completeness === 'exact'));
});
