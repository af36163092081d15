'use strict';

const { execFile } = require('node:child_process');
const { mkdtemp, readFile, rm, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { Outputs } = require('./outputs.cjs');
const { prelude } = require('./prelude.cjs');
const { fallbackLists } = require('./remotes.cjs');
const { statistics } = require('./statistics.cjs');

const title = 'LarderPlugin';
const known = ['gateway', 'lockfile', 'name', 'program', 'publish', 'remotes', 'socket',
  'timeoutMs'];

/** Beside ModuleFederationPlugin: `new LarderPlugin()`. Options are described in plugin.d.cts. */
class LarderPlugin {
  #options;
  #said = new Set();

  constructor(options = {}) {
    const strange = Object.keys(options).find((name) => !known.includes(name));
    if (strange) {
      throw new TypeError(`${title} has no option ${strange}; it has ${known.join(', ')}`);
    }
    this.#options = { lockfile: true, publish: true, remotes: true,
      program: process.env.LARDER_PROGRAM || 'larder', ...options };
  }

  apply(compiler) {
    const logger = compiler.getInfrastructureLogger(title);
    const say = (level, message) => {
      if (this.#said.has(message)) return;
      this.#said.add(message);
      logger[level](message);
    };
    const federation = federationOf(compiler);
    if (!federation) {
      say('warn', 'no ModuleFederationPlugin is among the plugins of this configuration; '
        + 'put LarderPlugin beside it');
      return;
    }
    // What it builds for is known when defaults are in place, before other plugins act on it.
    if (this.#options.remotes) {
      compiler.hooks.environment.tap(title, () => this.#divertRemotes(compiler, federation, say));
    }
    const name = this.#options.name ?? federation.options.name;
    const exposes = Object.keys(federation.options.exposes ?? {});
    if (name && exposes.length > 0) {
      this.#follow(compiler, name, logger, say);
    }
  }

  #divertRemotes(compiler, { options, isOurs }, say) {
    const { output, externalsPresets } = compiler.options;
    if (!options.remotes) return;
    if (!isOurs || output.module) {
      say('warn', 'the remotes stay as they are: lists of locations are a thing of webpack\'s own '
        + 'ModuleFederationPlugin, and of scripts rather than ECMAScript modules');
      return;
    }
    const remoteType = options.remoteType ?? options.library?.type ?? 'script';
    const node = Boolean(externalsPresets.node);
    const gateway = this.#options.gateway?.replace(/\/+$/, '');
    const { remotes, names } = fallbackLists(options.remotes, { remoteType, node, gateway });
    options.remotes = remotes;
    if (node) prelude(compiler, options.name, names);
  }

  #follow(compiler, name, logger, say) {
    const { lockfile, program, publish: wanted, socket, timeoutMs } = this.#options;
    const outputs = Outputs.of(name, { socket, timeoutMs });
    const disk = compiler.outputFileSystem;
    const begin = () => outputs.begin(compiler);
    // From the start, so that the first of several does not go out alone.
    begin();
    compiler.hooks.run.tap(title, begin);
    compiler.hooks.watchRun.tap(title, begin);
    compiler.hooks.shutdown.tap(title, () => outputs.leave(compiler));
    compiler.hooks.done.tapPromise({ name: title, stage: Infinity }, async (stats) => {
      if (stats.hasErrors()) {
        say('warn', `a build of ${name} failed, and is not published`);
        return;
      }
      if (compiler.outputFileSystem !== disk) {
        say('info', `${name} is not published: its output is in memory alone`);
        return;
      }
      const described = Buffer.from(JSON.stringify(stats.toJson(statistics)));
      if (lockfile) await lock({ program, socket }, compiler.outputPath, described, say);
      if (!wanted) return;
      try {
        const release = await outputs.finish(compiler, {
          stats: described,
          files: files(stats.compilation),
        });
        if (release) logger.info(`published ${release.name}@${release.release}`);
      } catch (error) {
        say('warn', error.code === 'daemonUnavailable'
          ? `${name} is not published (${error.message}); start the daemon with: larder up`
          : `${name} is not published: ${error.message}`);
      }
    });
  }
}

/** The plugin beside this one: its options, and whether it is webpack's own. */
function federationOf(compiler) {
  const own = compiler.webpack?.container?.ModuleFederationPlugin;
  const found = compiler.options.plugins.find((plugin) =>
    plugin?.constructor?.name === 'ModuleFederationPlugin' && plugin._options);
  return found && { options: found._options, isOurs: Boolean(own) && found instanceof own };
}

/** What the build has written, to be read when it is sent. */
function files(compilation) {
  const folder = compilation.outputOptions.path;
  const names = new Set(compilation.getAssets().map(({ name }) => name.replace(/\?.*$/s, '')));
  return [...names].sort().map((name) =>
    ({ path: name, read: () => readFile(path.join(folder, name)) }));
}

/** Has `larder lock` write the lockfile, from the statistics of this very build. */
async function lock({ program, socket }, folder, described, say) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'larder-lock-'));
  try {
    const stats = path.join(scratch, 'stats.json');
    await writeFile(stats, described);
    const place = socket ? ['--socket', socket] : socket === false ? ['--offline'] : [];
    await new Promise((resolve, reject) => {
      execFile(program, ['lock', folder, '--stats', stats, ...place], (error, _, text) =>
        (error ? reject(Object.assign(error, { text })) : resolve()));
    });
  } catch (error) {
    say('warn', error.code === 'ENOENT'
      ? `there is no lockfile: the program ${program} is not on the PATH`
      : `there is no lockfile: ${(error.text || error.message).trim()}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

module.exports = { LarderPlugin };
