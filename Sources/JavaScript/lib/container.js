// One remote's container inside of a host: its code runs once, and again only after it failed, as a
// webpack runtime keeps a failure for good and gives an empty module the second time.

/** Goes on with a value at once, or with what a promise gives. */
const after = (value, next) => (typeof value?.then === 'function' ? value.then(next) : next(value));
const isUnknownExpose = (error) =>
  /^Module ".*" does not exist in container\./.test(error?.message ?? '');

/** What a build may have called an exposed module: `Button` is asked for as `./Button`, too. */
function spellings(expose) {
  if (expose.startsWith('./')) return [expose, expose.slice(2)];
  return expose.startsWith('.') ? [expose] : [expose, `./${expose}`];
}

/** What the runtime itself tries again: a file that was not here in time, a script. */
const isTriedAgain = (error) =>
  error?.code === 'notDelivered' || error?.name === 'ChunkLoadError';

export class Container {
  #world;
  #instance;
  #starting;
  #scope;
  #hasRun = false;

  /**
   * @param {string} name
   * @param {object} world what containers of a host have in common: `source`, `journal`, `views`,
   *   `scope` (the host's own), `facade(name, askedBy)`, `runEntry(name, fetched, world)`, which
   *   gives what has `get` and `init`
   */
  constructor(name, world) {
    this.name = name;
    this.#world = world;
  }

  /** Whether it ran before and has to start anew, so that what it provides is there again. */
  get spoiled() {
    return this.#hasRun && !this.#instance && !this.#starting;
  }

  /** The scope that it was initialised with first. */
  get scope() {
    return this.#scope;
  }

  get initialised() {
    return this.#instance?.initialised ?? false;
  }

  /**
   * The container's own `init`. Synchronous if its entry is here and its runtime allows it, as
   * sharing is initialised before anything waits.
   * @param {object} scope @param {object[]} initScope @param {string} askedBy
   */
  init(scope, initScope, askedBy) {
    return after(this.#start(askedBy), (instance) => this.#init(instance, scope, initScope));
  }

  /** When its entry has run. @param {string} askedBy */
  async ready(askedBy) {
    await this.#start(askedBy);
  }

  /**
   * The container's own `get`: the exact name first, then with `./` or without. Initialises a
   * container that nobody initialised yet.
   * @returns {Promise<() => unknown>} a factory; executing it is what runs the module
   */
  async get(expose, getScope, askedBy) {
    let instance = await this.#start(askedBy);
    if (!instance.initialised) {
      await this.init(this.#scope ?? this.#world.scope, [], askedBy);
      instance = await this.#start(askedBy);
    }
    const [name, factory] = await this.#factory(instance, expose, getScope);
    // As plans have it.
    const planned = name.startsWith('.') ? name : `./${name}`;
    return () => this.#execute(instance, `${this.name}:${planned}`, factory);
  }

  #start(askedBy) {
    this.#world.journal.entry(this.name, askedBy);
    if (this.#instance) return this.#instance;
    const { source } = this.#world;
    const entry = source.entry(this.name);
    if (entry) return this.#run(entry);
    this.#starting ??= source.fetchEntry(this.name)
      .then((fetched) => this.#instance ?? this.#run(fetched))
      .finally(() => { this.#starting = undefined; });
    return this.#starting;
  }

  #run(fetched) {
    const exports = this.#world.runEntry(this.name, fetched, this.#world);
    const instance = { name: this.name, exports, initialised: false };
    instance.spoil = () => { if (this.#instance === instance) this.#instance = undefined; };
    this.#instance = instance;
    this.#hasRun = true;
    return instance;
  }

  #init(instance, scope, initScope) {
    const first = !instance.initialised;
    instance.initialised = true;
    if (first) this.#scope = this.#world.views.raw(scope);
    const failed = (error) => {
      // A second initialisation that is refused does the first one no harm.
      if (first) instance.spoil();
      throw error;
    };
    let result;
    try {
      result = instance.exports.init(this.#world.views.open(scope, instance), initScope);
    } catch (error) {
      return failed(error);
    }
    return typeof result?.then === 'function' ? result.then(undefined, failed) : result;
  }

  async #factory(instance, expose, getScope) {
    let unknown;
    for (const name of spellings(expose)) {
      try {
        return [name, await instance.exports.get(name, getScope)];
      } catch (error) {
        if (!isUnknownExpose(error)) {
          if (!isTriedAgain(error)) instance.spoil();
          throw error;
        }
        if (name.startsWith('.')) unknown = error;
      }
    }
    throw unknown;
  }

  #execute(instance, label, factory) {
    try {
      const result = this.#world.journal.execute(label, factory);
      // A module with top-level await: what it exports is a promise.
      if (result instanceof Promise) result.catch(() => instance.spoil());
      return result;
    } catch (error) {
      instance.spoil();
      throw error;
    }
  }
}
