// The small signs by which things are told apart: always beside words, never instead of them.
import { el, svg } from './elements.js';
import { ago, date, short } from './words.js';

/** A release as the bars of a label on a jar: equal ones look equal at a glance. */
export function mark(release) {
  const bars = [...release.slice(0, 6)].map((digit, place) => {
    const height = 3 + Math.round((parseInt(digit, 16) / 15) * 10);
    return svg('rect', { x: place * 3, y: 13 - height, width: 2, height, rx: 0.5 });
  });
  return svg('svg', { class: 'mark', viewBox: '0 0 17 13', width: 17, height: 13,
    'aria-hidden': 'true' }, bars);
}

/** A release's sign and its first digits. */
export const release = (id) => el('span', { class: 'release', title: id }, mark(id),
  el('code', {}, short(id)));

/** A time by how long ago it was; hovering tells the rest. */
export const time = (at) => el('time', { dateTime: new Date(at * 1000).toISOString(),
  title: date(at) }, ago(at));

const shapes = {
  good: 'M2.500 6.500l2.500 2.500 4.500-5.500',
  busy: 'M6 2v4l2.500 1.500',
  warn: 'M6 2.500v4.500M6 9v.500',
  bad: 'M3 3l6 6M9 3l-6 6',
  idle: 'M3 6h6',
};

/** A word with a sign that differs in shape, too. @param {keyof shapes} tone */
export const badge = (tone, text) => el('span', { class: `badge ${tone}` },
  svg('svg', { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
    svg('path', { d: shapes[tone] })), text);

/** A plain word in a frame. */
export const tag = (text, kind = '') => el('span', { class: `tag ${kind}` }, text);

const states = { announced: ['idle', 'Announced'], fetching: ['busy', 'Fetching'],
  complete: ['good', 'Complete'], failed: ['bad', 'Failed'] };

/** How far a remote's newest deploy is. */
export function stateOf(remote) {
  if (remote.state === 'complete' && remote.updates?.failingSince) {
    return { name: 'failing', badge: () => badge('warn', 'Updates fail') };
  }
  const [tone, text] = states[remote.state];
  return { name: remote.state, badge: () => badge(tone, text) };
}

/** Bytes of a release's files, of all its builds. */
export const sizeOf = ({ variants }) => variants.reduce((sum, { bytes }) => sum + bytes, 0);

/** What a refusal says, with its way out. */
export const refusal = (error) => el('div', { class: 'refusal', role: 'alert' },
  el('p', {}, `${error.message}.`), error.remedy ? el('p', {}, `${error.remedy}.`) : null);
