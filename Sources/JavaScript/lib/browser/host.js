// Hosts in pages: containers by script, files over HTTP.
import { Host } from '../host.js';
import { hostSettings } from '../settings.js';
import { GatewaySource } from './gateway-source.js';
import { PageSource } from './page-source.js';

/** The daemon's gateway where one is named, the origins otherwise. */
async function openSource(settings, _, warn) {
  const { remotes, origins, gateway } = settings;
  const places = new Map([...remotes, ...origins].map(([name]) =>
    [name, remotes.get(name) ?? origins.get(name)]).filter(([, place]) => place));
  const page = new PageSource(places, [...remotes.keys()].filter((name) => places.has(name)),
    settings);
  return gateway ? new GatewaySource(gateway, page, settings, warn) : page;
}

// Containers of a page reach each other without this library, and a container takes one scope
// object only: here it is the scope itself.
const views = { raw: (value) => value, open: (scope) => scope, learn() {}, settle() {} };

const platform = () => ({
  name: 'a page',
  targets: ['web', 'module'],
  page: document.baseURI,
  print: (line) => console.warn(line),
  openSource,
  world: () => ({ views, runEntry: (_, container) => container }),
});

/** @param {object} options see browser.d.ts */
export function createHost(options = {}) {
  const here = platform();
  const { gateway, nonce, crossOrigin } = options;
  return new Host({
    ...hostSettings(options, here),
    gateway: gateway && new URL(gateway, here.page).href.replace(/\/+$/, ''),
    nonce,
    crossOrigin,
  }, here);
}
