(globalThis.__order ??= []).push('{{catalog}}:route');

/** HTML of the page that is loaded only when somebody goes there. */
export const openRoute = (language) =>
  import(/* webpackChunkName: "route" */ './route/Details').then((page) => page.default(language));
