import { LarderError } from './errors.js';
import { Loader } from './loader.js';
import { exposeName, parseRequest, sharedConsumer, sharedPackages } from './settings.js';
import { register, select } from './share-scope.js';

// Its members are described in index.d.ts.
export class Host {
  #settings;
  #shared = [];
  #loader;
  #consumed = new Map();

  /** @param {object} settings see `hostSettings` @param {object} platform see `Loader` */
  constructor(settings, platform) {
    this.#settings = settings;
    this.#loader = new Loader(settings, platform, () => this.#facts(),
      (shared) => this.override(shared));
    this.#provide(settings.shared);
  }

  get name() {
    return this.#settings.name;
  }

  get differences() {
    return this.#loader.watch.differences;
  }

  get observed() {
    const { entries, files, shared, executed } = this.#loader.journal;
    return { entries: [...entries], files: [...files], shared: [...shared],
      executed: [...executed] };
  }

  async get(remote, expose, { fallback } = {}) {
    const request = { remote, expose: exposeName(expose) };
    if (!fallback) return this.#loader.get(request);
    try {
      return await this.#loader.get(request);
    } catch (error) {
      // What takes its place may have to be loaded as well.
      const module = await fallback(error);
      return () => module;
    }
  }

  async load(request, options) {
    const { remote, expose } = parseRequest(request, this.#loader.known);
    const factory = await this.get(remote, expose, options);
    return factory();
  }

  async loadShared(key, options) {
    const factory = await this.getShared(key, options);
    return factory();
  }

  async getShared(key, options = {}) {
    const { consumer, planned, fallback } = sharedConsumer(key, options,
      this.#shared.find((one) => one.key === key));
    const cached = JSON.stringify(consumer);
    if (!this.#consumed.has(cached)) {
      const taken = this.#loader.consume(planned, () => this.#take(consumer, fallback));
      this.#consumed.set(cached, taken);
      // One that failed may be tried again, as for a remote.
      taken.catch(() => this.#consumed.delete(cached));
    }
    return this.#consumed.get(cached);
  }

  async override(shared) {
    const packages = sharedPackages(shared, this.#settings.uniqueName);
    this.#provide(packages);
    // Before a session is open, INIT will have them.
    if (this.#loader.source) await this.#loader.source.override(packages.map(entryFacts));
  }

  container(name) {
    const loader = this.#loader;
    return {
      ready: async () => {
        await loader.open();
        await loader.container(name).ready(this.name);
      },
      get: async (expose, getScope) => {
        await loader.planned({ remote: name, expose: exposeName(expose) });
        return loader.factory({ remote: name, expose }, getScope);
      },
      init: async (scope, initScope = []) => {
        const source = await loader.policy();
        // Plans count with what is in the scope of another runtime; one that does not hear of it
        // is only less good.
        if (scope) source.override(scopeFacts(scope)).catch(() => {});
        return loader.container(name).init(scope ?? loader.scopes.default, initScope, this.name);
      },
      override: (shared) => this.override(shared),
    };
  }

  async plan(requests = []) {
    const source = await this.#loader.open();
    const listed = Array.isArray(requests) ? requests : [requests];
    return source.plan(listed.map((request) => parseRequest(request, this.#loader.known)));
  }

  async asset(remote, path) {
    const source = await this.#loader.open();
    return source.file(remote, path);
  }

  watch(remote, listener, { channel = 'current' } = {}) {
    let ended = false;
    let end = () => {};
    this.#loader.open().then((source) => {
      if (!ended) end = source.watch(remote, channel, listener);
    }, () => {});
    return () => {
      ended = true;
      end();
    };
  }

  statistics() {
    const { source, journal } = this.#loader;
    const { sent = 0, received = 0, bytesSent = 0, bytesReceived = 0 } = source?.counts ?? {};
    const { requests = 0, bytes = 0 } = source?.counts ?? {};
    return {
      mode: source?.mode ?? 'unopened',
      socket: source?.socket,
      frames: { sent, received },
      bytes: { sent: bytesSent, received: bytesReceived },
      reconnections: source?.reconnections ?? 0,
      origin: { requests, bytes },
      daemon: { ...source?.cost ?? { requests: 0, bytes: 0 } },
      entries: journal.entries.length,
      files: journal.files.length,
      differences: this.differences.length,
    };
  }

  async close() {
    await this.#loader.close();
  }

  #facts() {
    const { name, uniqueName, target, ruleSet, remotes } = this.#settings;
    return { name, uniqueName, target, ruleSet, remotes: [...remotes.keys()],
      shared: this.#shared.map(entryFacts) };
  }

  #provide(packages) {
    const { scopes } = this.#loader;
    this.#shared = [...this.#shared, ...packages];
    for (const { key, version, scope, entry } of packages) {
      scopes[scope] ??= {};
      register(scopes[scope], key, version, entry);
    }
  }

  async #take(consumer, fallback) {
    const { journal, scopes, views } = this.#loader;
    const scope = scopes[consumer.scope];
    views.settle(scope);
    const choice = select(scope, consumer.scope, consumer, this.#settings.ruleSet);
    for (const message of choice.warnings) this.#loader.warn('sharedVersion', message);
    if (choice.outcome === 'error') throw new LarderError(choice.code, choice.message);
    if (choice.outcome === 'fallback') return fallback();
    journal.choice(this.name, consumer.shareKey, choice.version, choice.entry.from);
    const view = views.open(scope, this);
    return this.#loader.withFiles(() => view[consumer.shareKey][choice.version].get());
  }
}

const entryFacts = ({ key, version, scope, entry }) => ({ scope, key, version, from: entry.from,
  eager: entry.eager, loaded: Boolean(entry.loaded) });

const scopeFacts = (scope) => Object.entries(scope).flatMap(([key, versions]) =>
  Object.entries(versions).map(([version, entry]) =>
    entryFacts({ key, version, scope: 'default', entry: { ...entry, eager: Boolean(entry.eager) } })));
