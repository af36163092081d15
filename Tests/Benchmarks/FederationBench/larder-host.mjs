// A process that renders the fixtures' page through Larder, and sends its parent how long it took.
import { createRequire } from 'node:module';
import { createHost } from '../../../Sources/JavaScript/index.js';

const { name, remotes, render, shared, language, promotion } = JSON.parse(process.env.FACTS);
const require = createRequire(import.meta.url);

const begun = performance.now();
const host = createHost({
  name,
  remotes,
  shared: Object.fromEntries(Object.entries(shared).map(([key, { file, ...rest }]) =>
    [key, { ...rest, import: () => require(file) }])),
});
const page = await host.load(render);
const html = await page.default(language, promotion);
const milliseconds = performance.now() - begun;
await host.close();
process.send({ milliseconds, html, mode: host.statistics().mode });
process.disconnect();
