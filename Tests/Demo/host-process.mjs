// A host process, from the demo's side.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('host.mjs', import.meta.url));

export class HostProcess {
  #child;
  #waiting = new Map();
  #nextID = 1;
  #ended;
  #complaints = '';

  /**
   * Starts the process and makes its host.
   * @param {string} label what the demo calls it
   * @param {object} facts {name, remotes, origins, shared, render, routes, language, promotion,
   *   appendix, strict}
   * @param {string} socket the daemon's
   */
  constructor(label, facts, socket) {
    this.label = label;
    this.facts = facts;
    this.#child = fork(script, [], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, LARDER: '', LARDER_SOCKET: socket },
    });
    this.#child.stderr.setEncoding('utf8');
    this.#child.stderr.on('data', (text) => { this.#complaints += text; });
    this.#child.on('message', ({ id, result, error }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) reject(Object.assign(new Error(`${label}: ${error.message}`), error));
      else resolve(result);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#fail(error, resolve));
      this.#child.once('close', (code, signal) => this.#fail(
        new Error(`${label} ended (${signal ?? code}): ${this.#complaints}`), resolve));
    });
    this.begun = this.#ask('begin', facts);
    // Whoever asks for something first is told as well.
    this.begun.catch(() => {});
  }

  /** Lines on standard error so far. */
  get complaints() {
    return this.#complaints.split('\n').filter(Boolean);
  }

  render() {
    return this.#ask('render');
  }

  route(remote) {
    return this.#ask('route', remote);
  }

  /** SHA-256 of a file of the release that the host runs, in hexadecimal. */
  asset(remote, path) {
    return this.#ask('asset', { remote, path });
  }

  plan() {
    return this.#ask('plan');
  }

  report() {
    return this.#ask('report');
  }

  async close() {
    if (this.#child.connected) this.#child.send({ id: 0, verb: 'close' });
    await this.#ended;
  }

  kill() {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  #ask(verb, given) {
    return new Promise((resolve, reject) => {
      const id = this.#nextID;
      this.#nextID += 1;
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, verb, given }, (error) => {
        if (error && this.#waiting.delete(id)) reject(error);
      });
    });
  }

  #fail(error, resolve) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    resolve();
  }
}
