// Publishing a build: its files as blobs, each held to its digest, then one release of all of them.
import { createHash } from 'node:crypto';
import { Connection } from './connection.js';
import { socketPaths } from './discovery.js';
import { LarderError } from './errors.js';
import { encodeHas, encodeJSON, encodePut, parseJSON, verbs } from './frames.js';

/** Files that are read and sent at a time: enough to keep the socket busy, few enough to hold. */
const filesAtATimeMax = 4;
const timeoutMsDefault = 120_000;

/**
 * Makes a release of finished output folders, one for each variant. A file is sent only if the
 * daemon lacks it.
 * @param {string} name of the remote
 * @param {{stats?: Buffer, entry?: string, files: {path: string, read: () => Promise<Buffer>}[]}[]}
 *   variants each by its statistics, or else by the path of its entry
 * @param {{socket?: string | false, timeoutMs?: number, valid?: () => boolean}} [options] `valid`
 *   tells, when all files are there, whether they are still of one build
 * @returns {Promise<object | null>} the release; null if the build was not valid any more. Rejects
 *   with `daemonUnavailable` if there is no daemon, else with what the daemon says
 */
export async function publish(name, variants, options = {}) {
  const { socket, timeoutMs = timeoutMsDefault, valid = () => true } = options;
  const connection = await connect(socketPaths(socket, process.env), timeoutMs);
  try {
    const described = [];
    for (const { stats, entry, files } of variants) {
      described.push({ ...stats ? { stats: (await put(connection, stats)).digest } : { entry },
        files: await putAll(connection, files) });
    }
    if (!valid()) return null;
    const [reply] = await connection.request(verbs.PUBLISH,
      encodeJSON({ name, variants: described }));
    return parseJSON(reply);
  } finally {
    connection.close();
  }
}

async function connect(paths, timeoutMs) {
  const tried = [];
  for (const path of paths) {
    try {
      const counts = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };
      const connection = await Connection.connect(path, counts, timeoutMs);
      await connection.request(verbs.HELLO,
        encodeJSON({ protocol: [1, 1], client: 'larder-node/0.1.0' }));
      return connection;
    } catch (error) {
      tried.push(`${path} (${error.code ?? error.message})`);
    }
  }
  throw new LarderError('daemonUnavailable', tried.length > 0
    ? `no daemon answers at ${tried.join(' or ')}` : 'it is switched off');
}

/** @returns {Promise<{path: string, digest: string, size: number}[]>} */
async function putAll(connection, files) {
  const listed = [];
  for (let at = 0; at < files.length; at += filesAtATimeMax) {
    const part = files.slice(at, at + filesAtATimeMax);
    listed.push(...await Promise.all(part.map(async ({ path, read }) =>
      ({ path, ...await put(connection, await read()) }))));
  }
  return listed;
}

async function put(connection, bytes) {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const [[here]] = await connection.request(verbs.HAS, encodeHas([digest]));
  if (here !== 1) {
    const [first, ...rest] = encodePut(digest, bytes);
    await connection.request(verbs.PUT, first, rest);
  }
  return { digest, size: bytes.length };
}
