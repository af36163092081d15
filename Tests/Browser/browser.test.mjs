// The host library in a page: real builds by webpack, in a real browser.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { configuration, Project } from '../Builds/project.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { browser, open, startSite } from './browser.mjs';

const options = { skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };
const build = (name, exposes, remotes) => configuration([{ target: 'web', larder: { publish: false },
  federation: { name, exposes, remotes, shared: { lib: { singleton: true, version: '1.0.0',
    requiredVersion: '^1.0.0' } } } }]);

// One shop for all tests, since building takes longer than they do.
const endings = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});
let shop;

/** `nav`, which shows `cart` and a package that both share, built for pages. */
function startShop() {
  shop ??= buildShop({ after: (end) => endings.push(end) });
  return shop;
}

async function buildShop(t) {
  const project = await Project.create(t);
  const site = await startSite(t, project.folder);
  for (const name of ['nav', 'cart']) {
    await project.write(`${name}/node_modules/lib/index.js`,
      'globalThis.libs = (globalThis.libs ?? 0) + 1; export const of = "' + name + '";');
    await project.write(`${name}/node_modules/lib/package.json`,
      '{"name": "lib", "version": "1.0.0", "type": "module", "main": "index.js"}');
  }
  await project.write('cart/total.js', 'import { of } from "lib"; export const text = "12 " + of;');
  await project.write('cart/webpack.config.js', build('cart', { './Total': './total.js' }));
  await project.write('nav/header.js', `import { of } from "lib"; import { text } from "cart/Total";
    export const show = () => "nav " + of + ", cart " + text;
    export const later = () => import("./later.js").then(({ late }) => late);`);
  await project.write('nav/later.js', 'export const late = "later";');
  await project.write('nav/webpack.config.js', build('nav', { './Header': './header.js' },
    { cart: `cart@${site.url}/cart/dist/web/remoteEntry.js` }));
  await project.build('cart', '5.97');
  await project.build('nav', '5.97');
  return { project, site };
}

/** The shop, and a daemon's plan for its header. */
async function planShop(t) {
  const { project, site } = await startShop();
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  for (const name of ['nav', 'cart']) {
    await daemon.larder('publish', name, project.file(`${name}/dist/web`));
  }
  return { site, plan: await daemon.larder('plan', 'nav/Header', '--target', 'web') };
}

const host = (more) => `
  import { createHost, LarderError } from '/larder/browser.js';
  const warnings = [];
  const host = createHost({ name: 'page', remotes: { nav: '/nav/dist/web/' },
    onWarning: ({ code }) => warnings.push(code), ${more} });`;

test('a page loads a remote and its own remote from their origins', options, async () => {
  const { site } = await startShop();
  const seen = await open(site, `${host('')}
    async function run() {
      const { show, later } = await host.load('nav/Header');
      const shared = await host.loadShared('lib', { singleton: true });
      await host.container('nav').get('./Header');
      return { text: show(), late: await later(), libs: globalThis.libs, of: shared.of,
        warnings, mode: host.statistics().mode, scripts: document.scripts.length };
    }`);
  // Of two equal versions the greater name provides; it runs once for all.
  assert.deepEqual(seen, { text: 'nav nav, cart 12 nav', late: 'later', libs: 1, of: 'nav',
    warnings: [], mode: 'origin', scripts: seen.scripts });
});

test('a package of the page, and one that it overrides, reach the remotes', options, async () => {
  const { site } = await startShop();
  const seen = await open(site, `${host(`shared: { lib: { version: '1.1.0',
    import: () => ({ of: 'page' }) } }`)}
    async function run() {
      await host.override({ lib: { version: '1.2.0', module: { of: 'override' } } });
      const { show } = await host.load('nav/Header');
      return { text: show(), libs: globalThis.libs ?? 0 };
    }`);
  assert.deepEqual(seen, { text: 'nav override, cart 12 override', libs: 0 });
});

test('what cannot be loaded has a fallback, and loads when it is there', options, async () => {
  const { site } = await startShop();
  site.broken.add('/nav/dist/web/remoteEntry.js');
  const seen = await open(site, `${host('')}
    async function run() {
      const failure = await host.load('nav/Header').catch(({ code, remote, remedy }) =>
        ({ code, remote, remedy: typeof remedy }));
      const instead = await host.load('nav/Header', { fallback: () => ({ text: 'instead' }) });
      const unknown = await host.load('other/Thing').catch(({ code }) => code);
      await fetch('/mend', { method: 'PUT' });
      const { show } = await host.load('nav/Header');
      await host.close();
      const closed = await host.load('nav/Other').catch(({ code }) => code);
      return { failure, instead: instead.text, unknown, text: show(), closed };
    }`);
  assert.deepEqual(seen, { failure: { code: 'originUnavailable', remote: 'nav', remedy: 'string' },
    instead: 'instead', unknown: 'noOrigin', text: 'nav nav, cart 12 nav', closed: 'closed' });
});

test('through a gateway entries and chunks are those of the plan\'s releases', options, async (t) => {
  const { site, plan } = await planShop(t);
  site.answers['/plan/nav/Header'] = plan;
  site.asked.length = 0;
  const seen = await open(site, `${host(`gateway: '/'`)}
    async function run() {
      const { show } = await host.load('nav/Header');
      const missing = await host.load('cart/Missing').catch(({ code }) => code);
      const planned = await host.plan('nav/Header');
      return { text: show(), missing, mode: host.statistics().mode, warnings,
        containers: planned.containers.length,
        preloads: document.querySelectorAll('link[rel=preload]').length };
    }`);
  assert.deepEqual(seen, { text: 'nav nav, cart 12 nav', missing: 'unknownExpose',
    mode: 'gateway', warnings: [], containers: 2, preloads: seen.preloads });
  assert.ok(seen.preloads >= 2);
  // Nothing was loaded but by release, the nested remote neither.
  const builds = site.asked.filter((url) => /\/(nav|cart)[@/]/.test(url) && !url.startsWith('/plan'));
  assert.ok(builds.length >= 5);
  assert.deepEqual(builds.filter((url) => !url.startsWith('/remotes/')), []);
});

test('what a policy withholds is in no scope of a page, whoever initialises whom', options, async (t) => {
  const { site, plan } = await planShop(t);
  const page = (more) => `${host(`gateway: '/', shared: { other: { version: '1.0.0',
      import: () => ({}) } }, ${more}`)}
    async function run() {
      const { show } = await host.load('nav/Header');
      const own = await host.loadShared('lib').catch(({ code }) => ({ of: code }));
      const again = await host.load('nav/Header');
      return { text: show(), libs: globalThis.libs, own: own.of, same: again.show === show, warnings };
    }`;
  site.answers['/plan/nav/Header'] = plan;
  const all = await open(site, page(''));
  assert.deepEqual(all, { text: 'nav nav, cart 12 nav', libs: 1, own: 'nav', same: true, warnings: [] });

  site.answers['/plan/nav/Header'] = { ...plan, withheld: [
    { consumer: null, providers: ['nav', 'cart'] }, { consumer: 'cart', providers: ['nav'] },
    { consumer: 'nav', providers: ['cart'] }] };
  const limited = await open(site, page(''));
  assert.deepEqual(limited, { text: 'nav nav, cart 12 cart', libs: 2, own: 'sharedUnavailable', same: true,
    warnings: [] });
});

test('a gateway that does not answer is said once, and the origins do', options, async () => {
  const { site } = await startShop();
  const seen = await open(site, `${host(`gateway: 'http://127.0.0.1:1/'`)}
    async function run() {
      const { show } = await host.load('nav/Header');
      await host.load('nav/Header');
      return { text: show(), warnings, mode: host.statistics().mode };
    }`);
  assert.deepEqual(seen, { text: 'nav nav, cart 12 nav', warnings: ['fallback'], mode: 'origin' });
});

test('a container may be an ECMAScript module, or have a global of another name', options, async () => {
  const { project, site } = await startShop();
  const container = `({ init() {}, get: async (name) => () => ({ text: "this is " + name }) })`;
  await project.write('esm/remoteEntry.mjs', `export const { init, get } = ${container};`);
  await project.write('old/remoteEntry.js', `var navigation = ${container};`);
  await project.write('none/remoteEntry.js', 'var nothing = 1;');
  const seen = await open(site, `
    import { createHost } from '/larder/browser.js';
    const host = createHost({ name: 'page', remotes: { esm: '/esm/remoteEntry.mjs',
      old: { url: '/old/', global: 'navigation' } }, origins: { none: '/none/' } });
    async function run() {
      return [(await host.load('esm/A')).text, (await host.load('old/B')).text,
        await host.load('none/C').catch(({ code }) => code)];
    }`);
  assert.deepEqual(seen, ['this is ./A', 'this is ./B', 'unsupportedContainer']);
});
