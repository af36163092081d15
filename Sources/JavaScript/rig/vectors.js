// The recorded behaviour of webpack's own runtimes, shared with the daemon's tests.
import { readFileSync } from 'node:fs';

const file = new URL('../../../Tests/LarderFederationTests/Vectors/federation-vectors.json',
  import.meta.url);

export const vectors = JSON.parse(readFileSync(file, 'utf8'));

/** Rule set -> the member of a vector's `expect` that holds where it differs from `webpack`. */
export const recordings = { webpack: undefined, 'webpack-5.75': 'webpack_5_75' };

/** What was recorded under a rule set. */
export const recorded = (expectation, ruleSet) =>
  expectation[recordings[ruleSet]] ?? expectation.webpack;
