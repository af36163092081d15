// Which package versions modules get, and why; and who brings and uses which.
import { read, readPlan } from '../daemon.js';
import { el, heading, table } from '../elements.js';
import { badge, refusal, release, tag } from '../labels.js';
import { byName, bytes, count, short } from '../words.js';
import { View } from './view.js';

const outcomes = { shared: ['good', 'Shared'], fallback: ['warn', 'Own copy'],
  error: ['bad', 'None'] };

export class SharingView extends View {
  #asked = 0;
  #module = null;

  constructor(root, realm) {
    super(root, realm);
    this.modules = el('datalist', { id: 'modules' });
    this.field = el('input', { type: 'search', placeholder: 'remote/Module', 'aria-label': 'Exposed module',
      onchange: () => this.#choose() });
    this.field.setAttribute('list', 'modules');
    this.target = el('select', { 'aria-label': 'Target', onchange: () => this.#choose() },
      ['web', 'async-node', 'module', 'webworker', 'node'].map((name) => el('option', {}, name)));
    this.said = el('p', { class: 'said', role: 'status' });
    this.answer = el('div', {});
    this.list = el('div', {}, el('p', {}, 'Asking the daemon'));
    root.append(heading('Sharing'), el('section', { 'aria-labelledby': 'decisions' },
      el('h2', { id: 'decisions' }, 'What one module gets'),
      el('div', { class: 'tools' }, this.field, this.modules, this.target, this.said), this.answer),
    el('section', { 'aria-labelledby': 'packages' }, el('h2', { id: 'packages' }, 'All packages'),
      this.list));
    this.#explain();
    this.#load();
  }

  go([remote, expose]) {
    this.#module = remote && expose ? { remote, expose } : null;
    this.field.value = this.#module ? `${remote}/${expose.replace(/^\.\//, '')}` : '';
    if (this.#module) this.#plan();
    else this.#explain();
  }

  #explain() {
    this.answer.replaceChildren(el('p', { class: 'soft' },
      'Choose an exposed module: each package that it needs, which version it gets, and by which rule.'));
    this.said.textContent = '';
  }

  #choose() {
    const text = this.field.value.trim();
    const known = this.containers?.flatMap(({ name, exposes }) => exposes.map((expose) => (
      { remote: name, expose, text: `${name}/${expose.replace(/^\.\//, '')}` })));
    const found = known?.find((one) => one.text === text);
    if (!text) location.hash = '#/sharing';
    else if (!found) this.said.textContent = 'No remote exposes that.';
    else {
      const hash = `#/sharing/${encodeURIComponent(found.remote)}/${encodeURIComponent(found.expose)}`;
      if (location.hash === hash) this.#plan();
      else location.hash = hash;
    }
  }

  async #load() {
    try {
      const [{ containers }, { packages }] = await Promise.all([read('federation'), read('shares')]);
      if (!this.isOpen) return;
      this.containers = containers;
      this.modules.replaceChildren(...containers.flatMap(({ name, exposes }) => exposes
        .map((expose) => el('option', { value: `${name}/${expose.replace(/^\.\//, '')}` }))));
      this.#draw(packages);
    } catch (error) {
      if (this.isOpen) this.list.replaceChildren(refusal(error));
    }
  }

  #draw(packages) {
    const users = ({ uses }) => [...new Set(uses.map(({ host, consumer }) => (
      host === consumer ? host : `${consumer} in ${host}`)))].sort(byName);
    const some = (names) => (names.length > 6
      ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')) || '–';
    const rows = packages.flatMap(({ key, versions }) => versions.map((version, place) => [
      place ? el('span', { class: 'again' }, key) : [key,
        versions.length > 1 ? tag(`${versions.length} versions`, 'warn') : null],
      version.version ? el('code', {}, version.version) : 'unknown',
      some([...new Set(version.providers.map(({ remote }) => remote))].sort(byName)),
      some(users(version))]));
    this.list.replaceChildren(table('Packages', [{ title: 'Package' }, { title: 'Version' },
      { title: 'Brought by' }, { title: 'Used by' }], rows,
    { empty: 'No remote shares a package.' }));
  }

  async #plan() {
    const { remote, expose } = this.#module;
    this.#asked += 1;
    const number = this.#asked;
    this.said.textContent = 'Planning';
    try {
      const [plan, { containers }] = await Promise.all([readPlan(remote, expose, this.target.value),
        this.containers ? this : read('federation')]);
      if (!this.isOpen || number !== this.#asked) return;
      this.said.textContent = `${count(plan.shared.length, 'decision')}, `
        + `${count(plan.containers.length, 'container')}, ${count(plan.files.length, 'file')}, `
        + bytes(plan.files.reduce((sum, { size }) => sum + Math.max(size ?? 0, 0), 0));
      this.answer.replaceChildren(...answer(plan, containers));
    } catch (error) {
      if (!this.isOpen || number !== this.#asked) return;
      this.said.textContent = '';
      this.answer.replaceChildren(refusal(error));
    }
  }
}

function answer(plan, containers) {
  const facts = new Map(containers.map((one) => [one.name, one]));
  const list = (title, items, tone) => (items.length ? el('div', { class: `remarks ${tone}` },
    el('h3', {}, title), el('ul', {}, items.map((item) => el('li', {}, item)))) : null);
  return [
    list('Errors', plan.errors.map(({ container, message, remedy }) => (
      `${container}: ${message}. ${remedy ?? ''}`)), 'bad'),
    list('Warnings', plan.warnings.map(({ container, message }) => (
      [container, message].filter(Boolean).join(': '))), 'warn'),
    list('Cycles', plan.cycles.map((cycle) => [...cycle, cycle[0]].join(' → ')), 'warn'),
    list('Executions that departed from it', (plan.differences ?? []).map((one) => (
      `${one.container}: ${one.planned ?? 'nothing'} was planned, ${one.seen ?? 'nothing'} seen, `
      + `${count(one.count, 'time')}`)), 'warn'),
    table('Decisions', [{ title: 'Package' }, { title: 'Wanted by' }, { title: 'Gets' },
      { title: 'Why', class: 'wide' }, { title: 'Candidates' }],
    plan.shared.map((share) => row(share, plan, facts)),
    { empty: 'Nothing that it needs is shared.' }),
    el('p', { class: 'soft' }, 'Containers, in order: ', plan.containers.map((container, place) => [
      place ? ', ' : '', container.name, ' ',
      container.release ? release(container.release) : 'not yet a release'])),
  ].filter(Boolean);
}

function row(share, plan, facts) {
  const [tone, word] = outcomes[share.outcome];
  const wish = facts.get(share.consumer)?.consumes.find(({ key, range }) => (
    key === share.key && (range ?? null) === (share.requiredVersion ?? null)));
  const candidates = new Map();
  for (const { name } of plan.containers) {
    for (const { key, version } of facts.get(name)?.provides ?? []) {
      if (key !== share.key) continue;
      candidates.set(version, [...new Set([...(candidates.get(version) ?? []), name])]);
    }
  }
  return [
    [share.key, ' ', share.requiredVersion ? el('code', {}, share.requiredVersion) : tag('any'),
      wish?.singleton ? tag('singleton') : null, wish?.strict ? tag('strict') : null],
    [share.consumer, share.phase === 'reachable' ? tag('behind import()') : null],
    [badge(tone, word), ' ', share.version ? el('code', {}, share.version) : '',
      share.outcome === 'shared' ? ` from ${share.from ?? 'the host'}` : ''],
    [share.reason, ' ', tag(share.rule)],
    [...candidates].sort(([a], [b]) => byName(a, b)).map(([version, names]) => el('div',
      { class: version === share.version ? 'winner' : '' }, el('code', {}, version),
      ` ${names.length > 3 ? `${names.slice(0, 3).join(', ')}, …` : names.join(', ')}`)),
  ];
}
