#!/usr/bin/env node
// Turns the graph vectors into webpack projects.
//
//   graphs.mjs --vectors FILE --out DIR [--dist DIR] [--only G01,G02]
//
// DIR gets sources/<graph>/<container>/ and webpack.config.cjs. One webpack run over that file
// builds every container of every graph into <dist>/<graph>/<container>/ (DIR/dist if not given),
// each with remoteEntry.js, its chunks and stats.json (all that `webpack --json` prints), the host
// also with main.js.
//
// A module pushes `container:Name` to globalThis.__order when it executes (a package pushes
// `container:package@version`) and its default export is a function that returns the text which
// the vector's `result` is made of. The host's own modules push nothing, as in the recordings.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string' },
    out: { type: 'string' },
    dist: { type: 'string' },
    only: { type: 'string' },
  },
});
if (!options.vectors || !options.out) {
  console.error('usage: graphs.mjs --vectors FILE --out DIR [--dist DIR] [--only G01,G02]');
  process.exit(64);
}

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(options.out);
const dist = path.resolve(options.dist ?? path.join(out, 'dist'));
const only = options.only?.split(',');
const vectors = JSON.parse(await readFile(options.vectors, 'utf8')).graphVectors
  .filter(({ id }) => only === undefined || only.includes(id));

const write = async (file, text) => {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
};

const isThere = (container) => container !== undefined && !container.offline;

/** The container and file behind a request such as `b/Button`; undefined for a package. */
const target = (vector, container, request) => {
  const [alias, ...rest] = request.split('/');
  // Of several locations the first that is there.
  const name = [vector.containers[container].remotes[alias] ?? []].flat()
    .find((one) => isThere(vector.containers[one]));
  if (!name) return undefined;
  const file = vector.containers[name].exposes[`./${rest.join('/')}`];
  return { container: name, file };
};

/** Edges `container file -> request` that close a cycle of static imports, met from the host. */
const backEdges = (vector) => {
  const found = new Set();
  const visit = (container, file, path_) => {
    for (const request of vector.containers[container].modules[file].static) {
      const next = target(vector, container, request);
      if (!next?.file) continue;
      const key = `${next.container} ${next.file}`;
      if (path_.includes(key)) found.add(`${container} ${file} ${request}`);
      else visit(next.container, next.file, [...path_, key]);
    }
  };
  visit(vector.host, './src/boot.js', []);
  return found;
};

const moduleName = (file) => path.basename(file, '.js');

/** An expression for what an imported module contributes to its importer's text. */
const piece = (vector, container, file, request, index, back, long) => {
  if (!target(vector, container, request)) return long ? `m${index}.text()` : `m${index}.version`;
  return back.has(`${container} ${file} ${request}`) ? `m${index}.tail` : `m${index}.default()`;
};

const moduleText = (vector, container, file, back, long) => {
  const requests = vector.containers[container].modules[file].static;
  const name = moduleName(file);
  const inner = requests.map((r, i) => piece(vector, container, file, r, i, back, long));
  const text = inner.length ? `'${name}(' + [${inner.join(', ')}].join(',') + ')'` : `'${name}'`;
  return [
    ...requests.map((r, i) => `import * as m${i} from '${r}';`),
    `(globalThis.__order ??= []).push('${container}:${name}');`,
    // Read through the live binding by whoever imports this module in a circle.
    `export const tail = 'tail-of-${name}';`,
    `export default function text() { return ${text}; }`,
    '',
  ].join('\n');
};

/** The host's boot module: its result is the vector's, a list if it asks for several things. */
const bootText = (vector, back) => {
  const { static: requests, dynamic } = vector.containers[vector.host].modules['./src/boot.js'];
  const inner = requests.map((r, i) =>
    piece(vector, vector.host, './src/boot.js', r, i, back, true));
  const late = dynamic.map((r) =>
    `import('${r}').then((m) => m.default()).catch((error) => 'ERR:' + error.message)`);
  // A vector with one result for a late import records what that gave, not what came before it.
  const lateItems = late.map((l) => `await ${l}`);
  const items = Array.isArray(vector.expect.result) ? [...inner, ...lateItems]
    : lateItems.length ? lateItems : inner;
  return [
    ...requests.map((r, i) => `import * as m${i} from '${r}';`),
    `export default async function result() { return ${
      items.length === 1 ? items[0] : `[${items.join(', ')}]`}; }`,
    '',
  ].join('\n');
};

const packageText = (container, name, version) => [
  `(globalThis.__order ??= []).push('${container}:${name}@${version}');`,
  `export const version = '${version}';`,
  `export const text = () => '${version}<${container}';`,
  '',
].join('\n');

const configs = [];
for (const vector of vectors) {
  const back = backEdges(vector);
  // Some recordings name a package by version alone, others by version and provider.
  const long = [vector.expect.result].flat().some((text) => /\([^)]*</.test(text));
  for (const [name, container] of Object.entries(vector.containers)) {
    if (!isThere(container)) continue;
    const root = path.join(out, 'sources', vector.id, name);
    await rm(root, { recursive: true, force: true });
    for (const file of Object.keys(container.modules)) {
      const text = file === './src/index.js'
        ? "export default import('./boot').then((m) => m.default());\n"
        : file === './src/boot.js'
          ? bootText(vector, back)
          : moduleText(vector, name, file, back, long);
      await write(path.join(root, file), text);
    }
    for (const [key, version] of Object.entries(container.ownPackages)) {
      const folder = path.join(root, 'node_modules', key);
      await write(path.join(folder, 'package.json'), `${JSON.stringify({ name: key, version })}\n`);
      await write(path.join(folder, 'index.js'), packageText(name, key, version));
    }
    await write(path.join(root, 'package.json'), `${JSON.stringify({ name, private: true })}\n`);
    configs.push({
      name: `${vector.id}/${name}`,
      context: root,
      entry: container.modules['./src/index.js'] ? { main: './src/index.js' } : {},
      path: path.join(dist, vector.id, name),
      federation: {
        name,
        filename: 'remoteEntry.js',
        library: { type: 'commonjs-module' },
        remoteType: 'commonjs-module',
        // A host is a remote as well, so that a host of ours can run what it begins with.
        exposes: name === vector.host
          ? { ...container.exposes, './boot': './src/boot.js' } : container.exposes,
        remotes: container.remotes,
        shared: container.shared,
      },
      uniqueName: container.uniqueName,
    });
  }
}

await write(path.join(out, 'webpack.config.cjs'), `'use strict';
const { Federation, StatsFile } = require(${JSON.stringify(path.join(here, 'plugins.cjs'))});

module.exports = ${JSON.stringify(configs, undefined, 2)}.map((project) => ({
  name: project.name,
  context: project.context,
  entry: project.entry,
  mode: 'development',
  target: 'node',
  devtool: false,
  output: {
    path: project.path,
    uniqueName: project.uniqueName,
    library: { type: 'commonjs-module' },
    clean: true,
  },
  resolve: { modules: ['node_modules'] },
  stats: 'errors-warnings',
  plugins: [new Federation(project.federation), new StatsFile({})],
}));
`);
