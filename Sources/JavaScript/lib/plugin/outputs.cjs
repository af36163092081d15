'use strict';

// The builds of one remote within one process: a configuration for each target is usual, and a
// release has all of them. They are published together, when none of them is at work.

/** By socket and name of the remote. @type {Map<string, Outputs>} */
const all = new Map();

class Outputs {
  #name;
  #settings;
  #builds = new Map();
  #generation = 0;
  #publishing = Promise.resolve();

  /**
   * @param {string} name of the remote
   * @param {{socket?: string | false, timeoutMs?: number}} settings
   * @returns {Outputs} the same for all compilers of a process
   */
  static of(name, settings) {
    const key = JSON.stringify([settings.socket, name]);
    if (!all.has(key)) all.set(key, new Outputs(name, settings));
    return all.get(key);
  }

  constructor(name, settings) {
    this.#name = name;
    this.#settings = settings;
  }

  /** Before a compiler begins; what was published of others meanwhile would be torn. */
  begin(compiler) {
    this.#generation += 1;
    this.#builds.set(compiler, undefined);
  }

  /** When a compiler is gone for good. */
  leave(compiler) {
    this.#builds.delete(compiler);
  }

  /**
   * When a build is written; publishes if it was the last one at work.
   * @param {object} compiler @param {object} variant as `publish` takes it
   * @returns {Promise<object | null>} the release, or null while others are at work
   */
  async finish(compiler, variant) {
    this.#builds.set(compiler, variant);
    const generation = this.#generation;
    const valid = () => generation === this.#generation;
    const earlier = this.#publishing;
    const publishing = earlier.then(async () => {
      const variants = [...this.#builds.values()];
      if (!valid() || variants.includes(undefined)) return null;
      const { publish } = await import('../publishing.js');
      return publish(this.#name, variants, { ...this.#settings, valid });
    });
    // Who comes next waits for it, whatever became of it.
    this.#publishing = publishing.catch(() => {});
    return publishing;
  }
}

module.exports = { Outputs };
