// The origins themselves as the place where files come from, when there is no daemon: what webpack
// would do, with the entry by its URL and each chunk beside it. There are no plans.
import { readFile } from 'node:fs/promises';
import { LarderError } from './errors.js';
import { FileTable } from './file-table.js';

/** 64 MiB: far above any script, far below what would trouble the process. */
const fileBytesMax = 67_108_864;
/** What a `node` build requires synchronously may be many files, but not a whole site. */
const prefetchMax = 2_000;

export class OriginSource {
  mode = 'origin';
  #remotes;
  #declared;
  #timeoutMs;
  #table = new FileTable();
  #fetching = new Map();
  #failed = new Map();
  #stop = new AbortController();
  counts = { requests: 0, bytes: 0 };

  /**
   * @param {Map<string, {url: string, entry: string} | undefined>} remotes base URLs, which end in
   *   a slash, and entry names below them
   * @param {string[]} declared names that the host itself refers to
   * @param {number} timeoutMs for each file
   */
  constructor(remotes, declared, timeoutMs) {
    this.#remotes = remotes;
    this.#declared = declared;
    this.#timeoutMs = timeoutMs;
  }

  knows(name) {
    return this.#remotes.has(name);
  }

  /** Why a remote could not be had when the host last loaded something. */
  failure(name) {
    return this.#failed.get(name);
  }

  entry(name) {
    return this.#table.entry(name);
  }

  fileNow(name, path) {
    return this.#table.bytes(name, path);
  }

  facts(name) {
    return this.#table.facts(name);
  }

  /** Fetches the entries that are asked for, so that the containers start in a fixed order. */
  async open(requests) {
    const names = [...this.#declared, ...requests.map(({ remote }) => remote)];
    this.#failed.clear();
    await Promise.all([...new Set(names)].filter((name) => !this.entry(name)).map(async (name) => {
      try {
        await this.fetchEntry(name);
      } catch (error) {
        // Until the next load, whoever starts this container gets the same error.
        this.#failed.set(name, error);
      }
    }));
    return null;
  }

  async fetchEntry(name) {
    if (this.#failed.has(name)) throw this.#failed.get(name);
    const origin = this.#origin(name);
    const bytes = await this.file(name, origin.entry);
    const synchronous = /require\(\s*["']\.\/["']\s*\+/.test(bytes.toString('utf8'));
    const target = synchronous ? 'node' : 'async-node';
    if (synchronous) await this.#prefetch(name);
    this.#table.learn({ containers: [{ name, target, entry: origin.entry, release: null }] });
    return { path: origin.entry, bytes };
  }

  /** @returns {Promise<Buffer>} */
  file(name, path) {
    const here = this.#table.bytes(name, path);
    if (here) return Promise.resolve(here);
    const key = `${name} ${path}`;
    if (!this.#fetching.has(key)) {
      this.#fetching.set(key, this.#fetch(name, path).then((bytes) => {
        this.#table.put(name, path, bytes);
        return bytes;
      }).finally(() => this.#fetching.delete(key)));
    }
    return this.#fetching.get(key);
  }

  async plan() {
    throw new LarderError('daemonUnavailable', 'a plan needs the daemon');
  }

  /** Of all remotes that it has. */
  async names() {
    return [...this.#remotes.keys()];
  }

  /** Where a remote's build lies. */
  url(name) {
    return this.#origin(name).url;
  }

  /** Origins tell nobody of a deploy. */
  watch() {
    return () => {};
  }

  async report() {}

  async override() {}

  async close() {
    this.#stop.abort(new LarderError('closed', 'the host was closed'));
  }

  #origin(name) {
    const origin = this.#remotes.get(name);
    if (origin) return origin;
    throw new LarderError('noOrigin', `remote ${name} has no URL to load it from without a daemon`,
      { remote: name });
  }

  async #fetch(name, path) {
    const url = new URL(path, this.#origin(name).url);
    if (url.protocol === 'file:') return this.#read(name, url);
    const fails = (code, what, cause) => {
      const remedy = 'see whether the origin serves this build, or start the daemon: larder up';
      return new LarderError(code, `${url} ${what}`, { remote: name, remedy, cause });
    };
    const signal = AbortSignal.any
      ? AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#timeoutMs)])
      : AbortSignal.timeout(this.#timeoutMs);
    this.counts.requests += 1;
    let response;
    let bytes;
    try {
      response = await fetch(url, { signal });
      bytes = await this.#body(response, (what) => fails('tooLarge', what));
    } catch (cause) {
      if (cause instanceof LarderError) throw cause;
      const reason = cause.cause?.code ?? cause.message;
      throw fails(cause.name === 'TimeoutError' ? 'originTimeout' : 'originUnavailable',
        `cannot be fetched (${reason})`, cause);
    }
    this.counts.bytes += bytes.length;
    if (!response.ok) throw fails('originUnavailable', `answers with ${response.status}`);
    const html = /^\s*</.test(bytes.subarray(0, 64).toString('latin1'));
    if (/\.[cm]?js$/.test(url.pathname) && html) throw fails('notJavaScript', 'is HTML');
    return bytes;
  }

  async #read(name, url) {
    this.counts.requests += 1;
    try {
      const bytes = await readFile(url);
      this.counts.bytes += bytes.length;
      return bytes;
    } catch (cause) {
      throw new LarderError('originUnavailable', `${url.pathname} cannot be read (${cause.code})`,
        { remote: name, cause, remedy: 'see whether the build is there' });
    }
  }

  async #body(response, tooLarge) {
    const parts = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > fileBytesMax) throw tooLarge(`is above fileBytesMax (${fileBytesMax})`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Every script that the build's stats.json names, as far as it has one. */
  async #prefetch(name) {
    let names;
    try {
      const { assets } = JSON.parse((await this.file(name, 'stats.json')).toString('utf8'));
      names = assets.map((asset) => asset.name).filter((asset) => asset.endsWith('.js'));
    } catch {
      // Without stats.json a missing chunk is fetched when it is first asked for.
      return;
    }
    await Promise.all(names.slice(0, prefetchMax).map((path) => this.file(name, path)));
  }
}
