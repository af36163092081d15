'use strict';

// For a webpack build that runs in Node by itself: a `require` of a remote's name gives a promise
// of its container, as webpack takes one. CommonJS, since it has to be there before what follows.
const Module = require('node:module');
const path = require('node:path');

/** Applications by the folder of their output. @type {Map<string, Map<string, Function>>} */
const applications = new Map();
const load = Module._load;

/**
 * @param {{host: string, remotes: Record<string, string | null>}} build the remotes' names, with
 *   the URLs of their entries at their origins
 * @param {string} folder where the build's files are: only they are served so
 */
module.exports = function register({ host, remotes }, folder) {
  if (applications.has(folder)) return;
  if (applications.size === 0) Module._load = loadRemote;
  const known = Object.entries(remotes).filter(([, url]) => url);
  const origins = Object.fromEntries(known);
  // One host with the daemon, and one that does without for what the daemon does not have.
  const daemon = opened(() => ({ name: host, origins }));
  const origin = opened(() => ({ name: host, origins, socket: false, overrides: false,
    onWarning: () => {} }));
  applications.set(folder, new Map([
    ...Object.keys(remotes).map((name) => [name, () => container(daemon, name)]),
    ...known.map(([name, url]) => [`${name}@${url}`, () => container(origin, name)]),
  ]));
};

function loadRemote(request, parent, ...rest) {
  const give = applicationOf(parent?.filename)?.get(request);
  return give ? give() : load.call(this, request, parent, ...rest);
}

function applicationOf(file) {
  for (let folder = file && path.dirname(file); folder; folder = path.dirname(folder)) {
    if (applications.has(folder)) return applications.get(folder);
    if (folder === path.dirname(folder)) return undefined;
  }
  return undefined;
}

/** The host, made when it is first needed. */
function opened(options) {
  let host;
  return () => {
    host ??= import('./node.js').then(({ createHost }) => createHost(options()));
    return host;
  };
}

async function container(open, name) {
  const found = (await open()).container(name);
  await found.ready();
  return found;
}
