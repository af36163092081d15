// Plans against what a host did. Only what can be seen from outside of the containers is compared:
// entries, files, choices from the share scope, and the order in which exposes and packages ran.

const difference = (kind, container, planned, seen) => ({ kind, container, planned, seen });
const choiceText = ({ key, version, from }) => `${key}@${version} from ${from}`;

// The three kinds of what a load does: what tells one from another, whose it is, what to call it.
const kinds = {
  entry: { id: ({ container }) => container, of: ({ container }) => container,
    text: ({ container }) => container },
  file: { id: ({ container, path }) => JSON.stringify([container, path]),
    of: ({ container }) => container, text: ({ path }) => path },
  shared: {
    id: ({ consumer, key, version, from }) => JSON.stringify([consumer, key, version, from]),
    of: ({ consumer }) => consumer, text: choiceText },
};
const isRequired = ({ phase }) => phase !== 'reachable';
// Styles and images are files of a plan as well, but no code of a Node build reads them.
const isCode = (kind) => kind === 'chunk' || kind === 'entry';

export class Expectations {
  #planned = { entry: new Set(), file: new Set(), shared: new Set() };
  #names = new Map();

  /** Takes in a plan: what it has, required or reachable, may happen from now on. */
  learn(plan) {
    for (const { name, uniqueName } of plan.containers ?? []) this.#names.set(uniqueName, name);
    for (const [kind, items] of Object.entries(this.#items(plan))) {
      for (const item of items) this.#planned[kind].add(kinds[kind].id(item));
    }
  }

  /** What happened so far without being in any plan. @param {object} journal */
  unplanned(journal) {
    const happened = this.#happened(journal);
    return Object.keys(kinds).flatMap((kind) => happened[kind]
      .filter((item) => !this.#planned[kind].has(kinds[kind].id(item)))
      .map((item) => difference(kind, kinds[kind].of(item), null, kinds[kind].text(item))));
  }

  /** What a plan requires and did not happen, although all of it loaded. */
  unfulfilled(plan, journal) {
    const happened = this.#happened(journal);
    const planned = this.#items(plan);
    return Object.keys(kinds).flatMap((kind) => {
      const seen = new Set(happened[kind].map(kinds[kind].id));
      return planned[kind]
        // What entries do is compared by container.
        .filter((item) => isRequired(item) && item.kind !== 'entry')
        .filter((item) => !seen.has(kinds[kind].id(item)))
        .map((item) => difference(kind, kinds[kind].of(item), kinds[kind].text(item), null));
    });
  }

  /**
   * After one factory ran.
   * @param {object} plan
   * @param {string[]} before labels of what had run before @param {string[]} ran of what ran now
   * @param {string} subject the container that the factory is of
   */
  order(plan, before, ran, subject) {
    const label = (text) => {
      const at = text.indexOf(':');
      return this.#name(text.slice(0, at)) + text.slice(at);
    };
    const planned = (plan.executionOrder ?? []).map(label);
    const done = new Set(before.map(label));
    const seen = ran.map(label);
    const expected = planned.filter((one) => seen.includes(one) && !done.has(one));
    const ordered = seen.filter((one) => planned.includes(one));
    const found = seen.filter((one) => !planned.includes(one))
      .map((one) => difference('order', subject, null, one));
    if (expected.join() !== ordered.join()) {
      found.push(difference('order', subject, expected.join(' '), ordered.join(' ')));
    }
    return found;
  }

  /** Plans name containers, share scopes carry unique names. */
  #name(uniqueName) {
    return this.#names.get(uniqueName) ?? uniqueName;
  }

  #choices(list) {
    return list.map((item) => ({ ...item, from: this.#name(item.from) }));
  }

  #items(plan) {
    return {
      entry: plan.entries ?? [],
      file: (plan.files ?? []).filter(({ kind }) => isCode(kind)),
      shared: this.#choices((plan.shared ?? []).filter(({ outcome }) => outcome === 'shared')),
    };
  }

  #happened({ entries, files, shared }) {
    return { entry: entries, file: files, shared: this.#choices(shared) };
  }
}
