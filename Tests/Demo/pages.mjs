// The demo's last act: an unmodified webpack page in a real browser, which takes its remotes from a
// daemon's gateway by one changed URL, while their origins deploy, break and go away.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { browser } from '../Browser/browser.mjs';
import { Shop } from '../Browser/shop.mjs';
import { Daemon } from './daemon.mjs';
import { delayingProxy } from './delaying-proxy.mjs';
import { table } from './report.mjs';

export async function pages(stage) {
  const { report, fixtures, origins } = stage;
  report.begin('e (pages)', 'a browser with an empty cache each time, a daemon with an empty store');
  if (!browser) throw new Error('there is no Chromium: apt-get install chromium-headless-shell');
  const { catalog } = fixtures;
  const origin = origins.named(catalog);
  origin.deploy(fixtures.deployed(catalog));
  const shop = await Shop.start(stage, fixtures);
  const expected = {
    first: await shop.open(),
    second: await (await Shop.start(stage, fixtures, 'dist-second')).open(),
  };
  const act = new Act(stage, shop, expected);
  act.note('without a daemon', expected.first, { bytes: '-', asked: '-' });

  await act.start();
  for (const name of shop.remotes) {
    await act.daemon.ask('remote', 'add', name, `${origins.named(name).url}/web/`);
  }
  await act.play('cold', 'first');
  await act.play('warm', 'first');

  report.line('  a page that is open, and a deploy and a breakdown before it takes its lazy route');
  await act.play('open', 'first', async () => {
    origin.deploy(fixtures.deployed(catalog, 'dist-second'));
    await act.daemon.ask('remote', 'update', catalog);
    origin.breakDown();
    const { exit, document } = await act.daemon.larder('remote', 'update', catalog);
    report.holds('an update from the broken origin fails', 'invalidBuild',
      `${document.code}, exit ${exit}`,
      exit !== 0 && ['invalidBuild', 'notJavaScript'].includes(document.code));
  });
  const broken = await act.play('next, origin broken', 'second');
  report.equal('origin requests of the next page', 0, broken.asked);

  report.line('  origins stopped, daemon killed and started again');
  await origins.stop();
  await act.daemon.end('SIGKILL');
  await act.start();
  await act.play('offline', 'second');
  const { origin: counts } = await act.daemon.status();
  report.equal('origin requests that failed', 0, counts.failures);
  await act.daemon.end('SIGTERM');
  act.tell();
  report.end();
}

/** Pages, one after the other, and what each of them cost. */
class Act {
  #stage;
  #shop;
  #expected;
  #home;
  #proxy;
  #rows = [];

  constructor(stage, shop, expected) {
    this.#stage = stage;
    this.#shop = shop;
    this.#expected = expected;
    this.#home = path.join(stage.home, 'pages');
    // What the demo ends, and whose last words it tells if this fails.
    stage.daemon = new Daemon(stage.daemon.binaries, this.#home);
  }

  get daemon() {
    return this.#stage.daemon;
  }

  /** Starts the daemon on its store, and leads pages to it past a count of what they get. */
  async start() {
    await mkdir(this.#home, { recursive: true });
    await this.daemon.start('--gateway', '0');
    const gateway = new URL(await this.daemon.gateway());
    const proxy = await delayingProxy(Number(gateway.port), 0);
    this.#proxy = proxy;
    this.#stage.after(() => proxy.stop());
    gateway.port = proxy.port;
    this.#shop.loadFrom(gateway.href);
  }

  /** Opens a page and holds it against one without a daemon. @param {'first' | 'second'} version */
  async play(label, version, meanwhile) {
    const { report, origins } = this.#stage;
    const before = { bytes: this.#proxy.counts.bytes, asked: origins.log.length };
    const seen = await this.#shop.open({ meanwhile });
    const expected = this.#expected[version];
    report.equal(`page, ${label}: as from the origins`, expected.text, seen.text);
    report.equal(`page, ${label}: lazy route, style and image`,
      [expected.route, expected.style, expected.picture], [seen.route, seen.style, seen.picture]);
    report.equal(`page, ${label}: Reacts met by modules`, 1, seen.reacts);
    report.equal(`page, ${label}: errors in its console`, [], seen.trouble);
    report.equal(`page, ${label}: remotes from elsewhere`, [], this.#shop.asked);
    const cost = { bytes: this.#proxy.counts.bytes - before.bytes,
      asked: origins.log.length - before.asked };
    this.note(label, seen, cost);
    return cost;
  }

  note(label, { requests, milliseconds }, { bytes, asked }) {
    this.#rows.push([label, requests, bytes, asked, Math.round(milliseconds)]);
  }

  tell() {
    const { report } = this.#stage;
    report.line();
    for (const line of table([
      ['page', 'requests', 'bytes', 'origin requests', 'ms'], ...this.#rows,
    ])) report.line(line);
    for (const line of [
      'requests, ms: until the page was shown; bytes: from the gateway, lazy route included',
      'origin requests: while the page was open, updates and the rest of releases included',
    ]) report.line(`  ${line}`);
  }
}
