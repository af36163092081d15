(globalThis.__order ??= []).push('{{cart}}:route');

/** HTML of the page that is loaded only when somebody goes there. */
export const openRoute = (language) =>
  import(/* webpackChunkName: "route" */ './route/Checkout').then((page) => page.default(language));
