// Hosts in Node: files by the daemon's socket or from the origins, containers with a `require`.
import { runEntry } from './entry.js';
import { Host } from './host.js';
import { openSource } from './opening.js';
import { hostSettings } from './settings.js';
import { hostRequire } from './virtual-require.js';

const platform = {
  name: 'Node',
  targets: ['async-node', 'node'],
  print: (line) => process.stderr.write(`${line}\n`),
  openSource,
  world: ({ from }) => ({ hostRequire: hostRequire(from), runEntry }),
};

/** @param {object} options see index.d.ts */
export function createHost(options) {
  return new Host(hostSettings(options, platform), platform);
}
