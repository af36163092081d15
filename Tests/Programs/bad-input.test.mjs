// Bad input: a typed error that names the thing and the remedy, a non-zero exit, nothing half
// stored, and the daemon serves on.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../Rig/client.mjs';
import { Daemon } from '../Rig/daemon.mjs';
import { ScriptedOrigin } from '../Rig/scripted-origin.mjs';
import { smallBuild } from '../Rig/small-build.mjs';

const run = promisify(execFile);
const { files, stats } = smallBuild('good');
const page = '<!doctype html><p>Not here</p>';
let daemon;
let origin;
let folder;
/** What the origin answers instead of the good build: path -> (response) => void. */
let lies = {};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'larder-bad-input-'));
  daemon = await Daemon.start();
  origin = await ScriptedOrigin.start(({ url }, response) => {
    const name = url.slice(1);
    if (lies[name]) return lies[name](response);
    const body = name === 'stats.json' ? stats : files[name];
    if (!body) return response.writeHead(404).end();
    return response.writeHead(200, { 'Content-Length': body.length }).end(body);
  });
});

after(async () => {
  await daemon.stop();
  await origin.stop();
  await rm(folder, { recursive: true });
});

/** Runs `larder` for a failure: its exit code and error. */
async function failing(...args) {
  try {
    await run(daemon.program('larder'), [...args, '--socket', daemon.socket, '--json']);
  } catch ({ code, stderr }) {
    const error = JSON.parse(stderr.trim().split('\n').at(-1));
    return { exit: code, ...(error.error ?? error) };
  }
  return assert.fail(`larder ${args.join(' ')} succeeded`);
}

/** The store as it is: nothing that fails may change what can be read. */
const stored = async () => {
  const { blobs, logicalBytes } = (await daemon.statistics()).store;
  return { blobs, logicalBytes };
};

async function refuses({ exit, code, names }, ...args) {
  const seen = await failing(...args);
  assert.equal(seen.code, code);
  assert.equal(seen.exit, exit);
  assert.match(seen.message, names);
  assert.ok(seen.remedy, `${code} says what to do`);
  return seen;
}

test('an unknown remote', async () => {
  await refuses({ exit: 66, code: 'unknownRemote', names: /nowhere/ }, 'remote', 'show', 'nowhere');
  const plan = await run(daemon.program('larder'),
    ['plan', 'nowhere/Thing', '--socket', daemon.socket, '--json']).catch((error) => error);
  assert.equal(plan.code, 66);
  assert.match(JSON.parse(plan.stdout).errors[0].message, /nowhere/);
});

test('an unknown expose', async () => {
  await daemon.larder('remote', 'add', 'app', origin.url);
  const { code, stdout } = await run(daemon.program('larder'),
    ['plan', 'app/Nothing', '--socket', daemon.socket, '--json']).catch((error) => error);
  assert.equal(code, 66);
  const [error] = JSON.parse(stdout).errors;
  assert.equal(error.kind, 'unknownExpose');
  assert.match(error.remedy, /\.\/Module/);
  await daemon.larder('remote', 'remove', 'app');
});

test('a remote that is down is not kept', async () => {
  const gone = await ScriptedOrigin.start(() => {});
  const { url } = gone;
  await gone.stop();
  await refuses({ exit: 69, code: 'originUnavailable', names: /stats\.json/ },
    'remote', 'add', 'down', url);
  assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
});

for (const [what, name, answer, code, exit] of [
  ['HTML instead of the description', 'stats.json', html, 'invalidBuild', 65],
  ['HTML instead of the entry', 'remoteEntry.js', html, 'notJavaScript', 65],
  ['HTML instead of a chunk', 'module.js', html, 'notJavaScript', 65],
  ['a truncated chunk', 'module.js', truncated, 'truncated', 65],
  ['a chunk of another size than was built', 'module.js', longer, 'truncated', 65],
  ['a chunk that is gone', 'module.js', missing, 'originUnavailable', 69],
]) {
  test(`${what} makes no release`, async () => {
    lies = { [name]: answer };
    const added = await run(daemon.program('larder'),
      ['remote', 'add', 'liar', origin.url, '--socket', daemon.socket, '--json'])
      .then(() => null, () => 'refused');
    if (added === null) {
      await refuses({ exit, code, names: new RegExp(name.replace('.', '\\.')) },
        'remote', 'update', 'liar');
      assert.deepEqual((await daemon.larder('remote', 'show', 'liar')).releases, []);
      // The deploy is mended: the next attempt reads it anew.
      lies = {};
      const { current } = await daemon.larder('remote', 'update', 'liar');
      assert.equal(current.variants[0].files, 3);
      await daemon.larder('remote', 'remove', 'liar');
    } else {
      await refuses({ exit, code, names: /./ }, 'remote', 'add', 'liar', origin.url);
      assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
      lies = {};
    }
  });
}

function html(response) {
  response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': page.length }).end(page);
}

function truncated(response) {
  response.writeHead(200, { 'Content-Length': files['module.js'].length });
  response.write(files['module.js'].subarray(0, 10), () => response.destroy());
}

function longer(response) {
  response.end(Buffer.concat([files['module.js'], Buffer.from('more')]));
}

function missing(response) {
  response.writeHead(404).end();
}

test('a wrong integrity stores nothing', async () => {
  const before_ = await stored();
  await refuses({ exit: 65, code: 'integrityMismatch', names: /module\.js/ }, 'fetch',
    `${origin.url}/module.js`, '--integrity', `sha384-${'A'.repeat(64)}`, '-o', '/dev/null');
  assert.deepEqual(await stored(), before_);
  await refuses({ exit: 64, code: 'badRequest', names: /md5/ }, 'fetch',
    `${origin.url}/module.js`, '--integrity', 'md5-AAAA', '-o', '/dev/null');
});

test('an unreadable folder', async () => {
  await refuses({ exit: 66, code: 'notFound', names: /no-such-folder/ }, 'publish', 'app',
    path.join(folder, 'no-such-folder'));
  const empty = path.join(folder, 'empty');
  await mkdir(empty);
  assert.match((await failing('publish', 'app', empty)).message, /stats\.json/);
});

test('a build whose file is missing publishes nothing', async () => {
  const build = path.join(folder, 'build');
  await mkdir(build);
  await writeFile(path.join(build, 'stats.json'), stats);
  await writeFile(path.join(build, 'remoteEntry.js'), files['remoteEntry.js']);
  const before_ = await stored();
  assert.match((await failing('publish', 'app', build)).message, /module\.js|style\.css/);
  assert.deepEqual(await stored(), before_);
  assert.deepEqual((await daemon.larder('remote', 'list')).remotes, []);
});

test('malformed and oversize frames end their own connection only', async () => {
  const bystander = await Client.connect(daemon.socket);
  for (const [what, bytes, code] of [
    ['a frame of 4 GiB', header({ length: 0xffffffff }), 'frameTooLarge'],
    ['a reserved bit', header({ flags: 0x80 }), 'malformedFrame'],
    ['a kind of 0', header({ kind: 0 }), 'malformedFrame'],
    ['a request before HELLO', header({ kind: 3 }), 'protocolViolation'],
  ]) {
    const socket = net.createConnection({ path: daemon.socket });
    await once(socket, 'connect');
    const received = [];
    socket.on('data', (data) => received.push(data));
    const closed = once(socket, 'close');
    socket.write(bytes);
    await closed;
    const answer = Buffer.concat(received);
    assert.equal(JSON.parse(answer.subarray(16)).code, code, what);
  }
  assert.equal((await bystander.statistics()).realm, 'default');
  bystander.close();
});

function header({ length = 0, kind = 1, flags = 0 }) {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(length, 0);
  bytes[4] = kind;
  bytes[5] = flags;
  bytes.writeBigUInt64LE(1n, 8);
  return bytes;
}

test('a socket in use, and a store that another daemon has', async () => {
  const start = (...args) => run(daemon.program('larderd'), args).catch((error) => error);
  const socket = await start('--store', path.join(folder, 'store'), '--socket', daemon.socket);
  assert.equal(socket.code, 75);
  assert.match(socket.stderr, /larder\.sock/);
  const store = await start('--store', daemon.store, '--socket', path.join(folder, 'other.sock'));
  assert.equal(store.code, 75);
  assert.match(store.stderr, /in use by/);
  assert.equal((await daemon.statistics()).realm, 'default');
});

test('a full disk while a release is stored', async (t) => {
  const mount = path.join(folder, 'small');
  await mkdir(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m,mode=0700', 'larder-test', mount],
      { stdio: 'pipe' });
  } catch (error) {
    return t.skip(`a file system of 6 MiB cannot be mounted here: ${error.message.trim()}`);
  }
  const small = await Daemon.start({ folder: mount });
  try {
    const build = path.join(folder, 'large');
    await mkdir(build);
    const large = bigBuild();
    for (const [name, bytes] of Object.entries(large)) {
      await writeFile(path.join(build, name), bytes);
    }
    const failed = await small.larder('publish', 'app', build).catch((error) => error);
    assert.equal(failed.code, 73);
    assert.match(failed.stderr, /noSpace/);
    assert.deepEqual((await small.larder('remote', 'list')).remotes, []);
    const client = await Client.connect(small.socket);
    assert.equal((await client.statistics()).realm, 'default');
    client.close();
  } finally {
    await small.end();
    execFileSync('umount', [mount]);
  }
  return undefined;
});

/** A build with a chunk of 8 MiB that does not compress. */
function bigBuild() {
  const bytes = Buffer.alloc(8 << 20);
  for (let at = 0, state = 1; at < bytes.length; at += 4) {
    state = Math.imul(state, 1664525) + 1013904223;
    bytes.writeInt32LE(state ^ (state >>> 15), at);
  }
  const described = JSON.parse(stats);
  described.assets.find(({ name }) => name === 'style.css').size = bytes.length;
  return { ...files, 'style.css': bytes, 'stats.json': Buffer.from(JSON.stringify(described)) };
}
