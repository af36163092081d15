// Small containers in the shape of webpack's: `get` and `init`, a runtime that registers, selects
// and loads chunks. Enough to run a host against, without a build.

// Runs inside of the container: it is written into the entry as text.
function runtime(facts, require, module, __dirname) {
  const definitions = {};
  const cache = {};
  const chunks = {};
  const scopes = {};
  const token = {};
  let initialised;
  let currentGetScope;

  const run = (id) => {
    if (cache[id]) return cache[id].exports;
    cache[id] = { exports: {} };
    definitions[id](cache[id], cache[id].exports, run, load);
    return cache[id].exports;
  };
  const install = (chunk) => Object.assign(definitions, chunk.modules);
  const read = (chunk) => new Promise((resolve, reject) => {
    const file = require('path').join(__dirname, `${chunk}.js`);
    require('fs').readFile(file, 'utf-8', (error, text) => {
      if (error) return reject(error);
      const exports = {};
      require('vm').runInThisContext(`(function (exports, require) {${text}\n})`)(exports, require);
      return resolve(install(exports));
    });
  });
  const file = (chunk) => {
    // As in webpack, what failed stays failed.
    if (facts.target === 'node') chunks[chunk] ??= install(require(`./${chunk}.js`));
    else chunks[chunk] ??= read(chunk);
    return chunks[chunk];
  };
  const share = (initScope) => {
    if (initScope.includes(token)) return undefined;
    initScope.push(token);
    if (initialised) return initialised;
    for (const { key, version, chunk, id } of facts.provides) {
      scopes.default[key] ??= {};
      const present = scopes.default[key][version];
      if (!present || (!present.loaded && facts.uniqueName > present.from)) {
        scopes.default[key][version] = { get: () => load(chunk).then(() => () => run(id)),
          from: facts.uniqueName, eager: false };
      }
    }
    const names = new Set(Object.values(facts.remotes).flat().map(({ external }) => external));
    initialised = Promise.all([...names].map((name) =>
      require(name).init(scopes.default, initScope)));
    return initialised;
  };
  const fails = (id, error) => { definitions[id] = () => { throw error; }; };
  const becomes = (id, factory) => {
    definitions[id] = (made) => { made.exports = factory(); };
  };
  const consume = async ({ id, key, fallback }) => {
    await share([]);
    const versions = scopes.default[key];
    if (!versions && !fallback) {
      fails(id, new Error(`Shared module ${key} doesn't exist in shared scope default`));
    } else if (versions) {
      const entry = versions[Object.keys(versions).sort().pop()];
      entry.loaded = 1;
      await Promise.resolve(entry.get()).then((factory) => becomes(id, factory),
        (error) => fails(id, error));
    } else {
      await load(fallback.chunk);
      becomes(id, () => run(fallback.id));
    }
  };
  const fetchRemote = async (remote, getScope) => {
    if (getScope.includes(remote)) return;
    getScope.push(remote);
    try {
      await share([]);
      const factory = await require(remote.external).get(remote.expose, getScope);
      becomes(remote.id, factory);
    } catch (error) {
      error.message += `\nwhile loading "${remote.expose}" from ${remote.external}`;
      fails(remote.id, error);
    }
  };
  function load(chunk) {
    const getScope = currentGetScope ?? [];
    return Promise.all([
      ...(facts.consumes[chunk] ?? []).map(consume),
      ...(facts.remotes[chunk] ?? []).map((remote) => fetchRemote(remote, getScope)),
      file(chunk),
    ]);
  }
  module.exports = {
    init(scope, initScope = []) {
      if (scopes.default && scopes.default !== scope) {
        throw new Error('Container initialization failed as it has already been initialized with '
          + 'a different share scope');
      }
      scopes.default = scope;
      return share(initScope);
    },
    get(expose, getScope) {
      const found = facts.exposes[expose];
      if (!found) {
        return Promise.reject(new Error(`Module "${expose}" does not exist in container.`));
      }
      currentGetScope = getScope;
      const loading = load(found.chunk);
      currentGetScope = undefined;
      return loading.then(() => () => run(found.id));
    },
  };
}

/**
 * The files of a small container.
 * @param {string} name
 * @param {{target?: string, exposes?: object, provides?: object[], consumes?: object,
 *   remotes?: object, chunks?: Record<string, Record<string, string>>}} facts `chunks`: chunk ->
 *   module -> body of `(module, exports, require, load) => {}`
 * @returns {Record<string, string>} path -> text
 */
export function smallContainer(name, { chunks = {}, target = 'async-node', ...given }) {
  const facts = { target, uniqueName: name, exposes: {}, provides: [], consumes: {}, remotes: {},
    ...given };
  const files = Object.entries(chunks).map(([chunk, modules]) => [`${chunk}.js`,
    `exports.modules = {${Object.entries(modules).map(([id, body]) =>
      `${JSON.stringify(id)}(module, exports, require, load) {${body}}`).join(',\n')}};\n`]);
  return Object.fromEntries([
    ['remoteEntry.js', `(${runtime})(${JSON.stringify(facts)}, require, module, __dirname);\n`],
    ...files,
  ]);
}

/** Body of a module that notes its name and exports a text made of what it imports. */
export const textModule = (name, imports = []) =>
  `(globalThis.__order ??= []).push(${JSON.stringify(name)});`
  + `exports.text = () => ${JSON.stringify(name)} + '('`
  + `${imports.map((id) => ` + require(${JSON.stringify(id)}).text()`).join('')} + ')';`
  + imports.map((id) => `require(${JSON.stringify(id)});`).join('');
