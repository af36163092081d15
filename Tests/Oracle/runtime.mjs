// A bundle of webpack.config.cjs that answers the questions of `larder share explain` and
// `larder share register` by its own runtime's functions.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const webpack = path.join(here, '../../scripts/webpack');
const require = createRequire(import.meta.url);
const run = promisify(execFile);

export class Runtime {
  #oracle = {};
  #parseRange;
  #registered = 0;

  /** Builds with a cached webpack and runs what came out. */
  static async of(version) {
    const folder = await mkdtemp(path.join(tmpdir(), 'larder-oracle-'));
    try {
      await run(webpack, [version, '--', 'build', '--config', path.join(here, 'webpack.config.cjs')], {
        env: { ...process.env, LARDER_ORACLE: folder },
      });
      const { stdout } = await run(webpack, ['where', version]);
      const runtime = new Runtime();
      // Ranges are compiled by the build, so this is not in the bundle.
      runtime.#parseRange = require(path.join(stdout.trim(), 'webpack/lib/util/semver.js')).parseRange;
      globalThis.larderOracle = runtime.#oracle;
      require(path.join(folder, 'dist/main.js'));
      // The consumer's own copy is a matter of the build's chunks, which nobody needs here.
      runtime.#oracle.require.e = () => new Promise(() => {});
      return runtime;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Nothing for a question that no build can ask, since it could not compile the range. */
  explain({ scopeName, scope: packages, consumer }) {
    const oracle = this.#oracle;
    const { requiredVersion, singleton = false, eager = false } = consumer;
    const hasRange = typeof requiredVersion === 'string';
    try {
      oracle.range = hasRange ? this.#parseRange(requiredVersion) : undefined;
    } catch {
      return undefined;
    }
    const scope = {};
    for (const [key, entries] of Object.entries(packages)) {
      scope[key] = {};
      for (const entry of entries) {
        scope[key][entry.version] = { ...entry, get: () => entry, loaded: entry.loaded ? 1 : undefined };
      }
    }
    const hasCopy = consumer.import !== false;
    const strict = consumer.strictVersion ?? (hasCopy && !singleton);
    const wanted = JSON.stringify([hasRange, singleton, strict, eager, hasCopy]);
    const { id } = oracle.consumers.find(({ options }) => JSON.stringify(options) === wanted);
    oracle.key = consumer.shareKey ?? consumer.key;
    oracle.scopeName = scopeName;
    oracle.require.S[scopeName] = scope;

    const answer = {};
    const warnings = [];
    const { warn } = console;
    console.warn = (text) => warnings.push(text);
    try {
      const got = oracle.handlers[id]();
      answer.outcome = got?.version === undefined ? 'fallback' : 'shared';
      if (got?.version !== undefined) answer.provider = { version: got.version, from: got.from };
    } catch (error) {
      answer.error = error instanceof TypeError ? 'TypeError' : error.message;
    } finally {
      console.warn = warn;
    }
    if (warnings.length > 0) answer.warnings = warnings;
    answer.loadedAfter = Object.entries(scope).flatMap(([key, versions]) => Object.keys(versions)
      .filter((version) => versions[version].loaded).map((version) => `${key}@${version}`));
    return answer;
  }

  register({ key, existing, register: { version, uniqueName, eager } }) {
    const oracle = this.#oracle;
    // A scope is initialised once, which is what lends us the function.
    const scopeName = `registered-${this.#registered++}`;
    const versions = existing ? { [existing.version]: { ...existing } } : {};
    oracle.require.S[scopeName] = { [key]: versions };
    oracle.uniqueName = uniqueName;
    oracle.require.I(scopeName);
    oracle.register(key, version, () => {}, eager);
    delete oracle.require.S[scopeName];
    return Object.fromEntries(Object.entries(versions)
      .map(([name, entry]) => [name, { from: entry.from, eager: entry.eager }]));
  }
}
