// A figure over time, drawn and told in one sentence.
import { el, svg } from './elements.js';
import { clock, duration } from './words.js';

const size = { width: 360, height: 96, left: 62, bottom: 16, top: 8 };

/**
 * @param {{title: string, points: [number, number | null][], format: (value: number) => string,
 *   from?: number, to?: number}} options points are seconds since 1970 and values; null where there
 *   is none. The scale goes from 0, and to `to` or the largest.
 */
export function chart({ title, points, format, to }) {
  const known = points.filter(([, value]) => value !== null);
  const last = known.at(-1)?.[1];
  const sentence = known.length
    ? `${title}: ${format(known[0][1])} ${duration(points.at(-1)[0] - known[0][0])} ago, `
      + `${format(last)} now, at most ${format(Math.max(...known.map(([, value]) => value)))}`
    : `${title}: nothing yet`;
  return el('figure', { class: 'chart' },
    el('figcaption', {}, title, ' ', el('strong', {}, known.length ? format(last) : '–')),
    drawing(points, known, format, to, sentence));
}

function drawing(points, known, format, to, sentence) {
  const { width, height, left, bottom, top } = size;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': sentence });
  const largest = to ?? Math.max(0, ...known.map(([, value]) => value));
  const max = largest || 1;
  const [start, end] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  const x = (at) => left + ((at - start) / Math.max(end - start, 1)) * (width - left - 4);
  const y = (value) => top + (1 - value / max) * (height - top - bottom);
  for (const part of largest ? [0, 0.5, 1] : [0]) {
    picture.append(svg('path', { class: 'rule', d: `M${left} ${y(max * part)}H${width}` }),
      svg('text', { class: 'scale', x: left - 6, y: y(max * part) + 3.5, 'text-anchor': 'end' },
        format(max * part)));
  }
  if (points.length > 1) {
    picture.append(svg('text', { class: 'scale', x: left, y: height - 2 }, clock(start).slice(0, 5)),
      svg('text', { class: 'scale', x: width, y: height - 2, 'text-anchor': 'end' },
        clock(end).slice(0, 5)));
  }
  // Where nothing is known there is no line.
  const runs = [[]];
  for (const [at, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1).push([x(at), y(value)]);
  }
  for (const run of runs.filter(({ length }) => length)) {
    const way = run.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join('L');
    picture.append(svg('path', { class: 'area',
      d: `M${run[0][0]} ${y(0)}L${way}L${run.at(-1)[0]} ${y(0)}Z` }),
    svg('path', { class: 'line', d: run.length > 1 ? `M${way}` : `M${way}h0.1` }));
  }
  return picture;
}
