// Requests as fast as they are answered, over 64 connections that stay open, by wrk.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Fixtures } from '../../Demo/fixtures.mjs';
import { LarderDaemon } from '../FederationBench/servers.mjs';
import { pathsOf, sizes, writeContents } from './contents.mjs';
import { NginxFiles, Varnish } from './servers.mjs';

const run = promisify(execFile);

/**
 * @param {{programs: string, peers: string, rounds: number, seconds: number,
 *   tell: (line: string) => void}} options
 * @returns {Promise<object[]>} {size, contender, rates, processor, client, waits: number[]} for each:
 *   requests a second; microseconds of processor time that the server takes for one, and wrk; the 99th
 *   percentile of milliseconds that one waits
 */
export async function measureLoad({ programs, peers, rounds, seconds, tell }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'larder-bench-gateway-'));
  const samples = new Map(sizes.flatMap((size) => ['larder', 'nginx', 'varnish'].map((contender) =>
    [`${size.label} ${contender}`, { size, contender, rates: [], processor: [], client: [], waits: [] }])));
  const ends = [];
  try {
    const contenders = await startAll(folder, { programs, peers }, ends);
    for (let round = 0; round <= rounds; round += 1) {
      tell(round === 0 ? 'load: a round that does not count' : `load, round ${round} of ${rounds}`);
      for (const size of sizes) {
        for (const contender of contenders) {
          const figures = await play(contender, size, folder, round === 0 ? 1 : seconds);
          if (round === 0) continue;
          const sample = samples.get(`${size.label} ${contender.name}`);
          for (const [name, figure] of Object.entries(figures)) sample[name].push(figure);
        }
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true });
  }
  return [...samples.values()];
}

async function startAll(folder, { programs, peers }, ends) {
  const fixtures = await Fixtures.build(1);
  const files = path.join(folder, 'files');
  await writeContents(files, fixtures.deployed(fixtures.facts.apps.cart.name));
  const own = (name) => mkdtemp(path.join(folder, `${name}-`));

  const daemon = await LarderDaemon.start(programs, '--gateway', '0');
  ends.push(() => daemon.remove());
  const { release } = await daemon.larder('publish', 'bench', files);
  const base = `${await daemon.gateway()}remotes/bench@${release.release ?? release}/`;
  const larder = { name: 'larder', url: (file) => base + file,
    processorTime: () => daemon.processorTime() };

  const nginx = await NginxFiles.start(path.join(peers, 'usr/sbin/nginx'), files, await own('nginx'));
  ends.push(() => nginx.end());
  const varnish = await Varnish.start(peers, nginx.port, await own('varnish'));
  ends.push(() => varnish.end());
  return [larder, nginx, varnish];
}

/** @returns {Promise<Record<'rates' | 'processor' | 'client' | 'waits', number>>} */
async function play(contender, size, folder, seconds) {
  const { origin } = new URL(contender.url(''));
  const paths = pathsOf(size).map((file) => new URL(contender.url(file)).pathname);
  const script = path.join(folder, 'requests.lua');
  await writeFile(script, `
    local paths = { ${paths.map((one) => `"${one}"`).join(', ')} }
    local requests = {}
    local turn = 0
    init = function()
      for place, path in ipairs(paths) do requests[place] = wrk.format("GET", path) end
    end
    request = function()
      turn = turn % #requests + 1
      return requests[turn]
    end
    done = function(summary, latency)
      io.write(string.format('{"requests":%d,"microseconds":%d,"bytes":%d,"wait":%d,"failed":%d}\\n',
        summary.requests, summary.duration, summary.bytes, latency:percentile(99),
        summary.errors.connect + summary.errors.read + summary.errors.write
          + summary.errors.status + summary.errors.timeout))
    end`);
  const before = await contender.processorTime();
  // What a shell's children took is the last that it tells.
  const { stdout } = await run('bash', ['-c', 'wrk "$@" && times', 'wrk', '-t2', '-c64',
    `-d${seconds}s`, '-s', script, origin]);
  const spent = await contender.processorTime() - before;
  const lines = stdout.trim().split('\n');
  const own = lines.at(-1).match(/[\d.]+/g).map(Number);
  const seen = JSON.parse(lines.find((line) => line.startsWith('{')));
  const { requests, microseconds, bytes, wait, failed } = seen;
  if (failed > 0 || bytes < requests * size.bytes) {
    throw new Error(`${contender.name} did not answer ${size.label} well: ${stdout}`);
  }
  return { rates: requests / microseconds * 1e6, processor: spent * 1_000 / requests,
    client: ((own[0] + own[2]) * 60 + own[1] + own[3]) * 1e6 / requests, waits: wait / 1_000 };
}
