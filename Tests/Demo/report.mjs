// What the demo prints: for each step what is expected and what is seen.
import { isDeepStrictEqual } from 'node:util';

/** An expectation that did not hold. */
export class Failure extends Error {}

export function step(letter, title) {
  console.log(`\n${letter}. ${title}`);
}

/** Prints an expectation and whether it held; ends the demo if it did not. */
export function expect(what, expected, seen, show = brief) {
  const holds = isDeepStrictEqual(expected, seen);
  console.log(`   ${holds ? '✔' : '✘'} ${what}`);
  console.log(`       expected  ${show(expected)}`);
  console.log(`       seen      ${show(seen)}`);
  if (!holds) throw new Failure(what);
}

/** As `expect`, for what only has to be true. */
export function expectThat(what, holds, seen) {
  console.log(`   ${holds ? '✔' : '✘'} ${what}`);
  console.log(`       seen      ${brief(seen)}`);
  if (!holds) throw new Failure(what);
}

/** Prints rows under their heads, columns aligned. */
export function table(heads, rows) {
  const lines = [heads, ...rows.map((row) => row.map(String))];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log();
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])));
    console.log(`   ${cells.join('   ')}`);
  }
}

/** 1536 as `1.5 KiB`. */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(1)} KiB`;
  return `${(count / 1024 ** 2).toFixed(1)} MiB`;
}

function brief(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= 110 ? text : `${text.slice(0, 90)}… (${text.length} characters)`;
}
