// The servers beside the gateway: nginx with the same files, and Varnish in front of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { answering, freePort, processorTime } from '../FederationBench/servers.mjs';

/** As many as wrk has threads, and the machine processors; the gateway has a loop for each as well. */
const workers = 2;

/** What the gateway says of a file that a release names, as far as it is the same for each of them. */
const fields = {
  'Cache-Control': 'private, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  Vary: 'Origin',
  'Server-Timing': 'file;dur=0.010',
};

class Server {
  #process;

  constructor(folder) {
    this.folder = folder;
  }

  at(name) {
    return path.join(this.folder, name);
  }

  /** Starts a program, and resolves when it answers at its port. */
  async run(program, words, environment = {}) {
    this.#process = spawn(program, words,
      { stdio: 'ignore', env: { ...process.env, ...environment } });
    await answering(this.port);
  }

  url(file) {
    return `http://127.0.0.1:${this.port}/${file}`;
  }

  /** Of the process and its workers, in milliseconds so far. */
  processorTime() {
    return processorTime(this.#process.pid);
  }

  async end() {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}

/** nginx with files in the page cache, by sendfile(2); names and descriptors cached, and no log. */
export class NginxFiles extends Server {
  name = 'nginx';

  /** @param {string} root the files' folder @param {string} folder its own, which exists */
  static async start(program, root, folder) {
    const server = new NginxFiles(folder);
    server.port = await freePort();
    await writeFile(server.at('nginx.conf'), `
      daemon off; user root; worker_processes ${workers}; pid ${server.at('pid')};
      error_log ${server.at('errors')};
      events { worker_connections 1024; }
      http {
        types { image/png png; text/javascript js; }
        access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
        open_file_cache max=10000 inactive=1h; open_file_cache_valid 1h;
        client_body_temp_path ${server.at('t1')}; proxy_temp_path ${server.at('t2')};
        fastcgi_temp_path ${server.at('t3')}; uwsgi_temp_path ${server.at('t4')};
        scgi_temp_path ${server.at('t5')};
        ${Object.entries(fields).map(([name, value]) => `add_header ${name} "${value}";`).join('\n')}
        server { listen 127.0.0.1:${server.port}; root ${root}; }
      }`);
    await server.run(program,
      ['-p', folder, '-e', server.at('errors'), '-c', server.at('nginx.conf')]);
    return server;
  }
}

/** Varnish with everything of another server in memory, for as long as it runs. */
export class Varnish extends Server {
  name = 'varnish';

  /** @param {string} root where Debian's packages were unpacked @param {number} port its origin's */
  static async start(root, port, folder) {
    const server = new Varnish(folder);
    server.port = await freePort();
    await mkdir(server.at('work'));
    await writeFile(server.at('files.vcl'), `vcl 4.1;
      backend files { .host = "127.0.0.1"; .port = "${port}"; }
      sub vcl_backend_response { set beresp.ttl = 1h; set beresp.uncacheable = false; return (deliver); }
      `);
    const library = path.join(root, 'usr/lib/x86_64-linux-gnu');
    await server.run(path.join(root, 'usr/sbin/varnishd'), [
      '-F', '-n', server.at('work'), '-a', `127.0.0.1:${server.port}`, '-f', server.at('files.vcl'),
      '-s', 'malloc,256m', '-j', 'none', '-p', `thread_pools=${workers}`,
      '-p', 'thread_pool_min=50', '-p', `vmod_path=${path.join(library, 'varnish/vmods')}`,
    ], { LD_LIBRARY_PATH: library });
    return server;
  }
}
