// Remotes for the console to show: a shop with two deploys, a cycle, shared packages and one remote
// whose origin is gone; or as many small ones as anybody wants.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const configuration = (name, { exposes = {}, remotes = {}, shared = {} }) => `
const { ModuleFederationPlugin } = require('webpack').container;
module.exports = {
  mode: 'production', target: 'web', devtool: false, performance: false, entry: {},
  output: { path: __dirname + '/dist', publicPath: 'auto', uniqueName: '${name}',
    chunkFilename: '[name].js' },
  optimization: { chunkIds: 'named', moduleIds: 'named' },
  plugins: [new ModuleFederationPlugin(${JSON.stringify({ name, filename: 'remoteEntry.js', exposes,
    remotes: Object.fromEntries(Object.keys(remotes).map((remote) => (
      [remote, `${remote}@http://127.0.0.1:1/${remote}/remoteEntry.js`]))), shared })})],
};`;

/** Name, modules, what each module imports, shared packages. */
const shop = {
  cart: { exposes: ['Button', 'Total'], remotes: ['nav/Header'], shared: { react: '^18.2.0' } },
  catalog: { exposes: ['List', 'Search'], remotes: ['media/Image'],
    shared: { react: '^17.0.0', lodash: '^4.17.0' } },
  checkout: { exposes: ['Form'], remotes: ['cart/Total', 'account/User'],
    shared: { react: '^18.2.0' } },
  account: { exposes: ['User', 'Orders'], remotes: [], shared: { react: '^18.2.0' } },
  media: { exposes: ['Image', 'Player'], remotes: [], shared: { lodash: '^4.17.0' } },
  nav: { exposes: ['Header', 'Footer'],
    remotes: ['cart/Button', 'account/User', 'search/Box'], shared: { react: '^18.2.0' } },
};

async function write(project, name, { exposes, remotes, shared }, text) {
  const imports = remotes.map((remote, place) => `import * as m${place} from '${remote}';`);
  const used = remotes.map((_, place) => `m${place}`).join(', ');
  const packages = Object.keys(shared);
  for (const module of exposes) {
    await project.write(`${name}/${module}.js`, `${imports.join('\n')}
      ${packages.map((one, place) => `import p${place} from '${one}';`).join('\n')}
      export const show = () => [${used}, ${packages.map((_, place) => `p${place}`).join(', ')}];
      export const text = '${text} ${module}';`);
  }
  await project.write(`${name}/webpack.config.js`, configuration(name, {
    exposes: Object.fromEntries(exposes.map((module) => [`./${module}`, `./${module}.js`])),
    remotes: Object.fromEntries(remotes.map((remote) => [remote.split('/')[0], true])),
    shared: Object.fromEntries(packages.map((key) => [key,
      { singleton: key === 'react', requiredVersion: shared[key] }])) }));
}

/** Publishes the shop, nav and cart twice. @returns {Promise<void>} */
export async function publishShop(project, daemon) {
  for (const [name, version] of [['react', '18.2.0'], ['lodash', '4.17.21']]) {
    await project.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
    await project.write(`node_modules/${name}/index.js`, `module.exports = '${version}';`);
  }
  for (const [name, facts] of Object.entries(shop)) {
    for (const text of ['cart', 'nav'].includes(name) ? ['first', 'second'] : ['first']) {
      await write(project, name, facts, `${name} ${text}`);
      await project.build(name, '5.97');
      await daemon.larder('publish', name, project.file(`${name}/dist`));
    }
  }
}

/** Publishes small remotes, each of which imports one or two before it. */
export async function publishMany(project, daemon, count) {
  await project.write('node_modules/tiny/package.json', '{"name":"tiny","version":"1.0.0"}');
  await project.write('node_modules/tiny/index.js', 'module.exports = 1;');
  await write(project, 'rrrr', { exposes: ['Page'], remotes: ['ssss/Page', 'tttt/Page'],
    shared: { tiny: '^1.0.0' } }, 'rrrr');
  await project.build('rrrr', '5.97');
  const names = (await readdir(project.file('rrrr/dist'))).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(names.map((name) => project.read(`rrrr/dist/${name}`)));
  const called = (place) => `m${String(place).padStart(3, '0')}`;
  const publish = async (place) => {
    const folder = project.file(`many/${called(place)}`);
    await mkdir(folder, { recursive: true });
    const renamed = (text) => text.replaceAll('rrrr', called(place))
      .replaceAll('ssss', called(Math.floor(place / 3)))
      .replaceAll('tttt', called(Math.floor(place / 2) + 1));
    await Promise.all(names.map((name, index) => writeFile(path.join(folder, name),
      renamed(texts[index]))));
    await daemon.larder('publish', called(place), folder);
  };
  for (let place = 0; place < count; place += 4) {
    await Promise.all([0, 1, 2, 3].map((more) => place + more).filter((one) => one < count)
      .map(publish));
  }
}
