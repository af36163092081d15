#!/usr/bin/env node
// Three federated applications and two hosts through the daemon: cold, through a bad deploy,
// offline, and without the daemon; then pages of a browser through its gateway. `demo: ok` says that
// all of it was seen.
//
//   demo.mjs [--seed N] [--binaries DIR] [--keep]
//
// --seed varies names, versions and exposes of the applications; --keep leaves the temporary folder
// with the store and the daemon's log.
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pages } from './pages.mjs';
import { Report } from './report.mjs';
import { Stage } from './stage.mjs';
import { badDeploy, cold, offline, off, prepare, summary } from './steps.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const usage = (message) => {
  console.error(`demo: ${message}\nusage: demo.mjs [--seed N] [--binaries DIR] [--keep]`);
  process.exit(64);
};
let options;
try {
  ({ values: options } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      binaries: {
        type: 'string',
        default: process.env.LARDER_PROGRAMS ?? path.join(root, '.build/debug'),
      },
      keep: { type: 'boolean', default: false },
    },
  }));
} catch (error) {
  usage(error.message);
}
if (!/^\d{1,9}$/.test(options.seed)) usage(`--seed takes a whole number, not '${options.seed}'`);

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let stoppedBy;
const stopped = new Promise((resolve, reject) => {
  for (const signal of Object.keys(signals)) {
    process.once(signal, () => {
      stoppedBy = signal;
      reject(new Error(`stopped by ${signal}`));
    });
  }
});
const begun = performance.now();
const report = new Report();
const home = mkdtempSync(path.join(os.tmpdir(), 'larder-demo-'));
const stage = new Stage(report, options.seed, options.binaries, home);
const play = async () => {
  for (const step of [prepare, cold, badDeploy, offline, off, pages, summary]) await step(stage);
};

report.line(`demo: seed ${options.seed}`);
let failure;
try {
  await Promise.race([play(), stopped]);
} catch (error) {
  failure = error;
}
await stage.clear();
const words = failure && await stage.daemon.lastWords();
if (options.keep) report.line(`kept: ${home}`);
else await rm(home, { recursive: true, force: true });
if (failure) {
  const code = failure.code ? ` (${failure.code})` : '';
  report.line();
  report.line(`demo: FAILED in step ${report.step}: ${failure.message}${code}`);
  if (words.length > 0 && !stoppedBy) {
    report.line('  look at the daemon\'s last words, or run again with --keep and see its folder:');
    for (const line of words) report.line(`    ${line}`);
  }
  process.exit(signals[stoppedBy] ?? 1);
}
report.line();
report.line(`${((performance.now() - begun) / 1000).toFixed(1)} s in all`);
report.line('demo: ok');
