// One host process of the demo: plays kiosk or site with the Node host library, as its parent asks.
// Messages are {call, ...}; each is answered with {value} or {error}.
import { createRequire } from 'node:module';
import { createHost } from '../../Sources/JavaScript/index.js';

const require = createRequire(import.meta.url);
const warnings = [];
let host;

const calls = {
  /** {name, remotes, shared, socket} */
  open({ name, remotes, origins, shared, socket }) {
    const packages = Object.entries(shared).map(([key, { version, requiredVersion, file }]) => [
      key, { version, requiredVersion, get: () => () => require(file) }]);
    host = createHost({
      name, remotes, origins, socket, shared: Object.fromEntries(packages),
      onWarning: ({ code, message }) => warnings.push({ code, message }),
    });
  },
  /** Loads a module and renders it; a package of the host's own executes first, as in its build. */
  async page({ request, args, appendix }) {
    const format = appendix && (await host.loadShared(appendix.key)).format;
    const { default: render } = await host.load(request);
    const html = await render(...args);
    return appendix ? `${html}<hr>${format(appendix.value)}` : html;
  },
  /** Takes a lazy route. */
  async route({ request, language }) {
    return (await host.load(request)).openRoute(language);
  },
  async asset({ remote, path }) {
    return (await host.asset(remote, path)).toString('base64');
  },
  /** What happened so far. */
  async report() {
    const { mode, origin, daemon, files, entries } = host.statistics();
    const { releases } = mode === 'daemon' ? await releasesOf() : { releases: {} };
    return { mode, origin, daemon, files, entries, releases, warnings,
      order: globalThis.__order ?? [], reacts: globalThis.__reacts?.size ?? 0,
      differences: host.differences };
  },
  async close() {
    await host.close();
    process.disconnect();
  },
};

async function releasesOf() {
  const { containers } = await host.plan([]);
  return { releases: Object.fromEntries(containers.map(({ name, release }) => [name, release])) };
}

process.on('message', async ({ call, ...given }) => {
  // Its answer is the end of the process.
  if (call === 'close') return calls.close();
  try {
    process.send({ value: await calls[call](given) });
  } catch (error) {
    process.send({ error: `${error.code ?? error.name}: ${error.message}` });
  }
});
