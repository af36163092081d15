// Draws first renders as bars: one group for each distance, one bar for each contender.
import { distances } from './render.mjs';
import { digits, median } from './statistics.mjs';

const bar = { height: 18, gap: 4 };
const group = { gap: 26, title: 22 };
const left = 150;
const width = 460;
const margin = 16;

/**
 * @param {{distance: number, contender: string, milliseconds: number[]}[]} renders
 * @returns {string} an SVG that reads well on light and on dark
 */
export function drawRenders(renders) {
  const longest = Math.max(...renders.map(({ milliseconds }) => median(milliseconds)));
  const parts = [];
  let y = margin;
  for (const distance of distances) {
    parts.push(text(margin, y + 13, `origins ${distance} ms away`, 'title'));
    y += group.title;
    for (const { contender, milliseconds } of renders.filter((one) => one.distance === distance)) {
      const time = median(milliseconds);
      const length = Math.max(2, Math.round((time / longest) * width));
      const kind = contender.startsWith('larder') ? 'ours' : 'theirs';
      parts.push(text(left - 8, y + 13, contender, 'name'));
      parts.push(`<rect x="${left}" y="${y}" width="${length}" height="${bar.height}" rx="2"`
        + ` class="${kind}"/>`);
      parts.push(text(left + length + 6, y + 13, `${digits(time)} ms`, 'value'));
      y += bar.height + bar.gap;
    }
    y += group.gap;
  }
  const size = { width: left + width + 90, height: y - group.gap + margin };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}"
 width="${size.width}" height="${size.height}" role="img" aria-label="Time to first render">
<style>
text { font: 12px sans-serif; fill: #57606a; }
.title { font-weight: bold; fill: #24292f; }
.name { text-anchor: end; }
.ours { fill: #2f7d4f; }
.theirs { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #9da7b1; }
  .title { fill: #e6edf3; }
  .ours { fill: #4cc38a; }
  .theirs { fill: #6e7681; }
}
</style>
${parts.join('\n')}
</svg>
`;
}

const text = (x, y, words, kind) => `<text x="${x}" y="${y}" class="${kind}">${words}</text>`;
