// An origin whose answers a test writes.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class ScriptedOrigin {
  /** What was asked for: {url, authorization}. */
  requests = [];
  #server;

  /** @param {(request: object, response: object) => void} answer called for each request */
  static async start(answer) {
    const origin = new ScriptedOrigin();
    origin.#server = createServer((request, response) => {
      const { url, headers: { authorization } } = request;
      origin.requests.push({ url, authorization });
      answer(request, response);
    });
    origin.#server.listen(0, '127.0.0.1');
    await once(origin.#server, 'listening');
    return origin;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
