// Where a host gets its remotes from: decided once, when it first needs one.
import { DaemonSource } from './daemon-source.js';
import { socketPaths } from './discovery.js';
import { OriginSource } from './origin-source.js';
import { OverrideSource } from './override-source.js';
import { readOverrides } from './overrides.js';

// A declared remote without a URL of its own takes that of the table of origins.
const withOrigins = (remotes, origins) => new Map([...remotes, ...origins].map(([name]) =>
  [name, remotes.get(name) ?? origins.get(name)]));

/**
 * The source, with what this user overrides in place of the releases; each is said once.
 * @param {object} settings of the host
 * @param {() => object} hostFacts the host as in INIT
 * @param {(code: string, message: string) => void} warn
 */
export async function openSource(settings, hostFacts, warn) {
  const overrides = settings.overrides ? readOverrides(process.env) : new Map();
  if (overrides.size === 0) return openBase(settings, hostFacts, warn);
  const base = await openBase(settings, hostFacts, warn);
  for (const [name, { url }] of overrides) {
    warn('override', `remote ${name} is taken from ${url} (larder override)`);
  }
  const live = new OriginSource(overrides, [], settings.timeoutMs);
  return new OverrideSource(base, live, overrides.keys(), new Set(await base.names()), warn);
}

/**
 * The daemon if one accepts a connection, the origins otherwise. What a daemon then refuses is an
 * error of the load: its reasons are not for an origin to work around.
 * @param {object} settings of the host
 * @param {() => object} hostFacts the host as in INIT
 * @param {(code: string, message: string) => void} warn told once if there is no daemon
 */
async function openBase(settings, hostFacts, warn) {
  const { name, socket, remotes, origins, timeoutMs } = settings;
  const paths = socketPaths(socket, process.env);
  let why = 'it is switched off';
  if (paths.length > 0) {
    try {
      return await DaemonSource.connect(paths, settings, hostFacts, warn);
    } catch (error) {
      if (error.code !== 'daemonUnavailable') throw error;
      why = error.message;
    }
  }
  warn('fallback', `host ${name} works without the daemon (${why}) and loads from the origins; `
    + 'start it with: larder up');
  return new OriginSource(withOrigins(remotes, origins), [...remotes.keys()], timeoutMs);
}
