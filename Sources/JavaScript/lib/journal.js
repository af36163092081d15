// What really happened in a host, in order: the other side of a plan.

export class Journal {
  /** Entry files, as they were first asked for. @type {{container: string, askedBy: string}[]} */
  entries = [];
  /** Other files that containers read. @type {{container: string, path: string}[]} */
  files = [];
  /** @type {{consumer: string, key: string, version: string, from: string}[]} */
  shared = [];
  /** `container:expose` and `from:key@version`, each when it had run. @type {string[]} */
  executed = [];
  /** Files that were required synchronously and were not here; how often that happened. */
  missing = new Map();
  misses = 0;
  #running = new Set();
  #seen = new Set();

  #once(key) {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  entry(container, askedBy) {
    if (this.#once(`entry ${container}`)) this.entries.push({ container, askedBy });
  }

  file(container, path) {
    if (this.#once(`file ${container} ${path}`)) this.files.push({ container, path });
  }

  choice(consumer, key, version, from) {
    if (this.#once(`shared ${JSON.stringify([consumer, key, version, from])}`)) {
      this.shared.push({ consumer, key, version, from });
    }
  }

  miss(container, path) {
    this.misses += 1;
    this.missing.set(`${container} ${path}`, { container, path });
  }

  /**
   * Runs `factory` and notes `label` once it has run to its end. In a circle the outermost call
   * counts: the inner one only got what was there so far.
   */
  execute(label, factory) {
    if (this.#running.has(label)) return factory();
    this.#running.add(label);
    try {
      const result = factory();
      this.executed.push(label);
      return result;
    } catch (error) {
      this.#running.delete(label);
      throw error;
    }
  }
}
