// What the page asks the daemon for, by URLs beside its own.

/** The daemon's refusal, in its words. */
export class Refused extends Error {
  constructor({ code, message, remedy }) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

const unreachable = { code: 'unreachable', message: 'the daemon does not answer',
  remedy: 'the page goes on by itself when it is back' };

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { mode: 'same-origin', redirect: 'error', ...options });
  } catch {
    throw new Refused(unreachable);
  }
  const answer = await response.json().catch(() => unreachable);
  if (!response.ok) throw new Refused(answer);
  return answer;
}

const segments = (names) => names.map(encodeURIComponent).join('/');

/** What `data/…` has. @param {string[]} names */
export const read = (...names) => ask(`data/${segments(names)}`);

/** The plan of an exposed module, with its imports and what hosts reported of it. */
export const readPlan = (remote, expose, target) => ask(
  `data/plan/${segments([remote, expose])}?target=${encodeURIComponent(target)}`);

/** Points `current` of a remote at a release that it keeps: the remote as it is then. */
export const switchTo = (remote, release) => (
  ask(`switch/${segments([remote, release])}`, { method: 'POST' }));

/** Points `current` of a remote at the release that it left last. */
export const rollBack = (remote) => ask(`rollback/${segments([remote])}`, { method: 'POST' });
