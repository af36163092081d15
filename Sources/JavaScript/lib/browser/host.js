// Hosts in pages: containers by script, files over HTTP.
import { Host } from '../host.js';
import { hostSettings } from '../settings.js';
import { GatewaySource } from './gateway-source.js';
import { PageSource } from './page-source.js';
import { PageViews } from './page-views.js';

/** The daemon's gateway where one is named, the origins otherwise. */
function openSource(settings, warn, views) {
  const { remotes, origins, gateway } = settings;
  const places = new Map([...remotes, ...origins].map(([name]) =>
    [name, remotes.get(name) ?? origins.get(name)]).filter(([, place]) => place));
  const page = new PageSource(places, [...remotes.keys()].filter((name) => places.has(name)),
    settings, views);
  return gateway ? new GatewaySource(gateway, page, settings, warn) : page;
}

function platform() {
  const views = new PageViews();
  return {
    name: 'a page',
    targets: ['web', 'module'],
    page: document.baseURI,
    print: (line) => console.warn(line),
    openSource: async (settings, _, warn) => openSource(settings, warn, views),
    world: () => ({ views, runEntry: (_, container) => container }),
  };
}

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
