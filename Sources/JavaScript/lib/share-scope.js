// A share scope is webpack's own: key -> version -> {get, from, eager, loaded?}, a plain object
// that every container of a host receives by reference. Here is who may put an entry into it and
// which entry a consumer takes; rule names are those of webpack's observed behaviour in the docs.
import { compareVersions, parseRange, rangeText, satisfies } from './semver.js';

const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

/**
 * Puts `entry` under its key and version, unless one is there that may stay (rule R-TIE): a loaded
 * one stays always; otherwise the eager one wins, then the greater unique name.
 * @param {object} scope @param {string} key @param {string} version
 * @param {{get: Function, from: string, eager: boolean}} entry
 * @returns {boolean} whether it was put
 */
export function register(scope, key, version, entry) {
  if (!own(scope, key)) scope[key] = {};
  const versions = scope[key];
  const present = own(versions, version) ? versions[version] : undefined;
  if (present) {
    if (present.loaded) return false;
    const wins = Boolean(present.eager) === Boolean(entry.eager)
      ? entry.from > present.from
      : Boolean(entry.eager);
    if (!wins) return false;
  }
  versions[version] = entry;
  return true;
}

const highest = (versions) => versions.reduce((best, version) =>
  (best === undefined || compareVersions(best, version) < 0 ? version : best), undefined);

// W9: the first loaded one that is met stays, else the highest.
const singleton = (entries, versions) => versions.reduce((best, version) =>
  (best === undefined || (!entries[best].loaded && compareVersions(best, version) < 0)
    ? version
    : best), undefined);

/**
 * What a consumer takes. Marks the chosen entry as loaded, as the runtime does before it calls the
 * entry's getter (W15); the getter is left to the caller.
 *
 * @param {object} scope
 * @param {string} scopeName for messages
 * @param {{key: string, shareKey?: string, requiredVersion?: string | false, singleton?: boolean,
 *   strictVersion?: boolean, eager?: boolean, import?: false | unknown}} consumer `import: false`
 *   means that there is no fallback; `strictVersion` is, unless given, true for a consumer that has
 *   a fallback and is no singleton
 * @param {string} [ruleSet]
 * @returns {{outcome: 'shared' | 'fallback' | 'error', rule: string, warnings: string[],
 *   version?: string, entry?: object, message?: string, code?: string}}
 */
export function select(scope, scopeName, consumer, ruleSet = 'webpack') {
  const key = consumer.shareKey ?? consumer.key;
  const range = consumer.requiredVersion || undefined;
  const hasFallback = consumer.import !== false;
  const strict = consumer.strictVersion ?? (hasFallback && !consumer.singleton);
  const warnings = [];
  const fails = (rule, message, code = 'sharedUnavailable') =>
    ({ outcome: 'error', rule, warnings, message, code });
  const falls = (rule) => ({ outcome: 'fallback', rule, warnings });

  if (!scope || !own(scope, key)) {
    return hasFallback
      ? falls('W3')
      : fails('W4', `Shared module ${key} doesn't exist in shared scope ${scopeName}`);
  }
  const entries = scope[key];
  const all = Object.keys(entries);
  // W12: from 5.93 on, what is needed at once is only taken from who can give it at once.
  const onlyEager = Boolean(consumer.eager) && ruleSet !== 'webpack-5.75';
  const versions = onlyEager ? all.filter((version) => entries[version].eager) : all;
  const takes = (rule, version) => {
    const entry = entries[version];
    if (!entry) {
      return fails('W12', `No eager provider of shared module ${key} in shared scope ${scopeName}`,
        'noEagerProvider');
    }
    entry.loaded = 1;
    return { outcome: 'shared', rule, version, entry, warnings };
  };
  // W14: an empty table would be a TypeError in the runtime.
  if (all.length === 0) {
    return fails('W14', `Shared module ${key} has no version in shared scope ${scopeName}`);
  }

  const required = range && rangeText(parseRange(range, ruleSet));
  if (consumer.singleton) {
    const version = singleton(entries, versions);
    if (!range || (version !== undefined && satisfies(range, version, ruleSet))) {
      return takes('W9', version);
    }
    const from = version === undefined ? 0 : entries[version].from;
    const message = `Unsatisfied version ${version ?? 0} from ${from} of shared singleton module `
      + `${key} (required ${required})`;
    if (strict) return fails('W11', message);
    warnings.push(message);
    return takes('W10', version);
  }
  if (!range) return takes('W2', highest(versions));

  const version = highest(versions.filter((one) => satisfies(range, one, ruleSet)));
  if (version !== undefined) return takes('W5', version);
  if (strict && hasFallback) return falls('W7');
  const message = `No satisfying version (${required})${onlyEager ? ' for eager consumption' : ''} `
    + `of shared module ${key} found in shared scope ${scopeName}.\nAvailable versions: `
    + all.map((one) => `${one} from ${entries[one].from}`).join(', ');
  if (strict) return fails('W8', message);
  warnings.push(message);
  return takes('W6', highest(versions));
}
