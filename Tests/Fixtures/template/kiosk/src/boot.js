// Loads nothing before it is asked to, as a host does that learns at run time what to show.
export default async function boot(language, promotion) {
  const { default: render } = await import('{{shell}}/{{ShellRender}}');
  const html = await render(language, promotion);
  const executed = globalThis.__order.length;
  const routes = {};
  for (const [name, route] of [
    ['{{catalog}}', () => import('{{catalog}}/{{CatalogRoute}}')],
    ['{{shell}}', () => import('{{shell}}/{{ShellRoute}}')],
  ]) {
    routes[name] = await (await route()).openRoute(language);
  }
  return { html, routes, executed };
}
