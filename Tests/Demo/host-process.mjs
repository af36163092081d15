// The demo's side of a host process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('host.mjs', import.meta.url));

export class HostProcess {
  /** Milliseconds until its page was rendered, from the start of the process. */
  milliseconds = 0;
  #child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  #started = performance.now();

  /**
   * @param {string} title for the table
   * @param {object} part what it plays, see story.mjs
   * @param {object} where {socket, remotes}: `remotes` are URLs by name, for work without a daemon
   */
  static async open(title, part, { socket, urls }) {
    const host = new HostProcess();
    host.title = title;
    host.part = part;
    const own = Object.fromEntries(part.remotes.map((name) => [name, urls[name]]));
    await host.#ask('open', { name: part.name, remotes: own, origins: urls,
      shared: part.shared, socket });
    return host;
  }

  /** Renders the page of its part. */
  async page() {
    const html = await this.#ask('page', this.part.page);
    this.milliseconds = performance.now() - this.#started;
    return html;
  }

  /** Takes the lazy route of a remote. */
  async route(name) {
    return this.#ask('route', { request: this.part.routes[name], language: this.part.language });
  }

  /** Page and all routes, as the reference has them. */
  async everything() {
    const html = await this.page();
    const routes = {};
    for (const name of Object.keys(this.part.routes)) routes[name] = await this.route(name);
    return { html, routes };
  }

  /** The bytes of a file of the release that it runs. */
  async asset(remote, path) {
    return Buffer.from(await this.#ask('asset', { remote, path }), 'base64');
  }

  async report() {
    return this.#ask('report', {});
  }

  async close() {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.send({ call: 'close' });
    await ended;
  }

  /** Ends it whatever it does. */
  kill() {
    this.#child.kill('SIGKILL');
  }

  async #ask(call, given) {
    const answer = Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')]);
    this.#child.send({ call, ...given });
    const [message] = await answer;
    if (!message || typeof message !== 'object') throw new Error(`${this.title} ended on its own`);
    if (message.error) throw new Error(`${this.title}, ${call}: ${message.error}`);
    return message.value;
  }
}
