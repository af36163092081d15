// Random questions about shared packages: plain ones, and such as nobody would ask.

/** A generator of our own, so that a seed gives the same questions under every Node. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  below(limit) {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  }

  oneIn(count) {
    return this.below(count) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

const numbers = ['0', '1', '1', '1', '2', '3'];
const oddNumbers = [
  '10', '01', '007', '', ' ', 'x', 'X', '*', 'a', 'b', 'z', 'é', '∞', '日', 'NaN', 'Infinity', '1e3',
  '1E3', '1e400', '0x10', '0o17', '0b11', '0xg', '1_0', '9007199254740993', '123456789012345678901234',
  '\u00a01', '\ufeff1', '4294967294', '4294967295',
];
const prereleases = [
  'alpha', 'beta', 'alpha.1', 'alpha.1.2', 'beta.2', 'beta.10', '0', '1', 'rc.1', 'x', 'a-b', '-', '1-2',
  'a..b', '01',
];
const builds = ['b', '7', 'b.1', 'build-5', '.', 'é'];
const signs = ['', '', '^', '^', '^', '~', '~', '>=', '>', '<', '<=', '=', 'v', '!'];
const oddSigns = ['>= ', '<  ', '^ ', '~ ', '~>', '>=<', '==', '=v', '!!', '! ', '<>', '^^', '- '];
const oddRanges = [
  '', ' ', '*', 'x', '||', ' || ', 'latest', 'workspace:*', 'next', '^', '~', '>', '<', '<=', '>=', '!',
  '=', 'v', '-', ' - ', '1 - 2 - 3', '1 -2', 'x - 1', '* - 2', '~ || ^', '|', '1 | 2', '^1 || ~ || 2',
  '\u00a0^1\u2003', '^1\n<1.2', '1\t-\t2',
];

export function number(random) {
  return random.oneIn(12) ? random.pick(oddNumbers) : random.pick(numbers);
}

function numberedFrom(random, least, most) {
  const count = least + random.below(most - least + 1);
  return Array.from({ length: count }, () => number(random)).join('.');
}

export function version(random) {
  let text = random.oneIn(4) ? numberedFrom(random, 1, 4) : numberedFrom(random, 3, 3);
  if (random.oneIn(4)) text += `-${random.pick(prereleases)}`;
  if (random.oneIn(6)) text += `+${random.pick(builds)}`;
  // Nothing behind its sign, on which the runtime throws.
  if (random.oneIn(60)) text += random.pick(['-', '+', '+\n']);
  return random.oneIn(60) ? random.pick(['', '-1', '+1', '0']) : text;
}

function partial(random) {
  if (random.oneIn(3)) return version(random);
  const text = numberedFrom(random, 1, 3);
  return random.oneIn(5) ? text + random.pick(['.x', '.*', '.X', '.x.x', '.*.*']) : text;
}

function simple(random) {
  return (random.oneIn(10) ? random.pick(oddSigns) : random.pick(signs)) + partial(random);
}

export function range(random) {
  switch (random.below(12)) {
    case 0: return random.pick(oddRanges);
    case 1: return `${partial(random)}${random.pick([' - ', '  -  ', ' -', '\t- '])}${partial(random)}`;
    case 2: case 3: return range(random) + random.pick([' || ', '||', ' ||', '  ||  ']) + range(random);
    case 4: case 5: return simple(random) + random.pick([' ', '  ', '\t', ', ']) + simple(random);
    default: return simple(random);
  }
}

/** A share scope and a consumer. */
export function question(random) {
  const entries = () => {
    const list = Array.from({ length: random.oneIn(40) ? 0 : 1 + random.below(5) }, () => ({
      version: version(random), from: random.pick(['a', 'b', 'shop', '']),
      eager: random.oneIn(3), loaded: random.oneIn(4),
    }));
    return list.filter((one, place) => list.findIndex((two) => two.version === one.version) === place);
  };
  const scope = { lib: entries() };
  if (random.oneIn(5)) scope.other = entries();
  const consumer = {
    key: random.oneIn(20) ? 'absent' : 'lib',
    requiredVersion: random.oneIn(5) ? false : range(random),
    singleton: random.oneIn(2),
    eager: random.oneIn(4),
  };
  if (random.oneIn(2)) consumer.strictVersion = random.oneIn(2);
  if (random.oneIn(3)) consumer.import = false;
  return { scopeName: random.pick(['default', 'default', 'other scope']), scope, consumer };
}

/** An entry, or none, and a registration. */
export function registration(random) {
  const names = ['a', 'b', 'ab', 'A', '_', 'é', 'z', '\u{1f600}', '\uffee', ''];
  const text = version(random);
  const existing = random.oneIn(6) ? null : {
    version: random.oneIn(4) ? version(random) : text, from: random.pick(names),
    eager: random.oneIn(2), ...(random.oneIn(4) && { loaded: 1 }),
  };
  return {
    key: 'lib',
    existing,
    register: { key: 'lib', version: text, uniqueName: random.pick(names), eager: random.oneIn(2) },
  };
}

/** The same question with one thing less, in every way. */
export function smaller({ scopeName, scope, consumer }) {
  const less = [];
  for (const [key, entries] of Object.entries(scope)) {
    const others = Object.fromEntries(Object.entries(scope).filter(([name]) => name !== key));
    less.push({ scopeName, scope: others, consumer });
    entries.forEach((entry, place) => {
      const rest = entries.filter((_, index) => index !== place);
      less.push({ scopeName, scope: { ...scope, [key]: rest }, consumer });
      for (const text of shorter(entry.version)) {
        if (rest.some(({ version: taken }) => taken === text)) continue;
        const changed = entries.with(place, { ...entry, version: text });
        less.push({ scopeName, scope: { ...scope, [key]: changed }, consumer });
      }
    });
  }
  for (const [name, value] of Object.entries(consumer)) {
    if (name === 'key') continue;
    const { [name]: _, ...rest } = consumer;
    less.push({ scopeName, scope, consumer: rest });
    if (typeof value !== 'string') continue;
    for (const text of shorter(value)) {
      less.push({ scopeName, scope, consumer: { ...consumer, [name]: text } });
    }
  }
  return less;
}

function shorter(text) {
  return [...text].map((_, place, letters) => letters.filter((__, index) => index !== place).join(''));
}
