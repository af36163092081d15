import render from './render';
import { openRoute } from './route';

export default async function boot(language) {
  const html = await render(language);
  const executed = globalThis.__order.length;
  const routes = { '{{catalog}}': await openRoute(language) };
  if (typeof document !== 'undefined') document.body.innerHTML = html + routes['{{catalog}}'];
  return { html, routes, executed };
}
