import assert from 'node:assert/strict';
import test from 'node:test';
import { ruleSets } from '../lib/semver.js';
import { register, select } from '../lib/share-scope.js';
import { recorded, vectors } from '../rig/vectors.js';

const build = (listed) => {
  const scope = {};
  for (const [key, entries] of Object.entries(listed)) {
    scope[key] = {};
    for (const { version, ...entry } of entries) scope[key][version] = { ...entry };
  }
  return scope;
};
const loaded = (scope) => Object.entries(scope).flatMap(([key, versions]) =>
  Object.keys(versions).filter((v) => versions[v].loaded).map((version) => `${key}@${version}`));

for (const ruleSet of ruleSets) {
  for (const vector of vectors.shareVectors) {
    test(`${ruleSet} ${vector.id}: ${vector.title}`, () => {
      const expected = recorded(vector.expect, ruleSet);
      const scope = build(vector.scope);
      const choice = select(scope, vector.scopeName, vector.consumer, ruleSet);
      // Where the real runtime runs into a TypeError, a consumer of ours gets a typed error.
      const typed = ruleSet === 'webpack' ? vector.expect.daemon?.error : undefined;
      if (typed) assert.equal(choice.code, { NO_EAGER_PROVIDER: 'noEagerProvider' }[typed]);
      else if (expected.error) assert.equal(choice.message, expected.error);
      else {
        assert.equal(choice.outcome, expected.outcome);
        if (expected.provider) {
          assert.deepEqual({ version: choice.version, from: choice.entry.from }, expected.provider);
        }
      }
      assert.deepEqual(choice.warnings, expected.warnings ?? []);
      assert.deepEqual(loaded(scope).sort(), [...expected.loadedAfter].sort());
    });
  }
}

for (const vector of vectors.registerVectors) {
  test(`register ${vector.id}: ${vector.title}`, () => {
    const { version, ...existing } = vector.existing;
    const scope = { [vector.key]: { [version]: { ...existing, kept: true } } };
    const { register: given } = vector;
    register(scope, given.key, given.version,
      { get() {}, from: given.uniqueName, eager: given.eager });
    for (const [at, expected] of Object.entries(vector.expect)) {
      for (const [member, value] of Object.entries(expected)) {
        assert.equal(scope[vector.key][at][member], value, `${at} ${member}`);
      }
    }
    assert.deepEqual(Object.keys(scope[vector.key]), Object.keys(vector.expect));
  });
}

test('a key without any version is a typed error', () => {
  assert.equal(select({ lib: {} }, 'default', { key: 'lib' }).code, 'sharedUnavailable');
});
