// LarderPlugin in real builds: what it publishes, and how what it built finds its remotes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createHost } from '../../Sources/JavaScript/index.js';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, Project, startOrigin } from './project.mjs';

const nav = ({ larder, targets = ['async-node'] } = {}) => configuration(targets.map((target) => ({
  target, larder, federation: { name: 'nav', exposes: { './Header': './header.js' },
    library: target === 'web' ? undefined : { type: 'commonjs-module' } },
})));
const shell = (remotes) => configuration([{ target: 'async-node', entry: './main.js',
  federation: { name: 'shell', remotes } }]);

/** A remote `nav` that says `text`, and an application that shows it. */
async function projects(t, text, options) {
  const project = await Project.create(t);
  await project.write('nav/header.js', `export const text = ${JSON.stringify(text)};`);
  await project.write('nav/webpack.config.js', nav(options));
  await project.write('shell/main.js', 'import("./boot.js");');
  await project.write('shell/boot.js',
    'import { text } from "nav/Header"; process.stdout.write(text + "\\n");');
  return project;
}

async function startDaemon(t) {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  return daemon;
}

for (const version of ['5.75', '5.97']) {
  test(`webpack ${version}: a build of two targets becomes one release`, async (t) => {
    const daemon = await startDaemon(t);
    const project = await projects(t, 'one', { targets: ['async-node', 'web'] });
    // Longer than a frame of the protocol.
    await project.write('nav/picture.png', 'picture'.repeat(700_000));
    await project.write('nav/header.js',
      'export const picture = new URL("./picture.png", import.meta.url);');
    const said = await project.build('nav', version, daemon);
    const remote = await daemon.larder('remote', 'show', 'nav');
    assert.equal(remote.releases.length, 1);
    const { variants, completeness, release } = remote.current;
    assert.deepEqual(variants.map(({ target }) => target).sort(), ['async-node', 'web']);
    assert.equal(completeness, 'exact');
    assert.ok(variants.every(({ bytes }) => bytes > 4_900_000));
    assert.match(said, new RegExp(`published nav@${release}`));
    const again = await project.build('nav', version, daemon);
    assert.match(again, new RegExp(`published nav@${release}`));
  });

  test(`webpack ${version}: an application finds its remote at the daemon, else at the origin`,
    async (t) => {
      const daemon = await startDaemon(t);
      const project = await projects(t, 'hello', { larder: { publish: false } });
      await project.build('nav', version, daemon);
      const origin = await startOrigin(t, project.file('nav/dist'));
      const entry = `${origin.url}/async-node/remoteEntry.js`;
      await project.write('shell/webpack.config.js', shell({ nav: `nav@${entry}` }));
      await project.build('shell', version, daemon);
      const main = 'shell/dist/async-node/main.js';

      // The daemon is there, but has no such remote.
      assert.equal((await project.start(main, daemon)).stdout, 'hello\n');
      assert.notEqual(origin.asked.length, 0);

      // No daemon: said once.
      const off = await project.start(main);
      assert.equal(off.stdout, 'hello\n');
      assert.equal(off.stderr.match(/works without the daemon/g).length, 1);

      // The daemon has it, and the origin is gone.
      await daemon.larder('publish', 'nav', project.file('nav/dist/async-node'));
      origin.goDown();
      origin.asked.length = 0;
      assert.equal((await project.start(main, daemon)).stdout, 'hello\n');
      assert.deepEqual(origin.asked, []);

      // Neither.
      await assert.rejects(project.start(main), /originUnavailable|cannot be fetched/);
    });
}

test('without a daemon a build succeeds, and says so once', async (t) => {
  const project = await projects(t, 'one', { targets: ['async-node', 'web'] });
  const said = await project.build('nav', '5.97');
  assert.equal(said.match(/nav is not published \(no daemon answers/g).length, 1);
});

test('webpack --watch publishes each finished build', async (t) => {
  const daemon = await startDaemon(t);
  const project = await projects(t, 'one', { targets: ['async-node', 'web'] });
  const watched = project.watch(t, 'nav', '5.97', daemon);
  const [first] = await watched.said(/published nav@([0-9a-f]+)/g, 1);
  await project.write('nav/header.js', 'export const text = "two";');
  const [, second] = await watched.said(/published nav@([0-9a-f]+)/g, 2);
  assert.notEqual(first[1], second[1]);
  const remote = await daemon.larder('remote', 'show', 'nav');
  assert.equal(remote.current.release, second[1]);
  assert.equal(remote.current.variants.length, 2);
  assert.equal(remote.releases.length, 2);
});

test('a build with errors is not published', async (t) => {
  const daemon = await startDaemon(t);
  const project = await projects(t, 'one');
  await project.write('nav/header.js', 'import "./missing.js";');
  await assert.rejects(project.build('nav', '5.97', daemon), /is not published/);
  assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
});

test('an option that does not exist, and no plugin beside it, are told', async (t) => {
  const project = await projects(t, 'one', { larder: { publsh: false } });
  await assert.rejects(project.build('nav', '5.97'), /has no option publsh/);
  await project.write('nav/webpack.config.js', `
    const { LarderPlugin } = require('larder/plugin');
    module.exports = { entry: './header.js', mode: 'production', target: 'node',
      plugins: [new LarderPlugin()] };`);
  assert.match(await project.build('nav', '5.97'), /no ModuleFederationPlugin is among/);
});

test('output in memory alone, as a dev server\'s, is neither published nor locked', async (t) => {
  const daemon = await startDaemon(t);
  const project = await projects(t, 'one');
  // What webpack-dev-middleware does: another file system in place of webpack's.
  await project.write('nav/webpack.config.js', `${nav()}
    for (const one of module.exports) {
      one.plugins.push({ apply: (compiler) => compiler.hooks.afterEnvironment.tap('memory', () => {
        compiler.outputFileSystem = { ...require('fs'), mkdir: (path, ...rest) => rest.pop()(null),
          stat: (path, ...rest) => rest.pop()(Object.assign(new Error(), { code: 'ENOENT' })),
          writeFile: (path, bytes, done) => done(null) };
      }) });
    }`);
  assert.match(await project.build('nav', '5.97', daemon), /nav is not published: .* in memory/);
  assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
});

test('a module that a build exposes without ./ is planned and loaded as all are', async (t) => {
  const daemon = await startDaemon(t);
  const project = await Project.create(t);
  await project.write('nav/header.js', 'export const text = "one";');
  await project.write('nav/webpack.config.js', configuration([{ target: 'async-node',
    federation: { name: 'nav', exposes: { Header: './header.js' },
      library: { type: 'commonjs-module' } } }]));
  await project.build('nav', '5.97', daemon);
  const plan = await daemon.larder('plan', 'nav/Header');
  assert.deepEqual([plan.errors, plan.files.length], [[], 2]);
  const host = createHost({ name: 'shell', socket: daemon.socket });
  t.after(() => host.close());
  assert.equal((await host.load('nav/Header')).text, 'one');
  assert.equal((await host.container('nav').get('Header'))().text, 'one');
  assert.deepEqual(host.differences, []);
});
