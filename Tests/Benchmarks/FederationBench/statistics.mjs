// The middle of some samples, and how far they lie apart.

export function median(samples) {
  const sorted = [...samples].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}

/** `median (lowest-highest)`, with three digits. */
export function spread(samples) {
  const [low, high] = [Math.min(...samples), Math.max(...samples)];
  return `${digits(median(samples))} (${digits(low)}-${digits(high)})`;
}

export const digits = (number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));
