// The daemon as pages reach it, over HTTP: a plan says which releases there are, and files are
// loaded by release, so that nothing mixes two deploys. Without an answer the origins do.
import { LarderError } from '../errors.js';
import { preload } from './elements.js';

export class GatewaySource {
  mode = 'gateway';
  #base;
  #page;
  #settings;
  #warn;
  #plans = new Map();
  #releases = new Map();
  #live = new Set();
  #missing = new Map();

  /**
   * @param {string} base where the gateway is, without a slash at the end
   * @param {import('./page-source.js').PageSource} page loads, from wherever plans say
   * @param {{target: string, nonce?: string, crossOrigin?: string, timeoutMs: number}} settings
   * @param {(code: string, message: string) => void} warn told once if nobody answers
   */
  constructor(base, page, settings, warn) {
    this.#base = base;
    this.#page = page;
    this.#settings = settings;
    this.#warn = warn;
  }

  get counts() {
    return this.#page.counts;
  }

  /** Loads what the plans have: all entries, so that nested remotes are of their releases, too. */
  async open(requests) {
    if (this.mode === 'origin') return this.#page.open(requests);
    this.#missing.clear();
    const plans = await Promise.all(requests.map((request) => this.#known(request)));
    // Whether the gateway answers is known by now.
    if (this.mode === 'origin') return this.#page.open(requests);
    const names = [];
    for (const plan of plans.filter(Boolean)) {
      this.#page.learn(plan);
      for (const container of plan.containers) this.#learn(container);
      names.push(...plan.entries.map(({ container }) => container));
      for (const { container, path, kind, phase } of plan.files) {
        if (phase !== 'required' || this.#live.has(container)) continue;
        preload(this.#url(container, path), kind, this.#settings);
      }
    }
    await this.#page.load(names.filter((name) => this.#releases.has(name)));
    return null;
  }

  failure(name) {
    return this.#missing.get(name) ?? this.#page.failure(name);
  }

  entry(name) {
    return this.#page.entry(name);
  }

  async fetchEntry(name) {
    const failure = this.failure(name);
    if (failure) throw failure;
    return this.#page.fetchEntry(name);
  }

  file(name, path) {
    return this.#page.file(name, path);
  }

  async plan(requests) {
    const plans = await Promise.all(requests.map((request) => this.#ask(request)));
    return plans.length === 1 ? plans[0] : plans;
  }

  /** The gateway tells of no moves yet. */
  watch() {
    return () => {};
  }

  async report() {}

  async override() {}

  async close() {
    await this.#page.close();
  }

  /** The plan of a request; undefined where there is none, for which `failure` then has a reason. */
  async #known(request) {
    const key = JSON.stringify(request);
    try {
      if (!this.#plans.has(key)) this.#plans.set(key, await this.#ask(request));
      return this.#plans.get(key);
    } catch (error) {
      if (error.code === 'daemonUnavailable') {
        this.mode = 'origin';
        this.#warn('fallback', `the daemon does not answer at ${this.#base}; remotes are loaded `
          + 'from their origins');
      } else {
        this.#missing.set(request.remote, error);
      }
      return undefined;
    }
  }

  async #ask({ remote, expose }) {
    const path = [remote, ...expose.replace(/^\.\//, '').split('/')]
      .map(encodeURIComponent).join('/');
    const url = `${this.#base}/plan/${path}?target=${this.#settings.target}`;
    const lost = (cause) => new LarderError('daemonUnavailable', `${url} gives no answer`,
      { remote, cause });
    let response;
    try {
      response = await fetch(url, { signal: this.#page.signal });
    } catch (cause) {
      throw this.#page.signal.aborted ? this.#page.signal.reason : lost(cause);
    }
    const body = await response.json().catch((cause) => { throw lost(cause); });
    if (response.ok) return body;
    const { code = 'originUnavailable', message = `${url} answers with ${response.status}`,
      remedy } = body;
    throw new LarderError(code, message, { remedy, remote, expose });
  }

  #learn({ name, release, entry, module, global = name, live }) {
    // A page keeps the release of a remote that it first loaded.
    if (this.#releases.has(name) || !release) return;
    this.#releases.set(name, release);
    this.#page.place(name, { url: this.#url(name, ''), entry, global,
      type: module ? 'module' : 'script', live: this.#liveEntry(name, live) });
  }

  /** A build of the developer's own that takes the place of a release, while it answers. */
  #liveEntry(name, url) {
    if (!url) return undefined;
    this.#live.add(name);
    this.#warn('override', `${name} comes from ${url}`);
    return { url, gone: ({ message }) => this.#warn('overrideGone',
      `${message}; ${name} comes from its release`) };
  }

  #url(name, path) {
    return `${this.#base}/remotes/${name}@${this.#releases.get(name)}/${path}`;
  }
}
