#!/usr/bin/env node
// Writes the fixture applications: a grocer's shell, catalog and cart, each host and remote, two
// plain hosts, and a second version of the catalog.
//
//   generate.mjs --seed N --react DIR --out DIR
//
// --react names the folder that holds the packages react, react-dom and scheduler. The seed decides
// names, versions, exposes and texts. Written into the output folder are
//   fixtures.json        what everything is called this time, for whoever runs it
//   sources/<name>/      a webpack project per application and host
//   second/<catalog>/    the catalog's second version: same file names, other content, one chunk
//                        and one language less, another language more
//   node_modules/        react, for all of them
//   webpack.config.cjs   one webpack run over it builds dist/<name>/{web,node} and
//                        dist-second/<catalog>/{web,node}
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { png } from './picture.mjs';

const { values: options } = parseArgs({
  options: { seed: { type: 'string' }, react: { type: 'string' }, out: { type: 'string' } },
});
const seed = Number(options.seed);
if (!options.seed || !Number.isInteger(seed) || !options.react || !options.out) {
  console.error('usage: generate.mjs --seed N --react DIR --out DIR');
  process.exit(64);
}
const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(options.out);

// A generator of our own (a Weyl sequence through two multiply-and-shift rounds): the same seed
// gives the same fixtures under every Node, and neighbouring seeds give different ones.
let state = seed >>> 0;
const random = (limit) => {
  state = (state + 0x9e3779b9) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
};
const pick = (list) => list[random(list.length)];
const colour = () => `#${(random(0xffffff) + 1).toString(16).padStart(6, '0')}`;

const shell = pick(['shell', 'portal', 'front', 'lobby']);
const catalog = pick(['catalog', 'pantry', 'wares', 'stock']);
const cart = pick(['cart', 'basket', 'trolley', 'hamper']);
const kiosk = pick(['kiosk', 'stand', 'booth']);
const site = pick(['site', 'window', 'board']);
const price = pick(['price-format', 'price-tag', 'cents']);
const visits = pick(['visit-log', 'guest-book', 'door-bell']);
const editions = pick([['spring', 'autumn'], ['summer', 'winter'], ['morning', 'evening']]);

// The last part of the key is the expose's, the rest the file that it stands for.
const exposes = {
  shell: {
    ShellRender: ['./src/render.js', pick(['render', 'view', 'html'])],
    ShellRoute: ['./src/route.js', pick(['route', 'hours', 'pages/hours'])],
    Frame: ['./src/Frame.js', pick(['Frame', 'Layout', 'parts/Frame'])],
  },
  catalog: {
    CatalogRender: ['./src/render.js', pick(['render', 'view', 'html'])],
    CatalogRoute: ['./src/route.js', pick(['route', 'details', 'pages/details'])],
    Shelf: ['./src/Shelf.js', pick(['Shelf', 'Rack', 'Aisle'])],
    Product: ['./src/Product.js', pick(['Product', 'Item', 'parts/Product'])],
    Labels: ['./src/labels.js', pick(['labels', 'texts/labels', 'words'])],
    Promotion: ['./src/Promotion.js', 'Promotion'],
  },
  cart: {
    CartRender: ['./src/render.js', pick(['render', 'view', 'html'])],
    CartRoute: ['./src/route.js', pick(['route', 'checkout', 'pages/checkout'])],
    Summary: ['./src/Summary.js', pick(['Summary', 'Bill', 'Receipt'])],
    AddButton: ['./src/AddButton.js', pick(['AddButton', 'Add', 'parts/Add'])],
    Promotion: ['./src/Promotion.js', 'Promotion'],
  },
};

const version = (major, least = 0) => `${major}.${least + random(4)}.${random(10)}`;
const versions = { [shell]: version(1), [catalog]: version(2), [cart]: version(0, 3) };
const reactVersion = JSON.parse(
  await readFile(path.join(options.react, 'react/package.json'), 'utf8'),
).version;

const fruits = ['Quinces', 'Medlars', 'Pears', 'Plums', 'Damsons', 'Rhubarb', 'Sorrel', 'Chicory'];
const goods = () => [0, 1, 2].map((part) =>
  ({ name: fruits[(part * 3 + random(3)) % fruits.length], cents: 90 + random(900) }));

const words = {
  shell,
  catalog,
  cart,
  price,
  visits,
  shellVersion: versions[shell],
  town: pick(['Harbour', 'Millbrook', 'Northgate', 'Fairfield']),
  hours: pick(['Open from seven to noon', 'Open until the bells ring', 'Closed on Thursdays']),
  caption: pick(['Fresh today', 'From the garden', 'Just unpacked']),
  details: pick(['Keep cool', 'Ripens at home', 'Best eaten soon']),
  origin: pick(['Grown up the hill', 'Brought by boat', 'From next door']),
  basket: pick(['Your basket', 'Packed for you', 'At the till']),
  gift: pick(['A paper bag', 'A string of onions', 'A sprig of mint']),
  checkout: pick(['Pay in coins', 'Pay at the door', 'Put it on the slate']),
  delivery: String(150 + random(400)),
};
for (const group of Object.values(exposes)) {
  for (const [key, [, name]] of Object.entries(group)) words[key] = name;
}

const fill = (text, more) => text.replace(/\{\{(\w+)\}\}/g, (whole, key) => {
  const value = more[key] ?? words[key];
  if (value === undefined) throw new Error(`the template names ${whole}, which has no value`);
  return value;
});

/** Copies a template folder into a project, placeholders filled. */
const place = async (template, folder, more) => {
  const root = path.join(here, 'template', template);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = path.join(entry.parentPath ?? entry.path, entry.name);
    const to = path.join(folder, path.relative(root, from));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, fill(await readFile(from, 'utf8'), more));
  }
};
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

// What each project depends on: our packages with the version that lies in its own node_modules.
const minor = 3 + random(3);
const brought = {
  [shell]: { [price]: ['^1.0.0', version(1)], [visits]: ['^1.0.0', version(1)] },
  [catalog]: { [price]: ['^2.0.0', version(2)], [visits]: ['1.x', version(1, minor)] },
  [cart]: { [price]: ['^1.1.0', version(1, 1 + minor)], [visits]: ['>=1.0.0 <2', version(1)] },
  [kiosk]: {},
  [site]: { [price]: ['^1.0.0', version(1, 20)] },
};
const reactRanges = { [shell]: '^18.0.0', [catalog]: '>=18.1.0 <19', [cart]: '18.x' };

const writeProject = async (folder, name, templates, more) => {
  for (const template of templates) await place(template, folder, more);
  const dependencies = { ...(reactRanges[name] && { react: reactRanges[name] }) };
  for (const [key, [range, exact]] of Object.entries(brought[name])) {
    dependencies[key] = range;
    const home = path.join(folder, 'node_modules', key);
    const template = key === visits ? 'visits' : `price-${exact[0]}`;
    await place(`packages/${template}`, home, { owner: name, version: exact });
    await writeFile(path.join(home, 'package.json'),
      json({ name: key, version: exact, main: './index.js' }));
  }
  await writeFile(path.join(folder, 'package.json'),
    json({ name, version: more.version ?? '1.0.0', private: true, dependencies }));
};

for (const folder of ['sources', 'second', 'node_modules']) {
  await rm(path.join(out, folder), { recursive: true, force: true });
}
// A production build reads nothing else of them.
const unread = /development|profiling|test-utils|umd|unstable/;
for (const key of ['react', 'react-dom', 'scheduler']) {
  await cp(path.join(options.react, key), path.join(out, 'node_modules', key), {
    recursive: true,
    filter: (source) => !unread.test(path.basename(source)),
  });
}

const plain = { edition: editions[0] };
await writeProject(path.join(out, 'sources', shell), shell, ['shell'],
  { ...plain, colour: colour(), version: versions[shell] });
await writeProject(path.join(out, 'sources', cart), cart, ['cart'],
  { ...plain, colour: colour(), version: versions[cart] });
await writeProject(path.join(out, 'sources', kiosk), kiosk, ['kiosk'], plain);
await writeProject(path.join(out, 'sources', site), site, ['site'], plain);

const secondVersion = `${Number(versions[catalog].split('.')[0]) + 1}.0.0`;
const catalogs = [
  [path.join(out, 'sources', catalog), ['catalog'], editions[0], versions[catalog]],
  [path.join(out, 'second', catalog), ['catalog', 'catalog-second'], editions[1], secondVersion],
];
for (const [folder, templates, edition, exact] of catalogs) {
  const paint = colour();
  await writeProject(folder, catalog, templates,
    { edition, goods: json(goods()).trim(), colour: paint, version: exact });
  await writeFile(path.join(folder, 'src/route/details.png'), png(paint));
}
// What the second version no longer has.
for (const gone of ['src/locales/fr.js', 'src/route/Origins.js']) {
  await rm(path.join(out, 'second', catalog, gone));
}

const exposed = (role) => Object.fromEntries(
  Object.values(exposes[role]).map(([file, key]) => [`./${key}`, file]));
const shared = (name) => ({
  ...(reactRanges[name] && {
    react: { singleton: true, requiredVersion: reactRanges[name] },
    'react-dom/server': { singleton: true, requiredVersion: reactRanges[name] },
  }),
  ...Object.fromEntries(Object.entries(brought[name]).map(([key, [range]]) =>
    [key, { requiredVersion: range, ...(key === visits && { singleton: true }) }])),
});

const remotes = {
  [shell]: [catalog, cart],
  [catalog]: [shell, cart],
  [cart]: [shell, catalog],
  [kiosk]: [shell, catalog],
  [site]: [cart, catalog],
};
const roles = { [shell]: 'shell', [catalog]: 'catalog', [cart]: 'cart' };
const project = (name, sources, dist) => ({
  name,
  context: path.join(out, sources, name),
  dist: path.join(out, dist, name),
  exposes: roles[name] ? exposed(roles[name]) : {},
  remotes: remotes[name],
  shared: shared(name),
  targets: roles[name] ? ['web', 'node'] : ['node'],
});
const projects = [
  ...Object.keys(remotes).map((name) => project(name, 'sources', 'dist')),
  project(catalog, 'second', 'dist-second'),
];

await writeFile(path.join(out, 'webpack.config.cjs'), `'use strict';
const { applications } = require(${JSON.stringify(path.join(here, 'applications.cjs'))});

module.exports = applications(${JSON.stringify(projects, undefined, 2)});
`);

const keys = (role) => Object.fromEntries(
  Object.entries(exposes[role]).map(([key, [, name]]) => [key, `./${name}`]));
await writeFile(path.join(out, 'fixtures.json'), json({
  seed,
  apps: {
    shell: { name: shell, version: versions[shell], exposes: keys('shell') },
    catalog: { name: catalog, version: versions[catalog], exposes: keys('catalog') },
    cart: { name: cart, version: versions[cart], exposes: keys('cart') },
  },
  second: {
    app: 'catalog',
    version: secondVersion,
    editions: { first: editions[0], second: editions[1] },
    languages: { both: ['en', 'de'], first: ['fr'], second: ['nl'] },
  },
  hosts: {
    kiosk: {
      name: kiosk,
      remotes: remotes[kiosk],
      render: { app: 'shell', expose: words.ShellRender, promotions: [cart, catalog] },
      routes: [
        { app: 'catalog', expose: words.CatalogRoute },
        { app: 'shell', expose: words.ShellRoute },
      ],
      shared: {},
    },
    site: {
      name: site,
      remotes: remotes[site],
      render: { app: 'cart', expose: words.CartRender, appendix: Number(words.delivery) },
      routes: [
        { app: 'cart', expose: words.CartRoute },
        { app: 'catalog', expose: words.CatalogRoute },
      ],
      shared: {
        [price]: {
          version: brought[site][price][1],
          requiredVersion: brought[site][price][0],
          file: `sources/${site}/node_modules/${price}/index.js`,
        },
      },
    },
  },
  packages: { react: reactVersion, price, visits, brought },
}));
