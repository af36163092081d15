// Pages through a gateway while origins deploy, break and go away.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Fixtures } from '../Demo/fixtures.mjs';
import { Origins } from '../Demo/origins.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { browser } from './browser.mjs';
import { Shop } from './shop.mjs';

const options = { skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };

/** What a page shows, without what it took. */
const shownBy = ({ milliseconds, requests, ...shown }) => shown;

test('an open page goes on with its deploy whatever becomes of the origins, and the next shows what is current',
  options, async (t) => {
    const fixtures = await Fixtures.build(1);
    const { first, second } = fixtures.facts.second.editions;
    const origins = new Origins();
    t.after(() => origins.stop());
    await origins.start(Object.fromEntries(
      fixtures.applications.map((name) => [name, fixtures.deployed(name)])));
    const shop = await Shop.start(t, fixtures);
    const before = shownBy(await shop.open());
    const after = shownBy(await (await Shop.start(t, fixtures, 'dist-second')).open());
    for (const [shown, edition] of [[before, first], [after, second]]) {
      assert.match(shown.text, new RegExp(`${edition} edition`));
      assert.equal(shown.style, `"${edition}"`);
      assert.ok(shown.picture > 0);
      assert.equal(shown.reacts, 1);
      assert.deepEqual(shown.trouble, []);
    }

    const daemon = await Daemon.startGateway();
    t.after(() => daemon.stop());
    for (const name of shop.remotes) {
      await daemon.larder('remote', 'add', name, `${origins.named(name).url}/web/`);
    }
    shop.loadFrom(await daemon.gateway());
    const catalog = origins.named(fixtures.catalog);

    // A good deploy and the demo's bad one, which answers everything with a page and status 200. What
    // the open page then loads nobody has loaded before.
    assert.deepEqual(shownBy(await shop.open({
      async meanwhile() {
        catalog.deploy(fixtures.deployed(fixtures.catalog, 'dist-second'));
        await daemon.larder('remote', 'update', fixtures.catalog);
        catalog.breakDown();
        await assert.rejects(daemon.larder('remote', 'update', fixtures.catalog),
          ({ stderr }) => ['invalidBuild', 'notJavaScript'].includes(JSON.parse(stderr).code));
      },
    })), before);
    assert.deepEqual(shop.asked, []);
    assert.deepEqual(shownBy(await shop.open()), after);

    // The next good one.
    catalog.deploy(fixtures.deployed(fixtures.catalog));
    await daemon.larder('remote', 'update', fixtures.catalog);
    assert.deepEqual(shownBy(await shop.open()), before);

    await origins.stop();
    assert.deepEqual(shownBy(await shop.open()), before);
  });
