// A host process of the demo: does what a host's own boot module does in the fixtures, by the Node
// host library, when the demo tells it to. The first message says who it is; docs in
// host-process.mjs.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createHost } from '../../Sources/JavaScript/index.js';

const require = createRequire(import.meta.url);

let facts;
let host;
let renderMilliseconds = 0;

const start = ({ name, remotes, origins, shared, strict }) => {
  host = createHost({
    name,
    remotes,
    origins,
    shared: Object.fromEntries(Object.entries(shared).map(([key, { file, ...rest }]) =>
      [key, { ...rest, import: () => require(file) }])),
    strict,
  });
};

const request = ({ remote, expose }) => ({ remote, expose });

const verbs = {
  begin(given) {
    facts = given;
    start(given);
  },

  /** The page, as the host's boot module makes it. */
  async render() {
    const { render, language, promotion, appendix } = facts;
    const begun = performance.now();
    // A static import of the boot module: it is there before anything else of it runs.
    const format = appendix && (await host.loadShared(appendix.key)).format;
    const page = await host.load(request(render));
    let html = await page.default(language, promotion);
    if (format) html += `<hr>${format(appendix.cents)}`;
    renderMilliseconds = performance.now() - begun;
    return html;
  },

  /** The page of a lazy route. */
  async route(remote) {
    const route = facts.routes.find((one) => one.remote === remote);
    return (await host.load(request(route))).openRoute(facts.language);
  },

  async asset({ remote, path }) {
    const bytes = await host.asset(remote, path);
    return createHash('sha256').update(bytes).digest('hex');
  },

  /** One plan of everything that this host may ask for; null without a daemon. */
  async plan() {
    if (host.statistics().mode !== 'daemon') return null;
    return host.plan([facts.render, ...facts.routes].map(request));
  },

  report() {
    return {
      order: globalThis.__order ?? [],
      reacts: globalThis.__reacts?.size ?? 0,
      observed: host.observed,
      differences: host.differences,
      statistics: host.statistics(),
      milliseconds: renderMilliseconds,
    };
  },

  async close() {
    await host?.close();
    process.disconnect();
  },
};

process.on('message', async ({ id, verb, given }) => {
  try {
    const result = await verbs[verb](given);
    if (process.connected) process.send({ id, result });
  } catch (error) {
    process.send({ id, error: { code: error.code, message: error.message, stack: error.stack } });
  }
});
// The demo has gone: nobody is left to work for.
process.on('disconnect', () => process.exit());
