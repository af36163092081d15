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
    const { remotes } = this;
    const host = this.#facts.apps.shell.name;
    this.#site.sources = new URL(gateway).origin;
    this.#site.edit = (file, bytes) => (file.startsWith(`/${host}/`) && file.endsWith('.js')
      ? remotes.reduce((text, name) => text.replaceAll(`/${name}/web/remoteEntry.js`,
        `${gateway}remotes/${name}/remoteEntry.js`), String(bytes)) : bytes);
  }

  /**
   * Opens a page, and a remote's lazy route in it once `meanwhile` has been done.
   * @param {{meanwhile?: () => Promise<void>, profile?: string}} [options] profile: as of `open`
   * @returns {Promise<object>} `text`, and of the lazy route `route`, `style` and `picture`; `reacts`,
   *   `trouble`; `milliseconds` until the page was shown, and `requests` by then
   */
  async open({ meanwhile = async () => {}, profile } = {}) {
    const { shell, catalog, cart } = this.#facts.apps;
    this.#site.asked.length = 0;
    let failure;
    this.#site.act = async () => {
      try { await meanwhile(); } catch (error) { failure = error; }
    };
    const seen = await open(this.#site, `${noticing}
      async function run() {
        location.hash = '#de,${cart.name}';
        const begun = performance.now();
        const shown = new Promise((resolve) => new MutationObserver((_, observer) => {
          observer.disconnect();
          resolve();
        }).observe(document.body, { childList: true }));
        start('/${shell.name}/web/main.js');
        await Promise.race([shown, failed]);
        const milliseconds = performance.now() - begun;
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
}
