// The entry of a remote by its name: a container that loads the entry of one release and hands
// everything to it. The gateway puts the release behind it, as an argument, and sends both as a
// classic script; from the release's own URL its build finds its chunks.
//
// Nothing is evaluated from text, and nothing runs but scripts from beside this one, so that
// `script-src` need not name more than the gateway; and a dev server that a developer overrides the
// remote with, whose own client keeps its hot updates coming.
(function entry({ name: registered, global, scripts, module, release, live, remotes }) {
  const self = document.currentScript;
  const isContainer = (value) => typeof value?.get === 'function'
    && (typeof value.init === 'function' || typeof value.override === 'function');

  /** As lib/test-release.js says: containers of webpack 5's test releases have no `init`. */
  const overrides = (scope) => Object.fromEntries(Object.entries(scope).map(([key, versions]) => {
    const [version] = Object.keys(versions)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return [key, () => versions[version].get()];
  }));

  /** Runs a script as this one was run. */
  const run = (url) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.async = true;
    if (self.nonce) script.nonce = self.nonce;
    if (self.crossOrigin !== null) script.crossOrigin = self.crossOrigin;
    const end = (settle, value) => {
      script.onload = null;
      script.onerror = null;
      script.remove();
      settle(value);
    };
    script.onload = () => end(resolve);
    script.onerror = () => end(reject, new Error(`larder: ${url} cannot be loaded`));
    document.head.append(script);
  });

  /** A container that is loaded when it is used first, and anew if that failed. */
  const container = (load) => {
    let loading;
    const loaded = () => {
      loading ??= load().catch((error) => {
        loading = undefined;
        throw error;
      });
      return loading;
    };
    return {
      get: async (name, scope) => (await loaded()).get(name, scope),
      init: async (scope, token) => {
        const found = await loaded();
        return found.init ? found.init(scope, token) : found.override(overrides(scope));
      },
      loaded,
    };
  };

  /** A place in the page: names from the global object on. */
  const at = (path) => path.reduce((value, name) => value?.[name], globalThis);
  const put = (path, value) => {
    const parent = path.slice(0, -1).reduce((object, name) => (object[name] ??= {}), globalThis);
    parent[path.at(-1)] = value;
  };
  const found = (path, other, url) => {
    const value = at(path);
    if (isContainer(value) && value !== other) return value;
    throw new Error(`larder: ${url} ran, but window.${path.join('.')} has no get and init`);
  };
  const absolute = (url) => new URL(url, self.src).href;

  const started = async () => {
    if (/\.mjs([?#]|$)/.test(live)) return import(live);
    await run(live);
    return found(global, own, live);
  };

  const own = container(async () => {
    if (live) {
      try {
        return await started();
      } catch (error) {
        if (!release) throw error;
        console.warn(`larder: ${error.message}; ${registered} comes from its release`);
      }
    }
    const urls = scripts.map(absolute);
    if (module) return import(urls.at(-1));
    for (const url of urls) await run(url);
    return found(global, own, urls.at(-1));
  });
  put(global, own);
  if (global.join() !== registered) globalThis[registered] = own;

  // The remotes of this one come from here, too, unless the page has them: builds look for the global
  // before they load a script.
  for (const [name, url] of Object.entries(remotes)) {
    if (isContainer(globalThis[name])) continue;
    const nested = container(async () => {
      await run(absolute(url));
      return found([name], nested, absolute(url));
    });
    globalThis[name] = nested;
  }

  // Whoever asked for this script uses it next; an error is told to who does.
  own.loaded().catch(() => {});
  own.release = release;
})
