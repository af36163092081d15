// A daemon for tests: a real Unix socket that speaks the frames, with files and plans from memory.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { flags, headerBytes, verbs } from '../lib/frames.js';

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');
const names = Object.fromEntries(Object.entries(verbs).map(([name, kind]) => [kind, name]));

/**
 * @param {{remotes: Record<string, {release?: string, target?: string, files: object}>,
 *   plan?: (requests: object[], consumes: object[]) => object}} world may be changed by the test;
 *   `plan` gives a plan whose files have no digests yet
 */
export async function startFakeDaemon(world) {
  const folder = mkdtempSync(path.join(tmpdir(), 'larder-test-'));
  const socket = path.join(folder, 'larder.sock');
  const connections = new Set();
  const blobs = new Map();
  const watching = new Set();
  const daemon = {
    socket,
    /** Verbs in the order in which they came. @type {string[]} */
    verbs: [],
    /** Bodies of JSON requests by verb. */
    bodies: {},
    /** How often the daemon was written to, in pieces of the stream. */
    reads: 0,
    /** Whether INIT keeps the releases that a host names. */
    keeps: false,
    frames: 0,
    /** Requests without an answer, now and at most. */
    unanswered: 0,
    unansweredMax: 0,
    /** Verb -> error body to answer with. */
    refuse: {},
    /** Channels by remote, as WATCH tells them; `move` changes some. */
    channels: {},
    move: (moved) => {
      Object.assign(daemon.channels, moved);
      for (const tell of [...watching]) tell();
    },
    drop: () => { for (const connection of connections) connection.destroy(); },
    stop: () => new Promise((resolve) => {
      daemon.drop();
      server.close(() => { rmSync(folder, { recursive: true, force: true }); resolve(); });
    }),
  };

  const add = (text) => {
    const bytes = Buffer.from(text);
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  const fileOf = (container, file) => {
    const text = world.remotes[container]?.files[file];
    return text === undefined ? { digest: null, size: 0 } : add(text);
  };
  const planOf = ({ requests = [], consumes = [] }) => {
    const plan = world.plan?.(requests, consumes) ?? {};
    return {
      protocol: 1, requests, containers: [], entries: [], shared: [], executionOrder: [],
      warnings: [], errors: [], ...plan,
      files: (plan.files ?? []).map((file) => ({ ...file, ...fileOf(file.container, file.path) })),
    };
  };
  const open = (body) => {
    if (body.paths) {
      const files = body.paths.map((file) =>
        ({ container: body.container, path: file, ...fileOf(body.container, file) }));
      return { plan: null, files: files.filter(({ digest }) => digest) };
    }
    const plan = planOf(body);
    return { plan, files: plan.files.filter(({ phase }) => body.include.includes(phase)) };
  };
  const openReply = (body) => {
    const { plan, files } = open(body);
    const listed = [...new Map(files.map(({ digest, size }) => [digest, size]))]
      .filter(([digest]) => digest && !(body.have ?? []).includes(digest))
      .map(([digest, size]) => ({ digest, size }));
    const head = Buffer.from(JSON.stringify({ plan, files, blobs: listed }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.length);
    return Buffer.concat([length, head, ...listed.map(({ digest }) => blobs.get(digest))]);
  };
  const getReply = (body) => Array.from({ length: (body.length - 8) / 48 }, (_, item) => {
    const start = 8 + item * 48;
    const bytes = blobs.get(body.subarray(start, start + 32).toString('hex'));
    const head = Buffer.alloc(16);
    head.writeUInt32LE(item, 0);
    head.writeUInt32LE(bytes ? 0 : 1, 4);
    head.writeBigUInt64LE(BigInt(bytes?.length ?? 0), 8);
    return Buffer.concat([head, bytes ?? Buffer.alloc(0)]);
  });
  const remote = ({ name }) => {
    const { release = '1', target = 'async-node' } = world.remotes[name] ?? {};
    return { name, state: 'complete',
      current: { release, variants: [{ target, entry: 'remoteEntry.js' }] } };
  };

  /** Answers when something is otherwise than the client knows. */
  const watch = (connection, kind, id, { known }) => {
    const tell = () => {
      const moved = Object.fromEntries(Object.keys(known).map((name) =>
        [name, daemon.channels[name] ?? null]).filter(([name, now]) => now !== known[name]));
      if (Object.keys(moved).length === 0) return;
      watching.delete(tell);
      send(connection, kind, id, [Buffer.from(JSON.stringify({ moved }))], 0);
    };
    watching.add(tell);
    connection.once('close', () => watching.delete(tell));
    tell();
  };

  const answer = (verb, body) => {
    if (verb === 'GET') return getReply(body);
    const json = JSON.parse(body.toString());
    (daemon.bodies[verb] ??= []).push(json);
    if (verb === 'OPEN') {
      // In two frames, as a longer reply would come.
      const reply = openReply(json);
      return daemon.split ? [reply.subarray(0, 7), reply.subarray(7)] : [reply];
    }
    const replies = { HELLO: { protocol: 1, limits: {} },
      INIT: { session: json.session, releases: daemon.keeps ? json.releases : undefined },
      PLAN: verb === 'PLAN' ? planOf(json) : null, REPORT: {}, OVERRIDE: { shared: [] },
      REMOTE: verb === 'REMOTE' ? remote(json) : null };
    return [Buffer.from(JSON.stringify(replies[verb]))];
  };
  const send = (connection, kind, id, bodies, flag) => bodies.forEach((body, index) => {
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(body.length, 0);
    header.writeUInt8(kind, 4);
    header.writeUInt8(flags.REPLY | flag | (index < bodies.length - 1 ? flags.MORE : 0), 5);
    header.writeBigUInt64LE(id, 8);
    daemon.frames += 1;
    connection.write(Buffer.concat([header, body]));
  });
  const accept = (connection, frame) => {
    const kind = frame.readUInt8(4);
    const id = frame.readBigUInt64LE(8);
    const verb = names[kind];
    const body = frame.subarray(headerBytes);
    daemon.verbs.push(verb);
    daemon.frames += 1;
    daemon.unanswered += 1;
    daemon.unansweredMax = Math.max(daemon.unansweredMax, daemon.unanswered);
    // Later, so that whatever came with it has been read.
    setImmediate(() => {
      daemon.unanswered -= 1;
      const refusal = daemon.refuse[verb];
      if (refusal) send(connection, kind, id, [Buffer.from(JSON.stringify(refusal))], flags.ERROR);
      else if (verb === 'WATCH') watch(connection, kind, id, JSON.parse(body.toString()));
      else send(connection, kind, id, answer(verb, body), 0);
    });
  };

  const server = net.createServer((connection) => {
    connections.add(connection);
    let buffered = Buffer.alloc(0);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => {});
    connection.on('data', (bytes) => {
      daemon.reads += 1;
      buffered = Buffer.concat([buffered, bytes]);
      while (buffered.length >= headerBytes) {
        const end = headerBytes + buffered.readUInt32LE(0);
        if (buffered.length < end) return;
        const frame = buffered.subarray(0, end);
        buffered = buffered.subarray(end);
        accept(connection, frame);
      }
    });
  });
  await new Promise((resolve) => server.listen(socket, resolve));
  return daemon;
}
