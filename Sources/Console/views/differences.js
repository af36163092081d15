// Where executions departed from their plans, as hosts reported it.
import { read } from '../daemon.js';
import { el, heading, table } from '../elements.js';
import { refusal, release, tag, time } from '../labels.js';
import { count } from '../words.js';
import { View } from './view.js';

export class DifferencesView extends View {
  constructor(root, realm) {
    super(root, realm);
    this.kind = el('select', { 'aria-label': 'Kind', onchange: () => this.#draw() });
    this.search = el('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter differences',
      oninput: () => this.#draw() });
    this.said = el('p', { class: 'said', role: 'status' });
    this.list = el('div', {}, el('p', {}, 'Asking the daemon'));
    root.append(heading('Differences'), el('p', { class: 'soft' },
      'A host says what it ran otherwise than planned. This is since the daemon’s start.'),
    el('div', { class: 'tools' }, this.search, this.kind, this.said), this.list);
    this.on('happened', ({ detail }) => { if (detail.kind === 'departed') this.#load(); });
    this.#load();
  }

  async #load() {
    try {
      const { differences } = await read('differences');
      if (!this.isOpen) return;
      this.all = differences;
      const kinds = ['all', ...new Set(differences.map(({ kind }) => kind))];
      const chosen = this.kind.value;
      this.kind.replaceChildren(...kinds.map((kind) => el('option', { value: kind },
        kind === 'all' ? 'All kinds' : kind)));
      this.kind.value = kinds.includes(chosen) ? chosen : 'all';
      this.#draw();
    } catch (error) {
      if (this.isOpen) this.list.replaceChildren(refusal(error));
    }
  }

  #draw() {
    const word = this.search.value.toLowerCase();
    const found = (this.all ?? []).filter((one) => (
      (this.kind.value === 'all' || one.kind === this.kind.value)
      && JSON.stringify(one).toLowerCase().includes(word)));
    this.said.textContent = count(found.length, 'difference');
    this.list.replaceChildren(table('Differences', [{ title: 'Container' }, { title: 'Kind' },
      { title: 'Planned' }, { title: 'Seen' }, { title: 'By host' }, { title: 'Times', class: 'figure' },
      { title: 'Last' }], found.map((one) => [
      [one.container, ' ', one.release ? release(one.release) : null,
        one.request ? el('div', { class: 'soft' }, `${one.request.remote} ${one.request.expose}`) : null],
      tag(one.kind), one.planned ? el('code', {}, one.planned) : 'nothing',
      one.seen ? el('code', {}, one.seen) : 'nothing', one.host, one.count, time(one.lastAt)]),
    { empty: 'All executions went as planned, as far as hosts reported.' }));
  }
}
