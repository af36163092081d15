// Pages that load through a daemon's gateway: hosts that know nothing of Larder but one URL, and
// those with the library.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Project, startOrigin } from '../Builds/project.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { browser, noticing, open, startSite } from './browser.mjs';

const options = { skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };
const build = fileURLToPath(new URL('../Fixtures/build', import.meta.url));
const run = promisify(execFile);

/** As any build is configured, without Larder. */
const configuration = (federation, { entry = {}, publicPath = 'auto', ...rest } = {}) => `
const { ModuleFederationPlugin } = require('webpack').container;
module.exports = {
  mode: 'production', target: 'web', devtool: false, performance: false,
  experiments: ${JSON.stringify(rest.experiments)},
  entry: ${JSON.stringify(entry)},
  output: { path: __dirname + '/dist/web', publicPath: ${JSON.stringify(publicPath)},
    uniqueName: '${federation.name}', chunkFilename: '[name].js',
    ...${JSON.stringify(rest.output)} },
  optimization: { chunkIds: 'named', moduleIds: 'named' },
  plugins: [new ModuleFederationPlugin(${JSON.stringify({ filename: 'remoteEntry.js',
    ...federation })})],
};`;

test('a host that names a gateway\'s entry shows what it shows from the origins, without them',
  options, async (t) => {
    const { stdout } = await run(build, ['apps', '--seed', '1']);
    const folder = stdout.trim();
    const { apps } = JSON.parse(await readFile(path.join(folder, 'fixtures.json'), 'utf8'));
    const host = apps.shell.name;
    const others = [apps.catalog.name, apps.cart.name];
    const site = await startSite(t, path.join(folder, 'dist'));
    const daemon = await Daemon.startGateway();
    t.after(() => daemon.stop());
    for (const name of others) {
      await daemon.larder('publish', name, path.join(folder, 'dist', name, 'web'));
    }
    const gateway = await daemon.gateway();
    const page = `${noticing}
      async function run() {
        location.hash = '#de,${apps.cart.name}';
        const shown = new Promise((resolve) => new MutationObserver((_, observer) => {
          observer.disconnect();
          resolve();
        }).observe(document.body, { childList: true }));
        start('/${host}/web/main.js');
        await Promise.race([shown, failed]);
        return { text: document.body.textContent, reacts: globalThis.__reacts.size,
          order: globalThis.__order, trouble };
      }`;

    const reference = await open(site, page);
    assert.equal(reference.reacts, 1);
    assert.deepEqual(reference.trouble, []);
    assert.ok(site.asked.some((url) => url.startsWith(`/${others[1]}/`)));

    // The one change: where the host's configuration says that its remotes are.
    site.edit = (file, bytes) => (file.startsWith(`/${host}/`) && file.endsWith('.js')
      ? others.reduce((text, name) => text.replaceAll(`/${name}/web/remoteEntry.js`,
        `${gateway}remotes/${name}/remoteEntry.js`), String(bytes)) : bytes);
    site.sources = new URL(gateway).origin;
    site.asked.length = 0;
    const seen = await open(site, page);
    assert.deepEqual(seen, reference);
    assert.deepEqual(site.asked.filter((url) => others.some((name) => url.startsWith(`/${name}/`))),
      []);
  });

test('a remote with a fixed public path, and its own remote, are loaded from the gateway', options,
  async (t) => {
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    await project.write('cart/total.js',
      'export const text = () => import("./sum.js").then(({ sum }) => `cart ${sum}`);');
    await project.write('cart/sum.js', 'export const sum = 12;');
    await project.write('cart/webpack.config.js', configuration(
      { name: 'cart', exposes: { './Total': './total.js' } },
      { publicPath: 'http://127.0.0.1:1/cart/' }));
    await project.write('nav/header.js', `import { text } from "cart/Total";
      export const show = async () => \`nav, \${await text()}\`;`);
    await project.write('nav/webpack.config.js', configuration(
      { name: 'nav', exposes: { './Header': './header.js' },
        remotes: { cart: 'cart@http://127.0.0.1:1/cart/remoteEntry.js' } }, { publicPath: '/nav/' }));
    const daemon = await Daemon.startGateway();
    t.after(() => daemon.stop());
    for (const name of ['cart', 'nav']) {
      await project.build(name, '5.97');
      await daemon.larder('publish', name, project.file(`${name}/dist/web`));
    }
    const gateway = await daemon.gateway();
    await project.write('shell/main.js', 'import("./boot.js");');
    await project.write('shell/boot.js',
      'import { show } from "nav/Header"; show().then(globalThis.shown);');
    await project.write('shell/webpack.config.js', configuration(
      { name: 'shell', remotes: { nav: `nav@${gateway}remotes/nav/remoteEntry.js` } },
      { entry: './main.js' }));
    await project.build('shell', '5.97');
    site.sources = new URL(gateway).origin;
    const seen = await open(site, `${noticing}
      async function run() {
        const shown = new Promise((resolve) => { globalThis.shown = resolve; });
        start('/shell/dist/web/main.js');
        return { text: await Promise.race([shown, failed]), trouble };
      }`);
    assert.deepEqual(seen, { text: 'nav, cart 12', trouble: [] });

    // And with the library, which the gateway serves as well.
    const loaded = await open(site, `${noticing}
      async function run() {
        const { createHost } = await import('${gateway}larder/browser.js');
        const host = createHost({ name: 'page', gateway: '${gateway}', remotes: { nav: null } });
        const { show } = await host.load('nav/Header');
        const failure = await host.load('none/X').catch(({ code }) => code);
        return { text: await show(), mode: host.statistics().mode, failure, trouble };
      }`);
    assert.deepEqual(loaded, { text: 'nav, cart 12', mode: 'gateway', failure: 'unknownRemote',
      trouble: [] });
  });

test('a page takes an overridden remote from its dev server, and from its release without it',
  options, async (t) => {
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    const write = (text) => project.write('nav/header.js', `export const show = () => "${text}";`);
    await project.write('nav/webpack.config.js', configuration(
      { name: 'nav', exposes: { './Header': './header.js' } }));
    await write('released');
    await project.build('nav', '5.97');
    const daemon = await Daemon.startGateway('--gateway-overrides', project.file('overrides.json'));
    t.after(() => daemon.stop());
    await daemon.larder('publish', 'nav', project.file('nav/dist/web'));
    const gateway = await daemon.gateway();

    const server = await startOrigin(t, project.file('nav/dist/web'));
    site.sources = `${new URL(gateway).origin} ${server.url}`;
    const override = (remotes) =>
      project.write('overrides.json', JSON.stringify({ format: 1, remotes }));
    const page = (way) => open(site, `
      const told = [];
      console.warn = (...words) => told.push(words.join(' '));
      const ways = {
        // As webpack's runtime does.
        async unmodified() {
          await new Promise((onload, onerror) => document.head.append(Object.assign(
            document.createElement('script'),
            { src: '${gateway}remotes/nav/remoteEntry.js', onload, onerror })));
          await globalThis.nav.init({});
          return (await globalThis.nav.get('./Header'))();
        },
        async library() {
          const { createHost } = await import('${gateway}larder/browser.js');
          const host = createHost({ name: 'page', gateway: '${gateway}', remotes: { nav: null },
            onWarning: ({ code }) => told.push(code) });
          return host.load('nav/Header');
        },
      };
      async function run() {
        const { show } = await ways.${way}();
        return { text: show(), told };
      }`);
    for (const way of ['unmodified', 'library']) {
      assert.deepEqual(await page(way), { text: 'released', told: [] });
    }

    // Folders are no place for pages.
    await override({ nav: project.file('nav/dist/web') });
    assert.deepEqual(await page('unmodified'), { text: 'released', told: [] });

    await override({ nav: `${server.url}/` });
    const watched = project.watch(t, 'nav', '5.97', {});
    await watched.said(/compiled (successfully|with \d+ warning)/g, 1);
    await write('own');
    await watched.said(/compiled (successfully|with \d+ warning)/g, 2);
    assert.deepEqual(await page('unmodified'), { text: 'own', told: [] });
    assert.deepEqual(await page('library'), { text: 'own', told: ['override'] });
    assert.equal((await daemon.larder('remote', 'show', 'nav')).releases.length, 1);

    server.goDown();
    const { text, told } = await page('unmodified');
    assert.equal(text, 'released');
    assert.match(told.join(), /cannot be loaded; nav comes from its release/);
    assert.deepEqual(await page('library'), { text: 'released', told: ['override', 'overrideGone'] });

    // A remote that nobody published is there as long as its dev server.
    server.comeBack();
    await daemon.larder('remote', 'remove', 'nav');
    assert.deepEqual(await page('unmodified'), { text: 'own', told: [] });
  });

test('a container is found wherever its script leaves it, whatever it is registered as', options,
  async (t) => {
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    const daemon = await Daemon.startGateway();
    t.after(() => daemon.stop());
    const gateway = await daemon.gateway();
    site.sources = new URL(gateway).origin;
    const libraries = { plain: undefined, renamed: { type: 'var', name: 'Shop' },
      nested: { type: 'var', name: ['Shops', '@north/nav'] },
      assigned: { type: 'window', name: ['Shops', 'south'] }, esm: { type: 'module' },
      // As Angular's: a module whose chunks are scripts.
      angular: { type: 'module' } };
    for (const [folder, library] of Object.entries(libraries)) {
      await project.write(`${folder}/part.js`, `export const text = "${folder}";`);
      await project.write(`${folder}/webpack.config.js`, configuration(
        { name: `${folder}-build`, exposes: { './Part': './part.js' },
          library: library ?? { type: 'var', name: 'plainBuild' } },
        { experiments: { outputModule: library?.type === 'module' },
          output: folder === 'angular' ? { chunkLoading: 'jsonp', chunkFormat: 'array-push' } : {} }));
      await project.build(folder, '5.97');
      await daemon.larder('publish', `my-${folder}`, project.file(`${folder}/dist/web`));
    }
    const folders = JSON.stringify(Object.keys(libraries));
    const unmodified = await open(site, `
      async function run() {
        const texts = [];
        for (const folder of ${folders}) {
          const name = 'my-' + folder;
          await new Promise((onload, onerror) => document.head.append(Object.assign(
            document.createElement('script'),
            { src: '${gateway}remotes/' + name + '/remoteEntry.js', onload, onerror })));
          await globalThis[name].init({});
          texts.push((await globalThis[name].get('./Part'))().text);
        }
        return { texts, south: typeof globalThis.Shops.south.get, shop: typeof globalThis.Shop.get };
      }`);
    const texts = Object.keys(libraries);
    assert.deepEqual(unmodified, { texts, south: 'function', shop: 'function' });
    const library = await open(site, `
      async function run() {
        const { createHost } = await import('${gateway}larder/browser.js');
        const remotes = Object.fromEntries(${folders}.map((folder) => ['my-' + folder, null]));
        const host = createHost({ name: 'page', gateway: '${gateway}', remotes });
        return Promise.all(Object.keys(remotes).map(async (name) =>
          (await host.load(name + '/Part')).text));
      }`);
    assert.deepEqual(library, texts);
  });

test('hot updates of a dev server reach the page that takes the remote from there', options,
  async (t) => {
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    const write = (text) => project.write('nav/part.js', `export const text = "${text}";`);
    await write('one');
    await project.write('nav/header.js', `import { text } from './part.js';
      export const show = () => text;
      module.hot.accept('./part.js');
      setInterval(() => module.hot.status() === 'idle' && module.hot.check(true), 50);`);
    await project.write('nav/webpack.config.js', `${configuration(
      { name: 'nav', exposes: { './Header': './header.js' } })}
      module.exports.plugins.push(new (require('webpack').HotModuleReplacementPlugin)());`);
    const watched = project.watch(t, 'nav', '5.97', {});
    await watched.said(/compiled (successfully|with \d+ warning)/g, 1);
    const server = await startOrigin(t, project.file('nav/dist/web'));
    const daemon = await Daemon.startGateway('--gateway-overrides', project.file('overrides.json'));
    t.after(() => daemon.stop());
    const gateway = await daemon.gateway();
    site.sources = `${new URL(gateway).origin} ${server.url}`;
    await project.write('overrides.json',
      JSON.stringify({ format: 1, remotes: { nav: `${server.url}/` } }));
    const seen = open(site, `
      async function run() {
        await new Promise((onload, onerror) => document.head.append(Object.assign(
          document.createElement('script'),
          { src: '${gateway}remotes/nav/remoteEntry.js', onload, onerror })));
        await globalThis.nav.init({});
        const { show } = (await globalThis.nav.get('./Header'))();
        const texts = [show()];
        await fetch('/mend', { method: 'PUT' });
        const patience = Date.now() + 60_000;
        while (show() === texts[0] && Date.now() < patience) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return [...texts, show()];
      }`);
    // The page runs, and tells so.
    site.broken.add('the page');
    while (site.broken.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await write('two');
    assert.deepEqual(await seen, ['one', 'two']);
  });

test('a container of a test release of webpack 5 takes a page\'s packages by its override', options,
  async (t) => {
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    await project.write('nav/remoteEntry.js', `var given = {}, nav = {
      override: (packages) => Object.assign(given, packages),
      get: async (name) => {
        const lib = given.lib ? (await given.lib())() : 'nav';
        return () => ({ text: name + ' with the lib of ' + lib });
      } };`);
    const server = await startOrigin(t, project.file('nav'));
    const daemon = await Daemon.startGateway('--gateway-overrides', project.file('overrides.json'));
    t.after(() => daemon.stop());
    const gateway = await daemon.gateway();
    site.sources = `${new URL(gateway).origin} ${server.url}`;
    await project.write('overrides.json',
      JSON.stringify({ format: 1, remotes: { nav: `${server.url}/` } }));
    const seen = await open(site, `
      async function run() {
        await new Promise((onload, onerror) => document.head.append(Object.assign(
          document.createElement('script'),
          { src: '${gateway}remotes/nav/remoteEntry.js', onload, onerror })));
        const version = (of) => ({ from: 'page', eager: true, get: async () => () => of });
        await globalThis.nav.init({ lib: { '1.10.0': version('1.10'), '1.9.0': version('1.9') } });
        const { createHost } = await import('${gateway}larder/browser.js');
        const host = createHost({ name: 'page', remotes: { nav: '${server.url}/' },
          shared: { lib: { version: '2.0.0', import: async () => 'the host' } } });
        return [(await globalThis.nav.get('View'))().text, (await host.load('nav/View')).text];
      }`);
    assert.deepEqual(seen,
      ['View with the lib of 1.10', './View with the lib of the host']);
  });
