// The daemon and its command line, as a user runs them: `larder up` becomes the daemon, and every
// other word is a short process of its own.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** A start takes a fraction of a second; one that takes this long hangs. */
const startMillisecondsMax = 30_000;
const pauseMilliseconds = 10;
const pause = () => new Promise((resolve) => { setTimeout(resolve, pauseMilliseconds); });

export class Daemon {
  #program;
  #process;
  #ended;
  #closed = false;

  /** @param {string} binaries folder of `larder` and `larderd` @param {string} home its own */
  constructor(binaries, home) {
    this.binaries = binaries;
    this.#program = path.join(binaries, 'larder');
    this.store = path.join(home, 'store');
    this.socket = path.join(home, 'larder.sock');
    this.log = path.join(home, 'larderd.log');
  }

  get pid() {
    return this.#process?.pid;
  }

  /** Returns when the daemon accepts connections. @param {string[]} options of larderd */
  async start(...options) {
    if (this.#closed) throw new Error('the demo is about to end');
    const child = spawn(this.#program,
      ['up', '--store', this.store, '--socket', this.socket, '--', ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(new Error(
        `${this.#program} cannot be run: ${cause.code}; build it with: make build`, { cause })));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const log = createWriteStream(this.log, { flags: 'a' });
    // Two pipes into one file: it stays open until both have ended.
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());
    let ended = false;
    this.#ended.then(() => { ended = true; }, () => { ended = true; });
    const latest = performance.now() + startMillisecondsMax;
    while (!await this.#answers()) {
      if (ended || performance.now() > latest) {
        if (ended) await this.#ended;
        throw new Error('the daemon did not start');
      }
      await pause();
    }
  }

  /** @returns {Promise<{code: number | null, signal: string | null}>} how it ended */
  async end(signal) {
    if (!this.#process) return { code: null, signal: null };
    this.#process.kill(signal);
    const ended = await this.#ended;
    this.#process = undefined;
    return ended;
  }

  /** Ends it at once and for good, as far as it runs. */
  async close() {
    this.#closed = true;
    // One that could not be started needs no ending.
    await this.end('SIGKILL').catch(() => {});
  }

  /** Runs `larder WORDS --json`. @returns {Promise<{exit: number, document: object}>} */
  larder(...words) {
    return new Promise((resolve, reject) => {
      execFile(this.#program, [...words, '--socket', this.socket, '--json'],
        { maxBuffer: 67_108_864 }, (error, stdout, stderr) => {
          const text = error ? stderr : stdout;
          try {
            if (error && typeof error.code !== 'number') throw error;
            resolve({ exit: error?.code ?? 0, document: JSON.parse(text) });
          } catch (cause) {
            reject(new Error(`larder ${words.join(' ')}: ${text || cause.message}`, { cause }));
          }
        });
    });
  }

  /** As `larder`, for what has to succeed. @returns {Promise<object>} the document */
  async ask(...words) {
    const { exit, document } = await this.larder(...words);
    if (exit === 0) return document;
    throw new Error(`larder ${words.join(' ')} exits with ${exit}: ${document.message}`);
  }

  /** STATS, and what comes of them. */
  async status() {
    const { statistics, ratios } = await this.ask('status');
    return { ...statistics, ratios };
  }

  /** Where pages reach it: a URL that ends in `/`. It has one soon if it was asked for. */
  async gateway() {
    for (;;) {
      const { gateways } = await this.status();
      if (gateways) return gateways[0];
      await pause();
    }
  }

  /** When `condition` holds for the remotes, which it is given. */
  async remotesReach(condition, what, millisecondsMax = 30_000) {
    const latest = performance.now() + millisecondsMax;
    for (;;) {
      const { remotes } = await this.ask('remote', 'list');
      if (condition(remotes)) return remotes;
      if (performance.now() > latest) {
        throw new Error(`${what} takes more than ${millisecondsMax / 1000} s: ${
          remotes.map(({ name, state, message }) => `${name} is ${state} ${message ?? ''}`)}`);
      }
      await pause();
    }
  }

  /** The last lines that the daemon printed. */
  async lastWords(count = 12) {
    // Without a log it never said anything.
    const text = await readFile(this.log, 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean).slice(-count);
  }

  #answers() {
    return new Promise((resolve) => {
      const socket = net.createConnection({ path: this.socket });
      socket.once('connect', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
  }
}
