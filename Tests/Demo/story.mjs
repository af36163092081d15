// What the demo plays: the fixtures of one seed, and what they give under webpack's own runtime.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const fixtures = fileURLToPath(new URL('../Fixtures', import.meta.url));
const run = promisify(execFile);
const language = 'de';

/** Builds the fixtures, or takes what was built before, and runs both hosts under webpack. */
export async function prepare(seed) {
  const { stdout } = await run(path.join(fixtures, 'build'), ['apps', '--seed', String(seed)]);
  const folder = stdout.trim();
  const names = JSON.parse(await readFile(path.join(folder, 'fixtures.json'), 'utf8'));
  const parts = { kiosk: part(names, 'kiosk', folder), site: part(names, 'site', folder) };
  const references = {};
  await Promise.all(['dist', 'dist-second'].flatMap((dist) => Object.keys(parts).map(
    async (role) => {
      references[`${dist} ${role}`] = await reference(path.join(folder, dist), parts[role]);
    })));
  return {
    parts,
    remotes: Object.values(names.apps).map(({ name }) => name),
    catalog: names.apps.catalog.name,
    shell: names.apps.shell.name,
    first: (remote) => path.join(folder, 'dist', remote),
    second: (remote) => path.join(folder, 'dist-second', remote),
    expected: (deploy, role) =>
      references[`${deploy === 'first' ? 'dist' : 'dist-second'} ${role}`],
  };
}

function part(names, role, folder) {
  const { name, remotes, render, routes, shared } = names.hosts[role];
  const nameOf = (app) => names.apps[app].name;
  const promotion = names.apps.cart.name;
  const [key] = Object.keys(shared);
  return {
    role,
    name,
    remotes,
    language,
    shared: Object.fromEntries(Object.entries(shared).map(([package_, facts]) =>
      [package_, { ...facts, file: path.join(folder, facts.file) }])),
    page: {
      request: `${nameOf(render.app)}/${render.expose}`,
      args: role === 'kiosk' ? [language, promotion] : [language],
      appendix: key && { key, value: render.appendix },
    },
    routes: Object.fromEntries(
      routes.map(({ app, expose }) => [nameOf(app), `${nameOf(app)}/${expose}`])),
  };
}

async function reference(dist, { name, page }) {
  const { stdout } = await run(process.execPath, [
    path.join(fixtures, 'reference.cjs'), dist, name, '--variant', 'node', ...page.args]);
  const { result, order } = JSON.parse(stdout);
  return { ...result, order };
}
