// A plan beside what its host did: what the plan requires has happened, and nothing happened that
// the plan does not have.

/** Styles and images are files of a plan as well, but no code of a Node build reads them. */
const isCode = ({ kind }) => kind === 'chunk';
const pathOf = ({ container, path }) => `${container}/${path}`;
const choiceOf = ({ consumer, key, version, from }) =>
  `${consumer} takes ${key}@${version} of ${from}`;

/**
 * Behind an `import()` may lie more than one run takes: of several languages it shows one.
 * @param {{required: string[], possible: string[]}} planned @param {string[]} seen
 * @returns {{planned: number, seen: number, missing: string[], surplus: string[]}}
 */
function held(planned, seen) {
  const possible = new Set(planned.possible);
  const happened = new Set(seen);
  return {
    planned: new Set(planned.required).size,
    seen: happened.size,
    missing: planned.required.filter((item) => !happened.has(item)),
    surplus: seen.filter((item) => !possible.has(item)),
  };
}

/**
 * @param {object} plan docs/protocol.md, of everything that the host asked for
 * @param {object} observed what the host did, as in its `observed`
 */
export function comparePlan(plan, observed) {
  const part = (items, text) => ({
    possible: items.map(text),
    required: items.filter(({ phase }) => phase !== 'reachable').map(text),
  });
  const names = new Map(plan.containers.map(({ name, uniqueName }) => [uniqueName, name]));
  const named = (choice) => choiceOf({ ...choice, from: names.get(choice.from) ?? choice.from });
  const choices = plan.shared.filter(({ outcome }) => outcome === 'shared');
  const label = (text) => {
    const at = text.indexOf(':');
    return `${names.get(text.slice(0, at)) ?? text.slice(0, at)}${text.slice(at)}`;
  };
  const executed = observed.executed.map(label);
  const order = plan.executionOrder.map(label);
  return {
    entries: held(part(plan.entries, ({ container }) => container),
      observed.entries.map(({ container }) => container)),
    chunks: held(part(plan.files.filter(isCode), pathOf), observed.files.map(pathOf)),
    shared: held(part(choices, named), observed.shared.map(named)),
    // A plan orders what runs before its modules are there; what an `import()` inside of them
    // brings runs when it is its turn.
    order: {
      planned: order,
      seen: executed.filter((one) => order.includes(one)),
      lazy: executed.filter((one) => !order.includes(one)),
    },
  };
}
