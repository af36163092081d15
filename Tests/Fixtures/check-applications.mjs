#!/usr/bin/env node
// Runs built fixture applications under webpack's own runtime and checks that they exercise what
// they are for.
//
//   check-applications.mjs DIR          a folder that `build apps` printed
//
// Prints one line per claim; exits with 1 if one does not hold.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: check-applications.mjs DIR');
  process.exit(64);
}
const reference = path.join(path.dirname(fileURLToPath(import.meta.url)), 'reference.cjs');
const fixtures = JSON.parse(readFileSync(path.join(folder, 'fixtures.json'), 'utf8'));
const { apps, hosts, packages, second } = fixtures;

const run = (dist, app, ...given) => JSON.parse(execFileSync(process.execPath,
  [reference, path.join(folder, dist), app, '--variant', 'node', ...given]));
let failed = 0;
const claim = (text, holds) => {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${text}`);
  failed += holds ? 0 : 1;
};
const files = (dist, app, target) => readdirSync(path.join(folder, dist, app, target),
  { recursive: true }).map(String).filter((file) => /\.\w+$/.test(file));
const digest = (...parts) =>
  createHash('sha256').update(readFileSync(path.join(folder, ...parts))).digest('hex');

const kiosk = run('dist', hosts.kiosk.name, 'de', apps.cart.name);
const site = run('dist', hosts.site.name, 'en');
const catalog = apps.catalog.name;
for (const [name, seen] of [['kiosk', kiosk], ['site', site]]) {
  claim(`${name}: one React is met`, seen.reacts === 1);
  claim(`${name}: the singleton executes once`, seen.result.html.includes(' in 1 log'));
  claim(`${name}: no warning`, seen.warnings.length === 0);
  claim(`${name}: no module executes twice`, new Set(seen.order).size === seen.order.length);
  claim(`${name}: entries of all three`, seen.entries.length === 3);
  const majors = new Set(seen.order.filter((line) => line.includes(`:${packages.price}@`))
    .map((line) => line.split('@')[1].split('.')[0]));
  claim(`${name}: both majors of ${packages.price} execute`, majors.has('1') && majors.has('2'));
  claim(`${name}: the lazy route names its CSS and image`,
    /details\.css.*details\.png/.test(seen.result.routes[catalog]));
}
claim('kiosk: the nested remote is asked for by its user, not by the host',
  kiosk.entries.some(({ container, askedBy }) =>
    container === apps.cart.name && askedBy !== hosts.kiosk.name));
claim('kiosk: the circle resolves; the caption comes through the other application',
  kiosk.result.html.includes(`(${second.editions.first} edition): <strong`));
claim('kiosk: the promotion is chosen at run time',
  kiosk.order.includes(`${apps.cart.name}:Promotion`) &&
  run('dist', hosts.kiosk.name, 'de', catalog).order.includes(`${catalog}:Promotion`));
claim('kiosk: the language is chosen at run time, one chunk each',
  kiosk.order.filter((line) => line.includes(':locales/')).join() ===
    `${apps.shell.name}:locales/de`);
claim("site: its own package serves the others of that major",
  site.order[0] === `${hosts.site.name}:${packages.price}@${
    hosts.site.shared[packages.price].version}` &&
  !site.order.some((line) => line.startsWith(`${apps.cart.name}:${packages.price}@`)));
for (const app of Object.values(apps)) {
  const own = run('dist', app.name, 'en', catalog);
  claim(`${app.name} is a host as well: one React, a route`,
    own.reacts === 1 && Boolean(own.result.routes[app.name]));
}

const later = run('dist-second', hosts.kiosk.name, 'de', apps.cart.name);
claim('second version: its edition shows in the page and in the lazy route',
  later.result.html.includes(second.editions.second) &&
  !later.result.html.includes(second.editions.first) &&
  later.result.routes[catalog].includes(second.editions.second));
for (const target of ['web', 'node']) {
  const before = files('dist', catalog, target);
  const after = files('dist-second', catalog, target);
  const gone = before.filter((file) => !after.includes(file));
  const changed = before.filter((file) => after.includes(file) &&
    digest('dist', catalog, target, file) !== digest('dist-second', catalog, target, file));
  claim(`second version, ${target}: the chunks origins and fr-js are gone`,
    gone.sort().join() === 'fr-js.js,origins.js');
  claim(`second version, ${target}: entry, route, CSS and image change under the same names`,
    ['remoteEntry.js', 'route.js', 'assets/details.css', 'assets/details.png']
      .every((file) => changed.includes(file)));
  claim(`second version, ${target}: other files keep their bytes`,
    changed.length < before.length - gone.length);
}
for (const app of Object.values(apps)) {
  for (const target of ['web', 'node']) {
    const stats = JSON.parse(
      readFileSync(path.join(folder, 'dist', app.name, target, 'stats.json'), 'utf8'));
    claim(`${app.name} ${target}: stats.json names files that are there`,
      stats.assets.length > 8 && stats.assets.every(({ name }) =>
        existsSync(path.join(folder, 'dist', app.name, target, name))));
  }
}
process.exit(failed ? 1 : 0);
