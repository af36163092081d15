// All remotes: what is current, how large, how old, and what is wrong.
import { el, heading } from '../elements.js';
import { release, sizeOf, stateOf, tag, time } from '../labels.js';
import { byName, bytes, count } from '../words.js';
import { RemotePanel } from './remote-panel.js';
import { View } from './view.js';

/** Rows that are drawn before somebody asks for more. */
const rowsMax = 1000;

const columns = [
  { key: 'name', title: 'Remote', value: ({ name }) => name },
  { key: 'state', title: 'State', value: (remote) => stateOf(remote).name },
  { key: 'current', title: 'Current', value: ({ current }) => -(current?.createdAt ?? 0) },
  { key: 'size', title: 'Size', class: 'figure',
    value: ({ current }) => -(current ? sizeOf(current) : 0) },
  { key: 'releases', title: 'Releases', class: 'figure',
    value: ({ releases }) => -releases.length },
  { key: 'channels', title: 'Channels', value: ({ channels }) => -Object.keys(channels).length },
];

const filters = { all: ['All', () => true],
  trouble: ['Trouble', (remote) => ['failed', 'failing'].includes(stateOf(remote).name)],
  fetching: ['Fetching', (remote) => ['fetching', 'announced'].includes(stateOf(remote).name)],
  open: ['Not complete', ({ current }) => current && current.completeness === 'open'] };

export class RemotesView extends View {
  #rows = new Map();
  #sort = { key: 'name', down: false };
  #shown = rowsMax;
  #panel;
  #chosen = null;

  constructor(root, realm) {
    super(root, realm);
    this.search = el('input', { type: 'search', placeholder: 'Filter by name or origin',
      'aria-label': 'Filter remotes', oninput: () => this.#draw(),
      onkeydown: (event) => this.#searchKey(event) });
    this.kind = el('select', { 'aria-label': 'Which remotes', onchange: () => this.#draw() },
      Object.entries(filters).map(([value, [text]]) => el('option', { value }, text)));
    this.said = el('p', { class: 'said', role: 'status' });
    this.headers = columns.map((column) => el('th', { scope: 'col', class: column.class },
      el('button', { type: 'button', class: 'sort', onclick: () => this.#sortBy(column.key) },
        column.title)));
    this.body = el('tbody', {});
    this.more = el('button', { type: 'button', hidden: true, onclick: () => {
      this.#shown += rowsMax;
      this.#draw();
    } }, 'Show more');
    const list = el('section', { class: 'list', 'aria-label': 'All remotes' },
      el('div', { class: 'tools' }, this.search, this.kind, this.said),
      el('div', { class: 'scroll' }, el('table', { class: 'remotes' },
        el('thead', {}, el('tr', {}, this.headers)), this.body), this.more));
    this.side = el('section', { class: 'panel', 'aria-label': 'One remote', hidden: true });
    root.append(heading('Remotes'), el('div', { class: 'split' }, list, this.side));
    this.body.addEventListener('keydown', (event) => this.#rowKey(event));
    this.on('remotes', () => this.#draw());
    this.#draw();
  }

  go([name]) {
    const before = this.#chosen;
    this.#chosen = name ?? null;
    this.root.querySelector('.split').classList.toggle('chosen', Boolean(name));
    this.side.hidden = !name;
    for (const [own, { row, link }] of this.#rows) mark(row, link, own === name);
    if (!name) {
      this.#panel?.close();
      this.#panel = null;
      if (before) this.#rows.get(before)?.link.focus();
      return;
    }
    this.#panel?.close();
    this.side.replaceChildren();
    this.#panel = new RemotePanel(this.side, this.realm, name);
    if (document.activeElement !== document.body) this.#panel.focus();
  }

  close() {
    this.#panel?.close();
    super.close();
  }

  #searchKey(event) {
    if (event.key === 'Escape' && this.search.value) {
      event.preventDefault();
      this.search.value = '';
      this.#draw();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.body.querySelector('a')?.focus();
    }
  }

  #rowKey(event) {
    const row = event.target.closest('tr');
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    (row[step]?.querySelector('a') ?? (step.startsWith('prev') ? this.search : null))?.focus();
  }

  #sortBy(key) {
    this.#sort = { key, down: this.#sort.key === key && !this.#sort.down };
    this.#draw();
  }

  #draw() {
    columns.forEach(({ key }, place) => {
      if (key !== this.#sort.key) this.headers[place].removeAttribute('aria-sort');
      else this.headers[place].setAttribute('aria-sort', this.#sort.down ? 'descending' : 'ascending');
    });
    if (!this.realm.remotes) {
      this.said.textContent = 'Asking the daemon';
      return;
    }
    const found = this.#found();
    const drawn = found.slice(0, this.#shown);
    const rows = drawn.map((remote) => this.#row(remote).row);
    for (const name of this.#rows.keys()) {
      if (!this.realm.remotes.has(name)) this.#rows.delete(name);
    }
    const same = rows.length === this.body.children.length
      && rows.every((row, place) => this.body.children[place] === row);
    if (!same || !rows.length) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      this.body.replaceChildren(...(rows.length ? rows : [el('tr', {}, el('td',
        { colSpan: columns.length, class: 'empty' }, this.realm.remotes.size
          ? 'No remote is called that.'
          : 'Nothing is here yet: larder publish NAME DIR, or larder remote add NAME URL.'))]));
      focused?.focus({ preventScroll: true });
    }
    this.more.hidden = drawn.length === found.length;
    const all = this.realm.remotes.size;
    const said = found.length === all ? count(all, 'remote') : `${found.length} of ${count(all, 'remote')}`;
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  #found() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [, matches] = filters[this.kind.value];
    const found = [...this.realm.remotes.values()].filter((remote) => matches(remote)
      && words.every((word) => remote.name.toLowerCase().includes(word)
        || remote.urls.some((url) => url.toLowerCase().includes(word))));
    const { value } = columns.find(({ key }) => key === this.#sort.key);
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      return (typeof x === 'string' ? byName(x, y) : x - y) || byName(a.name, b.name);
    };
    found.sort(compare);
    return this.#sort.down ? found.reverse() : found;
  }

  /** A row is made again when its remote is another object: the daemon told it anew. */
  #row(remote) {
    const known = this.#rows.get(remote.name);
    if (known?.remote === remote) return known;
    const link = el('a', { href: `#/remotes/${encodeURIComponent(remote.name)}` }, remote.name);
    const { current, channels, releases } = remote;
    const others = Object.keys(channels).filter((channel) => channel !== 'current').sort(byName);
    const cells = [
      el('th', { scope: 'row' }, link, remote.realm ? tag(`from ${remote.realm}`) : null),
      el('td', {}, stateOf(remote).badge()),
      el('td', {}, current ? [release(current.release), ' ', time(current.createdAt)] : '–'),
      el('td', { class: 'figure' }, current ? bytes(sizeOf(current)) : '–'),
      el('td', { class: 'figure' }, releases.length),
      el('td', {}, others.length ? others.map((channel) => tag(channel)) : ''),
    ];
    const row = known?.row ?? el('tr', {});
    const hadFocus = row.contains(document.activeElement);
    row.replaceChildren(...cells);
    if (hadFocus) link.focus({ preventScroll: true });
    mark(row, link, remote.name === this.#chosen);
    const made = { row, link, remote };
    this.#rows.set(remote.name, made);
    return made;
  }
}

function mark(row, link, isChosen) {
  row.classList.toggle('chosen', isChosen);
  if (isChosen) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}
