// The console: which view is shown, and what surrounds it.
import { el } from './elements.js';
import { Realm } from './realm.js';
import { duration } from './words.js';
import { DifferencesView } from './views/differences.js';
import { EventsView } from './views/events.js';
import { GraphView } from './views/graph.js';
import { RemotesView } from './views/remotes.js';
import { SharingView } from './views/sharing.js';
import { StoreView } from './views/store.js';

const views = { remotes: RemotesView, graph: GraphView, sharing: SharingView,
  differences: DifferencesView, store: StoreView, events: EventsView };
const names = Object.keys(views);

const realm = new Realm();
const main = document.getElementById('main');
let shown = null;

/** `#/remotes/nav` is view `remotes` with `['nav']`. */
function show() {
  const [name = '', ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  const words = rest.map(decoded);
  const View = views[name] ?? RemotesView;
  if (shown?.constructor === View) {
    shown.go(words);
  } else {
    shown?.close();
    main.replaceChildren();
    shown = new View(main, realm);
    shown.go(words);
    // Whoever chose it goes on where it begins; the first view leaves the focus where it is.
    if (document.activeElement !== document.body) main.querySelector('h1')?.focus();
  }
  for (const link of document.querySelectorAll('nav a')) {
    const own = link.hash.slice(2) === (views[name] ? name : names[0]);
    if (own) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${main.querySelector('h1')?.textContent ?? ''} · Larder`;
}

/** What is no encoding is taken as it is: nothing has such a name. */
function decoded(word) {
  try { return decodeURIComponent(word); } catch { return word; }
}

// MARK: - What surrounds it

function tellLink() {
  const place = document.getElementById('link');
  place.dataset.state = realm.link;
  document.getElementById('link-text').textContent = { waiting: 'Connecting', live: 'Live',
    lost: 'Daemon gone, trying again' }[realm.link];
}

realm.addEventListener('link', tellLink);
realm.addEventListener('statistics', () => {
  const { realm: name, uptimeSeconds } = realm.statistics;
  const place = document.getElementById('realm');
  place.textContent = name;
  place.title = `Realm ${name}; the daemon has run for ${duration(uptimeSeconds)}`;
});
realm.addEventListener('remotes', () => {
  document.getElementById('tally-remotes').textContent = realm.remotes.size;
});
realm.addEventListener('events', () => {
  document.getElementById('tally-events').textContent = realm.events.length || '';
});

const theme = document.getElementById('theme');
const kept = (() => {
  // Storage may be off in this browser; then the system decides.
  try { return localStorage.getItem('larder-theme'); } catch { return null; }
})();
theme.value = ['light', 'dark'].includes(kept) ? kept : 'auto';
document.documentElement.dataset.theme = theme.value;
theme.addEventListener('change', () => {
  document.documentElement.dataset.theme = theme.value;
  try { localStorage.setItem('larder-theme', theme.value); } catch { /* As above. */ }
});

// MARK: - Keyboard

const keys = [['1 … 6', 'Go to a view'], ['/', 'Filter'], ['?', 'This list'],
  ['Esc', 'Back, or empty the filter'], ['↑ ↓', 'From row to row, in lists of remotes'],
  ['← → ↑ ↓', 'Graph: to what imports it, what it imports, its neighbours'],
  ['+ − 0', 'Graph: larger, smaller, all of it'], ['Shift + arrows', 'Graph: move the picture']];

function showKeys() {
  if (document.querySelector('dialog')) return;
  const dialog = el('dialog', { class: 'question', 'aria-labelledby': 'keys-title',
    onclose: () => dialog.remove() }, el('h2', { id: 'keys-title' }, 'Keyboard'),
  el('dl', { class: 'keys' }, keys.map(([key, text]) => [el('dt', {}, el('kbd', {}, key)),
    el('dd', {}, text)])),
  el('div', { class: 'buttons' }, el('button', { type: 'button', class: 'primary',
    onclick: () => dialog.close() }, 'Close')));
  document.body.append(dialog);
  dialog.showModal();
}

document.getElementById('keys').addEventListener('click', showKeys);
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog')) return;
  if (event.target.matches('input, select, textarea')) return;
  if (event.key >= '1' && event.key <= String(names.length)) {
    location.hash = `#/${names[event.key - 1]}`;
    main.focus();
  } else if (event.key === '/') {
    main.querySelector('input[type=search]')?.focus();
  } else if (event.key === '?') {
    showKeys();
  } else {
    return;
  }
  event.preventDefault();
});

addEventListener('hashchange', show);
show();
realm.start();
