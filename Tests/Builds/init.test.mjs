// `larder init` on configurations as people have them, and the build that follows.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Daemon } from '../Graphs/daemon.mjs';
import { larder, Project } from './project.mjs';

const config = `const { ModuleFederationPlugin } = require('webpack').container;

module.exports = {
  mode: 'production',
  target: 'async-node',
  entry: {},
  output: { path: __dirname + '/dist', uniqueName: 'nav' },
  plugins: [
    new ModuleFederationPlugin({
      name: 'nav',
      filename: 'remoteEntry.js',
      library: { type: 'commonjs-module' },
      exposes: { './Header': './header.js' },
      remotes: { cart: 'cart@http://127.0.0.1:1/cart/remoteEntry.js' },
    }),
  ],
};
`;

test('an existing build learns of Larder: shown, written, built, published', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  await project.write('nav/header.js', 'export const text = "one";');
  await project.write('nav/webpack.config.js', config);
  const folder = project.file('nav');

  const shown = await larder('init', folder);
  assert.equal(shown.name, 'nav');
  assert.deepEqual(shown.remotes.map(({ name, url }) => [name, url]),
    [['cart', 'http://127.0.0.1:1/cart/remoteEntry.js']]);
  assert.match(shown.diff, /^\+const \{ LarderPlugin \} = require\('larder\/plugin'\);$/m);
  assert.match(shown.diff, /^\+ {4}new LarderPlugin\(\),$/m);
  assert.equal(shown.written, false);
  assert.equal(await project.read('nav/webpack.config.js'), config);

  assert.equal((await larder('init', folder, '--write')).written, true);
  const said = await project.build('nav', '5.97', daemon);
  assert.match(said, /published nav@/);
  const again = await larder('init', folder, '--write');
  assert.deepEqual([again.written, again.reason], [false, 'LarderPlugin is there already']);
});

test('what cannot be read or registered is told', async (t) => {
  const project = await Project.create(t);
  const refused = async (...words) => {
    const { stderr } = await larder('init', ...words).catch((error) => error);
    return JSON.parse(stderr).code;
  };
  assert.equal(await refused(project.folder), 'notFound');
  await project.write('webpack.config.js', 'module.exports = {};');
  assert.equal(await refused(project.folder), 'invalidInput');
  await project.write('webpack.config.js', config);
  assert.equal(await refused(project.folder, '--register'), 'noDaemon');
});
