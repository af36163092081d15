// How a host loads: what is asked for together shares a plan, containers are initialised wave by
// wave, and what happens is held against the plan.
import { Container } from './container.js';
import { fromFailure, fromPlan, LarderError } from './errors.js';
import { Journal } from './journal.js';
import { PlanWatch } from './plan-watch.js';
import { ScopeViews } from './scope-views.js';

/** A `node` container may miss one chunk after another; a round brings what the last one lacked. */
const roundsMax = 16;

export class Loader {
  #settings;
  #platform;
  #hostFacts;
  #containers = new Map();
  #world;
  #opening;
  #batch;
  #wave;
  #asked = new Set();
  #fetching;
  #warned = new Set();
  #closed = false;
  #hasPlan = false;
  journal = new Journal();
  watch;
  /** Share scopes by name, as webpack has them. */
  scopes = { default: {} };
  /** Where files come from; undefined before something was asked for. */
  source;

  /**
   * @param {object} settings of the host
   * @param {object} platform where it runs: `openSource(settings, hostFacts, warn)`,
   *   `world(settings)` for what its containers need besides
   * @param {() => object} hostFacts the host as in INIT
   * @param {(shared: object) => Promise<void>} override the host's own
   */
  constructor(settings, platform, hostFacts, override) {
    this.#settings = settings;
    this.#platform = platform;
    this.#hostFacts = hostFacts;
    this.watch = new PlanWatch(this.journal, (...found) => this.source.report(...found),
      settings.strict);
    this.#world = {
      journal: this.journal,
      views: new ScopeViews(this.journal),
      scope: this.scopes.default,
      ...platform.world(settings),
      facade: (name, askedBy) => this.#facade(name, askedBy, override),
    };
  }

  /** How containers see a share scope. */
  get views() {
    return this.#world.views;
  }

  /** Names that stand for remotes, as far as this host knows. */
  get known() {
    return [...this.#settings.remotes.keys(), ...this.#containers.keys()];
  }

  warn(code, message) {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#settings.onWarning({ code, message });
  }

  /** The daemon if one answers, the origins otherwise; decided once. */
  open() {
    if (this.#closed) return Promise.reject(new LarderError('closed', 'the host was closed'));
    this.#opening ??= this.#platform.openSource(this.#settings, this.#hostFacts,
      (code, message) => this.warn(code, message)).then((source) => {
      this.source = source;
      this.#world.source = source;
      return source;
    });
    return this.#opening;
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    // What just ended is still being compared with its plan.
    await new Promise((resolve) => { setTimeout(resolve); });
    await this.watch.settled();
    // A source that could not be opened was reported to whoever needed it, and needs no closing.
    const source = await this.#opening?.catch(() => undefined);
    await source?.close();
  }

  container(name) {
    if (!this.#containers.has(name)) this.#containers.set(name, new Container(name, this.#world));
    return this.#containers.get(name);
  }

  /** A container may be initialised then: what the realm's policy withholds from it is known. */
  async policy() {
    const source = await this.open();
    if (this.#hasPlan || source.mode !== 'daemon') return source;
    this.views.learn(await source.plan([], []));
    return source;
  }

  /** The factory of a remote's module. @param {{remote: string, expose: string}} request */
  get(request) {
    const batch = this.#request(request);
    return this.#run(batch, request, async () => {
      await batch.opened;
      const factory = await this.factory(request);
      return () => this.#execute(batch, request, factory);
    });
  }

  /** The container's own factory, when a plan has brought what it needs. */
  factory({ remote, expose }, getScope) {
    const container = this.container(remote);
    return this.withFiles(() => container.get(expose, getScope, this.#settings.name));
  }

  /** When a plan for the request is here; see `factory`. */
  async planned(request) {
    await this.#request(request).opened;
  }

  /**
   * The factory of a shared package that the host itself takes.
   * @param {object} consume as in a plan's `consumes`
   * @param {() => Promise<Function>} take chooses, once all scopes are filled
   */
  consume(consume, take) {
    // The host runs it after all that it asked for before.
    const batch = this.#join((open) => open.consumes.push(
      { ...consume, after: this.#asked.size }));
    return this.#run(batch, {}, async () => {
      await batch.opened;
      const factory = await take();
      return () => this.#execute(batch, {}, factory);
    });
  }

  /** Tries again when a synchronous `require` met a file that was not here, once it is. */
  async withFiles(load) {
    for (let round = 0; ; round += 1) {
      const { misses } = this.journal;
      let result;
      let failure;
      try {
        result = await load();
      } catch (error) {
        failure = { error };
      }
      if (this.journal.misses === misses || round === roundsMax) {
        if (failure) throw failure.error;
        return result;
      }
      await this.#fetchMissing();
    }
  }

  /** What is asked for in one turn of the event loop shares one plan. */
  #join(add) {
    if (!this.#batch) {
      const batch = { requests: [], consumes: [], loads: [], loaded: [] };
      batch.opened = Promise.resolve().then(() => this.#openBatch(batch));
      this.#batch = batch;
    }
    add(this.#batch);
    return this.#batch;
  }

  #request(request) {
    this.#asked.add(JSON.stringify(request));
    return this.#join((open) => open.requests.push(request));
  }

  async #openBatch(batch) {
    this.#batch = undefined;
    const source = await this.open();
    batch.plan = await source.open(batch.requests, batch.consumes);
    this.watch.learn(batch.plan);
    this.#hasPlan = true;
    this.views.learn(batch.plan);
    // One wave after the other, as in webpack: the first has all declared remotes as well.
    const previous = this.#wave;
    this.#wave = this.#initialiseAll(previous, batch.requests);
    await this.#wave;
  }

  async #initialiseAll(previous, requests) {
    await previous;
    const asked = requests.map(({ remote }) => remote);
    const declared = previous ? [] : this.#settings.remotes.keys();
    const spoiled = [...this.#containers.values()].filter((container) => container.spoiled);
    const named = [...declared, ...asked].map((name) => this.container(name));
    const containers = [...new Set([...spoiled, ...named])]
      .filter(({ initialised }) => !initialised);
    const initScope = [{}];
    await Promise.all(containers.map((container) => this.#initialise(container,
      container.scope ?? this.scopes.default, initScope, this.#settings.name,
      // Who asks for the remote right now gets the error itself.
      asked.includes(container.name))));
  }

  /** A remote that cannot be initialised takes no other one with it: it fails when it is used. */
  async #initialise(container, scope, initScope, askedBy, quiet) {
    try {
      return await container.init(scope, initScope, askedBy);
    } catch ({ message }) {
      if (!quiet) {
        this.warn('initialisationFailed',
          `remote ${container.name} cannot be initialised: ${message}`);
      }
      return undefined;
    }
  }

  /** What a container gets for another one's name. */
  #facade(name, askedBy, override) {
    const container = this.container(name);
    const facade = {
      get: (expose, getScope) => container.get(expose, getScope, askedBy),
      // Level by level, as when entries arrive over a network: what the host itself refers to is
      // initialised before what its remotes refer to. Plans count on that order.
      init: async (scope, initScope) => {
        await undefined;
        return this.#initialise(container, scope, initScope, askedBy, false);
      },
      override,
    };
    if (!this.source.failure(name)) return facade;
    // As a script that does not load: of several locations the runtime goes on to the next, and
    // another time asks again. An error from `require` would stay there as an empty module.
    const then = (resolve, reject) => {
      this.journal.entry(name, askedBy);
      const failure = this.source.failure(name);
      return failure ? reject(failure) : resolve(facade);
    };
    return { ...facade, then };
  }

  /** Runs one load of a batch, and compares with the plan when the last of them is done. */
  async #run(batch, request, load) {
    let result;
    let failure;
    const settled = load().then((value) => {
      result = value;
      if (request.remote) batch.loaded.push(request);
    }, (error) => { failure = { error }; });
    batch.loads.push(settled);
    await settled;
    const compared = Promise.all(batch.loads)
      .then(() => this.watch.afterLoad(batch.plan, batch.loaded));
    if (failure) {
      // The failure says more than what follows from it.
      compared.catch(() => {});
      throw this.#failure(failure.error, batch.plan, request);
    }
    // The host need not wait for the comparison, unless a difference is to fail the load.
    if (this.#settings.strict) await compared;
    return result;
  }

  #fetchMissing() {
    const wanted = [...this.journal.missing.values()];
    this.journal.missing.clear();
    const earlier = this.#fetching;
    this.#fetching = Promise.all([earlier,
      ...wanted.map(({ container, path }) => this.source.file(container, path))]);
    return this.#fetching.finally(() => { this.#fetching = undefined; });
  }

  #execute(batch, request, factory) {
    try {
      return this.watch.execute(batch.plan, request.remote ?? this.#settings.name,
        request.remote ? [request] : undefined, factory);
    } catch (error) {
      throw this.#failure(error, batch.plan, request);
    }
  }

  #failure(error, plan, { remote, expose }) {
    const known = fromFailure(error, { remote, expose });
    if (known instanceof LarderError) return known;
    // A runtime has no words of its own for these: it fails at what the remote's type is made of.
    const planned = (plan?.errors ?? []).find((one) => one.kind === 'unsupportedRemoteType'
      && one.phase !== 'reachable');
    return planned ? Object.assign(fromPlan(planned), { cause: error }) : error;
  }
}
