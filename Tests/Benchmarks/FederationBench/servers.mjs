// What the processes of the benchmark talk to: larderd, and nginx as a cache before the origins.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folderFor = (what) => mkdtemp(path.join(os.tmpdir(), `larder-bench-${what}-`));

/** A daemon on an empty store. */
export class LarderDaemon {
  #programs;
  #options;
  #process;

  /** @param {string} programs their folder @param {string[]} options more of larderd */
  static async start(programs, ...options) {
    const daemon = new LarderDaemon();
    daemon.#programs = programs;
    daemon.#options = options;
    daemon.folder = await folderFor('larder');
    await daemon.run();
    return daemon;
  }

  get socket() {
    return path.join(this.folder, 'socket');
  }

  async run() {
    const child = spawn(path.join(this.#programs, 'larderd'),
      ['--store', path.join(this.folder, 'store'), '--socket', this.socket, '--quota', '2',
        ...this.#options],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    let log = '';
    await new Promise((resolve, reject) => {
      child.stderr.on('data', (text) => {
        log += text;
        if (log.includes('listening')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`larderd ended with ${code}: ${log}`)));
    });
    child.removeAllListeners('exit');
  }

  async larder(...words) {
    const { stdout } = await run(path.join(this.#programs, 'larder'),
      [...words, '--socket', this.socket, '--json'], { maxBuffer: 67_108_864 });
    return JSON.parse(stdout);
  }

  /** Where pages reach it, if it was started so: a URL that ends in `/`. */
  async gateway() {
    for (;;) {
      const { statistics } = await this.larder('status');
      if (statistics.gateways) return statistics.gateways[0];
    }
  }

  /** Processor time that the daemon took so far, in milliseconds. */
  processorTime() {
    return processorTime(this.#process.pid);
  }

  /** Ends the process; the store stays. */
  async end() {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }

  async remove() {
    await this.end();
    await rm(this.folder, { recursive: true });
  }
}

/** nginx with an empty cache before origins. */
export class NginxCache {
  #process;
  #folder;

  /** @param {string} program @param {Record<string, number>} ports of the origins, by name */
  static async start(program, ports) {
    const cache = new NginxCache();
    cache.#folder = await folderFor('nginx');
    cache.socket = path.join(cache.#folder, 'socket');
    cache.port = await freePort();
    await mkdir(path.join(cache.#folder, 'cache'));
    const at = (name) => path.join(cache.#folder, name);
    await writeFile(at('nginx.conf'), `
      daemon off; master_process off; pid ${at('pid')}; error_log ${at('errors')};
      events { worker_connections 1024; }
      http {
        access_log off; tcp_nodelay on;
        client_body_temp_path ${at('t1')}; proxy_temp_path ${at('t2')};
        fastcgi_temp_path ${at('t3')}; uwsgi_temp_path ${at('t4')}; scgi_temp_path ${at('t5')};
        proxy_cache_path ${at('cache')} keys_zone=origins:1m;
        proxy_http_version 1.1; proxy_set_header Connection "";
        ${Object.entries(ports).map(([name, port]) =>
    `upstream ${name} { server 127.0.0.1:${port}; keepalive 16; }`).join('\n')}
        server {
          listen 127.0.0.1:${cache.port};
          proxy_cache origins; proxy_cache_valid 200 1h;
          ${Object.keys(ports).map((name) =>
    `location /${name}/ { proxy_pass http://${name}/; }`).join('\n')}
        }
      }`);
    cache.#process = spawn(program,
      ['-p', cache.#folder, '-e', at('errors'), '-c', at('nginx.conf')], { stdio: 'ignore' });
    await answering(cache.port);
    return cache;
  }

  async remove() {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}

/** Processor time of a process and of its children, in milliseconds so far. */
export async function processorTime(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = text.slice(text.lastIndexOf(') ') + 2).split(' ').slice(11, 13).map(Number);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const times = await Promise.all(children.split(' ').filter(Boolean).map(processorTime));
  return times.reduce((sum, time) => sum + time, (user + system) * 10);
}

export async function freePort() {
  const server = http.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** When a server takes connections; it has ten seconds. */
export async function answering(port) {
  const latest = performance.now() + 10_000;
  for (;;) {
    const answers = await new Promise((resolve) => {
      http.get({ port, host: '127.0.0.1' }, (response) => resolve(response.resume()))
        .on('error', () => resolve(undefined));
    });
    if (answers) return;
    if (performance.now() > latest) throw new Error(`nothing listens at port ${port}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}
