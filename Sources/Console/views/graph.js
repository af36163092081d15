// Who imports whom: drawn, and as a list that says the same.
import { read } from '../daemon.js';
import { el, heading, svg, table } from '../elements.js';
import { cell, cycles, layout, reversed } from '../graph-layout.js';
import { refusal, tag } from '../labels.js';
import { byName, count } from '../words.js';
import { PictureFrame } from './picture-frame.js';
import { View } from './view.js';

/** Lines that are drawn at once; above that those of one node alone. */
const linesMax = 2000;

export class GraphView extends View {
  #facts = null;
  #graph = null;
  #chosen = null;
  #timer = null;

  constructor(root, realm) {
    super(root, realm);
    this.packages = el('input', { type: 'checkbox', onchange: () => this.#draw() });
    this.search = el('input', { type: 'search', placeholder: 'Find', 'aria-label': 'Find in the graph',
      oninput: () => this.#find(), onkeydown: (event) => {
        if (event.key === 'Enter' || event.key === 'ArrowDown') {
          event.preventDefault();
          this.#node(this.#chosen ?? this.#graph?.nodes[0])?.focus();
        }
      } });
    this.form = el('select', { 'aria-label': 'Form', onchange: () => this.#showForm() },
      el('option', { value: 'drawing' }, 'Drawing'), el('option', { value: 'list' }, 'List'));
    this.said = el('p', { class: 'said', role: 'status' });
    this.picture = el('div', { class: 'picture' });
    this.list = el('div', { hidden: true });
    this.words = el('p', { class: 'words', role: 'status' });
    this.tools = el('div', { class: 'tools' }, this.search,
      el('label', { class: 'check' }, this.packages, 'Packages'), this.form,
      el('span', { class: 'zoom' }, [['−', 'Smaller', 0.8], ['+', 'Larger', 1.25], ['Fit', 'All of it', 0]]
        .map(([text, label, by]) => el('button', { type: 'button', 'aria-label': label,
          onclick: () => (by ? this.frame?.zoom(by) : this.frame?.fit()) }, text))), this.said);
    root.append(heading('Graph'), this.tools, this.picture, this.list, this.words);
    root.classList.add('full');
    this.on('remotes', () => {
      // A burst of deploys is drawn once.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), this.#facts ? 300 : 0);
    });
    this.#load();
  }

  close() {
    clearTimeout(this.#timer);
    this.root.classList.remove('full');
    super.close();
  }

  async #load() {
    try {
      const { containers } = await read('federation');
      if (!this.isOpen) return;
      const facts = JSON.stringify(containers);
      if (facts === this.#facts) return;
      this.#facts = facts;
      this.containers = containers;
      this.#draw();
    } catch (error) {
      if (this.isOpen && !this.#facts) this.picture.replaceChildren(refusal(error));
    }
  }

  #showForm() {
    const isList = this.form.value === 'list';
    this.list.hidden = !isList;
    this.picture.hidden = isList;
    this.words.hidden = isList;
  }

  #draw() {
    this.#graph = graph(this.containers, this.packages.checked);
    const { nodes, next, kinds, knots } = this.#graph;
    const lines = [...next.values()].reduce((sum, { length }) => sum + length, 0);
    this.said.textContent = `${count(this.containers.length, 'remote')}, ${count(lines, 'import')}, `
      + `${knots.length ? count(knots.length, 'cycle') : 'no cycles'}`;
    this.list.replaceChildren(this.#table());
    if (!nodes.length) {
      this.picture.replaceChildren(el('p', { class: 'empty' }, 'No remote has a release yet.'));
      return;
    }
    const { places, way, width, height } = layout(nodes, next);
    this.places = places;
    const inKnot = new Map(knots.flatMap((knot, place) => knot.map((node) => [node, place])));
    const edges = svg('g', { class: 'edges' });
    this.lines = [];
    if (lines <= linesMax) {
      for (const [from, followers] of next) {
        for (const to of followers) {
          const isCycle = inKnot.has(from) && inKnot.get(from) === inKnot.get(to);
          const line = svg('path', { d: curve(places.get(from), way(from, to), places.get(to)),
            class: isCycle ? 'cycle' : '', 'marker-end': `url(#${isCycle ? 'head-cycle' : 'head'})` });
          this.lines.push({ from, to, line });
          edges.append(line);
        }
      }
    }
    this.nodes = new Map(nodes.map((node) => [node, this.#box(node, kinds.get(node), inKnot)]));
    const picture = svg('svg', { role: 'group', 'aria-label': 'Who imports whom; the list has the same in words' },
      svg('defs', {}, head('head'), head('head-cycle')), edges, svg('g', {}, [...this.nodes.values()]));
    picture.addEventListener('focusin', ({ target }) => {
      const node = target.closest('[data-node]')?.dataset.node;
      if (node) this.#choose(node);
    });
    this.frame = new PictureFrame(picture, { width, height });
    this.picture.replaceChildren(picture);
    picture.addEventListener('keydown', (event) => this.#key(event));
    this.frame.fit();
    this.#choose(this.nodes.has(this.#chosen) ? this.#chosen : null);
  }

  #box(node, kind, inKnot) {
    const { x, y } = this.places.get(node);
    const left = x - cell.box / 2;
    const top = y - cell.boxHeight / 2;
    const text = this.#graph.titles.get(node);
    const shape = svg('rect', { x: left, y: top, width: cell.box, height: cell.boxHeight,
      rx: kind === 'package' ? cell.boxHeight / 2 : 5 });
    return svg('a', { href: kind === 'package' ? '#/sharing' : `#/remotes/${encodeURIComponent(node)}`,
      class: `node ${kind} ${inKnot.has(node) ? 'cycle' : ''}`, tabindex: -1, 'data-node': node,
      'aria-label': this.#sentence(node) }, shape, svg('text', { x, y: y + 4 },
      text.length > 20 ? `${text.slice(0, 19)}…` : text), svg('title', {}, this.#sentence(node)));
  }

  #sentence(node) {
    const { next, previous, titles, kinds, knots } = this.#graph;
    const list = (some) => (some.length > 8
      ? `${some.slice(0, 8).map((one) => titles.get(one)).join(', ')} and ${some.length - 8} more`
      : some.map((one) => titles.get(one)).join(', '));
    const [to, from] = [next.get(node) ?? [], previous.get(node) ?? []];
    const knot = knots.find((one) => one.includes(node));
    return [{ package: `package ${titles.get(node)}`, missing: `${node}, which is not here` }[
      kinds.get(node)] ?? node,
    to.length ? `imports ${list(to)}` : null, from.length ? `imported by ${list(from)}` : null,
    knot ? `in a cycle of ${list(knot)}` : null,
    !to.length && !from.length ? 'imports nothing, imported by nobody' : null,
    ].filter(Boolean).join('; ');
  }

  #node(node) {
    return this.nodes?.get(node);
  }

  /** Shows one with what is beside it; one node takes the Tab key. */
  #choose(node) {
    this.#chosen = node;
    const first = node ?? this.#graph.nodes[0];
    const { next, previous } = this.#graph;
    const beside = node ? new Set([node, ...(next.get(node) ?? []), ...(previous.get(node) ?? [])])
      : null;
    for (const [own, box] of this.nodes) {
      box.setAttribute('tabindex', own === first ? 0 : -1);
      box.classList.toggle('faint', Boolean(beside && !beside.has(own)));
      box.classList.toggle('chosen', own === node);
    }
    for (const { from, to, line } of this.lines) {
      line.classList.toggle('faint', Boolean(node) && from !== node && to !== node);
      line.classList.toggle('lit', from === node || to === node);
    }
    this.words.textContent = node ? this.#sentence(node)
      : 'Choose a remote to see what it imports. Arrow keys follow the lines; Enter opens it.';
  }

  #find() {
    const word = this.search.value.toLowerCase();
    const found = word ? this.#graph?.nodes.find((node) => node.toLowerCase().includes(word)) : null;
    this.#choose(found ?? null);
    if (found) this.frame.show(this.places.get(found));
  }

  #key(event) {
    const { key, shiftKey } = event;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (shiftKey && steps[key]) {
      this.frame.move(steps[key][0] * 60, steps[key][1] * 60);
    } else if (steps[key]) {
      const node = this.#beside(key);
      if (node) {
        this.#node(node).focus({ preventScroll: true });
        this.frame.show(this.places.get(node));
      }
    } else if (['+', '=', '-', '0'].includes(key)) {
      if (key === '0') this.frame.fit();
      else this.frame.zoom(key === '-' ? 0.8 : 1.25);
    } else if (key === 'Escape') {
      this.#choose(null);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Along a line to the left or right, the nearest if there are several; up and down its column. */
  #beside(key) {
    const from = this.#chosen ?? this.#graph.nodes[0];
    const own = this.places.get(from);
    const others = { ArrowLeft: () => this.#graph.previous.get(from) ?? [],
      ArrowRight: () => this.#graph.next.get(from) ?? [] }[key]?.()
      ?? this.#graph.nodes.filter((node) => {
        const { x, y } = this.places.get(node);
        return x === own.x && (key === 'ArrowUp' ? y < own.y : y > own.y);
      });
    const distance = (node) => Math.abs(this.places.get(node).y - own.y);
    return others.filter((node) => node !== from).sort((a, b) => distance(a) - distance(b))[0];
  }

  #table() {
    const { nodes, kinds, next, previous, titles } = this.#graph;
    const names = (some = []) => some.map((one) => titles.get(one)).sort(byName).join(', ') || '–';
    const knotted = new Map(this.#graph.knots.flatMap((knot) => knot.map((node) => [node, knot])));
    return table('The graph as a list', [{ title: 'Name' }, { title: 'Imports' },
      { title: 'Imported by' }, { title: 'Cycle' }], nodes.map((node) => [
      [titles.get(node), kinds.get(node) === 'missing' ? tag('not here', 'warn') : null],
      names(next.get(node)), names(previous.get(node)),
      knotted.has(node) ? names(knotted.get(node)) : '–']), { empty: 'Nothing is here yet.' });
  }
}

/** Remotes, what they import though it is not here, and perhaps packages. */
function graph(containers, withPackages) {
  const kinds = new Map(containers.map(({ name }) => [name, 'remote']));
  const titles = new Map(containers.map(({ name }) => [name, name]));
  const next = new Map();
  for (const { name, imports } of containers) {
    next.set(name, [...imports]);
    for (const other of imports) {
      if (kinds.has(other)) continue;
      kinds.set(other, 'missing');
      titles.set(other, other);
    }
  }
  const knots = cycles([...kinds.keys()].sort(byName), next);
  if (withPackages) {
    for (const { name, provides, consumes } of containers) {
      for (const key of new Set([...provides, ...consumes].map((share) => share.key))) {
        const node = `package ${key}`;
        kinds.set(node, 'package');
        titles.set(node, key);
        next.get(name).push(node);
      }
    }
  }
  const nodes = [...kinds.keys()].sort(byName);
  return { nodes, next, previous: reversed(next), kinds, titles, knots };
}

const head = (id) => svg('marker', { id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7,
  markerHeight: 7, orient: 'auto' }, svg('path', { d: 'M1 1l6 3-6 3z' }));

/** From the right of one box to the left of the other, by its bends; around both if it leads back. */
function curve(from, bends, to) {
  const half = cell.box / 2;
  const start = from.x + half;
  if (from.x >= to.x) {
    const [out, end] = [start + 30, to.x + half + 2];
    return `M${start} ${from.y}C${out} ${from.y} ${out} ${to.y} ${end} ${to.y}`;
  }
  let path = `M${start} ${from.y}`;
  let last = { x: start, y: from.y };
  // A bend is as wide as the boxes beside it.
  const stops = bends.flatMap(({ x, y }) => [{ x: x - half, y }, { x: x + half, y }]);
  for (const [place, stop] of [...stops, { x: to.x - half - 2, y: to.y }].entries()) {
    const middle = (last.x + stop.x) / 2;
    path += place % 2 ? `H${stop.x}` : `C${middle} ${last.y} ${middle} ${stop.y} ${stop.x} ${stop.y}`;
    last = stop;
  }
  return path;
}
