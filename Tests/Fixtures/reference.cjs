#!/usr/bin/env node
'use strict';

// Runs a host under webpack's own runtime, with the built folders as its remotes, and prints what
// came out as one line of JSON: the output that a host of ours has to equal.
//
//   reference.cjs DIST APP [--variant FOLDER] [ARGUMENT…]
//
// DIST/<container>[/<variant>]/ holds main.js (the host) and remoteEntry.js. main.js exports a
// promise, or a function that is called with the ARGUMENTs, as `default`. Printed are
//   result    what that gave
//   order     globalThis.__order: the modules in the order in which they executed
//   entries   [{container, askedBy}]: entry files in the order in which they were first required
//   chunks    `container/file` of every other file that was loaded, in order, main.js left out
//   reacts    how many different React objects the modules met (globalThis.__reacts)
//   shared    the share scopes at the end: key -> version -> {from, loaded}
//   warnings  what went to console.warn
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const words = process.argv.slice(2);
const at = words.indexOf('--variant');
const variant = at < 0 ? '' : words.splice(at, 2)[1];
const [folder, app, ...given] = words;
if (!folder || !app) {
  console.error('usage: reference.cjs DIST APP [--variant FOLDER] [ARGUMENT…]');
  process.exit(64);
}

const dist = fs.realpathSync(folder);
const place = (container) => path.join(dist, container, variant);
const main = path.join(place(app), 'main.js');
const seen = { entries: [], chunks: [], warnings: [] };

/** The container that a file belongs to, and its name there; undefined outside of DIST. */
const owner = (file) => {
  const relative = path.relative(dist, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  const [container, ...rest] = relative.split(path.sep);
  return { container, file: rest.slice(variant ? 1 : 0).join('/') };
};

const note = (file) => {
  const found = owner(file);
  if (!found || found.file === 'main.js' || found.file === 'remoteEntry.js') return;
  const name = `${found.container}/${found.file}`;
  if (!seen.chunks.includes(name)) seen.chunks.push(name);
};

// A remote is a plain registered name: `require('catalog')`.
const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveRemote(request, parent, ...rest) {
  const asker = parent?.filename && owner(parent.filename);
  const isName = asker && !request.startsWith('.') && !path.isAbsolute(request)
    && !Module.isBuiltin(request);
  if (!isName) return resolve.call(this, request, parent, ...rest);
  if (!seen.entries.some(({ container }) => container === request)) {
    seen.entries.push({ container: request, askedBy: asker.container });
  }
  const entry = path.join(place(request), 'remoteEntry.js');
  if (!fs.existsSync(entry)) throw new Error(`Container ${request} offline`);
  return entry;
};

// Target `node` requires its chunks, `async-node` reads and evaluates them.
const load = Module._extensions['.js'];
Module._extensions['.js'] = function loadChunk(module, file) {
  note(file);
  return load.call(this, module, file);
};
const { readFile } = fs;
fs.readFile = function readChunk(file, ...rest) {
  if (typeof file === 'string') note(file);
  return readFile.call(this, file, ...rest);
};

console.warn = (...parts) => seen.warnings.push(parts.join(' '));

const scopes = (map = {}) => Object.fromEntries(Object.entries(map).map(([scope, keys]) => [
  scope,
  Object.fromEntries(Object.entries(keys).map(([key, versions]) => [
    key,
    Object.fromEntries(Object.entries(versions).map(([version, entry]) => [
      version,
      { from: entry.from, loaded: Boolean(entry.loaded) },
    ])),
  ])),
]));

(async () => {
  const exported = require(main);
  const start = exported.default;
  const result = await (typeof start === 'function' ? start(...given) : start);
  process.stdout.write(`${JSON.stringify({
    result,
    order: globalThis.__order ?? [],
    entries: seen.entries,
    chunks: seen.chunks,
    reacts: globalThis.__reacts?.size ?? 0,
    shared: scopes(exported.shareScopes),
    warnings: seen.warnings,
  })}\n`);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
