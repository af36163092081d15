'use strict';

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { Outputs } = require('./outputs.cjs');
const { prelude } = require('./prelude.cjs');
const { fallbackLists } = require('./remotes.cjs');
const { statistics } = require('./statistics.cjs');

const title = 'LarderPlugin';
const known = ['gateway', 'name', 'publish', 'remotes', 'socket', 'timeoutMs'];

/** Beside ModuleFederationPlugin: `new LarderPlugin()`. Options are described in plugin.d.cts. */
class LarderPlugin {
  #options;
  #said = new Set();

  constructor(options = {}) {
    const strange = Object.keys(options).find((name) => !known.includes(name));
    if (strange) {
      throw new TypeError(`${title} has no option ${strange}; it has ${known.join(', ')}`);
    }
    this.#options = { publish: true, remotes: true, ...options };
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
    if (this.#options.publish && name && exposes.length > 0) {
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
    const { socket, timeoutMs } = this.#options;
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

module.exports = { LarderPlugin };
