// Versions and ranges as webpack's sharing runtime understands them, which is not as npm does:
// every string is a version, build metadata counts, and `~1` changed its meaning in 5.92.
//
// A version is a list: its dotted main parts, then (if it has a prerelease) a hole and the
// prerelease parts, then (if it has build metadata) an empty list and the build parts. A range is
// in the form found inside bundles: `[n, ...parts]`, where the first n parts must be equal and the
// rest may be greater, `[-1-n, ...parts]` for "lower than", or, with a hole first, a postfix
// program whose operators are 0 (not), 1 (or) and 2 (and).

/** The generations of webpack's rules: 5.93 and later, and before. */
export const ruleSets = Object.freeze(['webpack', 'webpack-5.75']);

const hole = undefined;
const isComparison = (range) => range[0] !== hole;

const item = (text) => (Number.isNaN(Number(text)) ? text : Number(text));
const dotted = (text) => text.split('.').map(item);

/** @param {string} text @returns {unknown[]} the version as a list */
export function parseVersion(text) {
  const [, main, prerelease, build] = /^([^-+]+)?(?:-([^+]+))?(?:\+(.+))?$/s.exec(text) ?? [];
  const version = main ? dotted(main) : [];
  if (prerelease) version.push(hole, ...dotted(prerelease));
  if (build) version.push([], ...dotted(build));
  return version;
}

// Where a part stands among parts at the same place: a prerelease marker is lowest, so that
// 1.0.0-a < 1.0.0; then the end, so that 1 < 1.0; then build metadata, numbers and words.
const rank = (version, index) => {
  if (index >= version.length) return 1;
  const part = version[index];
  if (part === hole) return 0;
  if (Array.isArray(part)) return 2;
  return typeof part === 'number' ? 3 : 4;
};

/**
 * Total order of versions: negative if `left` is lower.
 * @param {string} left @param {string} right
 */
export function compareVersions(left, right) {
  const a = parseVersion(left);
  const b = parseVersion(right);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const ranks = rank(a, index) - rank(b, index);
    if (ranks !== 0) return ranks;
    const comparable = rank(a, index) > 2;
    if (comparable && a[index] !== b[index]) return a[index] < b[index] ? -1 : 1;
  }
  return 0;
}

// A partial version as `[0, ...parts]`, which as a range means "this or greater".
const atLeast = (text) => {
  const [, main, prerelease] = /^([^-+]+)?(?:-([^+]+))?(?:\+(.+))?$/s.exec(text) ?? [];
  const range = main ? [0, ...dotted(main)] : [0];
  if (prerelease) range.push(hole, ...dotted(prerelease));
  while (range.length > 1 && [hole, 'x', 'X', '*'].includes(range[range.length - 1])) range.pop();
  return range;
};
const withFixed = (range, fixed) => [fixed, ...range.slice(1)];
const below = (range) => withFixed(range, -1 - range[0]);
/** `1` is ^1, `1.2` is ~1.2, and all that is longer is taken as it stands. */
const asWritten = (range) => withFixed(range, range.length < 4 ? range.length - 1 : range.length);
const atMost = (range) => [hole, asWritten(range), below(range), 1];

const caret = (range) => {
  if (range.length === 1 || range[1] !== 0) return withFixed(range, 1);
  return withFixed(range, range.length > 2 && range[2] === 0 ? 3 : 2);
};

const comparisons = {
  '^': caret,
  '~': (range, ruleSet) =>
    withFixed(range, range.length === 2 && ruleSet !== 'webpack-5.75' ? 1 : 2),
  '>=': (range) => range,
  '<': below,
  '<=': atMost,
  '>': (range) => [hole, asWritten(range), 0, range, 2],
  '=': asWritten,
  v: asWritten,
  '': asWritten,
  '!': (range) => [hole, asWritten(range), 0],
};

const parseComparison = (text, ruleSet) => {
  const [operator] = /^(?:\^|~|<=|<|>=|>|=|v|!)?/.exec(text);
  return comparisons[operator](atLeast(text.slice(operator.length).trim()), ruleSet);
};

// Joins ranges by an operator; the last comes first, as the program is a stack.
const join = (ranges, operator) => {
  if (ranges.length === 1) return ranges[0];
  const program = [hole];
  for (const range of [...ranges].reverse()) {
    if (isComparison(range)) program.push(range);
    else program.push(...range.slice(1));
  }
  return [...program, ...Array(ranges.length - 1).fill(operator)];
};

const parseAlternative = (text, ruleSet) => {
  const ends = text.split(/\s+-\s+/);
  if (ends.length > 1) {
    const [low, high] = ends.map(atLeast);
    return [hole, ...atMost(high).slice(1), low, 2];
  }
  // An operator may stand apart from its version, so only space after a version separates.
  const parts = text.split(/(?<=[-0-9A-Za-z])\s+/);
  return join(parts.map((part) => parseComparison(part.trim(), ruleSet)), 2);
};

/**
 * Never throws: words that are no range (`latest`) give one that nothing satisfies.
 * @param {string} text @param {string} [ruleSet] @returns {unknown[]} the range as in bundles
 */
export function parseRange(text, ruleSet = 'webpack') {
  const alternatives = text.trim().split(/\s*\|\|\s*/);
  return join(alternatives.map((one) => parseAlternative(one, ruleSet)), 1);
}

const kind = (list, index) => {
  if (index >= list.length || Array.isArray(list[index])) return 'end';
  return list[index] === hole ? 'prerelease' : typeof list[index];
};

const satisfiesComparison = (range, version) => {
  const lower = range[0] < 0;
  const fixed = lower ? -1 - range[0] : range[0];
  // Once a part was greater (lower, for "<") the rest only matters for prereleases, which
  // satisfy a range solely beside a prerelease of the range's own.
  let tied = true;
  for (let at = 1, index = 0; ; at += 1, index += 1) {
    const wanted = kind(range, at);
    const found = kind(version, index);
    const open = wanted === 'end' || wanted === 'prerelease';
    if (found === 'end') {
      if (!tied) return true;
      return wanted === 'prerelease' ? at > fixed && !lower : (wanted === 'end') !== lower;
    }
    if (found === 'prerelease') {
      if (!tied || wanted !== 'prerelease') return false;
    } else if (open) {
      if (tied && (lower || at <= fixed)) return false;
      tied = false;
      at -= 1;
    } else if (tied && version[index] !== range[at]) {
      if (at <= fixed) return false;
      // Words stand above numbers.
      const above = wanted === found ? version[index] > range[at] : found === 'string';
      if (above === lower) return false;
      tied = false;
    }
  }
};

const satisfiesParsed = (range, version) => {
  if (isComparison(range)) return satisfiesComparison(range, version);
  const stack = [];
  for (const step of range.slice(1)) {
    if (Array.isArray(step)) stack.push(satisfiesParsed(step, version));
    else if (step === 0) stack.push(!stack.pop());
    else {
      const [left, right] = [stack.pop(), stack.pop()];
      stack.push(step === 1 ? left || right : left && right);
    }
  }
  return stack.pop();
};

/** @param {string} range @param {string} version @param {string} [ruleSet] */
export function satisfies(range, version, ruleSet = 'webpack') {
  return satisfiesParsed(parseRange(range, ruleSet), parseVersion(version));
}

const comparisonText = (range) => {
  if (range.length === 1) return '*';
  const [fixed, ...parts] = range;
  const signs = { '-1': '<', 0: '>=', 1: '^', 2: '~' };
  let text = signs[fixed] ?? (fixed > 0 ? '=' : '!=');
  parts.forEach((part, index) => {
    const first = index === 0 || parts[index - 1] === hole;
    text += part === hole ? '-' : `${first ? '' : '.'}${part}`;
  });
  return text;
};

/** The text that the runtime's own messages have for a range. @param {unknown[]} range */
export function rangeText(range) {
  if (isComparison(range)) return comparisonText(range);
  const stack = [];
  // Either-or keeps its brackets only inside of an "and".
  const pop = () => stack.pop();
  const bare = ({ text }) => text;
  const inner = ({ text, either }) => (either ? `(${text})` : text);
  for (const step of range.slice(1)) {
    if (Array.isArray(step)) stack.push({ text: rangeText(step) });
    else if (step === 0) stack.push({ text: `not(${bare(pop())})` });
    else if (step === 1) stack.push({ text: `${bare(pop())} || ${bare(pop())}`, either: true });
    else stack.push({ text: `${inner(pop())} ${inner(pop())}` });
  }
  return pop().text;
}
