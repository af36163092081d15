import render from './render';
import { openRoute } from './route';

export default async function boot(language) {
  const html = await render(language);
  const executed = globalThis.__order.length;
  const routes = { '{{cart}}': await openRoute(language) };
  if (typeof document !== 'undefined') document.body.innerHTML = html + routes['{{cart}}'];
  return { html, routes, executed };
}
