'use strict';

// The remotes of a configuration as lists of locations: Larder first, then the origin. webpack asks
// one after the other until one gives a container.

/** How webpack writes a type before a location: `promise new Promise(…)`. */
const typed = /^([a-z0-9-]+) ([^]*)$/;
const scriptLocation = /^([^@]+|@[^@]+)@(.+)$/s;
/** Types whose location is the name by which a host has the container. */
const naming = /^(commonjs|commonjs2|commonjs-module|commonjs-static|node-commonjs)$/;
const bareName = /^(@[^/@:]+\/)?[^./@:][^/@:]*$/;

/**
 * @param {string} text as configured @param {string} remoteType of the configuration
 * @returns {{type: string, location: string}}
 */
function parseLocation(text, remoteType) {
  const found = typed.exec(text);
  return found ? { type: found[1], location: found[2] } : { type: remoteType, location: text };
}

/** The name of the container at a location, and its URL; undefined where the location has none. */
function parts({ type, location }) {
  if (type === 'script') {
    const [, name, url] = scriptLocation.exec(location) ?? [];
    return { name, url };
  }
  return { name: naming.test(type) && bareName.test(location) ? location : undefined };
}

const itemOf = (value) => (typeof value === 'string' || Array.isArray(value)
  ? { external: value } : value);

/** Keys and items of every form in which webpack takes remotes. */
function listed(remotes = {}) {
  if (!Array.isArray(remotes)) return Object.entries(remotes);
  return remotes.flatMap((item) => (typeof item === 'string' ? [[item, item]]
    : Object.entries(item)));
}

/**
 * @param {object | Array} remotes as ModuleFederationPlugin takes them
 * @param {{remoteType: string, node: boolean, gateway?: string}} build `node`: whether it runs in
 *   Node; `gateway`: where pages find the daemon
 * @returns {{remotes: object, names: Record<string, string | null>}} the same with lists of
 *   locations, and the registered names with the URLs of their origins
 */
function fallbackLists(remotes, { remoteType, node, gateway }) {
  const names = {};
  const lists = listed(remotes).map(([key, value]) => {
    const { external, ...rest } = itemOf(value);
    const locations = [external].flat();
    const known = locations.map((text) => parts(parseLocation(text, remoteType)));
    const name = known.find((one) => one.name)?.name ?? key;
    const url = known.find((one) => one.url)?.url ?? null;
    if (node) names[name] = url;
    const first = node ? `commonjs-module ${name}`
      : gateway && known[0].url && `script ${name}@${gateway}/remotes/${name}/remoteEntry.js`;
    if (!first) return [key, value];
    // No script element is there in Node: the host library loads what lies at the URL.
    const others = locations.map((text, index) => (node && known[index].url
      ? `commonjs-module ${known[index].name}@${known[index].url}` : text));
    const isSame = (text) => {
      const { type, location } = parseLocation(text, remoteType);
      return node ? naming.test(type) && location === name : text === first;
    };
    return [key, { ...rest, external: [first, ...others.filter((text) => !isSame(text))] }];
  });
  return { remotes: Object.fromEntries(lists), names };
}

module.exports = { fallbackLists };
