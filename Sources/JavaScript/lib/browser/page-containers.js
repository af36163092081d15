// The containers of a page, by the globals that their scripts set. A script sets its global anew
// each time; a container that a host of ours has initialised is of no use to another host.
import { LarderError } from '../errors.js';
import { withInit } from '../test-release.js';
import { loadScript } from './elements.js';

/** Who took which container. @type {WeakMap<object, PageContainers>} */
const takers = new WeakMap();
/** What is there in the page: names from the global object on. @param {string[]} path */
const at = (path) => path.reduce((value, name) => value?.[name], globalThis);
const isContainer = (value) =>
  typeof value?.get === 'function' && typeof value?.init === 'function';

export class PageContainers {
  #options;
  #views;
  #loading = new Map();
  #runs = new Map();

  /**
   * @param {object} options see `loadScript`
   * @param {import('./page-views.js').PageViews} views
   */
  constructor(options, views) {
    this.#options = options;
    this.#views = views;
  }

  /**
   * The container whose entry is at a URL. One that the page has already is taken as it is, as a
   * webpack build would, unless it has to run anew.
   * @param {string} name
   * @param {{url: string, global?: string | string[], type?: 'script' | 'module'}} place
   * @param {boolean} anew
   * @returns {Promise<{get: Function, init: Function}>}
   */
  load(name, place, anew) {
    const { url } = place;
    if (!this.#loading.has(url)) {
      this.#loading.set(url, this.#run(name, place, anew)
        .finally(() => this.#loading.delete(url)));
    }
    return this.#loading.get(url);
  }

  async #run(name, { url, global = name, type = 'script' }, anew) {
    const isModule = type === 'module' || url.endsWith('.mjs');
    const path = [global].flat();
    const here = isModule ? undefined : at(path);
    if (!anew && isContainer(here) && [undefined, this].includes(takers.get(here))) return here;
    let found;
    try {
      found = withInit(isModule ? await this.#import(url) : await this.#inject(url, path));
    } catch (cause) {
      if (cause instanceof LarderError) throw cause;
      throw new LarderError(cause.name === 'TimeoutError' ? 'originTimeout' : 'originUnavailable',
        `${url} ${cause.message}`, { remote: name, cause,
          remedy: 'see whether the URL is right, and whether the page may load scripts from there' });
    }
    if (!isContainer(found)) {
      throw new LarderError('unsupportedContainer',
        `${url} ran, but ${isModule ? 'exports' : `window.${path.join('.')} has`} no get and init`,
        { remote: name, remedy: 'give its library\'s name, { url, global }, or { url, type: '
          + '"module" } for an ECMAScript module' });
    }
    const guarded = this.#views.guard(name, found);
    takers.set(guarded, this);
    // Other containers find each other by the global.
    if (!isModule && guarded !== found) at(path.slice(0, -1))[path.at(-1)] = guarded;
    return guarded;
  }

  /** A module runs once for each URL; to run again it needs another one. */
  #import(url) {
    const runs = this.#runs.get(url) ?? 0;
    this.#runs.set(url, runs + 1);
    return import(runs === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}larder=${runs}`);
  }

  async #inject(url, path) {
    await loadScript(url, this.#options);
    return at(path);
  }
}
