// What the steps of the demo share: fixtures, origins, the daemon, and the host processes.
import { Daemon } from './daemon.mjs';
import { HostProcess } from './host-process.mjs';
import { Origins } from './origins.mjs';

export class Stage {
  #hosts = new Set();
  #ends = [];
  #cleared = false;
  fixtures;
  origins = new Origins();
  /** What webpack's own runtime gives, by deploy and host. */
  references = { first: {}, second: {} };
  /** Of hosts that ended, for the table. */
  rows = [];

  constructor(report, seed, binaries, home) {
    this.report = report;
    this.seed = seed;
    this.home = home;
    this.daemon = new Daemon(binaries, home);
  }

  /** A new process that plays a host. @param {'kiosk' | 'site'} role */
  host(role, label, more = {}) {
    if (this.#cleared) throw new Error('the demo is about to end');
    const facts = { ...this.fixtures.host(role), ...more };
    const host = new HostProcess(label, facts, this.daemon.socket);
    this.#hosts.add(host);
    host.role = role;
    return host;
  }

  async close(host) {
    await host.close();
    this.#hosts.delete(host);
  }

  /** Has `end` done when everything ends. */
  after(end) {
    this.#ends.push(end);
  }

  /** Ends everything that runs, as fast as it can; nothing starts after that. */
  async clear() {
    this.#cleared = true;
    await Promise.all([...this.#hosts].map((host) => host.kill()));
    await Promise.all([this.origins.stop(), this.daemon.close(), ...this.#ends.map((end) => end())]);
  }
}
