// Waits for moves of channels, on a connection of its own that holds no process open: the daemon
// answers when something moved, so nothing is asked again and again.
import { Connection } from './connection.js';
import { encodeJSON, parseJSON, verbs } from './frames.js';

/** Between two attempts to reach a daemon that is gone, doubled up to the latter. */
const pauseMsMin = 250;
const pauseMsMax = 30_000;

export class MoveWatch {
  #path;
  #channel;
  #warn;
  #known = new Map();
  #listeners = new Map();
  #connection;
  #closed = false;
  #running = false;
  #wake = () => {};

  /**
   * @param {string} path of the daemon's socket @param {string} channel
   * @param {(code: string, message: string) => void} warn when the daemon refuses to be watched
   */
  constructor(path, channel, warn) {
    this.#path = path;
    this.#channel = channel;
    this.#warn = warn;
  }

  /**
   * @param {string} name of a remote
   * @param {string | undefined} release that is known; without one, what the daemon tells first is
   * @param {(move: {remote: string, release: string | null, previous: string | null}) => void}
   *   listener
   * @returns {() => void} ends it
   */
  add(name, release, listener) {
    if (!this.#listeners.has(name)) {
      this.#listeners.set(name, new Set());
      this.#known.set(name, release ?? '');
      // The daemon hears of the new set when the request is made again.
      this.#again();
    }
    this.#listeners.get(name).add(listener);
    this.#run();
    return () => {
      const listeners = this.#listeners.get(name);
      listeners?.delete(listener);
      if (listeners?.size !== 0) return;
      this.#listeners.delete(name);
      this.#known.delete(name);
      this.#again();
    };
  }

  close() {
    this.#closed = true;
    this.#listeners.clear();
    this.#known.clear();
    this.#again();
  }

  #again() {
    this.#connection?.close();
    this.#wake();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    let pauseMs = pauseMsMin;
    while (!this.#closed && this.#known.size > 0) {
      try {
        await this.#connect();
        // Nobody may be left who watches: what came while it connected could not end it.
        while (this.#known.size > 0) {
          const [reply] = await this.#connection.request(verbs.WATCH, encodeJSON(
            { known: Object.fromEntries(this.#known), channel: this.#channel }));
          pauseMs = pauseMsMin;
          this.#take(parseJSON(reply).moved);
        }
      } catch (error) {
        if (error.code === 'closed') continue;
        if (['badRequest', 'notPermitted', 'unknownVerb'].includes(error.code)) {
          this.#warn('watchRefused', `remotes cannot be watched: ${error.message}`);
          break;
        }
        await this.#pause(pauseMs);
        pauseMs = Math.min(2 * pauseMs, pauseMsMax);
      } finally {
        this.#connection?.close();
      }
    }
    this.#running = false;
  }

  async #connect() {
    const counts = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0 };
    this.#connection = await Connection.connect(this.#path, counts, null);
    await this.#connection.request(verbs.HELLO,
      encodeJSON({ protocol: [1, 1], client: 'larder-node/0.1.0' }));
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  #take(moved) {
    for (const [remote, release] of Object.entries(moved)) {
      const previous = this.#known.get(remote);
      if (previous === undefined) continue;
      this.#known.set(remote, release);
      if (previous === '') continue;
      for (const listener of this.#listeners.get(remote)) {
        // An exception of a listener is its own, and takes no other one with it.
        queueMicrotask(() => listener({ remote, release, previous }));
      }
    }
  }
}
