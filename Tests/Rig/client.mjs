// A client of the native protocol for tests, on the host library's own connection.
import { createHash } from 'node:crypto';
import { Connection } from '../../Sources/JavaScript/lib/connection.js';
import { decodeItems, encodeGet, encodeJSON, parseJSON }
  from '../../Sources/JavaScript/lib/frames.js';

export const verbs = Object.freeze({ HELLO: 1, PING: 2, STATS: 3, HAS: 4, GET: 5, PUT: 6, ENSURE: 7,
  PUBLISH: 8, REMOTE: 9, INIT: 10, OVERRIDE: 11, PLAN: 12, REPORT: 13, OPEN: 14 });

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export class Client {
  #connection;

  static async connect(socket) {
    const client = new Client();
    client.#connection = await Connection.connect(socket, { sent: 0, received: 0 }, 120_000);
    await client.json(verbs.HELLO, { protocol: [1, 1], client: 'tests/0' });
    return client;
  }

  /** A request and its reply, both JSON. */
  async json(verb, request) {
    const bodies = await this.#connection.request(verb, encodeJSON(request));
    return parseJSON(Buffer.concat(bodies));
  }

  /** Stores bytes, up to what fits in one frame. Resolves with their digest once acknowledged. */
  async put(bytes, ack) {
    const head = Buffer.alloc(48);
    head[0] = ack === 'durable' ? 1 : 0;
    head.writeBigUInt64LE(BigInt(bytes.length), 8);
    const [answer] = await this.#connection.request(verbs.PUT, Buffer.concat([head, bytes]));
    return answer.subarray(0, 32).toString('hex');
  }

  /** Blobs by digest: {status, bytes}, in order. */
  async get(digests) {
    const bodies = await this.#connection.request(verbs.GET, encodeGet(digests));
    return decodeItems(bodies, digests.length);
  }

  /** ENSURE with bytes: what was delivered, and the last frame. */
  async ensure(request) {
    const bodies = await this.#connection.request(
      verbs.ENSURE, encodeJSON({ ...request, bytes: true }));
    return { bytes: Buffer.concat(bodies.slice(0, -1)), reply: parseJSON(bodies.at(-1)) };
  }

  async statistics() {
    const bodies = await this.#connection.request(verbs.STATS, Buffer.alloc(0));
    return parseJSON(Buffer.concat(bodies));
  }

  close() {
    this.#connection.close();
  }
}
