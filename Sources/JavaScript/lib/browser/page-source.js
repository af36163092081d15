// The origins as the place where a page loads from: each entry by its URL, and the chunks from
// beside it by the container's own runtime. There are no plans.
import { LarderError } from '../errors.js';
import { PageContainers } from './page-containers.js';

export class PageSource {
  mode = 'origin';
  counts = { requests: 0, bytes: 0 };
  #places;
  #declared;
  #containers;
  #ready = new Map();
  #taken = new Set();
  #failed = new Map();
  #stop = new AbortController();
  #views;

  /**
   * @param {Map<string, {url: string, entry: string, global?: string, type?: string} | undefined>}
   *   places of the remotes @param {string[]} declared names that the host itself refers to
   * @param {{timeoutMs: number, nonce?: string, crossOrigin?: string}} settings
   * @param {import('./page-views.js').PageViews} views
   */
  constructor(places, declared, settings, views) {
    this.#views = views;
    this.#places = places;
    this.#declared = declared;
    this.#containers = new PageContainers({ ...settings, signal: this.#stop.signal }, views);
  }

  get signal() {
    return this.#stop.signal;
  }

  /** Takes in what a plan tells of the realm's policy. */
  learn(plan) {
    this.#views.learn(plan);
  }

  /** Gives a remote another place: that of its release. */
  place(name, place) {
    this.#places.set(name, { ...this.#places.get(name), ...place });
  }

  /** Loads the entries that are asked for. */
  async open(requests) {
    await this.load([...this.#declared, ...requests.map(({ remote }) => remote)]);
    return null;
  }

  /** Those of `names` that are not here yet; one that fails takes no other with it. */
  async load(names) {
    this.#failed.clear();
    await Promise.all([...new Set(names)].map(async (name) => {
      if (this.#ready.has(name) || this.#taken.has(name)) return;
      try {
        this.#ready.set(name, await this.#load(name));
      } catch (error) {
        // Until the next load, whoever starts this container gets the same error.
        this.#failed.set(name, error);
      }
    }));
  }

  failure(name) {
    return this.#failed.get(name);
  }

  /** A container that was loaded, given once: who asks again had one that failed. */
  entry(name) {
    const container = this.#ready.get(name);
    if (container) this.#taken.add(name);
    this.#ready.delete(name);
    return container;
  }

  async fetchEntry(name) {
    if (this.#failed.has(name)) throw this.#failed.get(name);
    const container = await this.#load(name);
    this.#taken.add(name);
    return container;
  }

  /** @returns {Promise<Uint8Array>} */
  async file(name, path) {
    const url = new URL(path, this.#place(name).url).href;
    this.counts.requests += 1;
    const response = await fetch(url, { signal: this.#stop.signal }).catch((cause) => {
      throw new LarderError('originUnavailable', `${url} cannot be fetched`,
        { remote: name, cause });
    });
    if (!response.ok) {
      throw new LarderError('originUnavailable', `${url} answers with ${response.status}`,
        { remote: name });
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.counts.bytes += bytes.length;
    return bytes;
  }

  async plan() {
    throw new LarderError('daemonUnavailable', 'a plan needs the daemon',
      { remedy: 'give the `gateway` where pages find it' });
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

  #place(name) {
    const place = this.#places.get(name);
    if (place) return place;
    throw new LarderError('noOrigin', `remote ${name} has no URL to load it from`,
      { remote: name, remedy: 'give its URL in `remotes`, or the `gateway` of the daemon' });
  }

  async #load(name) {
    const { url, entry, live, ...rest } = this.#place(name);
    const anew = this.#taken.has(name);
    this.counts.requests += 1;
    if (live) {
      try {
        return await this.#containers.load(name, { global: rest.global, url: live.url }, anew);
      } catch (error) {
        live.gone(error);
      }
    }
    return this.#containers.load(name, { ...rest, url: new URL(entry, url).href },
      anew);
  }
}
