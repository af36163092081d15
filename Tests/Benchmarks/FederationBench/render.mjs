// Time to first render of a federation of three levels, in a process of its own each time: through
// Larder, under webpack's own runtime from the origins, and through nginx as a cache before them.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { delayingProxy } from '../../Demo/delaying-proxy.mjs';
import { Fixtures } from '../../Demo/fixtures.mjs';
import { Origins } from '../../Demo/origins.mjs';
import { LarderDaemon, NginxCache } from './servers.mjs';

/** Round trips to the origins, in milliseconds. */
export const distances = [0, 5, 40];

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {{programs: string, nginx: string, rounds: number, tell: (line: string) => void}} options
 * @returns {Promise<object[]>} {distance, contender, milliseconds: number[]} for each
 */
export async function measureRenders({ programs, nginx, rounds, tell }) {
  const fixtures = await Fixtures.build(1);
  const origins = new Origins();
  await origins.start(Object.fromEntries(
    fixtures.applications.map((name) => [name, fixtures.deployed(name)])));
  const expected = (await fixtures.reference('kiosk')).result.html;
  const samples = new Map();
  const note = (distance, contender, { milliseconds, html }) => {
    if (html !== expected) throw new Error(`${contender} renders another page: ${html}`);
    const key = JSON.stringify({ distance, contender });
    samples.set(key, [...samples.get(key) ?? [], milliseconds]);
  };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      tell(`first render, round ${round} of ${rounds}`);
      for (const distance of distances) {
        const far = new Far(await Promise.all(fixtures.applications.map(async (name) =>
          [name, await delayingProxy(Number(new URL(origins.named(name).url).port), distance)])));
        try {
          await playRound(fixtures, far, { programs, nginx },
            (contender, result) => note(distance, contender, result));
        } finally {
          await far.stop();
        }
      }
    }
  } finally {
    await origins.stop();
  }
  return [...samples].map(([key, milliseconds]) => ({ ...JSON.parse(key), milliseconds }));
}

/** The origins as they are from afar. */
class Far {
  #proxies;

  constructor(proxies) {
    this.#proxies = Object.fromEntries(proxies);
  }

  get ports() {
    return Object.fromEntries(
      Object.entries(this.#proxies).map(([name, { port }]) => [name, port]));
  }

  url(name, variant) {
    return `http://127.0.0.1:${this.#proxies[name].port}/${variant}/`;
  }

  async stop() {
    await Promise.all(Object.values(this.#proxies).map((proxy) => proxy.stop()));
  }
}

async function playRound(fixtures, far, { programs, nginx }, note) {
  const facts = fixtures.host('kiosk');
  const names = fixtures.applications;
  const table = (url) => Object.fromEntries(names.map((name) => [name, url(name)]));

  note('webpack', await play('webpack-host.cjs',
    { ...facts, origins: table((name) => far.url(name, 'node')) }));

  const cache = await NginxCache.start(nginx, far.ports);
  try {
    const origins = table((name) => `http://127.0.0.1:${cache.port}/${name}/node/`);
    for (const state of ['cold', 'warm']) {
      note(`nginx, ${state}`, await play('webpack-host.cjs', { ...facts, origins }));
    }
  } finally {
    await cache.remove();
  }

  const daemon = await LarderDaemon.start(programs);
  try {
    for (const name of names) await daemon.larder('remote', 'add', name, far.url(name, 'node'));
    for (const state of ['cold', 'warm']) {
      const result = await play('larder-host.mjs', facts, daemon.socket);
      if (result.mode !== 'daemon') throw new Error('the host found no daemon');
      note(`larder, ${state}`, result);
    }
  } finally {
    await daemon.remove();
  }
}

function play(script, facts, socket = '') {
  return new Promise((resolve, reject) => {
    const child = fork(here(script), [], {
      env: { ...process.env, FACTS: JSON.stringify(facts), LARDER: '', LARDER_SOCKET: socket },
    });
    let result;
    child.once('message', (message) => { result = message; });
    child.once('exit', (code) => (result && code === 0
      ? resolve(result) : reject(new Error(`${script} ended with ${code}`))));
  });
}
