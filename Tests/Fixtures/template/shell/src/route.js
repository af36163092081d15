(globalThis.__order ??= []).push('{{shell}}:route');

/** HTML of the page that is loaded only when somebody goes there. */
export const openRoute = (language) =>
  import(/* webpackChunkName: "route" */ './route/Hours').then((page) => page.default(language));
