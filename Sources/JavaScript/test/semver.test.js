import assert from 'node:assert/strict';
import test from 'node:test';
import { compareVersions, parseRange, rangeText, ruleSets, satisfies } from '../lib/semver.js';
import { recorded, vectors } from '../rig/vectors.js';

// Holes are what the recordings show as nothing between two commas.
const text = (value) => (Array.isArray(value)
  ? `[${Array.from(value, (part) => (part === undefined ? '' : text(part))).join(',')}]`
  : JSON.stringify(value));

for (const ruleSet of ruleSets) {
  test(`every recorded range is satisfied or not as under ${ruleSet}`, () => {
    assert.ok(vectors.semverVectors.length > 0);
    for (const row of vectors.semverVectors) {
      const expected = recorded(row, ruleSet);
      assert.equal(satisfies(row.range, row.version, ruleSet), expected,
        `${row.version} in ${JSON.stringify(row.range)}`);
    }
  });
}

test('a range has the compiled form and the text that bundles have', () => {
  for (const row of vectors.semverVectors) {
    const parsed = parseRange(row.range);
    assert.equal(text(parsed), row.parsed, row.range);
    assert.equal(rangeText(parsed), row.rangeToString, row.range);
  }
});

test('versions stand in one order, from the shortest to the one with build metadata', () => {
  const ascending = ['0', '1', '1.0', '1.0.0-0', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2',
    '1.0.0-beta.10', '1.0.0', '1.0.0+b', '1.0.1', '1.2', '1.2.0', '10.0.0', 'a.b'];
  ascending.forEach((left, i) => ascending.forEach((right, j) => {
    assert.equal(Math.sign(compareVersions(left, right)), Math.sign(i - j), `${left} ${right}`);
  }));
});

test('no text makes the parser throw', () => {
  const oddities = ['', ' ', '||', '-', '+', '...', '^', '~>1', 'a - ', 'git+ssh://x', '>=', '\n'];
  for (const odd of oddities) {
    for (const ruleSet of ruleSets) assert.equal(typeof satisfies(odd, odd, ruleSet), 'boolean');
  }
});
