import render from './render';
import { openRoute } from './route';

export default async function boot(language, promotion) {
  const html = await render(language, promotion);
  const executed = globalThis.__order.length;
  const routes = { '{{shell}}': await openRoute(language) };
  if (typeof document !== 'undefined') document.body.innerHTML = html + routes['{{shell}}'];
  return { html, routes, executed };
}
