// What the demo prints: for each step what is expected and what is seen.
import { createHash } from 'node:crypto';

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** A value in a few characters: what is long is told by its size and the start of its SHA-256. */
export function brief(value) {
  if (typeof value === 'number') return grouped(value);
  if (Array.isArray(value) && value.length === 0) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing';
  const digits = /^(SHA-256 |)([0-9a-f]{10})[0-9a-f]{22,}$/.exec(text);
  if (digits) return `${digits[1]}${digits[2]}…`;
  if (text.length <= 32) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const size = Array.isArray(value) ? [value.length, 'items'] : [text.length, 'characters'];
  return `${grouped(size[0])} ${size[1]} #${digest}`;
}

/** Where two long values part. */
function parting(expected, seen) {
  if (Array.isArray(expected) && Array.isArray(seen)) {
    const at = expected.findIndex((item, index) =>
      JSON.stringify(item) !== JSON.stringify(seen[index]));
    const index = at < 0 ? expected.length : at;
    return `item ${index}: expected ${JSON.stringify(expected[index])}, `
      + `seen ${JSON.stringify(seen[index])}`;
  }
  const [one, other] = [expected, seen].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing');
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const part = (text) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 60));
  return `at character ${at}: expected ${part(one)}, seen ${part(other)}`;
}

/** A step of the demo did not show what it is for. */
export class StepFailed extends Error {}

export class Report {
  #step = 'start';
  #begun = 0;
  #failed = 0;
  #open = false;

  line(text = '') {
    console.log(text);
  }

  /** The step that runs, for whoever has to name it. */
  get step() {
    return this.#step;
  }

  begin(step, what) {
    this.#step = step;
    this.#begun = performance.now();
    this.#failed = 0;
    this.#open = true;
    this.line();
    this.line(`${step}: ${what}`);
  }

  /** @throws {StepFailed} if anything of the step was not as expected */
  end() {
    this.line(`  ${((performance.now() - this.#begun) / 1000).toFixed(1)} s`);
    this.#open = false;
    if (this.#failed > 0) {
      throw new StepFailed(`${this.#failed} of the lines above, marked ✗`);
    }
  }

  /** Compares by content. */
  equal(what, expected, seen) {
    const same = JSON.stringify(expected) === JSON.stringify(seen);
    this.#expect(same, what, brief(expected), brief(seen));
    if (!same) this.line(`      ${parting(expected, seen)}`);
  }

  /** For what is not told by one value. */
  holds(what, expected, seen, truth) {
    this.#expect(Boolean(truth), what, brief(expected), brief(seen));
  }

  /** Says something that is no expectation. */
  note(what, value) {
    this.line(`  · ${what}: ${typeof value === 'number' ? grouped(value) : value}`);
  }

  #expect(holds, what, expected, seen) {
    if (!this.#open) throw new Error(`'${what}' is expected outside of every step`);
    this.#failed += holds ? 0 : 1;
    const seenText = holds && seen === expected ? 'the same' : seen;
    this.line(`  ${holds ? '✓' : '✗'} ${what.padEnd(52)} `
      + `expected ${expected}, seen ${seenText}`);
  }
}

/** Rows of cells as a table; numbers to the right. */
export function table(rows) {
  const cells = rows.map((row) => row.map((cell) =>
    (typeof cell === 'number' ? grouped(cell) : String(cell))));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row, index) => `  ${row.map((cell, column) => (column === 0
    ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')}`.trimEnd());
}
