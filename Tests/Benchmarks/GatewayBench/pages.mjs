// How long a page of a real browser takes to be shown, with its remotes at the same distance each
// time: at their origins, behind nginx as a cache, and behind the gateway.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Shop } from '../../Browser/shop.mjs';
import { delayingProxy } from '../../Demo/delaying-proxy.mjs';
import { Fixtures } from '../../Demo/fixtures.mjs';
import { Origins } from '../../Demo/origins.mjs';
import { LarderDaemon, NginxCache } from '../FederationBench/servers.mjs';

/** Round trips from the browser to whoever has the remotes, in milliseconds. */
export const distances = [0, 20];

/**
 * @param {{programs: string, peers: string, rounds: number, tell: (line: string) => void}} options
 * @returns {Promise<object[]>} {distance, contender, cold, warm: number[]} for each: milliseconds with
 *   a browser that knows nothing, and in the same one again
 */
export async function measurePages({ programs, peers, rounds, tell }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'larder-bench-pages-'));
  const ends = [];
  const stage = { after: (end) => ends.push(end) };
  const samples = new Map();
  try {
    const fixtures = await Fixtures.build(1);
    for (const distance of distances) {
      const contenders = await startAll(fixtures, path.join(folder, `${distance}`), distance,
        { programs, peers }, stage);
      for (let round = 0; round <= rounds; round += 1) {
        tell(`pages ${distance} ms away, round ${round} of ${rounds}`);
        for (const [contender, shop] of contenders) {
          const { cold, warm } = await shop.time();
          // The first fills caches that are not the browser's.
          if (round === 0) continue;
          const key = `${distance} ${contender}`;
          const sample = samples.get(key) ?? { distance, contender, cold: [], warm: [] };
          samples.set(key, sample);
          sample.cold.push(cold);
          sample.warm.push(warm);
        }
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true });
  }
  return [...samples.values()];
}

/** @returns {Promise<[string, Shop][]>} each contender with a shop whose pages load from it */
async function startAll(fixtures, folder, distance, { programs, peers }, stage) {
  const far = async (port) => {
    const proxy = await delayingProxy(port, distance);
    stage.after(() => proxy.stop());
    return proxy.port;
  };
  const shopFrom = async (urlOf) => {
    const shop = await Shop.start(stage, fixtures);
    shop.loadEntries(urlOf);
    return shop;
  };
  const names = [fixtures.facts.apps.catalog.name, fixtures.facts.apps.cart.name];
  const originsOf = async () => {
    const origins = new Origins();
    stage.after(() => origins.stop());
    await origins.start(Object.fromEntries(names.map((name) => [name, fixtures.deployed(name)])));
    return origins;
  };
  /** The remotes name each other by URL, as they do where they are deployed. */
  const deploy = async (origins, kind, urlOf) => {
    for (const name of names) {
      const place = path.join(folder, kind, name);
      await cp(fixtures.deployed(name), place, { recursive: true });
      for (const file of await readdir(path.join(place, 'web'))) {
        if (!file.endsWith('.js')) continue;
        const at = path.join(place, 'web', file);
        await writeFile(at, Shop.edited(await readFile(at, 'utf8'), names, urlOf));
      }
      origins.named(name).deploy(place);
    }
  };

  const direct = await originsOf();
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) =>
    [name, await far(Number(new URL(direct.named(name).url).port))])));
  const originOf = (name) => `http://127.0.0.1:${ports[name]}/web/remoteEntry.js`;
  await deploy(direct, 'origins', originOf);

  const cached = await originsOf();
  const cache = await NginxCache.start(path.join(peers, 'usr/sbin/nginx'), Object.fromEntries(
    names.map((name) => [name, Number(new URL(cached.named(name).url).port)])));
  stage.after(() => cache.remove());
  const cachePort = await far(cache.port);
  const cacheOf = (name) => `http://127.0.0.1:${cachePort}/${name}/web/remoteEntry.js`;
  await deploy(cached, 'nginx', cacheOf);

  const daemon = await LarderDaemon.start(programs, '--gateway', '0');
  stage.after(() => daemon.remove());
  for (const name of names) {
    await daemon.larder('publish', name, path.join(fixtures.deployed(name), 'web'));
  }
  const gateway = new URL(await daemon.gateway());
  gateway.port = await far(Number(gateway.port));
  const gatewayOf = (name) => `${gateway.href}remotes/${name}/remoteEntry.js`;
  return [['larder', await shopFrom(gatewayOf)], ['origins', await shopFrom(originOf)],
    ['nginx', await shopFrom(cacheOf)]];
}
