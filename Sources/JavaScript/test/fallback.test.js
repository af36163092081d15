import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { createHost } from '../index.js';
import { smallContainer, textModule } from '../rig/small-container.js';
import { threeLevels } from '../rig/worlds.js';

/** A plain server for folders from memory: `/<container>/<path>`. */
async function startOrigin(t, files) {
  globalThis.__order = [];
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const text = files[request.url];
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? '<html>not found</html>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => {
    server.closeAllConnections?.();
    server.close(resolve);
  }));
  return { asked, base: `http://127.0.0.1:${server.address().port}` };
}

const served = (remotes) => Object.fromEntries(Object.entries(remotes).flatMap(
  ([name, { files }]) => Object.entries(files).map(([file, text]) => [`/${name}/${file}`, text])));

/** A host without a daemon, closed with the test. */
function offHost(t, options) {
  const warnings = [];
  const host = createHost({ name: 'host', socket: '/nonexistent/larder.sock',
    onWarning: (warning) => warnings.push(warning), ...options });
  t.after(() => host.close());
  return { host, warnings };
}

test('without a daemon a host loads from the origins, and says so once', async (t) => {
  const { asked, base } = await startOrigin(t, served(threeLevels().remotes));
  const { host, warnings } = offHost(t, { remotes: { nav: `${base}/nav/` },
    origins: { catalog: `${base}/catalog`, cart: { url: `${base}/cart/remoteEntry.js` } } });
  assert.equal((await host.load('nav/View')).text(), 'nav(catalog(cart()))');
  assert.equal((await host.asset('nav', 'nav.css')).toString(), 'a { color: red }');
  await host.load('nav/View');
  assert.deepEqual(warnings.map(({ code }) => code), ['fallback']);
  assert.match(warnings[0].message, /\/nonexistent\/larder\.sock \(ENOENT\).*larder up/);
  assert.deepEqual(asked, ['/nav/remoteEntry.js', '/catalog/remoteEntry.js',
    '/cart/remoteEntry.js', '/nav/view.js', '/catalog/view.js', '/cart/view.js', '/nav/nav.css']);
  assert.equal(host.statistics().mode, 'origin');
});

test('a host that wants no daemon looks for none', async (t) => {
  const { base } = await startOrigin(t, served(threeLevels().remotes));
  const { host, warnings } = offHost(t, { socket: false, remotes: { cart: `${base}/cart/` } });
  assert.equal((await host.load('cart/View')).text(), 'cart()');
  assert.match(warnings[0].message, /switched off/);
});

test('a remote without a URL cannot be loaded without a daemon', async (t) => {
  const { base } = await startOrigin(t, served(threeLevels().remotes));
  const { host } = offHost(t, { remotes: { catalog: `${base}/catalog/` } });
  await assert.rejects(host.load('nav/View'), { code: 'noOrigin', remote: 'nav' });
  await assert.rejects(host.load('catalog/View'), { code: 'noOrigin', remote: 'cart' });
});

for (const [what, text, code] of [
  ['that is missing', undefined, 'originUnavailable'],
  ['that is HTML', '<!doctype html><title>Shop</title>', 'notJavaScript'],
]) {
  test(`an entry ${what} is a typed error, and is asked for again later`, async (t) => {
    const files = served(threeLevels().remotes);
    const { '/cart/remoteEntry.js': entry } = files;
    files['/cart/remoteEntry.js'] = text;
    const { asked, base } = await startOrigin(t, files);
    const { host } = offHost(t, { remotes: { cart: `${base}/cart/` } });
    await assert.rejects(host.load('cart/View'), { code, remote: 'cart' });
    assert.deepEqual(asked, ['/cart/remoteEntry.js']);
    files['/cart/remoteEntry.js'] = entry;
    assert.equal((await host.load('cart/View')).text(), 'cart()');
  });
}

test('an origin that is down is a typed error', async (t) => {
  const { host } = offHost(t, { remotes: { nav: 'http://127.0.0.1:1/nav/' } });
  await assert.rejects(host.load('nav/View'), { code: 'originUnavailable', remote: 'nav',
    remedy: /larder up/ });
});

for (const [what, stats] of [
  ['the scripts that stats.json names', JSON.stringify({ assets: [{ name: 'remoteEntry.js' },
    { name: 'a.js' }, { name: 'b.js' }] })],
  ['each chunk when it is missed', undefined],
]) {
  test(`for a container of target node a host fetches ${what}`, async (t) => {
    const files = smallContainer('nav', { target: 'node',
      exposes: { './A': { chunk: 'a', id: 'a' }, './B': { chunk: 'b', id: 'b' } },
      chunks: { a: { a: textModule('A') }, b: { b: textModule('B') } } });
    // What webpack writes for its chunk files.
    files['remoteEntry.js'] = files['remoteEntry.js']
      .replace('require(`./${chunk}.js`)', 'require("./" + chunk + ".js")');
    const { asked, base } = await startOrigin(t, served({ nav: { files: { ...files,
      'stats.json': stats } } }));
    const { host } = offHost(t, { remotes: { nav: `${base}/nav/` } });
    assert.equal((await host.load('nav/A')).text(), 'A()');
    assert.equal(asked.includes('/nav/b.js'), stats !== undefined);
    assert.equal((await host.load('nav/B')).text(), 'B()');
    assert.equal(asked.filter((url) => url === '/nav/b.js').length, 1);
  });
}

test('a container of a test release of webpack 5 takes packages by its override', async (t) => {
  const entry = `const given = {};
    module.exports = {
      override: (packages) => Object.assign(given, packages),
      get: async (name) => {
        if (name !== 'View') throw new Error('Module "' + name + '" does not exist in container.');
        const factory = given.lib ? await given.lib() : () => ({ of: 'nav' });
        return () => ({ text: name + ' with the lib of ' + factory().of });
      },
    };`;
  const { base } = await startOrigin(t, { '/nav/remoteEntry.js': entry });
  const remotes = { nav: `${base}/nav/` };
  const own = offHost(t, { socket: false, remotes });
  assert.equal((await own.host.load('nav/View')).text, 'View with the lib of nav');
  const { host } = offHost(t, { socket: false, remotes,
    shared: { lib: { version: '1.9.0', import: async () => ({ of: 'host, 1.9' }) } } });
  await host.override({ lib: { version: '1.10.0', module: { of: 'host, 1.10' } } });
  assert.equal((await host.load('nav/View')).text, 'View with the lib of host, 1.10');
  await assert.rejects(host.load('nav/Other'), /Module "\.\/Other" does not exist/);
});
