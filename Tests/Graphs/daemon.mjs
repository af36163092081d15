// A daemon of its own for one test: the built programs, an empty store in a temporary folder.
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

  /** Starts a daemon and resolves when it answers. */
  static async start() {
    const daemon = new Daemon();
    daemon.#folder = await mkdtemp(path.join(tmpdir(), 'larder-graphs-'));
    daemon.#process = spawn(
      path.join(programs, 'larderd'),
      ['--store', path.join(daemon.#folder, 'store'), '--socket', daemon.socket, '--quota', '1'],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    daemon.#process.stderr.setEncoding('utf8');
    for await (const text of daemon.#process.stderr) {
      log += text;
      if (log.includes('listening')) break;
    }
    if (!log.includes('listening')) throw new Error(`larderd did not start: ${log}`);
    return daemon;
  }

  get socket() {
    return path.join(this.#folder, 'larder.sock');
  }

  /** Runs `larder` and returns the JSON document that it prints. */
  async larder(...args) {
    const { stdout } = await run(
      path.join(programs, 'larder'), [...args, '--socket', this.socket, '--json']);
    return JSON.parse(stdout);
  }

  async stop() {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}
