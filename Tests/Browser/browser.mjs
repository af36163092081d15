// A real browser for tests: Debian's headless Chromium, one process for each page.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL('../../Sources/JavaScript/', import.meta.url));

/** The program; undefined where there is none. `LARDER_BROWSER` names another. */
export const browser = [process.env.LARDER_BROWSER, '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium'].find((program) => program && existsSync(program));

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html',
  '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' };

/** For a page's script: what goes wrong ends what it waits for with `failed`, and is told. */
export const noticing = `
  const trouble = [];
  let fail;
  const failed = new Promise((_, reject) => { fail = reject; });
  failed.catch(() => {});
  const note = (text) => { trouble.push(text); fail(new Error(text)); };
  addEventListener('error', ({ message, target }) => note(message ?? target.src ?? target.href), true);
  addEventListener('unhandledrejection', ({ reason }) => note(String(reason)));
  addEventListener('securitypolicyviolation', ({ blockedURI }) => note('blocked: ' + blockedURI));
  console.error = (...words) => note(words.join(' '));
  const start = (src) => document.head.append(Object.assign(document.createElement('script'),
    { src }));`;

/**
 * A server with the library at `/larder/`, a folder of builds below `/`, and a page that runs
 * `script` as a module and sends what its `run` gives. The page may load from `sources` besides;
 * `edit` changes files on their way, and a PUT of the page is answered when `act` has been done.
 */
export async function startSite(t, folder) {
  const site = { asked: [], answers: {}, broken: new Set(), sources: '', edit: (_, text) => text,
    // What was broken is mended.
    act: () => site.broken.clear(),
    // Below which paths which servers are mounted, and the page's policy in place of the usual one.
    mounts: {}, policy: undefined };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const answer = site.answers[pathname];
    if (request.method === 'PUT') {
      await site.act();
      return response.end();
    }
    if (request.method === 'POST') {
      let text = '';
      for await (const part of request) text += part;
      site.done(JSON.parse(text));
      return response.end();
    }
    const mount = Object.keys(site.mounts).find((path) => pathname.startsWith(path));
    if (mount) return passOn(request, response, site.mounts[mount]);
    site.asked.push(pathname);
    response.setHeader('content-type', types[path.extname(pathname)] ?? 'application/json');
    if (pathname === '/page.js') return response.end(site.script + sending);
    if (pathname === '/page.html' && site.policy) {
      response.setHeader('content-security-policy', site.policy);
      return response.end('<!doctype html><body><script type="module" src="/page.js"></script>');
    }
    if (pathname === '/page.html') {
      // As strict as a page may be: nothing inline but the module by its nonce, nothing evaluated.
      response.setHeader('content-security-policy', `default-src 'self' ${site.sources}; `
        + `script-src 'self' 'nonce-page' ${site.sources}; connect-src *`);
      return response.end(
        `<!doctype html><script type="module" nonce="page">${site.script}${sending}</script>`);
    }
    try {
      if (site.broken.has(pathname)) throw new Error('broken');
      if (answer) return response.end(JSON.stringify(answer));
      const [, release] = /^\/remotes\/[^/]+@([^/]+)/.exec(pathname) ?? [];
      const place = release ? pathname.replace(/^\/remotes\/([^/@]+)@[^/]+/, '/$1/dist/web')
        : pathname;
      return response.end(site.edit(place, await readFile(pathname.startsWith('/larder/')
        ? path.join(library, pathname.slice('/larder/'.length)) : path.join(folder, place))));
    } catch {
      response.statusCode = 404;
      return response.end('{}');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  site.url = `http://127.0.0.1:${server.address().port}`;
  return site;
}

/** What a page does with its script's `run`. */
const sending = `
  const result = await run().catch((error) => ({ error: String(error), code: error.code,
    stack: error.stack }));
  await fetch('/done', { method: 'POST', body: JSON.stringify(result) });`;

/** As a reverse proxy does, under the name by which the page asked. */
function passOn({ url, method, headers }, response, server) {
  const passed = ask(new URL(url, server), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.writeHead(502).end());
  passed.end();
}

/** A folder for what a browser keeps from page to page, its cache among it. */
export const createProfile = () => mkdtemp(path.join(tmpdir(), 'larder-browser-'));

/**
 * Opens the site's page and gives what `run`, which `script` defines, came to.
 * @param {string} [kept] a profile that stays; without it the browser knows nothing
 * @returns {Promise<any>}
 */
export async function open(site, script, kept) {
  const profile = kept ?? await createProfile();
  site.script = script;
  const done = new Promise((resolve) => { site.done = resolve; });
  const child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu',
    `--user-data-dir=${profile}`, '--remote-debugging-port=0', `${site.url}/page.html`],
  { stdio: 'ignore', detached: true });
  // The whole group: its helpers would outlive it.
  const kill = () => process.kill(-child.pid, 'SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  try {
    const failed = ended.then(([code]) => { throw new Error(`${browser} ended with ${code}`); });
    return await Promise.race([done, failed]);
  } finally {
    process.off('exit', kill);
    kill();
    await ended;
    if (!kept) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
