// A host beside a daemon of the tests; both end with the test.
import { createHost } from '../index.js';
import { startFakeDaemon } from './fake-daemon.js';

/**
 * @param {import('node:test').TestContext} t
 * @param {object} world what the daemon has; see `startFakeDaemon`
 */
export async function startRig(t, world) {
  globalThis.__order = [];
  const daemon = await startFakeDaemon(world);
  const warnings = [];
  const hosts = [];
  t.after(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await daemon.stop();
  });
  return {
    daemon,
    world,
    warnings,
    host: (options = {}) => {
      const host = createHost({ name: 'host', socket: daemon.socket, strict: true, overrides: false,
        onWarning: (warning) => warnings.push(warning), ...options });
      hosts.push(host);
      return host;
    },
  };
}
