// Where a directed graph's nodes are drawn: importers on the left, what they import on the right.

/** A place on the picture, in pixels of its own. */
export const cell = { width: 208, height: 46, box: 148, boxHeight: 30 };

/** Nodes in one column before another one begins beside it: more of them in larger graphs. */
const columnMax = (count) => Math.max(24, Math.ceil(Math.sqrt(count) * 1.7));

/**
 * Strongly connected components (Tarjan), without recursion: graphs are as deep as they like.
 * @param {string[]} nodes @param {Map<string, string[]>} next
 * @returns {string[][]} what is imported before what imports it
 */
export function components(nodes, next) {
  const index = new Map();
  const low = new Map();
  const stacked = new Set();
  const stack = [];
  const found = [];
  for (const start of nodes) {
    if (index.has(start)) continue;
    const work = [[start, 0]];
    while (work.length) {
      const frame = work.at(-1);
      const [node, place] = frame;
      if (place === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node));
        stack.push(node);
        stacked.add(node);
      }
      const follower = (next.get(node) ?? [])[place];
      if (follower !== undefined) {
        frame[1] += 1;
        if (!index.has(follower)) work.push([follower, 0]);
        else if (stacked.has(follower)) low.set(node, Math.min(low.get(node), index.get(follower)));
        continue;
      }
      // A node without followers is looked at once more with its place at 0.
      work.pop();
      const above = work.at(-1)?.[0];
      if (above !== undefined) low.set(above, Math.min(low.get(above), low.get(node)));
      if (low.get(node) !== index.get(node)) continue;
      const component = [];
      for (;;) {
        const member = stack.pop();
        stacked.delete(member);
        component.push(member);
        if (member === node) break;
      }
      found.push(component.reverse());
    }
  }
  return found;
}

/** Knots of containers that import each other, or themselves. */
export const cycles = (nodes, next) => components(nodes, next).filter((component) => (
  component.length > 1 || (next.get(component[0]) ?? []).includes(component[0])));

/**
 * @param {string[]} nodes sorted
 * @param {Map<string, string[]>} next who imports whom; all of them are nodes
 * @returns {{places: Map<string, {x: number, y: number}>, way: (from: string, to: string) =>
 *   {x: number, y: number}[], width: number, height: number}} `way` gives the places that a line
 *   passes between its ends, so that it crosses no box
 */
export function layout(nodes, next) {
  const previous = reversed(next);
  const linked = nodes.filter((node) => next.get(node)?.length || previous.get(node)?.length);
  const { ranks, ways } = layered(linked, next, previous);
  const places = new Map();
  const columns = ranks.flatMap((layer) => sliced(layer, columnMax(nodes.length)));
  const tall = (column) => column.reduce((sum, node) => sum + room(node), 0);
  const height = Math.max(0, ...columns.map(tall));
  columns.forEach((column, place) => {
    let y = (height - tall(column)) / 2;
    for (const node of column) {
      places.set(node, { x: (place + 0.5) * cell.width, y: y + room(node) / 2 });
      y += room(node);
    }
  });
  // What neither imports nor is imported stands below, in rows.
  const alone = nodes.filter((node) => !places.has(node));
  const across = Math.max(columns.length, Math.min(alone.length,
    Math.ceil(Math.sqrt(alone.length / 2.2))), 1);
  const below = height + (height && alone.length ? cell.height : 0);
  sliced(alone, across).forEach((row, line) => row.forEach((node, place) => places.set(node,
    { x: (place + 0.5) * cell.width, y: below + (line + 0.5) * cell.height })));
  return { places, width: across * cell.width,
    way: (from, to) => (ways.get(`${from}\0${to}`) ?? []).map((bend) => places.get(bend)),
    height: below + Math.ceil(alone.length / across) * cell.height };
}

/** A bend of a line needs less than a box. */
const room = (node) => (node.includes('\0') ? 18 : cell.height);

const sliced = (list, length) => Array.from({ length: Math.ceil(list.length / length) },
  (_, place) => list.slice(place * length, (place + 1) * length));

export function reversed(next) {
  const previous = new Map();
  for (const [from, followers] of next) {
    for (const to of followers) {
      if (previous.has(to)) previous.get(to).push(from);
      else previous.set(to, [from]);
    }
  }
  return previous;
}

/** Layers by the longest way from an importer that nobody imports, each ordered so that few lines
 * cross. */
function layered(nodes, next, previous) {
  const knots = components(nodes, next);
  const knotOf = new Map(knots.flatMap((knot, place) => knot.map((node) => [node, place])));
  const depth = knots.map(() => 0);
  // From the importers on: what is imported comes first in the list.
  for (let place = knots.length - 1; place >= 0; place -= 1) {
    for (const node of knots[place]) {
      for (const to of next.get(node) ?? []) {
        const other = knotOf.get(to);
        if (other !== place) depth[other] = Math.max(depth[other], depth[place] + 1);
      }
    }
  }
  const rank = (node) => depth[knotOf.get(node)];
  const ranks = [];
  for (const node of nodes) (ranks[rank(node)] ??= []).push(node);
  const beside = [previous, next].map((lines) => new Map(nodes.map((node) => (
    [node, [...lines.get(node) ?? []]]))));
  // Where layers are wrapped, lines go as they can.
  const isWrapped = ranks.some(({ length }) => length > columnMax(nodes.length));
  const ways = isWrapped ? new Map() : bent(nodes, next, rank, ranks, beside);
  for (let sweep = 0; sweep < 8; sweep += 1) order(ranks, beside[sweep % 2], sweep % 2 === 0);
  return { ranks, ways };
}

/** Gives each line that skips layers a bend in each of them. */
function bent(nodes, next, rank, ranks, [before, after]) {
  const ways = new Map();
  for (const from of nodes) {
    for (const to of next.get(from) ?? []) {
      const bends = [];
      for (let layer = rank(from) + 1; layer < rank(to); layer += 1) {
        const bend = `${from}\0${to}\0${layer}`;
        const last = bends.at(-1) ?? from;
        before.set(bend, [last]);
        after.set(bend, [to]);
        after.set(last, (after.get(last) ?? []).map((one) => (one === to ? bend : one)));
        ranks[layer].push(bend);
        bends.push(bend);
      }
      if (!bends.length) continue;
      before.set(to, before.get(to).map((one) => (one === from ? bends.at(-1) : one)));
      ways.set(`${from}\0${to}`, bends);
    }
  }
  return ways;
}

/** Moves each node to the middle of those beside it in the layer before. */
function order(ranks, beside, isDown) {
  const places = new Map(ranks.flatMap((layer) => layer.map((node, place) => [node,
    (place + 0.5) / layer.length])));
  for (const layer of isDown ? ranks : [...ranks].reverse()) {
    const weight = new Map(layer.map((node) => {
      const others = beside.get(node) ?? [];
      const sum = others.reduce((total, other) => total + places.get(other), 0);
      return [node, others.length ? sum / others.length : places.get(node)];
    }));
    layer.sort((a, b) => weight.get(a) - weight.get(b));
    layer.forEach((node, place) => places.set(node, (place + 0.5) / layer.length));
  }
}
