// A daemon as the place where plans and files come from. Every file of a plan arrives with its OPEN;
// what comes later is asked for by digest, so that a release stays what it was when it was opened.
// The daemon verified the bytes against their digests when it read them; here their sizes are checked.
import { Connection } from './connection.js';
import { fromPlan, LarderError } from './errors.js';
import { FileTable } from './file-table.js';
import { decodeItems, decodeOpen, encodeGet, encodeJSON, parseJSON, verbs } from './frames.js';

const session = 1;
/** The protocol's own limit for one GET and for a list of what a client has. */
const digestsMax = 10_000;

export class DaemonSource {
  mode = 'daemon';
  #path;
  #settings;
  #hostFacts;
  #warn;
  #link;
  #table = new FileTable();
  #missing = new Map();
  #wanted = new Map();
  #closed = false;
  #reconnections = -1;
  counts = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };

  /**
   * @param {string[]} paths sockets to try, in order
   * @param {{target: string, timeoutMs: number}} settings
   * @param {() => object} hostFacts the host as in INIT, as it is when a session opens
   * @param {(code: string, message: string) => void} warn
   * @returns {Promise<DaemonSource>} rejects with `daemonUnavailable`, naming what was tried
   */
  static async connect(paths, settings, hostFacts, warn) {
    const tried = [];
    for (const path of paths) {
      const source = new DaemonSource(path, settings, hostFacts, warn);
      try {
        source.#link = Promise.resolve(source.#greet(await source.#dial()));
        return source;
      } catch (error) {
        tried.push(`${path} (${error.code ?? error.message})`);
      }
    }
    throw new LarderError('daemonUnavailable', `no daemon answers at ${tried.join(' or ')}`);
  }

  constructor(path, settings, hostFacts, warn) {
    this.#path = path;
    this.#settings = settings;
    this.#hostFacts = hostFacts;
    this.#warn = warn;
  }

  get socket() {
    return this.#path;
  }

  get reconnections() {
    return Math.max(0, this.#reconnections);
  }

  /** Whether a name is that of a remote, as far as the plans so far tell. */
  knows(name) {
    return this.#table.has(name) || this.#missing.has(name)
      || this.#hostFacts().remotes.includes(name);
  }

  /** The entry's bytes, if they are here. */
  entry(name) {
    return this.#table.entry(name);
  }

  /** A file's bytes, if they are here. */
  fileNow(name, path) {
    return this.#table.bytes(name, path);
  }

  facts(name) {
    return this.#table.facts(name);
  }

  /**
   * Asks for a plan and its bytes.
   * @param {{remote: string, expose: string}[]} requests @param {object[]} consumes
   * @returns {Promise<object>} the plan
   */
  async open(requests, consumes) {
    const body = {
      session,
      requests,
      consumes: consumes.length > 0 ? consumes : undefined,
      // `node` containers require their chunks synchronously, so all have to be here before.
      include: this.#settings.target === 'node' ? ['required', 'reachable'] : ['required'],
      have: this.#table.held().slice(-digestsMax),
    };
    const { plan } = await this.#open(body);
    this.#missing.clear();
    for (const error of plan?.errors ?? []) {
      if (error.kind === 'missingRemote') this.#missing.set(error.container, error);
    }
    for (const name of this.#table.learn(plan ?? {})) {
      this.#warn('releaseChanged', `remote ${name} moved to another release; this host keeps the `
        + 'one that it runs');
    }
    const synchronous = (plan?.containers ?? []).filter(({ target }) => target === 'node');
    await this.#get(synchronous.flatMap(({ name }) => this.#table.lacking(name, ['chunk'])));
    return plan;
  }

  /** The entry of a remote that no plan brought. */
  async fetchEntry(name) {
    const missing = this.#missing.get(name);
    if (missing) throw fromPlan(missing);
    const [reply] = await this.#request(verbs.REMOTE, encodeJSON({ op: 'show', name }));
    const remote = parseJSON(reply);
    const variants = remote.current?.variants ?? [];
    const variant = variants.find(({ target }) => target === this.#settings.target)
      ?? variants.find(({ target }) => ['async-node', 'node'].includes(target));
    if (!variant) {
      const message = remote.current
        ? `remote ${name} has no variant for Node`
        : `remote ${name} is ${remote.state}: ${remote.message ?? 'it has no release yet'}`;
      throw new LarderError(remote.current ? 'unsupportedContainer' : 'originUnavailable', message,
        { remote: name });
    }
    const { target, entry } = variant;
    this.#table.learn({ containers: [{ name, target, entry, release: remote.current.release }] });
    return { path: entry, bytes: await this.file(name, entry) };
  }

  /** The bytes of a file of the release that this host runs. @returns {Promise<Buffer>} */
  async file(name, path) {
    const here = this.#table.bytes(name, path);
    if (here) return here;
    const digest = this.#table.digest(name, path);
    if (digest) await this.#get([digest]);
    else await this.#open({ session, container: name, paths: [path] });
    const bytes = this.#table.bytes(name, path);
    if (!bytes) {
      throw new LarderError('notFound', `the release of ${name} has no file ${path}`,
        { remote: name, remedy: 'see the files of the release: larder remote show NAME' });
    }
    return bytes;
  }

  /** A plan without bytes. */
  async plan(requests, consumes) {
    const body = encodeJSON({ session, requests, consumes });
    return parseJSON(Buffer.concat(await this.#request(verbs.PLAN, body)));
  }

  async report(differences) {
    await this.#request(verbs.REPORT, encodeJSON({ session, differences }));
  }

  async override(shared) {
    await this.#request(verbs.OVERRIDE, encodeJSON({ session, shared }));
  }

  async close() {
    this.#closed = true;
    const link = await this.#link;
    link?.connection.close();
  }

  async #open(body) {
    const { head, blobs } = decodeOpen(await this.#request(verbs.OPEN, encodeJSON(body)));
    this.#table.addBlobs(blobs);
    if (!head.plan) this.#table.addFiles(head.files ?? []);
    return head;
  }

  /** Fetches blobs; what is asked for in one turn of the event loop shares one GET. */
  async #get(digests) {
    const promises = digests.map((digest) => {
      if (this.#wanted.size === 0) queueMicrotask(() => this.#getWanted());
      if (!this.#wanted.has(digest)) {
        const wish = {};
        wish.promise = new Promise((resolve, reject) => Object.assign(wish, { resolve, reject }));
        this.#wanted.set(digest, wish);
      }
      return this.#wanted.get(digest).promise;
    });
    await Promise.all(promises);
  }

  async #getWanted() {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (let at = 0; at < wanted.length; at += digestsMax) {
      const part = wanted.slice(at, at + digestsMax);
      try {
        const bodies = await this.#request(verbs.GET, encodeGet(part.map(([digest]) => digest)));
        decodeItems(bodies, part.length).forEach(({ status, bytes }, index) => {
          const [digest, { resolve, reject }] = part[index];
          if (status === 0) {
            this.#table.addBlobs(new Map([[digest, bytes]]));
            resolve();
          } else {
            reject(new LarderError(status === 2 ? 'corrupt' : 'notFound',
              `the daemon has no good copy of ${digest}`,
              { remedy: 'fetch the release again: larder remote update NAME' }));
          }
        });
      } catch (error) {
        for (const [, { reject }] of part) reject(error);
      }
    }
  }

  /** One request; if the connection is lost under it, once more on a new one. */
  async #request(kind, body) {
    for (let attempt = 0; ; attempt += 1) {
      if (this.#closed) throw new LarderError('closed', 'the host was closed');
      const link = await this.#alive();
      try {
        const [, bodies] = await Promise.all([link.opened, link.connection.request(kind, body)]);
        return bodies;
      } catch (error) {
        if (error.code !== 'connectionLost' || attempt > 0) throw error;
      }
    }
  }

  async #alive() {
    const link = await this.#link;
    if (link?.connection.alive) return link;
    // Whoever comes first dials; the others wait for the same connection.
    if ((await this.#link) === link) {
      this.#link = this.#dial().then((connection) => this.#greet(connection), (cause) => {
        this.#link = Promise.resolve(undefined);
        throw new LarderError('connectionLost',
          `the daemon at ${this.#path} is gone (${cause.code ?? cause.message})`, { cause });
      });
    }
    return this.#link;
  }

  #dial() {
    return Connection.connect(this.#path, this.counts, this.#settings.timeoutMs);
  }

  /** HELLO and INIT, sent ahead of the request that follows without a wait in between. */
  #greet(connection) {
    this.#reconnections += 1;
    const hello = { protocol: [1, 1], client: 'larder-node/0.1.0' };
    // `releases` asks for what this host runs already, so that a new session does not move it.
    const releases = this.#table.releases();
    const init = { session, host: this.#hostFacts(), releases };
    const opened = Promise.all([
      connection.request(verbs.HELLO, encodeJSON(hello)),
      connection.request(verbs.INIT, encodeJSON(
        Object.keys(releases).length > 0 ? init : { session, host: init.host })),
    ]);
    // Its failure is met by every request of this connection.
    opened.catch(() => {});
    return { connection, opened };
  }
}
