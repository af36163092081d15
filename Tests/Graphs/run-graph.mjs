#!/usr/bin/env node
// Plays the host of one graph vector with the Node host library, and prints what came out as JSON.
//
//   run-graph.mjs --vectors FILE --graph G01 [--socket PATH] [--strict] [--build]
//   run-graph.mjs --vectors FILE --graph G01 --origin http://127.0.0.1:8000/G01/
//
// FILE is federation-vectors.json. With a socket, the containers have to be registered under their
// own names; with an origin there is no daemon, and they lie at ORIGIN/<container>/. With --build
// the host is the vector's own build, loaded as a remote; without it the library takes its place.
// Printed are
//   result          what the vector's `result` is compared with
//   entries         [{container, askedBy}] in the order in which they were asked for
//   chunks          `container/file` of all other files that were read, in order
//   shared          [{consumer, key, version, from}] in the order in which they were chosen
//   executionOrder  globalThis.__order: what the projects' modules pushed
//   executed        the same as the library saw it: `container:expose`, `from:key@version`
//   errors          [{code, message, remedy}] of what failed
//   plan            the daemon's plan of all that was asked for; null without one
//   differences     where execution departed from the plans
//   warnings        what the containers' runtimes print, and {code, message} of the library
//   statistics      of the host
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createHost } from '../../Sources/JavaScript/index.js';

const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string' },
    graph: { type: 'string' },
    socket: { type: 'string' },
    origin: { type: 'string' },
    strict: { type: 'boolean', default: false },
    build: { type: 'boolean', default: false },
  },
});
if (!options.vectors || !options.graph) {
  console.error('usage: run-graph.mjs --vectors FILE --graph ID [--socket PATH | --origin URL]');
  process.exit(64);
}

const { graphVectors } = JSON.parse(await readFile(options.vectors, 'utf8'));
const vector = graphVectors.find(({ id }) => id === options.graph);
if (!vector) {
  console.error(`run-graph: ${options.vectors} has no graph ${options.graph}`);
  process.exit(64);
}

const host = vector.containers[vector.host];
const boot = host.modules['./src/boot.js'];
const requests = [...boot.static, ...boot.dynamic];
const aliasOf = (request) => request.split('/')[0];
const isRemote = (request) => aliasOf(request) in host.remotes;

// A build refers only to the remotes, and provides only the packages, that its modules ask for.
const aliases = [...new Set(requests.filter(isRemote).map(aliasOf))];
const names = aliases.map((alias) => host.remotes[alias]);
const packages = requests.filter((request) => !isRemote(request) && request in host.ownPackages);
const provided = (key) => {
  const version = host.ownPackages[key];
  return {
    version,
    ...host.shared[key],
    get: () => () => {
      (globalThis.__order ??= []).push(`${vector.host}:${key}@${version}`);
      return { version, text: () => `${version}<${vector.host}` };
    },
  };
};

const warnings = [];
console.warn = (...parts) => warnings.push(parts.join(' '));
const containers = Object.keys(vector.containers);
const larder = createHost({
  ...(options.build ? { name: 'runner', remotes: [vector.host] } : {
    name: vector.host,
    uniqueName: host.uniqueName,
    remotes: names,
    shared: Object.fromEntries(packages.map((key) => [key, provided(key)])),
  }),
  socket: options.origin ? false : options.socket,
  origins: options.origin && Object.fromEntries(
    containers.map((name) => [name, new URL(`${name}/`, options.origin).href])),
  strict: options.strict,
  onWarning: (warning) => warnings.push(warning),
});

const errors = [];
const failed = (error) => {
  errors.push({ code: error.code ?? error.name, message: error.message, remedy: error.remedy });
  return `ERR:${error.message}`;
};

/** Does what the host's boot module does, which is to ask for one module after the other. */
async function bootHere() {
  // The chunk of the boot module loads all of its static imports before the first of them runs.
  const factoryOf = (request) => {
    const [alias, ...rest] = request.split('/');
    return larder.get(host.remotes[alias], `./${rest.join('/')}`);
  };
  const text = (request, loaded) => (isRemote(request) ? loaded.default() : loaded.text());
  const statics = boot.static.map((request) => (isRemote(request)
    ? factoryOf(request)
    : larder.getShared(request, host.shared[request])));
  let results = [];
  try {
    const factories = await Promise.all(statics);
    const modules = factories.map((factory) => factory());
    results = boot.static.map((request, index) => text(request, modules[index]));
  } catch (error) {
    results = [failed(error)];
  }
  const late = [];
  for (const request of boot.dynamic) {
    try {
      const factory = await factoryOf(request);
      late.push(text(request, factory()));
    } catch (error) {
      late.push(failed(error));
    }
  }
  // A vector with one result for a late import records what that gave.
  const listed = late.length > 0 && !Array.isArray(vector.expect.result) ? late
    : [...results, ...late];
  return listed.length === 1 ? listed[0] : listed;
}

/** Loads the boot module, which catches what its late imports throw. */
async function bootBuild() {
  try {
    const { default: start } = await larder.load(`${vector.host}/boot`);
    return await start();
  } catch (error) {
    return failed(error);
  }
}

const result = await (options.build ? bootBuild() : bootHere());
let plan = null;
if (!options.origin) {
  plan = await larder.plan(options.build
    ? { remote: vector.host, expose: './boot' }
    : requests.filter(isRemote).map((request) => ({
      remote: host.remotes[aliasOf(request)],
      expose: `./${request.split('/').slice(1).join('/')}`,
    })));
}
const { entries, files, shared, executed } = larder.observed;
await larder.close();
process.stdout.write(`${JSON.stringify({
  result,
  entries,
  chunks: files.map(({ container, path }) => `${container}/${path}`),
  shared,
  executionOrder: globalThis.__order ?? [],
  executed,
  errors,
  plan,
  differences: larder.differences,
  warnings,
  statistics: larder.statistics(),
})}\n`);
