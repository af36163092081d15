import { format } from '{{price}}';

// Brings a package of its own into the scope, newer than what the applications bring.
export default async function boot(language) {
  const { default: render } = await import('{{cart}}/{{CartRender}}');
  const html = `${await render(language)}<hr>${format({{delivery}})}`;
  const executed = globalThis.__order.length;
  const routes = {};
  for (const [name, route] of [
    ['{{cart}}', () => import('{{cart}}/{{CartRoute}}')],
    ['{{catalog}}', () => import('{{catalog}}/{{CatalogRoute}}')],
  ]) {
    routes[name] = await (await route()).openRoute(language);
  }
  return { html, routes, executed };
}
