// A daemon of its own for a test or the demo: the built programs, a store in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = process.env.LARDER_PROGRAMS ?? path.join(root, '.build/debug');
const run = promisify(execFile);

export class Daemon {
  #folder;
  #process;
  #realms;
  #options;

  /**
   * Starts a daemon on an empty store and resolves when it listens.
   * @param {{realms?: string[], options?: string[], folder?: string}} [settings] further realms,
   *   further options of larderd, and where the store lies if not in a folder of its own
   */
  static async start({ realms = [], options = ['--quota', '1'], folder } = {}) {
    const daemon = new Daemon();
    daemon.#realms = realms;
    daemon.#options = options;
    daemon.#folder = folder ?? await mkdtemp(path.join(tmpdir(), 'larder-'));
    await daemon.restart();
    return daemon;
  }

  get socket() {
    return path.join(this.#folder, 'larder.sock');
  }

  get store() {
    return path.join(this.#folder, 'store');
  }

  socketOf(realm) {
    return realm === 'default' ? this.socket : `${this.socket}.${realm}`;
  }

  /** The path of a built program. */
  program(name) {
    return path.join(programs, name);
  }

  /** Starts the daemon on the store that it left. */
  async restart() {
    const child = spawn(
      this.program('larderd'),
      ['--store', this.store, '--socket', this.socket, ...this.#options,
        ...this.#realms.flatMap((realm) => ['--realm', `${realm}=${this.socketOf(realm)}`])],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    let log = '';
    child.stderr.setEncoding('utf8');
    await new Promise((resolve, reject) => {
      child.stderr.on('data', (text) => {
        log += text;
        // A line for each realm, the last when all are bound.
        if (log.split('listening').length > this.#realms.length + 1) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`larderd ended with ${code}: ${log}`)));
    });
    child.removeAllListeners('exit');
  }

  /** Runs `larder`: the JSON document that it prints. Rejects if it exits with an error. */
  async larder(...args) {
    const { stdout } = await run(
      this.program('larder'), [...args, '--socket', this.socket, '--json']);
    return JSON.parse(stdout);
  }

  /** The counters of the realm, as STATS gives them. */
  async statistics() {
    return (await this.larder('status')).statistics;
  }

  /** Ends the process; the store stays. */
  async end(signal = 'SIGTERM') {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }

  /** Ends the process and removes the store. */
  async stop() {
    await this.end();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
