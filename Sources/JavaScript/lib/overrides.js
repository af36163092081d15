// What a developer takes from somewhere else than everybody: `larder override` writes it down for
// this user.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LarderError } from './errors.js';

/**
 * Where overrides are written down; null where there are none.
 * @param {NodeJS.ProcessEnv} environment
 */
export function overridesPath({ LARDER, LARDER_OVERRIDES: named, XDG_DATA_HOME: data, HOME: home }) {
  if (LARDER === 'off' || named === 'off') return null;
  if (named) return named;
  if (data) return path.join(data, 'larder/overrides.json');
  return home ? path.join(home, '.local/share/larder/overrides.json') : null;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Map<string, {url: string, entry: string}>} by the remote's name: the URL of a folder,
 *   of a dev server or of this machine, and the name of the entry in it
 * @throws {LarderError} `badRequest` for a file that `larder override` did not write
 */
export function readOverrides(environment) {
  const file = overridesPath(environment);
  if (!file) return new Map();
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return new Map();
    throw error;
  }
  try {
    const { format, remotes } = JSON.parse(text);
    if (format !== 1) throw new Error(`it has format ${format}`);
    return new Map(Object.entries(remotes).map(([name, place]) => [name, located(place)]));
  } catch (cause) {
    throw new LarderError('badRequest', `overrides cannot be read from ${file}: ${cause.message}`,
      { remedy: `write them again with: larder override; or remove ${file}`, cause });
  }
}

function located(place) {
  const base = path.isAbsolute(place) ? pathToFileURL(place) : new URL(place);
  const file = base.pathname.split('/').pop();
  if (/\.c?js$/.test(file)) return { url: new URL('.', base).href, entry: file };
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { url: base.href, entry: 'remoteEntry.js' };
}
