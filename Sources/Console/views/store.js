// What the store saves over time, what fills it, and why that is kept.
import { chart } from '../chart.js';
import { read } from '../daemon.js';
import { el, heading, svg, table } from '../elements.js';
import { refusal, release, tag } from '../labels.js';
import { bytes, count, duration, percent } from '../words.js';
import { View } from './view.js';

/** Remotes whose releases are listed before somebody asks for all. */
const listedMax = 40;

const fetched = (origin) => origin.descriptionBytes + origin.plannedBytes + origin.backgroundBytes
  + origin.ensuredBytes + origin.refetchedBytes;

export class StoreView extends View {
  #listed = listedMax;
  #timer = null;

  constructor(root, realm) {
    super(root, realm);
    this.tiles = el('dl', { class: 'tiles' });
    this.charts = el('div', { class: 'charts' });
    this.usage = el('div', {}, el('p', {}, 'Asking the daemon'));
    root.append(heading('Store'), this.tiles,
      el('section', { 'aria-labelledby': 'over-time' }, el('h2', { id: 'over-time' }, 'Over time'),
        this.charts),
      el('section', { 'aria-labelledby': 'fills' }, el('h2', { id: 'fills' }, 'What fills it, and why'),
        this.usage));
    this.on('statistics', () => this.#drawFigures());
    this.on('remotes', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), 300);
    });
    this.#drawFigures();
    this.#load();
  }

  close() {
    clearTimeout(this.#timer);
    super.close();
  }

  #drawFigures() {
    const { statistics, samples } = this.realm;
    if (!statistics) return;
    const { store, memory, origin, machine, uptimeSeconds } = statistics;
    const reads = memory.hits + memory.misses;
    const tile = (title, value, ...beside) => el('div', {}, el('dt', {}, title),
      el('dd', {}, el('strong', {}, value), ...beside.map((text) => el('span', {}, text))));
    this.tiles.replaceChildren(
      tile('Content', bytes(store.logicalBytes), `${count(store.blobs, 'blob')}`),
      tile('Stored', bytes(store.storedBytes), store.storedBytes
        ? `${(store.logicalBytes / store.storedBytes).toFixed(2)} times smaller` : 'nothing yet'),
      tile('On disk', bytes(store.diskBytes), `of ${bytes(store.quotaBytes)}`,
        meter(store.diskBytes / store.quotaBytes, 'Part of the quota')),
      tile('Not stored twice', bytes(machine?.deduplicatedBytes ?? 0), 'arrived again'),
      tile('From memory', reads ? percent(memory.hits / reads) : '–', `of ${count(reads, 'read')}`,
        `${bytes(memory.residentBytes)} held`),
      tile('From origins', bytes(fetched(origin)), `${count(origin.requests, 'request')}`,
        `${origin.revalidations + origin.coalesced} saved, ${origin.failures} failed`),
      tile('Running for', duration(uptimeSeconds)));
    if (samples.length < 2) {
      this.charts.replaceChildren(el('p', { class: 'soft' }, 'The first samples are being taken.'));
      return;
    }
    const rate = (value) => samples.slice(1).map((sample, place) => (
      [sample.at, value(difference(samples[place], sample), sample.at - samples[place].at)]));
    this.charts.replaceChildren(
      chart({ title: 'Reads from memory', to: 1, format: percent,
        points: rate(({ hits, misses }) => (hits + misses > 0 ? hits / (hits + misses) : null)) }),
      chart({ title: 'From origins, a minute', format: bytes,
        points: rate(({ fetchedBytes }, seconds) => (fetchedBytes * 60) / Math.max(seconds, 1)) }),
      chart({ title: 'Requests saved, a minute', format: (value) => value.toFixed(value < 10 ? 1 : 0),
        points: rate(({ saved }, seconds) => (saved * 60) / Math.max(seconds, 1)) }),
      chart({ title: 'Content', format: bytes,
        points: samples.map(({ at, store: own }) => [at, own.logicalBytes]) }),
      chart({ title: 'On disk', format: bytes,
        points: samples.map(({ at, store: own }) => [at, own.diskBytes]) }));
  }

  async #load() {
    try {
      const usage = await read('usage');
      if (!this.isOpen) return;
      this.last = usage;
      this.#drawUsage();
    } catch (error) {
      if (this.isOpen) this.usage.replaceChildren(refusal(error));
    }
  }

  #drawUsage() {
    const { remotes, releaseBytes, pinnedBytes, pinnedBytesMax } = this.last;
    const largest = [...remotes].sort((a, b) => b.bytes - a.bytes);
    const held = this.realm.statistics?.memory.handedOutBytes ?? 0;
    const rows = largest.slice(0, this.#listed).flatMap(({ name, releases, bytes: all }) => (
      releases.map((one, place) => [
        place ? el('span', { class: 'again' }, name)
          : [el('a', { href: `#/remotes/${encodeURIComponent(name)}` }, name),
            releases.length > 1 ? el('span', { class: 'soft' }, ` ${bytes(all)} in all`) : null],
        release(one.release), bytes(one.bytes), bytes(one.ownBytes),
        one.reasons.map((reason) => tag(reason, reason === 'channel current' ? 'strong' : ''))])));
    this.usage.replaceChildren(
      share(largest, releaseBytes),
      el('p', { class: 'soft' }, `Releases name ${bytes(releaseBytes)}, each blob once; pins hold `,
        `${bytes(pinnedBytes)} of ${bytes(pinnedBytesMax)}; other processes have ${bytes(held)} `,
        'mapped. What no release names goes when room is needed.'),
      table('Releases by size', [{ title: 'Remote' }, { title: 'Release' },
        { title: 'Size', class: 'figure' }, { title: 'Its alone', class: 'figure' },
        { title: 'Kept because' }], rows, { empty: 'There are no releases.' }),
      largest.length > this.#listed ? el('button', { type: 'button', onclick: () => {
        this.#listed = Infinity;
        this.#drawUsage();
      } }, `Show all ${count(largest.length, 'remote')}`) : '');
  }
}

/** Counters between two samples; a daemon that started anew began at nothing. */
function difference(before, after) {
  const counters = ({ memory, origin }) => ({ hits: memory.hits, misses: memory.misses,
    fetchedBytes: fetched(origin), saved: origin.revalidations + origin.coalesced });
  const [a, b] = [counters(before), counters(after)];
  return Object.fromEntries(Object.keys(b).map((key) => [key, b[key] < a[key] ? b[key]
    : b[key] - a[key]]));
}

const meter = (part, label) => svg('svg', { class: 'meter', viewBox: '0 0 100 4', role: 'img',
  preserveAspectRatio: 'none', 'aria-label': `${label}: ${percent(part)}` },
svg('rect', { class: 'all', width: 100, height: 4, rx: 2 }),
svg('rect', { class: 'part', width: Math.max(part * 100, part > 0 ? 1 : 0), height: 4, rx: 2 }));

/** The largest remotes as parts of one bar; what they share with others counts for each. */
function share(remotes, all) {
  const sum = Math.max(remotes.reduce((total, one) => total + one.bytes, 0), 1);
  const shown = remotes.slice(0, 7).filter(({ bytes: own }) => own / sum > 0.004);
  const rest = remotes.slice(shown.length).reduce((total, one) => total + one.bytes, 0);
  const parts = [...shown.map(({ name, bytes: own }, place) => ({ name, own, kind: `part${place}` })),
    ...(rest ? [{ name: count(remotes.length - shown.length, 'other'), own: rest, kind: 'rest' }] : [])];
  let x = 0;
  const bars = parts.map(({ name, own, kind }) => {
    const width = (own / sum) * 1000;
    const bar = svg('rect', { class: kind, x, width: Math.max(width - 2, 1), height: 20, rx: 2 },
      svg('title', {}, `${name}: ${bytes(own)}`));
    x += width;
    return bar;
  });
  return el('figure', { class: 'share' },
    svg('svg', { viewBox: '0 0 1000 20', preserveAspectRatio: 'none', role: 'img',
      'aria-label': `Releases name ${bytes(all)}: ${parts.map(({ name, own }) => (
        `${name} ${bytes(own)}`)).join(', ')}` }, bars),
    el('figcaption', {}, el('ul', {}, parts.map(({ name, own, kind }) => el('li', {},
      svg('svg', { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
        svg('rect', { class: kind, width: 10, height: 10, rx: 2 })),
      `${name} ${bytes(own)}`)))));
}
