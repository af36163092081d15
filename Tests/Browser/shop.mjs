// The fixtures' shell as a page: a webpack host whose remotes are where its build says, or a gateway's
// where that one URL is changed.
import { noticing, open, startSite } from './browser.mjs';

export class Shop {
  #facts;
  #site;

  /**
   * @param {{after: (end: () => Promise<void>) => void}} t is told how it ends
   * @param {import('../Demo/fixtures.mjs').Fixtures} fixtures
   * @param {'dist' | 'dist-second'} [deploy] what its own server has of the applications
   */
  static async start(t, { folder, facts }, deploy = 'dist') {
    const shop = new Shop();
    shop.#facts = facts;
    shop.#site = await startSite(t, `${folder}/${deploy}`);
    return shop;
  }

  /** The remotes that its pages load. */
  get remotes() {
    const { catalog, cart } = this.#facts.apps;
    return [catalog.name, cart.name];
  }

  /** What its own server was asked for of the remotes. */
  get asked() {
    return this.#site.asked.filter((url) => this.remotes.some((name) => url.startsWith(`/${name}/`)));
  }

  /** Has pages that are opened from here on load the remotes from there. @param {string} gateway */
  loadFrom(gateway) {
    this.loadEntries((name) => `${gateway}remotes/${name}/remoteEntry.js`);
  }

  /**
   * The same below a path of the pages' own server, which passes it on, with pages that load nothing
   * from elsewhere.
   */
  mount(path, server) {
    this.#site.mounts[path] = server;
    this.#site.policy = "default-src 'self'; script-src 'self'";
    this.loadFrom(`${this.#site.url}${path}`);
  }

  /** The same with the URL of each remote's entry. @param {(name: string) => string} urlOf */
  loadEntries(urlOf) {
    const { remotes } = this;
    const host = this.#facts.apps.shell.name;
    this.#site.sources = [...new Set(remotes.map((name) => new URL(urlOf(name)).origin))].join(' ');
    this.#site.edit = (file, bytes) => (file.startsWith(`/${host}/`) && file.endsWith('.js')
      ? Shop.edited(String(bytes), remotes, urlOf) : bytes);
  }

  /** A build's code with the URLs of others' entries in place of those that it was built with. */
  static edited(code, remotes, urlOf) {
    return remotes.reduce((text, name) =>
      text.replaceAll(`/${name}/web/remoteEntry.js`, urlOf(name)), code);
  }

  /**
   * Opens a page, and a remote's lazy route in it once `meanwhile` has been done.
   * @param {{meanwhile?: () => Promise<void>, profile?: string}} [options] profile: as of `open`
   * @returns {Promise<object>} `text`, and of the lazy route `route`, `style` and `picture`; `reacts`,
   *   `trouble`; `milliseconds` until the page was shown, and `requests` by then
   */
  async open({ meanwhile = async () => {}, profile } = {}) {
    const { catalog } = this.#facts.apps;
    this.#site.asked.length = 0;
    let failure;
    this.#site.act = async () => {
      try { await meanwhile(); } catch (error) { failure = error; }
    };
    const seen = await open(this.#site, `${this.#showing}
      async function run() {
        const milliseconds = await show();
        const requests = performance.getEntriesByType('resource').length;
        const text = document.body.textContent;
        await fetch('/act', { method: 'PUT' });
        const { openRoute } = (await globalThis['${catalog.name}'].get(
          '${catalog.exposes.CatalogRoute}'))();
        const place = document.createElement('div');
        place.innerHTML = await openRoute('de');
        const loaded = [...place.querySelectorAll('link, img')].map((part) =>
          new Promise((resolve) => part.addEventListener('load', resolve)));
        document.body.append(place);
        await Promise.race([Promise.all(loaded), failed]);
        return { text, route: place.textContent,
          style: getComputedStyle(place.querySelector('section'), '::after').content,
          picture: place.querySelector('img').naturalWidth,
          reacts: globalThis.__reacts.size, trouble, milliseconds, requests };
      }`, profile);
    if (failure) throw failure;
    if (seen.error) throw new Error(`the page says: ${seen.error}\n${seen.stack}`);
    return seen;
  }

  /**
   * Opens a page in a browser that knows nothing, and once more in the same one.
   * @returns {Promise<{cold: number, warm: number}>} milliseconds until each was shown
   */
  async time() {
    const seen = await open(this.#site, `${this.#showing}
      async function run() {
        const milliseconds = await show();
        if (trouble.length > 0) throw new Error(trouble[0]);
        const cold = sessionStorage.getItem('cold');
        if (cold !== null) return { cold: Number(cold), warm: milliseconds };
        sessionStorage.setItem('cold', milliseconds);
        location.href = '/page.html?again';
        return new Promise(() => {});
      }`);
    if (seen.error) throw new Error(`the page says: ${seen.error}\n${seen.stack}`);
    return seen;
  }

  /** Code with `show`, which resolves with the milliseconds that it took. */
  get #showing() {
    const { shell, cart } = this.#facts.apps;
    return `${noticing}
      async function show() {
        location.hash = '#de,${cart.name}';
        const begun = performance.now();
        const shown = new Promise((resolve) => new MutationObserver((_, observer) => {
          observer.disconnect();
          resolve();
        }).observe(document.body, { childList: true }));
        start('/${shell.name}/web/main.js');
        await Promise.race([shown, failed]);
        return performance.now() - begun;
      }`;
  }
}
