// The built applications, and what their hosts do under webpack's own runtime.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folderOfFixtures = fileURLToPath(new URL('../Fixtures/', import.meta.url));
const language = { kiosk: 'de', site: 'en' };

export class Fixtures {
  /** Builds, unless the same was built before. @returns {Promise<Fixtures>} */
  static async build(seed) {
    const { stdout, stderr } = await run(path.join(folderOfFixtures, 'build'),
      ['apps', '--seed', String(seed)]);
    const folder = stdout.trim();
    const facts = JSON.parse(await readFile(path.join(folder, 'fixtures.json'), 'utf8'));
    return new Fixtures(folder, facts, stderr.trim() !== '');
  }

  constructor(folder, facts, fresh) {
    this.folder = folder;
    this.facts = facts;
    /** Whether it was built just now. */
    this.fresh = fresh;
  }

  get applications() {
    return Object.values(this.facts.apps).map(({ name }) => name);
  }

  get catalog() {
    return this.facts.apps.catalog.name;
  }

  /** What an application has deployed. @param {'dist' | 'dist-second'} deploy */
  deployed(application, deploy = 'dist') {
    return path.join(this.folder, deploy, application);
  }

  /** SHA-256 of a file of the catalog's Node build, in hexadecimal. */
  async digest(deploy, file) {
    const bytes = await readFile(path.join(this.deployed(this.catalog, deploy), 'node', file));
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** The facts of a host, as host-process.mjs wants them. @param {'kiosk' | 'site'} role */
  host(role) {
    const { apps, hosts, packages } = this.facts;
    const { name, remotes, render, routes, shared } = hosts[role];
    return {
      name,
      remotes,
      shared: Object.fromEntries(Object.entries(shared).map(([key, { file, ...rest }]) =>
        [key, { ...rest, file: path.join(this.folder, file) }])),
      render: { remote: apps[render.app].name, expose: render.expose },
      routes: routes.map(({ app, expose }) => ({ remote: apps[app].name, expose })),
      language: language[role],
      promotion: render.promotions?.[0],
      appendix: render.appendix && { key: packages.price, cents: render.appendix },
      strict: true,
    };
  }

  /** What webpack's runtime makes of a host; see reference.cjs. */
  async reference(role, deploy = 'dist') {
    const { name, promotion } = this.host(role);
    const words = [path.join(folderOfFixtures, 'reference.cjs'), path.join(this.folder, deploy),
      name, '--variant', 'node', language[role], ...(promotion ? [promotion] : [])];
    const { stdout } = await run(process.execPath, words);
    const reference = JSON.parse(stdout);
    // A host's own chunks are its own business: nobody delivers them to it.
    reference.chunks = reference.chunks.filter((chunk) => !chunk.startsWith(`${name}/`));
    return reference;
  }
}
