#!/usr/bin/env node
// Loads modules in a host of their own, closes it, and begins again, in one process.
//
//   node --expose-gc reload.mjs --socket PATH --reloads N
//
// Prints what the heap held after garbage was collected, each hundredth of the way, in bytes:
// {heap: [[reload, bytes], …]}.
import { parseArgs } from 'node:util';
import { createHost } from '../../Sources/JavaScript/index.js';

const { values: options } = parseArgs({
  options: { socket: { type: 'string' }, reloads: { type: 'string' } },
});
const reloads = Number(options.reloads);
const step = Math.max(1, Math.floor(reloads / 100));
const heap = [];
for (let reload = 1; reload <= reloads; reload += 1) {
  // What the modules of the graph note when they execute.
  globalThis.__order = [];
  const host = createHost({ name: 'host', socket: options.socket, remotes: ['b', 'c'] });
  const modules = await Promise.all([host.load('b/B'), host.load('c/C')]);
  if (modules.some((module) => typeof module.default() !== 'string')) throw new Error('no text');
  await host.close();
  if (reload % step === 0) {
    // A second time for what finalizers let go of.
    globalThis.gc();
    await new Promise(setImmediate);
    globalThis.gc();
    heap.push([reload, process.memoryUsage().heapUsed]);
  }
}
process.stdout.write(`${JSON.stringify({ heap })}\n`);
