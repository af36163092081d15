// The places that applications are deployed to: one plain static HTTP server for each, on loopback,
// with entity tags, a log of what was asked for, and switches for what deploys do wrong.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const types = { '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css',
  '.png': 'image/png', '.svg': 'image/svg+xml', '.html': 'text/html' };
const notFoundPage = '<!doctype html><title>Welcome</title><p>Nothing to see here.</p>\n';

export class Origin {
  #server;
  #port = 0;
  #folder;
  #html = false;
  /** What was asked for: {method, url, status, bytes}, in the order in which answers were sent. */
  log = [];

  /** @param {string} name of the application @param {string} folder what is deployed */
  constructor(name, folder) {
    this.name = name;
    this.#folder = folder;
  }

  /** Base URLs of the variants, Node's first. */
  get urls() {
    return ['node', 'web'].map((variant) => `http://127.0.0.1:${this.#port}/${variant}/`);
  }

  /** Listens; on the port of the first time if there was one. */
  async start() {
    this.#server = http.createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = this.#server.address().port;
  }

  /** Ends with all connections. */
  async stop() {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => { server.close(resolve); });
    server.closeAllConnections?.();
    await closed;
  }

  /** Replaces everything that is deployed. */
  deploy(folder) {
    this.#folder = folder;
    this.#html = false;
  }

  /** From now on every URL is a page, with status 200: a proxy that has lost its server. */
  serveHTML() {
    this.#html = true;
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const file = path.join(this.#folder, path.normalize(decodeURIComponent(pathname)));
    let status = 200;
    let type = types[path.extname(file)] ?? 'application/octet-stream';
    let body;
    if (this.#html) {
      body = Buffer.from(notFoundPage);
      type = 'text/html';
    } else {
      // Whatever keeps a file from being read, to a client it is not there.
      body = await readFile(file).catch(() => undefined);
    }
    if (body === undefined) {
      status = 404;
      body = Buffer.from('not found\n');
      type = 'text/plain';
    }
    const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const headers = { 'content-type': type, etag: tag, 'cache-control': 'no-cache' };
    if (status === 200 && request.headers['if-none-match'] === tag) {
      status = 304;
      body = Buffer.alloc(0);
    } else {
      headers['content-length'] = body.length;
    }
    this.log.push({ method: request.method, url: `${this.name}${pathname}`, status,
      bytes: body.length });
    response.writeHead(status, headers);
    response.end(body);
  }
}

/** All origins of the demo. */
export class Origins {
  /** @param {Record<string, string>} folders what each application has deployed */
  constructor(folders) {
    this.all = Object.entries(folders).map(([name, folder]) => new Origin(name, folder));
  }

  named(name) {
    return this.all.find((origin) => origin.name === name);
  }

  /** Base URLs of the Node builds, by application. */
  get locations() {
    return Object.fromEntries(this.all.map(({ name, urls }) => [name, urls[0]]));
  }

  async start() {
    await Promise.all(this.all.map((origin) => origin.start()));
  }

  async stop() {
    await Promise.all(this.all.map((origin) => origin.stop()));
  }

  /** What was asked for so far, of all origins. */
  get log() {
    return this.all.flatMap(({ log }) => log);
  }
}
