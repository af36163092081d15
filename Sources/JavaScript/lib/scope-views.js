// A share scope is one object that all containers write to and read from. Each container gets its
// own view of that object, so that it is known who registered an entry and who chose it: a choice
// shows as the mark `loaded` that the runtime sets before it calls the entry's getter. Where a
// policy withholds packages, the object behind a container's view is its own.
import { Withholding } from './withholding.js';

const isObject = (value) => typeof value === 'object' && value !== null;
const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

export class ScopeViews {
  #journal;
  #raw = new WeakMap();
  #views = new WeakMap();
  #providers = new WeakMap();
  #withholding = new Withholding();

  /** @param {import('./journal.js').Journal} journal */
  constructor(journal) {
    this.#journal = journal;
  }

  /** The object behind a view; any other value as it is. */
  raw(value) {
    return (isObject(value) && this.#raw.get(value)) || value;
  }

  /** Takes in what a plan tells of the realm's policy; before its containers are initialised. */
  learn(plan) {
    if (plan) this.#withholding.learn(plan);
  }

  /** Has the host's scope hold all that may serve the host. */
  settle(scope) {
    if (scope && this.#withholding.isActive) {
      this.#withholding.settle(this.#withholding.base(this.raw(scope)));
    }
  }

  /**
   * The scope as `owner` sees it, the same object each time.
   * @param {object} scope
   * @param {{name: string, spoil?: () => void}} owner who reads and writes through it; `spoil` is
   *   called when a getter that it registered fails. The host has none, and sees the scope itself
   */
  open(scope, owner) {
    const withholding = this.#withholding;
    const base = withholding.base(this.raw(scope));
    const raw = withholding.isActive && owner.spoil ? withholding.open(base, owner) : base;
    return this.#view(raw, owner, (versions, key) =>
      this.#view(versions, owner, (entry, version) =>
        this.#entry(entry, owner, { scope: raw, key, version })), () => this.settle(base));
  }

  #cached(target, owner, create) {
    if (!this.#views.has(owner)) this.#views.set(owner, new WeakMap());
    const views = this.#views.get(owner);
    if (!views.has(target)) {
      const view = create();
      views.set(target, view);
      this.#raw.set(view, target);
    }
    return views.get(target);
  }

  #view(target, owner, inner, settle = () => {}) {
    return this.#cached(target, owner, () => new Proxy(target, {
      getOwnPropertyDescriptor: (object, key) => {
        settle();
        return Reflect.getOwnPropertyDescriptor(object, key);
      },
      get: (object, key) => {
        settle();
        const value = Reflect.get(object, key);
        return own(object, key) && isObject(value) ? inner(this.raw(value), key) : value;
      },
      set: (object, key, value) => {
        const raw = this.raw(value);
        if (isObject(raw) && !this.#providers.has(raw)) this.#providers.set(raw, owner);
        return Reflect.set(object, key, raw);
      },
    }));
  }

  #entry(target, owner, place) {
    return this.#cached(target, owner, () => new Proxy(target, {
      get: (entry, member) => (member === 'get'
        ? () => this.#provide(entry, place)
        : Reflect.get(entry, member)),
      set: (entry, member, value) => {
        if (member === 'loaded' && value) {
          this.#journal.choice(owner.name, place.key, place.version, entry.from);
        }
        return Reflect.set(entry, member, value);
      },
    }));
  }

  /** Calls the entry's own getter, and notes when what it gives is executed. */
  #provide(entry, { scope, key, version }) {
    const label = `${entry.from}:${key}@${version}`;
    const noted = (factory) => (typeof factory === 'function'
      ? () => this.#journal.execute(label, factory)
      : factory);
    const failed = (error) => {
      // A file that was not here in time comes later, and the same getter then works. Any other
      // failure stays in the provider's runtime for good, so that one has to register anew.
      const withholding = this.#withholding;
      const provider = this.#providers.get(entry) ?? withholding.owner(entry);
      if (provider && error?.code !== 'notDelivered') {
        withholding.remove(withholding.base(scope), key, version, entry);
        provider.spoil();
      }
      throw error;
    };
    let factory;
    try {
      factory = entry.get();
    } catch (error) {
      return failed(error);
    }
    return typeof factory?.then === 'function' ? factory.then(noted, failed) : noted(factory);
  }
}
