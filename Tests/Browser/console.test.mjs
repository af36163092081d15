// The console in a real browser: what it shows, by keyboard alone, in both schemes, and to whom it
// does not.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from '../Builds/project.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { browser, open, startSite } from './browser.mjs';
import { publishShop } from './console-shop.mjs';
import { contrasts, shifts, tabStop } from './console-checks.mjs';
import { Tab } from './devtools.mjs';

// What is waited for comes in seconds; a page that never shows it fails its test, and hangs nothing.
const options = { timeout: 300_000, skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };
const pictures = fileURLToPath(new URL('../../.build/screenshots', import.meta.url));

/** A daemon with the shop, and where its console is. */
async function startShop(t) {
  const project = await Project.create(t);
  // A port that stays the same when the daemon starts again.
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  const daemon = await Daemon.start(undefined, ['--gateway', String(port)]);
  t.after(() => daemon.stop());
  await daemon.gateway();
  await publishShop(project, daemon);
  const { url } = await daemon.larder('console', '--print');
  return { daemon, url };
}

/** Views by their hashes, and what each of them has when it is whole. */
const views = {
  remotes: ['#/remotes', () => document.querySelectorAll('tbody a').length === 6],
  remote: ['#/remotes/nav', () => document.querySelectorAll('.releases li').length === 2],
  graph: ['#/graph', () => document.querySelectorAll('.node').length === 7],
  sharing: ['#/sharing/nav/.%2FHeader', () => document.querySelectorAll('table').length === 2],
  differences: ['#/differences', () => document.querySelector('table')],
  store: ['#/store', () => document.querySelectorAll('.chart').length === 5
    && document.querySelector('table')],
  events: ['#/events', () => document.querySelectorAll('.log li').length === 8],
};

const nameless = ['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'img', 'image',
  'region', 'navigation', 'heading', 'dialog', 'log', 'columnheader', 'option'];

async function show(tab, view) {
  const [hash, isWhole] = views[view];
  await tab.run((to) => { location.hash = to; }, hash);
  await tab.until(isWhole);
}

test('each view has names, roles and contrast in both schemes, and keeps a picture', options,
  async (t) => {
    const { url } = await startShop(t);
    const tab = await Tab.open(t, { width: 1360, height: 840 });
    for (const scheme of ['light', 'dark']) {
      await tab.scheme(scheme);
      await tab.go(url);
      await tab.until(() => document.querySelector('#link')?.dataset.state === 'live'
        && document.querySelector('#realm').textContent === 'default');
      await tab.until(views.remotes[1]);
      assert.ok(await tab.run(shifts) < 0.02, 'nothing moves while the page is filled');
      for (const view of Object.keys(views)) {
        await show(tab, view);
        await tab.screenshot(path.join(pictures, `console-${view}-${scheme}.png`));
        const seen = await tab.accessible();
        const of = (role) => seen.filter((node) => node.role === role);
        assert.deepEqual(seen.filter(({ role, name }) => nameless.includes(role) && !name), [], view);
        assert.equal(of('main').length, 1);
        assert.equal(of('banner').length, 1);
        assert.deepEqual(of('navigation').map(({ name }) => name), ['Views']);
        assert.deepEqual(await tab.run(() => [...document.querySelectorAll('h1')].length), 1);
        // Headings go down one step at a time.
        const levels = await tab.run(() => [...document.querySelectorAll('h1, h2, h3')]
          .filter((one) => one.checkVisibility()).map(({ tagName }) => Number(tagName[1])));
        levels.reduce((last, level) => {
          assert.ok(level <= last + 1, `${view}: ${levels}`);
          return level;
        }, 0);
        const poor = await tab.run(contrasts);
        assert.ok(poor.checked > 20, `${view}: ${poor.checked} texts`);
        assert.deepEqual(poor.found, [], `${view}, ${scheme}`);
      }
    }
    assert.deepEqual(tab.trouble, []);
    // The switch has the last word, and is remembered.
    await tab.run(() => {
      const theme = document.querySelector('#theme');
      theme.value = 'light';
      theme.dispatchEvent(new Event('change'));
    });
    const ground = () => tab.run(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await tab.go(url);
    await tab.until(() => document.querySelectorAll('tbody a').length === 6);
    assert.equal(await ground(), light);
    // Narrow: one column, nothing beside the page.
    await tab.size(390, 780);
    await show(tab, 'remote');
    await tab.screenshot(path.join(pictures, 'console-remote-narrow.png'));
    assert.ok(await tab.run(() => document.documentElement.scrollWidth <= 390));
  });

test('a remote is switched and rolled back by keyboard, and the event is shown', options,
  async (t) => {
    const { daemon, url } = await startShop(t);
    const current = async () => (await daemon.larder('remote', 'show', 'nav')).current.release;
    const second = await current();
    const tab = await Tab.open(t);
    await tab.go(url);
    await tab.until(() => document.querySelectorAll('tbody a').length === 6);

    // From the top: each stop has a name, is seen, and comes behind the one before.
    const stops = [];
    for (let count = 0; count < 24; count += 1) {
      await tab.press('Tab');
      const stop = await tab.run(tabStop);
      if (!stop) break;
      assert.ok(stop.isFollowing, `${stop.name} comes before ${stops.at(-1)}`);
      assert.ok(stop.isSeen && stop.hasRing, `${stop.name} is not seen`);
      stops.push(stop.name);
    }
    assert.deepEqual(stops, ['Skip to the content', 'Remotes 6', 'Graph', 'Sharing', 'Differences',
      'Store', 'Events 8', 'Appearance', 'Keyboard ?', 'Filter remotes', 'Which remotes', 'Remote',
      'State', 'Current', 'Size', 'Releases', 'Channels', 'account', 'cart', 'catalog', 'checkout',
      'media', 'nav']);

    // Filter, go down to the one that is left, open it.
    await tab.press('/');
    await tab.until(() => document.activeElement.type === 'search');
    await tab.type('nav');
    await tab.until(() => document.querySelectorAll('tbody a').length === 1);
    await tab.press('ArrowDown');
    await tab.press('Enter');
    await tab.until(() => document.activeElement.matches('.panel h2'));
    const press = async (name, key = 'Enter') => {
      for (let count = 0; count < 40; count += 1) {
        if ((await tab.run(tabStop))?.name === name) return tab.press(key);
        await tab.press('Tab');
      }
      throw new Error(`Tab does not come to '${name}'`);
    };
    await press('Roll back');
    await tab.until(() => document.querySelector('dialog[open]'));
    const dialog = (await tab.accessible()).find(({ role }) => role === 'dialog');
    assert.equal(dialog.name, 'Roll nav back?');
    // Nothing happens to who says no.
    assert.equal((await tab.run(tabStop)).name, 'Cancel');
    await tab.press('Escape');
    await tab.until(() => !document.querySelector('dialog'));
    assert.equal(await current(), second);
    await press('Roll back');
    await tab.until(() => document.querySelector('dialog[open]'));
    await press('Roll back');
    await tab.until(() => !document.querySelector('dialog')
      && document.querySelector('.notices').textContent.includes('current is now'));
    const first = await current();
    assert.notEqual(first, second);
    await tab.until((id) => document.querySelector('.releases .current code').textContent === id,
      first.slice(0, 8));

    await press(`Make ${second.slice(0, 8)} current`, ' ');
    await tab.until(() => document.querySelector('dialog[open]'));
    await tab.screenshot(path.join(pictures, 'console-switch.png'));
    await press('Make current');
    await tab.until((id) => document.querySelector('.releases .current code').textContent === id,
      second.slice(0, 8));
    assert.equal(await current(), second);

    // What somebody else does is shown as it happens, in the list and in the log.
    await tab.press('6');
    await tab.until(() => document.querySelectorAll('.log li').length === 10);
    await daemon.larder('remote', 'rollback', 'cart');
    await tab.until(() => document.querySelectorAll('.log li').length === 11);
    assert.match(await tab.run(() => document.querySelector('.log li').textContent), /Moved.*cart/);
    assert.deepEqual(tab.trouble, []);

    // Why it could not be done stays in the dialog.
    await tab.run(() => { location.hash = '#/remotes/cart'; });
    await tab.until(() => document.querySelector('.panel h2')?.textContent === 'cart');
    await press('Roll back');
    await tab.until(() => document.querySelector('dialog[open]'));
    await press('Roll back');
    const told = await tab.until(() => document.querySelector('dialog [role=alert]')?.textContent);
    assert.match(told, /no earlier release/);
  });

test('the graph is walked along its lines, and told in words', options, async (t) => {
  const { url } = await startShop(t);
  const tab = await Tab.open(t);
  await tab.go(`${url}#/graph`);
  await tab.until(() => document.querySelectorAll('.node').length === 7);
  assert.match(await tab.run(() => document.querySelector('.said').textContent),
    /^6 remotes, 7 imports, 1 cycle$/);
  await tab.run(() => document.querySelector('[data-node=checkout]').focus());
  const walked = [];
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp']) {
    await tab.press(key);
    walked.push(await tab.run(() => document.activeElement.dataset.node));
  }
  assert.deepEqual(walked, ['account', 'checkout', 'catalog']);
  assert.equal(await tab.run(() => document.querySelector('.words').textContent),
    'catalog; imports media');
  assert.equal(await tab.run(() => document.querySelectorAll('.edges .cycle').length), 2);
  assert.equal(await tab.run(() => document.querySelectorAll('.node[tabindex="0"]').length), 1);
  // The list says the same.
  await tab.run(() => {
    const form = document.querySelector('[aria-label=Form]');
    form.value = 'list';
    form.dispatchEvent(new Event('change'));
  });
  const rows = await tab.run(() => [...document.querySelectorAll('tbody tr')]
    .map((row) => [...row.children].map((cell) => cell.textContent)));
  assert.deepEqual(rows.find(([name]) => name === 'nav'),
    ['nav', 'account, cart, search', 'cart', 'cart, nav']);
  assert.ok(rows.some(([name]) => name === 'searchnot here'));
  assert.deepEqual(tab.trouble, []);
});

test('a page goes on by itself when the daemon comes back', options, async (t) => {
  const { daemon, url } = await startShop(t);
  const tab = await Tab.open(t);
  await tab.go(url);
  await tab.until(() => document.querySelectorAll('tbody a').length === 6);
  const seen = tab.until(() => document.querySelector('#link').dataset.state === 'lost');
  await daemon.restart();
  await seen;
  await tab.until(() => document.querySelector('#link').dataset.state === 'live');
  await daemon.larder('remote', 'rollback', 'nav');
  const { current } = await daemon.larder('remote', 'show', 'nav');
  await tab.until((id) => [...document.querySelectorAll('tbody tr')]
    .some((row) => row.textContent.startsWith('nav') && row.textContent.includes(id)),
  current.release.slice(0, 8));
});

test('pages and scripts of others get nothing of it, though they know its URL', options,
  async (t) => {
    const { daemon, url } = await startShop(t);
    const project = await Project.create(t);
    const site = await startSite(t, project.folder);
    const gateway = await daemon.gateway();
    site.sources = new URL(url).origin;
    // A document of a remote, of the console's own origin.
    await project.write('evil/remoteEntry.js', 'exports.get = 1;');
    const seen = await open(site, `
      const attempt = (work) => Promise.resolve().then(work).catch((error) => error.name);
      async function run() {
        const frame = document.createElement('iframe');
        frame.src = '${url}';
        const framed = new Promise((resolve) => { frame.onload = resolve; });
        document.body.append(frame);
        await framed;
        const script = document.createElement('script');
        script.src = '${url}console.js';
        const loaded = new Promise((resolve) => {
          script.onload = () => resolve('loaded');
          script.onerror = () => resolve('refused');
        });
        document.head.append(script);
        return {
          read: await attempt(async () => (await fetch('${url}data/remotes')).text()),
          opaque: await attempt(async () => (await fetch('${url}data/remotes',
            { mode: 'no-cors' })).type),
          write: await attempt(async () => (await fetch('${url}rollback/nav',
            { method: 'POST' })).text()),
          blind: await attempt(async () => (await fetch('${url}rollback/nav',
            { method: 'POST', mode: 'no-cors' })).type),
          frame: await attempt(() => frame.contentDocument?.title ?? 'nothing'),
          script: await loaded,
          worker: await attempt(() => { new Worker('${url}console.js'); return 'made'; }),
        };
      }`);
    assert.equal(seen.read, 'TypeError');
    assert.equal(seen.write, 'TypeError');
    assert.equal(seen.frame, 'nothing');
    assert.equal(seen.script, 'refused');
    assert.equal(seen.worker, 'SecurityError');
    assert.ok(['opaque', 'TypeError'].includes(seen.opaque) && ['opaque', 'TypeError']
      .includes(seen.blind));
    const { channels, releases } = await daemon.larder('remote', 'show', 'nav');
    assert.equal(channels.current, releases[0].release);
    assert.ok(gateway.startsWith(new URL(url).origin) && !url.startsWith(gateway));
  });
