// Where the realm's policy withholds packages of some containers from others, each container has a
// scope object of its own: what it registers, what those register that may serve it, and what the
// host has. The host's own scope, the base of them, has what may serve the host.
import { register } from './share-scope.js';

const isObject = (value) => typeof value === 'object' && value !== null;

function* entriesOf(scope) {
  for (const [key, versions] of Object.entries(scope)) {
    if (!isObject(versions)) continue;
    for (const [version, entry] of Object.entries(versions)) {
      if (isObject(entry)) yield { key, version, entry };
    }
  }
}

export class Withholding {
  #withheld = new Map();
  #planned = new Set();
  #bases = new WeakMap();
  #families = new Map();
  #owners = new WeakMap();
  #isActive = false;

  /** Whether a plan has told of a policy. */
  get isActive() {
    return this.#isActive;
  }

  /** Takes in a plan, which tells of all containers that it has. */
  learn({ containers = [], withheld }) {
    if (!withheld) return;
    this.#isActive = true;
    for (const { name } of containers) this.#planned.add(name);
    for (const { consumer = null, providers } of withheld) {
      const known = this.#withheld.get(consumer) ?? [];
      this.#withheld.set(consumer, new Set([...known, ...providers]));
    }
    // What could not be told before may be seen now.
    for (const { own, log } of this.#families.values()) {
      for (const [name, { scope }] of own) {
        for (const one of log) if (one.from !== name) this.#offer(one, scope, name);
      }
    }
  }

  /** The scope behind a container's own; any other as it is. */
  base(scope) {
    return this.#bases.get(scope) ?? scope;
  }

  /** Who registered an entry: `owner` of `open`, or undefined for the host. */
  owner(entry) {
    return this.#owners.get(entry)?.owner;
  }

  /**
   * The own scope of a container.
   * @param {object} base @param {{name: string}} owner
   */
  open(base, owner) {
    const { own, log } = this.#family(base);
    this.settle(base);
    let member = own.get(owner.name);
    if (!member) {
      member = { scope: {}, owner };
      own.set(owner.name, member);
      this.#bases.set(member.scope, base);
      for (const one of log) this.#offer(one, member.scope, owner.name);
    }
    member.owner = owner;
    return member.scope;
  }

  /**
   * Passes on what was registered since the last time. Runtimes write into the objects that they
   * hold, so that nothing but a look tells.
   */
  settle(base) {
    const { own, log } = this.#family(base);
    const find = (scope, owner) => {
      for (const { key, version, entry } of entriesOf(scope)) {
        if (this.#owners.has(entry)) continue;
        this.#owners.set(entry, { owner });
        const one = { key, version, entry, from: owner?.name ?? null };
        log.push(one);
        for (const [name, member] of own) {
          if (name !== one.from) this.#offer(one, member.scope, name);
        }
        if (owner) this.#offer(one, base, null);
      }
    };
    find(base, undefined);
    for (const { scope, owner } of own.values()) find(scope, owner);
  }

  /** Takes an entry out of all scopes. */
  remove(base, key, version, entry) {
    const family = this.#family(base);
    family.log = family.log.filter((one) => one.entry !== entry);
    for (const scope of [base, ...[...family.own.values()].map((member) => member.scope)]) {
      if (scope[key]?.[version] === entry) delete scope[key][version];
      // The runtimes cannot read a key without versions.
      if (scope[key] && Object.keys(scope[key]).length === 0) delete scope[key];
    }
  }

  #family(base) {
    if (!this.#families.has(base)) this.#families.set(base, { own: new Map(), log: [] });
    return this.#families.get(base);
  }

  #offer({ key, version, entry, from }, scope, consumer) {
    if (this.#mayServe(from, consumer)) register(scope, key, version, entry);
  }

  /** null is the host. Of what no plan has nothing is known: it serves itself alone. */
  #mayServe(provider, consumer) {
    if (provider === null || provider === consumer) return true;
    const isKnown = (name) => name === null || this.#planned.has(name);
    return isKnown(provider) && isKnown(consumer) && !this.#withheld.get(consumer)?.has(provider);
  }
}
