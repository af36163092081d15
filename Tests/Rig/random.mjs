// Seeded pseudo-random numbers (xorshift32, Marsaglia 2003), so that a failure can be run again.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0 || 1;
  }

  /** From 0 up to, and without, `limit`. */
  below(limit) {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  /** Bytes that compress about as code does: words from a small list. */
  bytes(count) {
    const words = Array.from({ length: 64 }, () => this.below(2 ** 32).toString(36));
    let text = '';
    while (text.length < count) text += `${words[this.below(64)]} `;
    return Buffer.from(text.slice(0, count));
  }
}

/** The seed to run with: LARDER_SEED, or one that is printed. */
export function seed() {
  const chosen = Number(process.env.LARDER_SEED ?? Date.now() % 1_000_000);
  console.log(`# seed ${chosen}: run again with LARDER_SEED=${chosen}`);
  return chosen;
}
