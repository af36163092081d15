#!/usr/bin/env node
// Writes one project and a webpack configuration that builds it in every way that matters to a
// reader of its output: targets, minifiers, identifiers, file names, kinds of library, of remote
// and of sharing. Each build goes to <out>/dist/<kind>/ with its stats.json.
//
//   kinds.mjs --out DIR
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { out: { type: 'string' } } });
if (!options.out) {
  console.error('usage: kinds.mjs --out DIR');
  process.exit(64);
}
const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(options.out);

const write = async (file, text) => {
  const to = path.join(out, file);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, text);
};

// Packages, each consumed in a way of its own; see `shared` in kinds.cjs.
const packages = {
  plain: '1.2.3', loose: '2.0.1-rc.1', single: '3.4.5', strict: '0.3.1', exact: '0.0.3',
  ranged: '1.5.0', own: '1.0.0', eager: '1.1.1', bare: '', other: '4.0.0',
};
for (const [name, version] of Object.entries(packages)) {
  await write(`node_modules/${name}/package.json`,
    JSON.stringify({ name, main: 'index.js', ...(version ? { version } : {}) }));
  await write(`node_modules/${name}/index.js`, `module.exports = '${name}';\n`);
}
// A package that needs another one: its chunk waits for that.
await write('node_modules/strict/index.js', "module.exports = 'strict ' + require('plain');\n");
await write('node_modules/host-only/package.json', '{"name":"host-only","version":"9.0.0"}');
await write('node_modules/host-only/index.js', 'module.exports = 9;\n');
await write('package.json', JSON.stringify({
  name: 'kinds',
  dependencies: {
    plain: '^1.2.0', loose: '~2.0', single: '3.x || >=4.1 <5', strict: '^0.3.0', exact: '^0.0.3',
    ranged: '1.0.0 - 2', own: '*', eager: '1.1.1', other: '>3', 'host-only': '^9.0.0',
  },
}));

await write('src/Button.js', [
  "import plain from 'plain';", "import single from 'single';", "import loose from 'loose';",
  "import item from 'shop/Item';", "export default () => [plain, single, loose, item];",
  'export const later = () => import(/* webpackChunkName: "lazy-part" */ \'./Lazy\');', ''].join('\n'));
await write('src/Lazy.js', [
  "import strict from 'strict';", "import exact from 'exact';",
  "export default [strict, exact];", "export const more = () => import('shop/Late');", ''].join('\n'));
await write('src/Panel.js', [
  "import ranged from 'ranged';", "import bare from 'bare';", "import other from 'other';",
  "import hostOnly from 'host-only';", "import picture from './picture.svg';",
  "export default [ranged, bare, other, hostOnly, picture];",
  "export const lock = (name) => import(`./words/${name}.js`);", ''].join('\n'));
await write('src/words/one.js', "export default 1;\n");
await write('src/words/two.js', "export default 2;\n");
await write('src/picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>\n');
await write('src/Plain.js', "export default 'plain';\n");
await write('src/Side.js', "globalThis.side = 1;\n");
await write('src/Eager.js', "import eager from 'eager';\nexport default eager;\n");
await write('src/Worker.js',
  "export default () => new Worker(new URL('./worker-code.js', import.meta.url));\n");
await write('src/worker-code.js', "import plain from 'plain';\nself.postMessage(plain);\n");
await write('src/Wasm.js', "export default () => fetch(new URL('./answer.wasm', import.meta.url));\n");
// (module (func (export "answer") (result i32) i32.const 42))
await write('src/answer.wasm', Buffer.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 10, 1, 6, 0x61, 0x6e,
  0x73, 0x77, 0x65, 0x72, 0, 0, 10, 6, 1, 4, 0, 0x41, 42, 0x0b]));
await write('src/Styled.js', "import './styled.css';\nexport default 'styled';\n");
await write('src/styled.css', '.styled { background: url(./picture.svg); }\n');
await write('src/main.js', "import('./Plain');\n");

await write('webpack.config.cjs', [
  `const { kinds } = require(${JSON.stringify(path.join(here, 'kinds.cjs'))});`,
  `module.exports = kinds(${JSON.stringify(out)});`, ''].join('\n'));
