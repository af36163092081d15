// A source with some remotes in place of its own: live builds, of a dev server or in a folder. They
// are never stored, and read anew by each host. One that does not answer when a host first needs it
// leaves its place to the release, for that host.

export class OverrideSource {
  #base;
  #live;
  #names;
  #registered;
  #warn;
  #gone = new Set();

  /**
   * @param {object} base the daemon's source, or the origins'
   * @param {import('./origin-source.js').OriginSource} live has the overridden remotes alone
   * @param {Iterable<string>} names of those @param {Set<string>} registered what else there is
   * @param {(code: string, message: string) => void} warn
   */
  constructor(base, live, names, registered, warn) {
    this.#base = base;
    this.#live = live;
    this.#names = new Set(names);
    this.#registered = registered;
    this.#warn = warn;
  }

  get mode() {
    return this.#base.mode;
  }

  get socket() {
    return this.#base.socket;
  }

  get counts() {
    const { requests, bytes } = this.#live.counts;
    const own = this.#base.counts;
    return { ...own, requests: (own.requests ?? 0) + requests, bytes: (own.bytes ?? 0) + bytes };
  }

  get cost() {
    return this.#base.cost;
  }

  get reconnections() {
    return this.#base.reconnections;
  }

  /** Code of a live build may refer to any remote: no plan said which. */
  knows(name) {
    return this.#names.has(name) || this.#registered.has(name) || this.#base.knows(name);
  }

  failure(name) {
    return this.#of(name).failure(name);
  }

  entry(name) {
    return this.#of(name).entry(name);
  }

  fileNow(name, path) {
    return this.#of(name).fileNow(name, path);
  }

  facts(name) {
    return this.#of(name).facts(name);
  }

  /**
   * Plans know releases, so they tell nothing of what a host with a live build does: the daemon is
   * asked for the others' files, and nothing is compared.
   */
  async open(requests, consumes) {
    const live = requests.filter(({ remote }) => this.#isLive(remote));
    await this.#live.open(live);
    for (const { remote } of live) {
      if (this.#live.failure(remote)) this.#leave(remote, this.#live.failure(remote));
    }
    const others = requests.filter(({ remote }) => !this.#isLive(remote));
    if (others.length > 0 || consumes.length > 0) await this.#base.open(others, consumes);
    return null;
  }

  async fetchEntry(name) {
    if (!this.#isLive(name)) return this.#base.fetchEntry(name);
    try {
      return await this.#live.fetchEntry(name);
    } catch (error) {
      this.#leave(name, error);
      return this.#base.fetchEntry(name);
    }
  }

  /** Where a live build goes away later, what runs of it fails, and the next start is a release. */
  async file(name, path) {
    const source = this.#of(name);
    try {
      return await source.file(name, path);
    } catch (error) {
      if (source === this.#live) this.#leave(name, error);
      throw error;
    }
  }

  async plan(requests, consumes) {
    const plan = await this.#base.plan(requests, consumes);
    for (const container of plan.containers ?? []) {
      if (this.#isLive(container.name)) container.live = this.#live.url(container.name);
    }
    return plan;
  }

  watch(name, channel, listener) {
    return this.#base.watch(name, channel, listener);
  }

  async report() {}

  async override(shared) {
    await this.#base.override(shared);
  }

  async close() {
    await Promise.all([this.#live.close(), this.#base.close()]);
  }

  #isLive(name) {
    return this.#names.has(name) && !this.#gone.has(name);
  }

  #of(name) {
    return this.#isLive(name) ? this.#live : this.#base;
  }

  #leave(name, { message }) {
    this.#gone.add(name);
    this.#warn('overrideGone', `the override of ${name} does not answer, and its release takes its `
      + `place: ${message}`);
  }
}
