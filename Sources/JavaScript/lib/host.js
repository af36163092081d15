import { Container } from './container.js';
import { fromFailure, fromPlan, LarderError } from './errors.js';
import { Journal } from './journal.js';
import { openSource } from './opening.js';
import { PlanWatch } from './plan-watch.js';
import { ScopeViews } from './scope-views.js';
import { exposeName, hostSettings, parseRequest, sharedConsumer, sharedPackages }
  from './settings.js';
import { register, select } from './share-scope.js';
import { hostRequire } from './virtual-require.js';

/** A `node` container may miss one chunk after another; each round brings what the last one lacked. */
const roundsMax = 16;
/** @param {object} options see index.d.ts */
export function createHost(options) {
  return new Host(hostSettings(options));
}

class Host {
  #settings;
  #scopes = { default: {} };
  #shared;
  #journal = new Journal();
  #views;
  #watch;
  #containers = new Map();
  #world;
  #source;
  #opening;
  #batch;
  #wave;
  #owner;
  #consumed = new Map();
  #fetching;
  #warned = new Set();
  #closed = false;

  constructor(settings) {
    this.#settings = settings;
    this.#shared = settings.shared;
    this.#views = new ScopeViews(this.#journal);
    this.#watch = new PlanWatch(this.#journal, (found) => this.#source.report(found),
      settings.strict);
    this.#owner = { name: settings.name, spoil() {} };
    this.#world = {
      journal: this.#journal,
      views: this.#views,
      scope: this.#scopes.default,
      hostRequire: hostRequire(settings.from),
      facade: (name, askedBy) => this.#facade(name, askedBy),
    };
    this.#provide(settings.shared);
  }

  get name() {
    return this.#settings.name;
  }

  /** Where execution departed from its plans: {kind, container, planned, seen}. */
  get differences() {
    return this.#watch.differences;
  }

  /** What happened in this host so far, in order. */
  get observed() {
    const { entries, files, shared, executed } = this.#journal;
    return { entries: [...entries], files: [...files], shared: [...shared],
      executed: [...executed] };
  }

  async get(remote, expose) {
    const request = { remote, expose: exposeName(expose) };
    const batch = this.#join((open) => open.requests.push(request));
    return this.#loading(batch, request, async () => {
      await batch.opened;
      const container = this.#container(remote);
      const factory = await this.#withFiles(() => container.get(expose, undefined, this.name));
      return () => this.#execute(batch, request, factory);
    });
  }

  async load(request) {
    const { remote, expose } = parseRequest(request, this.#known());
    const factory = await this.get(remote, expose);
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
    const batch = this.#join((open) => open.consumes.push(planned));
    const request = { remote: undefined, expose: undefined };
    return this.#loading(batch, request, async () => {
      await batch.opened;
      if (!this.#consumed.has(cached)) {
        const taken = this.#take(consumer, fallback);
        // A consumer that failed may try again, as for a remote.
        taken.catch(() => this.#consumed.delete(cached));
        this.#consumed.set(cached, taken);
      }
      const factory = await this.#consumed.get(cached);
      return () => this.#execute(batch, request, factory);
    });
  }

  async override(shared) {
    const packages = sharedPackages(shared, this.#settings.uniqueName);
    this.#shared = [...this.#shared, ...packages];
    this.#provide(packages);
    if (this.#opening) await (await this.#opening).override(packages.map(entryFacts));
  }

  container(name) {
    return {
      get: async (expose, getScope) => {
        const request = { remote: name, expose: exposeName(expose) };
        await this.#join((open) => open.requests.push(request)).opened;
        const container = this.#container(name);
        return this.#withFiles(() => container.get(expose, getScope, this.name));
      },
      init: async (scope, initScope = []) => {
        await this.#open();
        return this.#container(name).init(scope ?? this.#scopes.default, initScope, this.name);
      },
      override: (shared) => this.override(shared),
    };
  }

  async plan(requests = []) {
    const source = await this.#open();
    const listed = Array.isArray(requests) ? requests : [requests];
    return source.plan(listed.map((request) => parseRequest(request, this.#known())));
  }

  async asset(remote, path) {
    const source = await this.#open();
    return source.file(remote, path);
  }

  statistics() {
    const source = this.#source;
    const { sent = 0, received = 0, bytesSent = 0, bytesReceived = 0 } = source?.counts ?? {};
    const { requests = 0, bytes = 0 } = source?.counts ?? {};
    return {
      mode: source?.mode ?? 'unopened',
      socket: source?.socket,
      frames: { sent, received },
      bytes: { sent: bytesSent, received: bytesReceived },
      reconnections: source?.reconnections ?? 0,
      origin: { requests, bytes },
      entries: this.#journal.entries.length,
      files: this.#journal.files.length,
      differences: this.differences.length,
    };
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    // What just ended is still being compared with its plan.
    await new Promise(setImmediate);
    await this.#watch.settled();
    const source = await this.#opening?.catch(() => undefined);
    await source?.close();
  }

  // MARK: - Opening

  #known() {
    return [...this.#settings.remotes.keys(), ...this.#containers.keys()];
  }

  #warn(code, message) {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#settings.onWarning({ code, message });
  }

  /** The daemon if one answers, the origins otherwise; decided once. */
  #open() {
    if (this.#closed) return Promise.reject(new LarderError('closed', 'the host was closed'));
    this.#opening ??= openSource(this.#settings, () => this.#facts(),
      (code, message) => this.#warn(code, message)).then((source) => {
      this.#source = source;
      this.#world.source = source;
      return source;
    });
    return this.#opening;
  }

  #facts() {
    const { name, uniqueName, target, ruleSet, remotes } = this.#settings;
    return { name, uniqueName, target, ruleSet, remotes: [...remotes.keys()],
      shared: this.#shared.map(entryFacts) };
  }

  #provide(packages) {
    for (const { key, version, scope, entry } of packages) {
      this.#scopes[scope] ??= {};
      register(this.#scopes[scope], key, version, entry);
    }
  }

  #container(name) {
    if (!this.#containers.has(name)) this.#containers.set(name, new Container(name, this.#world));
    return this.#containers.get(name);
  }

  /** What a container gets for another one's name. */
  #facade(name, askedBy) {
    const container = this.#container(name);
    return {
      get: (expose, getScope) => container.get(expose, getScope, askedBy),
      // Level by level, as when entries arrive over a network: what the host itself refers to is
      // initialised before what its remotes refer to. Plans count on that order.
      init: async (scope, initScope) => {
        await undefined;
        return this.#initialise(() => container.init(scope, initScope, askedBy), name);
      },
      override: (shared) => this.override(shared),
    };
  }

  /** A remote that cannot be initialised must not take the others with it: it fails when it is used. */
  #initialise(init, name) {
    const failed = (error) => {
      this.#warn('initialisationFailed', `remote ${name} cannot be initialised: ${error.message}`);
    };
    try {
      const result = init();
      return typeof result?.then === 'function' ? result.then(undefined, failed) : result;
    } catch (error) {
      return failed(error);
    }
  }

  // MARK: - Loading

  /** What is asked for in one turn of the event loop shares one plan. */
  #join(add) {
    if (!this.#batch) {
      const batch = { requests: [], consumes: [], loads: [], failed: false };
      batch.opened = Promise.resolve().then(() => this.#openBatch(batch));
      this.#batch = batch;
    }
    add(this.#batch);
    return this.#batch;
  }

  async #openBatch(batch) {
    this.#batch = undefined;
    const source = await this.#open();
    batch.plan = await source.open(batch.requests, batch.consumes);
    this.#watch.learn(batch.plan);
    // The first wave, as in webpack: all declared remotes together, before anything shared resolves.
    this.#wave ??= this.#initialiseAll([...this.#settings.remotes.keys()]
      .map((name) => this.#container(name)).filter(({ initialised }) => !initialised), [{}]);
    await this.#wave;
    const spoiled = [...this.#containers.values()].filter((container) => container.spoiled);
    await this.#initialiseAll(spoiled);
  }

  async #initialiseAll(containers, initScope) {
    await Promise.all(containers.map((container) => this.#initialise(() => (initScope
      ? container.init(this.#scopes.default, initScope, this.name)
      : container.initAgain(this.name)), container.name)));
  }

  /** Runs one load of a batch, and compares with the plan when the last of them is done. */
  async #loading(batch, request, load) {
    let result;
    let failure;
    const settled = load().then((value) => { result = value; }, (error) => {
      batch.failed = true;
      failure = { error };
    });
    batch.loads.push(settled);
    await settled;
    // The host need not wait for the comparison, unless a difference is to fail the load.
    const compared = Promise.all(batch.loads)
      .then(() => this.#watch.afterLoad(batch.plan, batch.failed));
    if (this.#settings.strict) await compared;
    if (failure) throw this.#failure(failure.error, batch.plan, request);
    return result;
  }

  /** Tries again when a synchronous `require` met a file that was not here, once it is. */
  async #withFiles(load) {
    for (let round = 0; ; round += 1) {
      const misses = this.#journal.misses;
      let result;
      let failure;
      try {
        result = await load();
      } catch (error) {
        failure = { error };
      }
      if (this.#journal.misses === misses || round === roundsMax) {
        if (failure) throw failure.error;
        return result;
      }
      await this.#fetchMissing();
    }
  }

  #fetchMissing() {
    const wanted = [...this.#journal.missing.values()];
    this.#journal.missing.clear();
    const earlier = this.#fetching;
    this.#fetching = Promise.all([earlier,
      ...wanted.map(({ container, path }) => this.#source.file(container, path))]);
    return this.#fetching.finally(() => { this.#fetching = undefined; });
  }

  async #take(consumer, fallback) {
    const { scope: scopeName } = consumer;
    const scope = this.#scopes[scopeName];
    const choice = select(scope, scopeName, consumer, this.#settings.ruleSet);
    for (const message of choice.warnings) this.#warn('sharedVersion', message);
    if (choice.outcome === 'error') throw new LarderError(choice.code, choice.message);
    if (choice.outcome === 'fallback') return fallback();
    const key = consumer.shareKey ?? consumer.key;
    this.#journal.choice(this.name, key, choice.version, choice.entry.from);
    const view = this.#views.open(scope, this.#owner);
    return this.#withFiles(() => view[key][choice.version].get());
  }

  #execute(batch, request, factory) {
    try {
      return this.#watch.execute(batch.plan, request.remote ?? this.name, factory);
    } catch (error) {
      throw this.#failure(error, batch.plan, request);
    }
  }

  #failure(error, plan, { remote, expose }) {
    const known = fromFailure(error, { remote, expose });
    if (known instanceof LarderError) return known;
    const planned = (plan?.errors ?? []).find((one) => one.container === remote
      && (!one.expose || one.expose === expose));
    return planned ? Object.assign(fromPlan(planned), { cause: error }) : error;
  }
}

const entryFacts = ({ key, version, scope, entry }) => ({ scope, key, version, from: entry.from,
  eager: entry.eager, loaded: Boolean(entry.loaded) });
