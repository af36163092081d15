// A daemon of its own for one test: the built programs, a store in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  #options;

  /**
   * Starts a daemon on an empty store and resolves when it listens.
   * @param {object} [realm] the members of a policy's realm; none for a daemon without a policy
   * @param {string[]} [options] further options of larderd
   */
  static async start(realm, options = []) {
    const daemon = new Daemon();
    daemon.#folder = await mkdtemp(path.join(tmpdir(), 'larder-'));
    await daemon.#run([
      ...(realm ? await daemon.#policy(realm) : ['--socket', daemon.socket]), ...options]);
    return daemon;
  }

  /** Starts one that pages reach, too. */
  static startGateway(...options) {
    return Daemon.start(undefined, ['--gateway', '0', ...options]);
  }

  /** Where pages reach it: a URL that ends in `/`. */
  async gateway() {
    for (;;) {
      const { statistics } = await this.larder('status');
      if (statistics.gateways) return statistics.gateways[0];
    }
  }

  async #policy(realm) {
    const file = path.join(this.#folder, 'policy.json');
    const sockets = [{ path: this.socket, peers: [{ realm: 'shop' }] }];
    await writeFile(file, JSON.stringify({ realms: { shop: realm }, sockets }));
    return ['--policy', file];
  }

  get socket() {
    return path.join(this.#folder, 'larder.sock');
  }

  /** Ends it as a power cut would, and starts it again with the same options. */
  async restart() {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    await this.#run(this.#options);
  }

  async #run(options) {
    this.#options = options;
    const child = spawn(
      path.join(programs, 'larderd'),
      ['--store', path.join(this.#folder, 'store'), '--quota', '1', ...options],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    let log = '';
    child.stderr.setEncoding('utf8');
    await new Promise((resolve, reject) => {
      child.stderr.on('data', (text) => {
        log += text;
        if (log.includes('listening')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`larderd ended with ${code}: ${log}`)));
    });
    child.removeAllListeners('exit');
  }

  /** Runs `larder`: the JSON document that it prints. Rejects if it exits with an error. */
  async larder(...args) {
    const { stdout } = await run(
      path.join(programs, 'larder'), [...args, '--socket', this.socket, '--json']);
    return JSON.parse(stdout);
  }

  /** Ends the process and removes the store. */
  async stop() {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}
