// Random share scopes and consumers get from `larder share` what webpack's own runtime gives them:
// outcome, provider, warnings and errors word for word, marks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Random, question, registration, smaller } from './cases.mjs';
import { share } from './larder.mjs';
import { Runtime } from './runtime.mjs';

const seed = Number(process.env.LARDER_SEED ?? 1);
const count = Number(process.env.LARDER_ORACLE_CASES ?? 5000);
const batchMax = 5000;
// What stands for a TypeError of the runtime.
const structured = ['NO_EAGER_PROVIDER', 'NO_VERSIONS', 'MALFORMED_VERSION'];

for (const [version, rules] of [['5.75', 'webpack-5.75'], ['5.97', 'webpack']]) {
  test(`rules ${rules} against webpack ${version}, seed ${seed}`, async (t) => {
    const runtime = await Runtime.of(version);

    await t.test('who is chosen, and what is said of it', async () => {
      const random = new Random(seed);
      for (let done = 0; done < count; done += batchMax) {
        const batch = Array.from({ length: Math.min(batchMax, count - done) }, () => question(random));
        const [found] = await differing(runtime, rules, batch);
        if (found) report(await shrunk(runtime, rules, found), rules);
      }
      console.log(`campaign oracle-${rules}: ${count}`);
    });

    await t.test('who holds a version', async () => {
      const random = new Random(seed);
      const batch = Array.from({ length: batchMax / 5 }, () => registration(random));
      const answers = await share('register', rules, batch);
      batch.forEach((one, place) => {
        const expected = runtime.register(one);
        const actual = Object.fromEntries(Object.entries(answers[place])
          .map(([name, { from, eager }]) => [name, { from, eager }]));
        assert.deepEqual(actual, expected, JSON.stringify(one));
      });
    });
  });
}

async function differing(runtime, rules, questions) {
  const answers = await share('explain', rules, questions);
  const found = [];
  questions.forEach((one, place) => {
    const expected = runtime.explain(one);
    if (!expected) return;
    const { outcome, provider, error, warnings, loadedAfter } = answers[place];
    const actual = JSON.parse(JSON.stringify({
      outcome, provider, error: structured.includes(error) ? 'TypeError' : error, warnings, loadedAfter,
    }));
    try {
      assert.deepEqual(actual, expected);
    } catch {
      found.push({ question: one, expected, actual, answer: answers[place] });
    }
  });
  return found;
}

/** The smallest question that differs still, as far as leaving out one thing at a time leads. */
async function shrunk(runtime, rules, found) {
  for (;;) {
    const [next] = await differing(runtime, rules, smaller(found.question));
    if (!next) return found;
    found = next;
  }
}

function report({ question: one, expected, actual, answer }, rules) {
  assert.deepEqual(
    actual, expected,
    `seed ${seed}: larder and webpack differ on\n${JSON.stringify(one)}\nwebpack: ${
      JSON.stringify(expected)}\nlarder: ${JSON.stringify(answer)}\nrules: ${rules}`);
}
