// What happens to remotes, as it happens.
import { el, heading } from '../elements.js';
import { badge, release, tag } from '../labels.js';
import { clock, count, date } from '../words.js';
import { View } from './view.js';

const kinds = { registered: ['idle', 'Registered'], removed: ['idle', 'Removed'],
  recorded: ['good', 'Recorded'], moved: ['good', 'Moved'], failed: ['bad', 'Failed'],
  departed: ['warn', 'Departed'] };

export class EventsView extends View {
  #rows = new Map();

  constructor(root, realm) {
    super(root, realm);
    this.kind = el('select', { 'aria-label': 'Kind', onchange: () => this.#draw() },
      el('option', { value: 'all' }, 'All kinds'),
      Object.entries(kinds).map(([value, [, text]]) => el('option', { value }, text)));
    this.said = el('p', { class: 'said' });
    // New lines are read aloud by themselves.
    this.log = el('ol', { class: 'log', role: 'log', 'aria-label': 'Events, newest first', tabIndex: 0 });
    root.append(heading('Events'), el('div', { class: 'tools' }, this.kind, this.said), this.log);
    this.on('events', () => this.#draw());
    this.#draw();
  }

  #draw() {
    const found = this.realm.events.filter(({ kind }) => (
      this.kind.value === 'all' || kind === this.kind.value));
    this.said.textContent = found.length ? count(found.length, 'event')
      : 'Nothing happened since the daemon’s start.';
    const lines = found.map((event) => {
      if (!this.#rows.has(event)) this.#rows.set(event, line(event));
      return this.#rows.get(event);
    });
    for (const event of this.#rows.keys()) {
      if (!this.realm.events.includes(event)) this.#rows.delete(event);
    }
    for (const old of [...this.log.children]) if (!lines.includes(old)) old.remove();
    lines.forEach((one, place) => {
      if (this.log.children[place] !== one) this.log.insertBefore(one, this.log.children[place]);
    });
  }
}

function line({ at, kind, remote, channel, release: id, message }) {
  const [tone, word] = kinds[kind] ?? ['idle', kind];
  return el('li', {}, el('time', { dateTime: new Date(at * 1000).toISOString(), title: date(at) },
    clock(at)), badge(tone, word),
  el('a', { href: `#/remotes/${encodeURIComponent(remote)}` }, remote),
  el('span', { class: 'about' }, channel ? [tag(channel), ' → '] : null, id ? release(id) : null,
    message ? el('span', { class: 'message' }, message) : null));
}
