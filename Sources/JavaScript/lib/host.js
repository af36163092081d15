import { Container } from './container.js';
import { Expectations } from './comparison.js';
import { DaemonSource } from './daemon-source.js';
import { socketPaths } from './discovery.js';
import { fromFailure, fromPlan, LarderError } from './errors.js';
import { Journal } from './journal.js';
import { OriginSource } from './origin-source.js';
import { ScopeViews } from './scope-views.js';
import { exposeName, hostSettings, parseRequest, sharedPackages } from './settings.js';
import { register, select } from './share-scope.js';
import { hostRequire } from './virtual-require.js';

/** A `node` container may miss one chunk after another; each round brings what the last one lacked. */
const roundsMax = 16;
/** Why a daemon that answers is not used: it is of another version, full, or about to end. */
const unusable = ['daemonUnavailable', 'unsupportedProtocol', 'busy', 'shuttingDown',
  'connectionLost'];

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
  #expectations = new Expectations();
  #containers = new Map();
  #world;
  #source;
  #opening;
  #batch;
  #wave;
  #owner;
  #consumed = new Map();
  #fetching;
  #pending = new Set();
  #reported = new Set();
  #closed = false;

  /** Where execution departed from its plan: {kind, container, planned, seen}. */
  differences = [];

  constructor(settings) {
    this.#settings = settings;
    this.#shared = settings.shared;
    this.#views = new ScopeViews(this.#journal);
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
    const own = this.#shared.filter((one) => one.key === key);
    const consumer = { key, ...definedOf(own[0]?.options), ...definedOf(options) };
    const fallback = consumer.import === undefined && own.length > 0 ? own[0].entry.get
      : consumer.import && (async () => { const module = await consumer.import();
        return () => module; });
    consumer.import = fallback ? undefined : false;
    const { requiredVersion = null, singleton = false, eager = false } = consumer;
    const strictVersion = consumer.strictVersion ?? (Boolean(fallback) && !singleton);
    const cached = JSON.stringify([key, consumer]);
    const batch = this.#join((open) => open.consumes.push(
      { key, requiredVersion, singleton, strictVersion, eager }));
    const request = { remote: undefined, expose: undefined };
    return this.#loading(batch, request, async () => {
      await batch.opened;
      if (!this.#consumed.has(cached)) {
        const taken = this.#take({ ...consumer, scope: consumer.scope ?? 'default' }, fallback);
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
    const asked = (requests) => this.#join((open) => open.requests.push(...requests)).opened;
    return {
      get: async (expose, getScope) => {
        await asked([{ remote: name, expose: exposeName(expose) }]);
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
    await Promise.all(this.#pending);
    const source = await this.#opening?.catch(() => undefined);
    await source?.close();
  }

  // MARK: - Opening

  #known() {
    return [...this.#settings.remotes.keys(), ...this.#containers.keys()];
  }

  #warn(code, message) {
    this.#settings.onWarning({ code, message });
  }

  /** The daemon if one answers, the origins otherwise; decided once. */
  #open() {
    if (this.#closed) return Promise.reject(new LarderError('closed', 'the host was closed'));
    this.#opening ??= this.#findSource().then((source) => {
      this.#source = source;
      this.#world.source = source;
      return source;
    });
    return this.#opening;
  }

  async #findSource() {
    const { socket, remotes, origins, timeoutMs } = this.#settings;
    const paths = socketPaths(socket, process.env);
    let why = 'it is switched off';
    if (paths.length > 0) {
      try {
        return await DaemonSource.connect(paths, this.#settings, () => this.#facts(),
          (code, message) => this.#warn(code, message));
      } catch (error) {
        if (!unusable.includes(error.code)) throw error;
        why = error.message;
      }
    }
    this.#warn('fallback', `host ${this.name} works without the daemon (${why}) and loads from the `
      + 'origins; start it with: larder up');
    return new OriginSource(withOrigins(remotes, origins), [...remotes.keys()], timeoutMs);
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
    if (batch.plan) this.#expectations.learn(batch.plan);
    // The first wave, as in webpack: all declared remotes together, before anything shared resolves.
    this.#wave ??= this.#initialiseAll([...this.#settings.remotes.keys()]
      .map((name) => this.#container(name)), [{}]);
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
    const compared = Promise.all(batch.loads).then(() => this.#compareLoad(batch));
    if (this.#settings.strict) this.#refuseDifferences(await compared);
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
    const before = [...this.#journal.executed];
    let result;
    try {
      result = factory();
    } catch (error) {
      throw this.#failure(error, batch.plan, request);
    }
    if (batch.plan) {
      const ran = this.#journal.executed.slice(before.length);
      const found = this.#expectations.order(batch.plan, before, ran,
        request.remote ?? this.name);
      const fresh = this.#note(found);
      if (this.#settings.strict) this.#refuseDifferences(fresh);
    }
    return result;
  }

  #failure(error, plan, { remote, expose }) {
    const known = fromFailure(error, { remote, expose });
    if (known instanceof LarderError) return known;
    const planned = (plan?.errors ?? []).find((one) => one.container === remote
      && (!one.expose || one.expose === expose));
    return planned ? Object.assign(fromPlan(planned), { cause: error }) : error;
  }

  // MARK: - Plan against execution

  #compareLoad(batch) {
    if (!batch.plan) return [];
    const complete = !batch.failed && (batch.plan.errors ?? []).length === 0;
    const found = this.#expectations.unplanned(this.#journal);
    if (complete) found.push(...this.#expectations.unfulfilled(batch.plan, this.#journal));
    return this.#note(found);
  }

  /** Keeps and reports what was not reported yet. */
  #note(found) {
    const fresh = found.filter((one) => !this.#reported.has(JSON.stringify(one)));
    if (fresh.length === 0) return fresh;
    for (const one of fresh) this.#reported.add(JSON.stringify(one));
    this.differences.push(...fresh);
    // A report that does not arrive takes nothing from the host: the differences stay here as well.
    const report = this.#source.report(fresh).catch(() => {});
    this.#pending.add(report);
    report.then(() => this.#pending.delete(report));
    return fresh;
  }

  #refuseDifferences(found) {
    if (found.length === 0) return;
    const list = found.map(({ kind, container, planned, seen }) =>
      `${kind} of ${container}: planned ${planned}, seen ${seen}`);
    throw new LarderError('planMismatch', `execution departs from the plan: ${list.join('; ')}`);
  }
}

const entryFacts = ({ key, version, scope, entry }) => ({ scope, key, version, from: entry.from,
  eager: entry.eager, loaded: Boolean(entry.loaded) });

// A declared remote without a URL of its own takes that of the table of origins.
const withOrigins = (remotes, origins) => new Map([...remotes, ...origins].map(([name]) =>
  [name, remotes.get(name) ?? origins.get(name)]));

const definedOf = (object = {}) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
