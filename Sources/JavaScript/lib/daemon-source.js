// A daemon as the place where plans and files come from. The files of a plan arrive with its OPEN;
// what comes later is asked for by digest, so that a release stays what it was when it was opened.
// The daemon verified the bytes against their digests when it read them; here sizes are checked.
import { fromPlan, LarderError } from './errors.js';
import { FileTable } from './file-table.js';
import { decodeItems, decodeOpen, encodeGet, encodeJSON, parseJSON, verbs } from './frames.js';
import { Link } from './link.js';
import { MoveWatch } from './move-watch.js';

const session = 1;
/** The protocol's own limit for one GET and for a list of what a client has. */
const digestsMax = 10_000;

export class DaemonSource {
  mode = 'daemon';
  #settings;
  #hostFacts;
  #warn;
  #link;
  #table = new FileTable();
  #missing = new Map();
  #wanted = new Map();
  #watches = new Map();
  /** What plans made the daemon take from origins. */
  cost = { requests: 0, bytes: 0 };

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
        await source.#link.connect();
        return source;
      } catch (error) {
        tried.push(`${path} (${error.code ?? error.message})`);
      }
    }
    throw new LarderError('daemonUnavailable', `no daemon answers at ${tried.join(' or ')}`);
  }

  constructor(path, settings, hostFacts, warn) {
    this.#settings = settings;
    this.#hostFacts = hostFacts;
    this.#warn = warn;
    this.#link = new Link(path, settings.timeoutMs, () => this.#init());
  }

  get socket() {
    return this.#link.path;
  }

  get counts() {
    return this.#link.counts;
  }

  get reconnections() {
    return this.#link.connections - 1;
  }

  /** Whether a name is that of a remote, as far as the plans so far tell. */
  knows(name) {
    return this.#table.has(name) || this.#missing.has(name)
      || this.#hostFacts().remotes.includes(name);
  }

  /** Why a remote cannot be had, as far as the plans so far tell. */
  failure(name) {
    const missing = this.#missing.get(name);
    // Once per caller: the runtimes append to messages.
    return missing && fromPlan(missing);
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
    this.#noteMissing(plan ?? {});
    this.cost.requests += plan?.cost?.originRequests ?? 0;
    this.cost.bytes += plan?.cost?.networkBytes ?? 0;
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
    const failure = this.failure(name);
    if (failure) throw failure;
    const known = this.#table.facts(name)?.entry;
    if (known) return { path: known, bytes: await this.file(name, known) };
    const remote = await this.#show(name);
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
    if (digest) {
      await this.#get([digest]);
    } else {
      const { files } = await this.#open({ session, container: name, paths: [path] });
      await this.#checkRelease(name);
      this.#table.addFiles(files ?? []);
    }
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
    return parseJSON(Buffer.concat(await this.#link.request(verbs.PLAN, body)));
  }

  async report(differences, requests) {
    const body = { session, differences, requests };
    await this.#link.request(verbs.REPORT, encodeJSON(body));
  }

  async override(shared) {
    await this.#link.request(verbs.OVERRIDE, encodeJSON({ session, shared }));
  }

  /** Of all remotes that are registered. @returns {Promise<string[]>} */
  async names() {
    const [reply] = await this.#link.request(verbs.REMOTE, encodeJSON({ op: 'list' }));
    return parseJSON(reply).remotes.map(({ name }) => name);
  }

  /** @returns {() => void} ends it */
  watch(name, channel, listener) {
    if (!this.#watches.has(channel)) {
      this.#watches.set(channel, new MoveWatch(this.#link.path, channel, this.#warn));
    }
    // A move away from what this host runs is one, whenever it happened.
    const release = channel === 'current' ? this.#table.facts(name)?.release : undefined;
    return this.#watches.get(channel).add(name, release, listener);
  }

  async close() {
    for (const watch of this.#watches.values()) watch.close();
    await this.#link.close();
  }

  /**
   * A session keeps its releases, but a connection that is made anew has a new session. Rather no
   * file than one of another release.
   */
  async #checkRelease(name) {
    const release = this.#table.facts(name)?.release;
    if (!release || this.reconnections === 0) return;
    const { releases } = await this.#link.session();
    if (releases?.[name] === release) return;
    const { current } = await this.#show(name);
    if (current?.release === release) return;
    throw new LarderError('releaseChanged',
      `remote ${name} moved to another release while the connection was down`, { remote: name });
  }

  async #show(name) {
    try {
      const [reply] = await this.#link.request(verbs.REMOTE, encodeJSON({ op: 'show', name }));
      return parseJSON(reply);
    } catch (error) {
      error.remote ??= name;
      throw error;
    }
  }

  /** A plan lists the entry of a container that nobody knows, but not the container. */
  #noteMissing({ entries = [], containers = [], errors = [] }) {
    const here = new Set(containers.map(({ name }) => name));
    const missing = entries.map(({ container }) => container).filter((name) => !here.has(name));
    this.#missing = new Map(missing.map((name) => {
      const error = errors.find(({ kind, container, message }) => kind !== 'unknownExpose'
        && (container === name || message.includes(`'${name}'`)));
      const kind = error?.kind ?? 'missingRemote';
      const message = error?.message ?? `remote ${name} is not known to the daemon`;
      return [name, { kind, container: name, message, remedy: error?.remedy }];
    }));
  }

  async #open(body) {
    const { head, blobs } = decodeOpen(await this.#link.request(verbs.OPEN, encodeJSON(body)));
    this.#table.addBlobs(blobs);
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
        const body = encodeGet(part.map(([digest]) => digest));
        const bodies = await this.#link.request(verbs.GET, body);
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

  /** INIT's body. `releases` asks for what this host runs, so that no new session moves it. */
  #init() {
    const releases = this.#table.releases();
    const host = this.#hostFacts();
    return Object.keys(releases).length > 0 ? { session, host, releases } : { session, host };
  }
}
