// What real runtimes were recorded to do, held against the command line: every vector under every
// rule set that it names.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { larder, share } from './larder.mjs';

const vectorFile = process.env.LARDER_VECTORS ?? fileURLToPath(
  new URL('../LarderFederationTests/Vectors/federation-vectors.json', import.meta.url));
const { shareVectors, registerVectors, semverVectors } = JSON.parse(await readFile(vectorFile, 'utf8'));

// Where the runtime throws a TypeError, we say what went wrong.
const named = ({ webpack, daemon }) => (daemon?.error ? { ...webpack, error: daemon.error } : webpack);
const shareExpected = {
  webpack: named,
  'webpack-5.75': (expect) => expect.webpack_5_75 ?? named(expect),
  'mf2-version-first': ({ mf2 }) => mf2?.versionFirst,
  'mf2-loaded-first': ({ mf2 }) => mf2?.loadedFirst,
};
const semverExpected = {
  webpack: ({ webpack }) => webpack,
  'webpack-5.75': ({ webpack_5_75: old }) => old,
  'mf2-version-first': ({ mf2 }) => mf2,
  'mf2-loaded-first': ({ mf2 }) => mf2,
};

for (const [rules, expected] of Object.entries(shareExpected)) {
  test(`larder share explain --rules ${rules}`, async () => {
    const answers = await share('explain', rules, shareVectors);
    shareVectors.forEach(({ id, expect }, place) => {
      const recorded = expected(expect);
      if (!recorded) return;
      const { emittedCall, ...wanted } = recorded;
      const { rule, reason, message, ...answer } = answers[place];
      assert.deepEqual(answer, wanted, id);
      assert.match(rule, /^[A-Z]\d+$/, id);
      assert.ok(reason, id);
    });
    // One by one, with members that are not its business.
    assert.deepEqual(await share('explain', rules, shareVectors[0]), answers[0]);
  });

  test(`larder share register --rules ${rules}`, async () => {
    const answers = await share('register', rules, registerVectors);
    registerVectors.forEach(({ id, expect }, place) => assert.deepEqual(answers[place], expect, id));
  });

  test(`larder semver --rules ${rules}`, async () => {
    // A process for each row, a few at a time.
    const rows = [...semverVectors];
    const work = Array.from({ length: 4 }, async () => {
      for (let row = rows.pop(); row; row = rows.pop()) {
        const answer = await larder(['semver', '--rules', rules, '--', row.range, row.version]);
        assert.equal(answer, `${semverExpected[rules](row)}\n`, `${row.range} ${row.version}`);
      }
    });
    await Promise.all(work);
  });
}
