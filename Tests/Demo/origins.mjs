// The places that the applications are deployed to: an HTTP server on loopback for each of them.
import { Origin } from './origin.mjs';

export class Origins {
  #all = new Map();

  /** @param {Record<string, string>} folders what each application has deployed */
  async start(folders) {
    await Promise.all(Object.entries(folders).map(async ([name, folder]) => {
      this.#all.set(name, await Origin.start(folder));
    }));
  }

  named(name) {
    return this.#all.get(name);
  }

  /** Base URLs of an application's builds, Node's first. */
  urls(name) {
    return ['node', 'web'].map((variant) => `${this.named(name).url}/${variant}/`);
  }

  /** Base URLs of the Node builds, by application. */
  get locations() {
    return Object.fromEntries([...this.#all.keys()].map((name) => [name, this.urls(name)[0]]));
  }

  /** What was asked for so far: {url, status, bytes}. */
  get log() {
    return [...this.#all].flatMap(([name, { requests }]) =>
      requests.map(({ path, status, bytes }) => ({ url: `${name}${path}`, status, bytes })));
  }

  async resume() {
    await Promise.all([...this.#all.values()].map((origin) => origin.resume()));
  }

  async stop() {
    await Promise.all([...this.#all.values()].map((origin) => origin.stop()));
  }
}
