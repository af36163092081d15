// Small federated projects in a temporary folder, built by a real webpack with LarderPlugin, and an
// origin that serves what they become.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const webpack = path.join(root, 'scripts/webpack');
export const programs = process.env.LARDER_PROGRAMS ?? path.join(root, '.build/debug');
const run = promisify(execFile);

const environment = (socket) => ({ ...process.env, LARDER_SOCKET: socket ?? '/nonexistent/larder',
  LARDER_PROGRAM: path.join(programs, 'larder') });

/**
 * Runs `larder` without a daemon, unless `--socket` names one: the JSON document that it prints.
 * Rejects with `code`, `stdout` and `stderr`.
 */
export async function larder(...words) {
  const { stdout } = await run(path.join(programs, 'larder'), [...words, '--json'],
    { env: environment() });
  return JSON.parse(stdout);
}

export class Project {
  /** @param {import('node:test').TestContext} t removes the folder when it ends */
  static async create(t) {
    const project = new Project();
    project.folder = await mkdtemp(path.join(tmpdir(), 'larder-builds-'));
    t.after(() => rm(project.folder, { recursive: true, force: true }));
    await mkdir(path.join(project.folder, 'node_modules'));
    await symlink(path.join(root, 'Sources/JavaScript'),
      path.join(project.folder, 'node_modules/larder'));
    return project;
  }

  file(name) {
    return path.join(this.folder, name);
  }

  read(name) {
    return readFile(this.file(name), 'utf8');
  }

  async write(name, text) {
    await mkdir(path.dirname(this.file(name)), { recursive: true });
    await writeFile(this.file(name), text);
  }

  /** Runs webpack in one application's folder. @returns {Promise<string>} all that it printed */
  async build(application, version, { socket } = {}) {
    const { stdout, stderr } = await run(webpack, [version, '--', 'build'],
      { cwd: this.file(application), env: environment(socket) });
    return stdout + stderr;
  }

  /** The same with `--watch`; ended with the test. */
  watch(t, application, version, { socket }) {
    const child = spawn(webpack, [version, '--', 'build', '--watch'],
      { cwd: this.file(application), env: environment(socket), stdio: ['pipe', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => { said.push(text); child.emit('said'); });
    }
    const ended = once(child, 'exit');
    t.after(async () => { child.kill('SIGKILL'); await ended; });
    return {
      /** When `pattern` has been printed `count` times. */
      async said(pattern, count) {
        const seen = () => [...said.join('').matchAll(pattern)];
        while (seen().length < count) {
          if (child.exitCode !== null) throw new Error(`webpack ended: ${said.join('')}`);
          await once(child, 'said');
        }
        return seen();
      },
    };
  }

  /** Runs a built application by itself. @returns {Promise<{stdout: string, stderr: string}>} */
  start(file, { socket } = {}) {
    return run(process.execPath, [this.file(file)], { env: environment(socket) });
  }
}

/** A configuration of webpack, as text. */
export const configuration = (builds) => `
const { ModuleFederationPlugin } = require('webpack').container;
const { LarderPlugin } = require('larder/plugin');
const build = ({ target, federation, larder, entry, ...rest }) => ({
  mode: 'production', target, devtool: false, performance: false, entry: entry ?? {},
  output: { path: __dirname + '/dist/' + target, publicPath: target === 'web' ? 'auto' : '',
    uniqueName: federation.name, chunkFilename: '[name].js', ...rest.output },
  optimization: { chunkIds: 'named', moduleIds: 'named' },
  plugins: [new ModuleFederationPlugin({ filename: 'remoteEntry.js', ...federation }),
    new LarderPlugin(larder)],
});
module.exports = ${JSON.stringify(builds)}.map(build);
`;

/** An origin that serves a folder, and can go away. */
export async function startOrigin(t, folder) {
  const asked = [];
  let up = true;
  const server = createServer(async (request, response) => {
    asked.push(request.url);
    if (!up) return request.socket.destroy();
    // As dev servers do.
    response.setHeader('access-control-allow-origin', '*');
    try {
      response.end(await readFile(path.join(folder, request.url)));
    } catch {
      response.statusCode = 404;
      response.end();
    }
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  return {
    asked,
    url: `http://127.0.0.1:${server.address().port}`,
    goDown: () => { up = false; },
    comeBack: () => { up = true; },
  };
}
