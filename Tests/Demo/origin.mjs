// An origin: a plain HTTP server on loopback that serves a folder, logs what it is asked for, and
// can fail as origins do.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

const types = { '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.html': 'text/html' };
const page = '<!doctype html><title>Not here</title><p>This application has moved.</p>';

export class Origin {
  /** What was asked for: {path, status, bytes}. */
  requests = [];
  #folder;
  #isBroken = false;
  #port = 0;
  #server;

  /** @param {string} folder what it serves until something else is deployed */
  static async start(folder) {
    const origin = new Origin();
    origin.#folder = folder;
    await origin.resume();
    return origin;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Serves another folder under the same URLs. */
  deploy(folder) {
    this.#folder = folder;
    this.#isBroken = false;
  }

  /** From here on answers everything with a page and status 200. */
  breakDown() {
    this.#isBroken = true;
  }

  /** Takes connections, on the port that it had before. */
  async resume() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
  }

  /** Takes no connections. */
  async stop() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    const end = (status, headers, body = '') => {
      this.requests.push({ path: pathname, status, bytes: body.length });
      response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
    };
    if (this.#isBroken) return end(200, { 'Content-Type': 'text/html' }, page);
    let body;
    try {
      body = await readFile(path.join(this.#folder, path.normalize(decodeURIComponent(pathname))));
    } catch {
      return end(404, { 'Content-Type': 'text/html' }, page);
    }
    const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const headers = { ETag: tag,
      'Content-Type': types[path.extname(pathname)] ?? 'application/octet-stream' };
    if (request.headers['if-none-match'] === tag) {
      this.requests.push({ path: pathname, status: 304, bytes: 0 });
      return response.writeHead(304, { ETag: tag }).end();
    }
    return end(200, headers, body);
  }
}
