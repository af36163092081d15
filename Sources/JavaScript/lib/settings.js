// A host's options as they are given, turned into what the rest works with, or refused by name.
import { LarderError } from './errors.js';
import { ruleSets } from './semver.js';

/** A reply may have to wait for origins; the daemon's own limits for those are shorter. */
const timeoutMsDefault = 120_000;

const refuse = (message, remedy) => {
  throw new LarderError('badRequest', `createHost: ${message}`, { remedy });
};

const remote = (name, value, page) => {
  const given = typeof value === 'string' ? { url: value } : value ?? {};
  const { url, entry = 'remoteEntry.js', ...rest } = given;
  if (url === undefined || url === null) return undefined;
  let base;
  try {
    base = new URL(url, page);
  } catch {
    return refuse(`the URL of remote ${name} cannot be read: ${url}`, 'give an absolute URL');
  }
  if (!['http:', 'https:'].includes(base.protocol)) {
    refuse(`the URL of remote ${name} is not http or https: ${url}`, 'give an http or https URL');
  }
  // A URL of the entry itself is as good as that of its folder.
  if (/\.m?js$/.test(base.pathname)) {
    return { ...rest, url: new URL('.', base).href, entry: base.pathname.split('/').pop() };
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { ...rest, url: base.href, entry };
};

const remotes = (given = [], page = undefined) => {
  const listed = Array.isArray(given) ? given.map((name) => [name, null]) : Object.entries(given);
  return new Map(listed.map(([name, value]) => [name, remote(name, value, page)]));
};

// Keeps what `create` gave, but no failure: a package that could not be loaded may be tried again.
const once = (create) => {
  let made;
  return () => {
    if (!made) {
      const making = { value: create() };
      made = making;
      if (typeof making.value?.then === 'function') {
        making.value.then(undefined, () => { if (made === making) made = undefined; });
      }
    }
    return made.value;
  };
};

// One way or another a package comes as `get`: () => factory, or a promise of it.
const getter = (key, item) => {
  if (typeof item.get === 'function') {
    return () => {
      const factory = item.get();
      return typeof factory?.then === 'function' ? factory.then(once) : once(factory);
    };
  }
  if (typeof item.import === 'function') {
    const load = () => {
      const loaded = item.import();
      return typeof loaded?.then === 'function' ? loaded.then((module) => () => module)
        : () => loaded;
    };
    return load;
  }
  if ('module' in item) return () => () => item.module;
  return refuse(`shared package ${key} has none of get, import and module`,
    'say how to load it, for example { version: "18.1.0", import: () => require("react") }');
};

/**
 * The packages that a host provides.
 * @param {object} [given] as in the options of `createHost`
 * @param {string} from the host's unique name
 * @returns {{key: string, version: string, scope: string, entry: object, options: object}[]}
 */
export function sharedPackages(given = {}, from) {
  return Object.entries(given).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => {
      if (typeof item !== 'object' || item === null) {
        refuse(`shared package ${key} is not an object`, 'give { version, import }');
      }
      const { version = '0', scope = 'default', eager = false } = item;
      const { requiredVersion, singleton, strictVersion } = item;
      // The runtimes call `get` for each consumer; one module is what all of them have to receive.
      const entry = { get: once(getter(key, item)), from, eager: Boolean(eager) };
      return { key, version: String(version), scope, entry,
        options: { requiredVersion, singleton, strictVersion } };
    }));
}

const defined = (object = {}) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/**
 * What `loadShared` asks for. Options that are not given are those of the host's own package, which
 * is also what it falls back to.
 * @param {string} key @param {object} options @param {object} [own] one of `sharedPackages`
 * @returns {{consumer: object, planned: object, fallback?: () => unknown}} for `select`, for a plan
 */
export function sharedConsumer(key, options, own) {
  const { import: load, ...given } = { ...defined(own?.options), ...defined(options) };
  const fallback = typeof load === 'function'
    ? async () => { const module = await load(); return () => module; }
    : load !== false && own?.entry.get;
  const { requiredVersion = null, singleton = false, eager = false, scope = 'default' } = given;
  const strictVersion = given.strictVersion ?? (Boolean(fallback) && !singleton);
  const { shareKey = key } = given;
  const consumer = { key, shareKey, requiredVersion, singleton, strictVersion, eager, scope,
    import: fallback ? undefined : false };
  const planned = { scope, key: shareKey, requiredVersion: requiredVersion || null, singleton,
    strictVersion, hasFallback: Boolean(fallback) };
  return { consumer, planned, fallback: fallback || undefined };
}

/**
 * @param {object} options of `createHost`
 * @param {{name: string, targets: string[], page?: string, print: (line: string) => void}} platform
 *   where it runs: its name, what it can run, the first by default, what URLs are relative to, and
 *   where warnings go
 */
export function hostSettings(options = {}, platform) {
  const { targets, page, print } = platform;
  const { name, uniqueName = name, target = targets[0], ruleSet = 'webpack' } = options;
  if (typeof name !== 'string' || name === '') refuse('a host needs a name', 'give { name }');
  if (!targets.includes(target)) {
    refuse(`target ${target} does not run in ${platform.name}`,
      `take one of ${targets.join(', ')}`);
  }
  if (!ruleSets.includes(ruleSet)) {
    refuse(`there is no rule set ${ruleSet}`, `take one of ${ruleSets.join(', ')}`);
  }
  return {
    name,
    uniqueName,
    target,
    ruleSet,
    socket: options.socket,
    remotes: remotes(options.remotes, page),
    origins: remotes(options.origins, page),
    shared: sharedPackages(options.shared, uniqueName),
    strict: Boolean(options.strict),
    overrides: options.overrides !== false,
    timeoutMs: options.timeoutMs ?? timeoutMsDefault,
    from: options.from,
    onWarning: options.onWarning ?? (({ message }) => print(`larder: ${message}`)),
  };
}

/**
 * `nav/Header` as its parts; names with a slash count if the host knows them.
 * @param {string | {remote: string, expose: string}} request @param {Iterable<string>} known
 */
export function parseRequest(request, known) {
  if (typeof request !== 'string') {
    const { remote: name, expose } = request;
    return { remote: name, expose: exposeName(expose) };
  }
  const [name] = [...known].filter((one) => request === one || request.startsWith(`${one}/`))
    .sort((a, b) => b.length - a.length);
  const words = request.split('/');
  const found = name ?? words.slice(0, request.startsWith('@') ? 2 : 1).join('/');
  const rest = request.slice(found.length + 1);
  return { remote: found, expose: rest ? `./${rest}` : '.' };
}

/** An expose as the protocol writes it. */
export function exposeName(expose) {
  return expose.startsWith('.') ? expose : `./${expose}`;
}
