// What LarderPlugin built for pages: the gateway first, then the origin.
import assert from 'node:assert/strict';
import test from 'node:test';
import { configuration, Project } from '../Builds/project.mjs';
import { browser, open, startSite } from './browser.mjs';

const options = { skip: browser ? false
  : 'there is no Chromium: apt-get install chromium-headless-shell' };
const larder = { publish: false, lockfile: false };

for (const version of ['5.75', '5.97']) {
  test(`a page by webpack ${version} finds its remote at the gateway, else at the origin`, options,
    async (t) => {
      const project = await Project.create(t);
      const site = await startSite(t, project.folder);
      await project.write('nav/header.js', 'export const text = "nav";');
      await project.write('nav/webpack.config.js', configuration([{ target: 'web', larder,
        federation: { name: 'nav', exposes: { './Header': './header.js' } } }]));
      await project.write('shell/main.js', 'import("./boot.js");');
      await project.write('shell/boot.js',
        'import { text } from "nav/Header"; globalThis.shown(text);');
      await project.write('shell/webpack.config.js', configuration([{ target: 'web', entry:
        './main.js', larder: { ...larder, gateway: `${site.url}/larderd` }, federation: {
        name: 'shell', remotes: { nav: `nav@${site.url}/nav/dist/web/remoteEntry.js` } } }]));
      await project.build('nav', version);
      await project.build('shell', version);
      const script = `
        async function run() {
          const shown = new Promise((resolve) => { globalThis.shown = resolve; });
          await new Promise((resolve, reject) => {
            const script = document.createElement('script');
            Object.assign(script, { src: '/shell/dist/web/main.js', onload: resolve,
              onerror: reject });
            document.head.append(script);
          });
          return shown;
        }`;
      const entries = () => site.asked.filter((url) => url.endsWith('/remoteEntry.js'));

      // Nobody is at the gateway.
      assert.equal(await open(site, script), 'nav');
      assert.deepEqual(entries(),
        ['/larderd/remotes/nav/remoteEntry.js', '/nav/dist/web/remoteEntry.js']);

      // The gateway has it, and the origin is gone.
      await project.write('larderd/remotes/nav/remoteEntry.js',
        (await project.read('nav/dist/web/remoteEntry.js')));
      await project.write('larderd/remotes/nav/header_js.js',
        (await project.read('nav/dist/web/header_js.js')));
      site.broken.add('/nav/dist/web/remoteEntry.js');
      site.asked.length = 0;
      assert.equal(await open(site, script), 'nav');
      assert.deepEqual(entries(), ['/larderd/remotes/nav/remoteEntry.js']);
    });
}
