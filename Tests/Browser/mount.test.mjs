// A gateway below a path of the pages' own origin, as a reverse proxy mounts it.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { Fixtures } from '../Demo/fixtures.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { browser, noticing, open, startSite } from './browser.mjs';
import { Shop } from './shop.mjs';

const options = { skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };
const strict = "default-src 'self'; script-src 'self'";

test('a page that runs scripts of its own origin alone takes its remotes below a path of it', options,
  async (t) => {
    const fixtures = await Fixtures.build(1);
    const shop = await Shop.start(t, fixtures);
    const { milliseconds, requests, ...before } = await shop.open();
    assert.deepEqual(before.trouble, []);

    const daemon = await Daemon.startGateway('--gateway-base', '/assets/larder');
    t.after(() => daemon.stop());
    for (const name of shop.remotes) {
      await daemon.larder('publish', name, path.join(fixtures.deployed(name), 'web'));
    }
    const gateway = await daemon.gateway();
    assert.equal(new URL(gateway).pathname, '/assets/larder/');
    shop.mount('/assets/larder/', gateway);
    const after = await shop.open();
    assert.deepEqual({ ...after, milliseconds, requests }, { ...before, milliseconds, requests });
    assert.deepEqual(shop.asked, []);

    // The same scripts from the gateway's own address are another origin's.
    shop.loadFrom(gateway);
    await assert.rejects(shop.open(), /blocked: http/);

    // And with the library.
    const site = await startSite(t, path.join(fixtures.folder, 'dist'));
    site.mounts['/assets/larder/'] = gateway;
    site.policy = strict;
    const { catalog } = fixtures.facts.apps;
    const seen = await open(site, `${noticing}
      import { createHost } from '/assets/larder/larder/browser.js';
      async function run() {
        const host = createHost({ name: 'page', gateway: location.origin + '/assets/larder/',
          remotes: { '${catalog.name}': null } });
        const { openRoute } = await host.load('${catalog.name}/${catalog.exposes.CatalogRoute.slice(2)}');
        document.body.innerHTML = await openRoute('de');
        return { route: document.body.textContent, mode: host.statistics().mode, trouble };
      }`);
    assert.deepEqual(seen, { route: before.route, mode: 'gateway', trouble: [] });
  });
