#!/usr/bin/env node
// Compares built graph projects, run under webpack's own runtime, with the vectors.
//
//   check-graphs.mjs --vectors FILE --dist DIR
//
// Prints one line per graph; exits with 1 if a recorded execution order, warning or result, or the
// set of entries (with who asked) or chunks, is not what this webpack's runtime gives. The order of
// entries and chunks is no part of it: the vectors were recorded with remotes that load late, and
// here they are at hand, so a runtime asks its handlers in another order.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { vectors: { type: 'string' }, dist: { type: 'string' } },
});
if (!options.vectors || !options.dist) {
  console.error('usage: check-graphs.mjs --vectors FILE --dist DIR');
  process.exit(64);
}

const reference = path.join(path.dirname(fileURLToPath(import.meta.url)), 'reference.cjs');
const { graphVectors } = JSON.parse(await readFile(options.vectors, 'utf8'));
let failed = 0;
for (const { id, host, containers, expect } of graphVectors) {
  const dist = path.join(options.dist, id);
  if (!existsSync(dist)) continue;
  const seen = JSON.parse(execFileSync(process.execPath, [reference, dist, host]));
  // A remote that fails at once, as here, leaves its module half made: another message.
  const isOffline = Object.values(containers).some(({ offline }) => offline);
  const told = (result) => (isOffline ? [result].flat()
    .map((text) => text.replace(/^ERR:.*$/m, 'ERR:')) : result);
  const asked = (entries) => entries.map((e) => `${e.container} for ${e.askedBy}`).sort();
  const pairs = {
    entries: [asked(expect.entries), asked(seen.entries)],
    chunks: [[...expect.chunks].sort(), [...seen.chunks].sort()],
    execOrder: [expect.execOrder, seen.order],
    warnings: [expect.warnings, seen.warnings],
    result: [told(expect.result), told(seen.result)],
  };
  const wrong = Object.entries(pairs).filter(([, [a, b]]) => !isDeepStrictEqual(a, b));
  console.log(`${id} ${wrong.length ? 'DIFFERS' : 'ok'}`);
  for (const [what, [expected, got]] of wrong) {
    console.log(`  ${what}\n    expected ${JSON.stringify(expected)}\n    seen     ${
      JSON.stringify(got)}`);
  }
  failed += wrong.length ? 1 : 0;
}
process.exit(failed ? 1 : 0);
