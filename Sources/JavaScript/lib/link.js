// A session with a daemon that outlives its connection: a lost one is made anew, once for each
// request that it took down.
import { Connection } from './connection.js';
import { LarderError } from './errors.js';
import { encodeJSON, parseJSON, verbs } from './frames.js';

export class Link {
  #path;
  #timeoutMs;
  #init;
  #current;
  #closed = false;
  /** How often a connection was made. */
  connections = 0;
  counts = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };

  /**
   * @param {string} path @param {number} timeoutMs for each reply
   * @param {() => object} init the body of INIT, as it is when a connection opens
   */
  constructor(path, timeoutMs, init) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
    this.#init = init;
  }

  get path() {
    return this.#path;
  }

  /** Makes the first connection. Rejects with the operating system's error. */
  async connect() {
    this.#current = Promise.resolve(this.#greet(await this.#dial()));
    await this.#current;
  }

  /**
   * One request; if the connection is lost under it, once more on a new one.
   * @param {number} kind @param {Buffer} body
   * @returns {Promise<Buffer[]>} the bodies of the reply's frames
   */
  async request(kind, body) {
    for (let attempt = 0; ; attempt += 1) {
      if (this.#closed) throw new LarderError('closed', 'the host was closed');
      const { connection, opened } = await this.#alive();
      try {
        const [, bodies] = await Promise.all([opened, connection.request(kind, body)]);
        return bodies;
      } catch (error) {
        if (error.code !== 'connectionLost' || attempt > 0) throw error;
      }
    }
  }

  /** What the daemon answered to the latest INIT. */
  async session() {
    const { opened } = await this.#alive();
    const [, [reply]] = await opened;
    return parseJSON(reply);
  }

  async close() {
    this.#closed = true;
    // A connection that could not be made needs no closing.
    const current = await this.#current?.catch(() => undefined);
    current?.connection.close();
  }

  async #alive() {
    const current = this.#current;
    const found = await current;
    if (found?.connection.alive) return found;
    // Whoever comes first dials; the others wait for the same connection.
    if (this.#current === current) {
      this.#current = this.#dial().then((connection) => this.#greet(connection), (cause) => {
        this.#current = Promise.resolve(undefined);
        throw new LarderError('connectionLost',
          `the daemon at ${this.#path} is gone (${cause.code ?? cause.message})`, { cause });
      });
    }
    return this.#current;
  }

  #dial() {
    return Connection.connect(this.#path, this.counts, this.#timeoutMs);
  }

  /** HELLO and INIT, sent ahead of the request that follows without a wait in between. */
  #greet(connection) {
    this.connections += 1;
    const hello = { protocol: [1, 1], client: 'larder-node/0.1.0' };
    const opened = Promise.all([
      connection.request(verbs.HELLO, encodeJSON(hello)),
      connection.request(verbs.INIT, encodeJSON(this.#init())),
    ]);
    // Its failure is met by every request of this connection.
    opened.catch(() => {});
    return { connection, opened };
  }
}
