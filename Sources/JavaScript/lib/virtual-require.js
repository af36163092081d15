// `require` as the files of one container see it. They believe to lie in a folder of their own,
// which exists on no disk: reading and requiring below it gives files of the release.
import fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { LarderError } from './errors.js';

// Lets a container's native `import()` load what Node itself would, where Node can do that.
const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
/** `nav@https://…/remoteEntry.js` */
const locatedName = /^(.[^@]*)@https?:\/\//;
const builtins = new Set(builtinModules);
const plainName = (request) => request.replace(/^node:/, '');

/**
 * @param {string} name of the container
 * @param {string} entry path of its entry in the release; chunks are relative to its folder
 * @param {object} world see `Container`
 * @returns {NodeJS.Require} runs each file of the release once
 */
export function createContainerRequire(name, entry, world) {
  const { source, journal } = world;
  const release = source.facts(name)?.release ?? 'origin';
  const root = `/larder/${encodeURIComponent(name)}@${release}`;
  const modules = new Map();
  const inside = (file) => (typeof file === 'string' && path.posix.normalize(file)
    .startsWith(`${root}/`) ? path.posix.normalize(file).slice(root.length + 1) : undefined);
  const note = (file) => { if (file !== entry) journal.file(name, file); };

  const now = (file) => {
    note(file);
    const bytes = source.fileNow(name, file);
    if (bytes) return bytes;
    journal.miss(name, file);
    throw new LarderError('notDelivered',
      `${name} requires ${file} synchronously, which is not here yet`, { remote: name });
  };
  const later = (file) => {
    note(file);
    return source.file(name, file);
  };
  const files = virtualFiles({ inside, now, later });

  const run = (file) => {
    if (modules.has(file)) return modules.get(file).exports;
    const filename = `${root}/${file}`;
    const module = { id: filename, filename, exports: {}, loaded: false, children: [], paths: [] };
    const text = now(file).toString('utf8');
    modules.set(file, module);
    try {
      if (file.endsWith('.json')) {
        module.exports = JSON.parse(text);
      } else {
        const code = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
        const wrapped = vm.runInThisContext(code, { filename, importModuleDynamically });
        module.require = requireFrom(path.posix.dirname(filename));
        wrapped.call(module.exports, module.exports, module.require, module, filename,
          path.posix.dirname(filename));
      }
      module.loaded = true;
    } catch (error) {
      modules.delete(file);
      throw error;
    }
    return module.exports;
  };

  const outside = (request) => {
    if (source.knows(request)) return world.facade(request, name);
    // What the webpack plugin writes: here all remotes are known by name, wherever they lie.
    if (request === 'larder/register') return () => {};
    const [, remote] = locatedName.exec(request) ?? [];
    if (remote) return world.facade(remote, name);
    try {
      return world.hostRequire(request);
    } catch (cause) {
      if (cause.code !== 'MODULE_NOT_FOUND') throw cause;
      return unresolved(world.facade(request, name), new LarderError('unresolvedRequest',
        `${name} requires ${request}, which is neither a remote nor a package of the host`,
        { remote: name, cause }));
    }
  };

  const requireFrom = (folder) => {
    const require = (request) => {
      if (plainName(request) === 'fs') return files;
      if (plainName(request) === 'fs/promises') return files.promises;
      if (builtins.has(plainName(request))) return world.hostRequire(request);
      const absolute = /^\.{1,2}(\/|$)/.test(request) ? path.posix.join(folder, request) : request;
      const file = inside(absolute);
      return file === undefined ? outside(request) : run(file);
    };
    require.resolve = (request) => world.hostRequire.resolve(request);
    require.cache = {};
    return require;
  };
  return requireFrom(path.posix.dirname(`${root}/${entry}`));
}

/**
 * What stands for a name that nobody knows: as a container it fails when it is used, and can be
 * tried again; as anything else it fails when it is looked at. An error from `require` itself would
 * stay in the container's runtime as an empty module.
 */
function unresolved(facade, error) {
  const members = new Set(['get', 'init', 'override', 'then']);
  return new Proxy(facade, {
    get(target, member) {
      if (typeof member === 'string' && !members.has(member)) throw error;
      return target[member];
    },
  });
}

/** Node's file functions, which give what `inside` names from the release. */
function virtualFiles({ inside, now, later }) {
  const shaped = (bytes, options) => {
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding ? bytes.toString(encoding) : bytes;
  };
  const readFile = (file, ...rest) => {
    const found = inside(file);
    if (found === undefined) return fs.readFile(file, ...rest);
    const callback = rest.pop();
    later(found).then((bytes) => callback(null, shaped(bytes, rest[0])), callback);
    return undefined;
  };
  const readFileSync = (file, options) => {
    const found = inside(file);
    return found === undefined ? fs.readFileSync(file, options) : shaped(now(found), options);
  };
  const promises = Object.create(fs.promises, { readFile: {
    value: async (file, options) => {
      const found = inside(file);
      return found === undefined
        ? fs.promises.readFile(file, options)
        : shaped(await later(found), options);
    },
  } });
  return Object.create(fs, {
    readFile: { value: readFile },
    readFileSync: { value: readFileSync },
    promises: { value: promises },
  });
}

/** `require` as the host's own code has it. @param {string} [from] a file or folder of the host */
export function hostRequire(from) {
  const place = from ?? process.argv[1] ?? path.join(process.cwd(), 'host.js');
  return createRequire(path.isAbsolute(place) ? place : path.resolve(place));
}
