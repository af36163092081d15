// Figures as people read them.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.4 MiB`: three digits, which is as much as anybody compares. */
export function bytes(count) {
  let value = count ?? 0;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `97 %`, or `97.4 %` where that is what differs. */
export function percent(part) {
  const value = part * 100;
  return `${value > 0 && value < 100 && !Number.isInteger(value) ? value.toFixed(1) : value} %`;
}

/** `5 min`: the largest unit. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `5 min ago`. @param {number} at seconds since 1970 */
export function ago(at) {
  const seconds = Date.now() / 1000 - at;
  return seconds < 5 ? 'just now' : `${duration(seconds)} ago`;
}

/** `2026-03-01 12:04:31`, in the reader's own time. */
export function date(at) {
  const time = new Date(at * 1000);
  const two = (value) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} `
    + `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `12:04:31`. */
export const clock = (at) => date(at).slice(11);

/** `1 remote`, `2 remotes`. */
export const count = (number, noun, many = `${noun}s`) => (
  `${number.toLocaleString('en')} ${number === 1 ? noun : many}`);

/** The first eight of a release's digits: what people say aloud. */
export const short = (release) => release.slice(0, 8);

/** How names stand in lists, `a2` before `a10`. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;
