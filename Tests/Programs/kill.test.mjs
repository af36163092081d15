// SIGKILL at any moment: no acknowledged write is lost, no byte is wrong, no release is half there.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, sha256, verbs } from '../Rig/client.mjs';
import { Daemon } from '../Rig/daemon.mjs';
import { Random, seed } from '../Rig/random.mjs';
import { ScriptedOrigin } from '../Rig/scripted-origin.mjs';
import { smallBuild } from '../Rig/small-build.mjs';

const kills = Number(process.env.LARDER_KILLS ?? 200);
const writers = 4;
/** Acknowledgements before a kill: from the first write of a fresh daemon to well into its work. */
const acknowledgementsMax = 40;

test(`${kills} kills among writes, publications and fetches lose nothing`, async () => {
  const random = new Random(seed());
  let deploy = 'deploy 0';
  const origin = await ScriptedOrigin.start((request, response) => {
    const { files, stats } = smallBuild(deploy);
    const name = request.url.slice(1);
    const body = name === 'stats.json' ? stats : files[name];
    if (!body) return response.writeHead(404).end();
    return response.writeHead(200, { 'Content-Length': body.length }).end(body);
  });
  const daemon = await Daemon.start();
  try {
    const blobs = new Map();
    /** Ids of acknowledged releases by remote, the newest last. */
    const releases = { app: [], fetched: [] };
    const tally = { puts: 0 };
    for (let round = 0; round < kills; round += 1) {
      deploy = `deploy ${round}`;
      const work = new Work(daemon, random, round, { blobs, releases, tally });
      // Most kills hit the writers early; every fourth one waits for the deploy to be acknowledged.
      const isLate = round % 4 === 0;
      await work.untilKilled(1 + random.below(acknowledgementsMax), isLate, origin.url);
      await daemon.restart();
      // All of what was written last, and some of what was before.
      await check(daemon, work.acknowledged, sample(blobs, random, 20), releases);
    }
    await check(daemon, blobs, new Map(), releases);
    const { app, fetched } = releases;
    console.log(`# ${tally.puts} writes, ${app.length} publications, ${fetched.length} deploys`);
    assert.ok(tally.puts > kills, 'the kills met no writes');
    assert.ok(app.length > kills / 8 && fetched.length >= kills / 4, 'the kills met no releases');
  } finally {
    await daemon.stop();
    await origin.stop();
  }
});

/** What several clients do until the daemon dies. */
class Work {
  /** Digest -> bytes of what this round was told is stored. */
  acknowledged = new Map();
  #count = 0;
  #wake = () => {};

  constructor(daemon, random, round, world) {
    Object.assign(this, { daemon, random, round, world });
  }

  async untilKilled(acknowledgements, isLate, url) {
    const clients = await Promise.all(
      Array.from({ length: writers + 2 }, () => Client.connect(this.daemon.socket)));
    const enough = new Promise((resolve) => {
      this.#wake = () => {
        if (this.#count >= acknowledgements) resolve();
      };
    });
    const [publisher, fetcher, ...putters] = clients;
    const fetching = this.#fetch(fetcher, url);
    const all = [this.#publish(publisher), fetching,
      ...putters.map((client) => this.#put(client))];
    await (isLate ? fetching : enough);
    await this.daemon.end('SIGKILL');
    await Promise.all(all);
  }

  /** Writes until the connection is lost, several at a time. */
  async #put(client) {
    for (;;) {
      const size = this.random.below(10) === 0 ? 1_100_000 + this.random.below(400_000)
        : 1 + this.random.below(20_000);
      const pieces = [this.random.bytes(size), this.random.bytes(1 + this.random.below(500))];
      const ack = this.random.below(2) === 0 ? 'durable' : 'accepted';
      try {
        await Promise.all(pieces.map(async (bytes) => {
          const digest = await client.put(bytes, ack);
          assert.equal(digest, sha256(bytes), 'the daemon names what was sent');
          this.acknowledged.set(digest, bytes);
          this.world.blobs.set(digest, bytes);
          this.world.tally.puts += 1;
          this.#acknowledge();
        }));
      } catch (error) {
        return ended(error);
      }
    }
  }

  /** Publishes version after version of one remote. */
  async #publish(client) {
    for (let version = 0; ; version += 1) {
      const { files, stats } = smallBuild(`publication ${this.round}.${version}`);
      try {
        const listed = await Promise.all(Object.entries(files).map(async ([path, bytes]) => (
          { path, digest: await client.put(bytes, 'durable'), size: bytes.length })));
        const { release } = await client.json(verbs.PUBLISH, { name: 'app',
          variants: [{ stats: await client.put(stats, 'durable'), files: listed }] });
        this.world.releases.app.push(release);
        this.#acknowledge();
      } catch (error) {
        return ended(error);
      }
    }
  }

  /** Fetches what the origin deployed for this round. */
  async #fetch(client, url) {
    try {
      await client.json(verbs.REMOTE, { op: 'add', name: 'fetched', urls: [`${url}/`] });
      const { current } = await client.json(verbs.REMOTE, { op: 'update', name: 'fetched' });
      this.world.releases.fetched.push(current.release);
      this.#acknowledge();
      return undefined;
    } catch (error) {
      return ended(error);
    }
  }

  #acknowledge() {
    this.#count += 1;
    this.#wake();
  }
}

/** Only a lost connection ends a writer in silence. */
function ended(error) {
  if (error.code !== 'connectionLost') throw error;
}

async function check(daemon, ...rest) {
  const releases = rest.pop();
  const client = await Client.connect(daemon.socket);
  for (const blobs of rest) {
    const digests = [...blobs.keys()];
    const items = [];
    for (let at = 0; at < digests.length; at += 500) {
      items.push(...await client.get(digests.slice(at, at + 500)));
    }
    items.forEach(({ status, bytes }, index) => {
      assert.equal(status, 0, `an acknowledged blob is lost: ${digests[index]}`);
      assert.equal(sha256(bytes), digests[index], 'bytes that are not those of their name');
    });
  }
  await checkReleases(client, 1, 'app', releases.app);
  await checkReleases(client, 2, 'fetched', releases.fetched);
  client.close();
}

/** Every release that is listed has all of its files, each of the same version. */
async function checkReleases(client, session, name, acknowledged) {
  const { remotes } = await client.json(verbs.REMOTE, { op: 'list' });
  const remote = remotes.find((one) => one.name === name);
  if (!remote) return assert.equal(acknowledged.length, 0, `remote ${name} is lost`);
  const { current, releases } = remote;
  if (acknowledged.length > 0) {
    const kept = releases.map(({ release }) => release);
    assert.ok(kept.includes(acknowledged.at(-1)), `a release of ${name} is lost`);
  }
  if (!current) return undefined;
  await client.json(verbs.INIT, { session, host: { name: 'checker', target: 'async-node' } });
  const plan = await client.json(verbs.PLAN, {
    session, requests: [{ remote: name, expose: './Module' }] });
  assert.deepEqual(plan.errors, []);
  assert.equal(plan.containers[0].release, current.release);
  const paths = plan.files.map(({ path }) => path).sort();
  assert.deepEqual(paths, ['module.js', 'remoteEntry.js', 'style.css']);
  const items = await client.get(plan.files.map(({ digest }) => digest));
  const versions = new Set(items.map(({ bytes }) => / of (.*?) \*/.exec(bytes.toString())[1]));
  assert.equal(versions.size, 1, `a release of several versions: ${[...versions]}`);
  return undefined;
}

function sample(blobs, random, count) {
  const all = [...blobs];
  return new Map(Array.from({ length: Math.min(count, all.length) }, () =>
    all[random.below(all.length)]));
}
