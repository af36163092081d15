import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as browser from '../browser.js';
import * as node from '../index.js';
import { Host } from '../lib/host.js';

const library = fileURLToPath(new URL('..', import.meta.url));
const compiler = [process.env.LARDER_TSC, '/usr/bin/tsc'].find((file) => file && existsSync(file));

// Every member that there is, used as declared; `wrong` is what has to be refused.
const program = `
import { createHost, LarderError } from '${library}index.js';
import { createHost as createPageHost } from '${library}browser.js';
import { LarderPlugin } from '${library}plugin.cjs';

export async function all(): Promise<void> {
  const host = createHost({ name: 'shell', uniqueName: 's', remotes: { nav: 'https://cdn/nav/' },
    origins: { cart: { url: 'https://cdn/', entry: 'cart.js' } }, target: 'node', socket: false,
    shared: { react: [{ version: '18.0.0', import: () => ({}) }, { module: 1, eager: true }] },
    ruleSet: 'webpack-5.75', timeoutMs: 1, from: '.', strict: true, overrides: false,
    onWarning: ({ code, message }) => { const text: string = code + message; void text; } });
  const factory = await host.get<{ text: string }>('nav', './Header');
  const text: string = factory().text;
  const header = await host.load<number>('nav/Header', { fallback: async () => 3 });
  const count: number = header;
  await host.loadShared('react', { singleton: true, requiredVersion: '^18.0.0' });
  await host.getShared('react');
  await host.override({ lib: { get: () => () => 1 } });
  const container = host.container('nav');
  await container.ready();
  await container.init({}, []);
  (await container.get('./Header'))();
  const plan = await host.plan(['nav/Header', { remote: 'nav', expose: './Footer' }]);
  const files: (string | null | undefined)[] = plan.files.map(({ digest }) => digest);
  const imported = plan.imports?.map(({ from, to }) => plan.modules?.[from].files[to]);
  const end: () => void = host.watch('nav', ({ release, previous }) => release ?? previous,
    { channel: 'next' });
  const bytes: number = (await host.asset('nav', 'a.css')).byteLength;
  const { mode, frames } = host.statistics();
  const order: string[] = host.observed.executed;
  await host.close();
  const page = createPageHost({ name: 'page', gateway: '/', nonce: 'n', crossOrigin: 'anonymous',
    target: 'module', remotes: { nav: { url: '/nav/', global: 'navigation', type: 'script' } } });
  const asset: Uint8Array = await page.asset('nav', 'a.css');
  new LarderPlugin({ name: 'nav', publish: true, remotes: false, gateway: '/', socket: false });
  try { await page.load('nav/Header'); } catch (error) {
    if (error instanceof LarderError) console.log(error.code, error.remedy, error.remote);
  }
  console.log(text, count, files, imported, end, bytes, mode, frames, order, asset, host.name,
    host.differences);
}
`;
const wrong = [
  "createHost({});", "createHost({ name: 'a', target: 'web' });",
  "createPageHost({ name: 'a', target: 'node' });", "new LarderPlugin({ publsh: true });",
  "createHost({ name: 'a' }).load('b/C', { fallback: 3 });",
  "createHost({ name: 'a' }).watch('b', 3);",
];

test('the declarations name what there is', () => {
  const members = Object.getOwnPropertyNames(Host.prototype);
  for (const member of members) {
    if (member !== 'constructor') assert.match(program, new RegExp(`\\b(host|page)\\.${member}\\b`));
  }
  assert.deepEqual(Object.keys(node), Object.keys(browser));
});

test('the declarations hold what uses them, and refuse what is wrong', {
  skip: compiler ? false : 'there is no tsc: apt-get install node-typescript, or name it in LARDER_TSC',
}, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'larder-types-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'program.mts');
  const check = (text) => writeFile(file, text).then(() => promisify(execFile)(process.execPath,
    [compiler, '--noEmit', '--strict', '--target', 'es2022', '--module', 'node16',
      '--moduleResolution', 'node16', '--lib', 'es2022,dom', file]))
    .then(() => '', ({ stdout }) => stdout);
  const buffer = 'declare global { interface Buffer extends Uint8Array {} }\n';
  assert.equal(await check(buffer + program), '');
  const imports = program.slice(0, program.indexOf('export'));
  const said = await check(`${buffer}${imports}${wrong.join('\n')}\nexport {};`);
  const lines = new Set([...said.matchAll(/program\.mts\((\d+)/g)].map(([, line]) => line));
  assert.equal(lines.size, wrong.length, said);
});
