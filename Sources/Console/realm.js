// What the page knows of its realm, and how it hears of more.
import { read } from './daemon.js';
import { byName } from './words.js';

/** Events that the page keeps: as many as the daemon. */
const eventsMax = 256;
/** Seconds between two looks at the counters. */
const samplePause = 5;
/** Looks that are kept beside the daemon's: an hour. */
const samplesMax = 720;
/** Milliseconds before the first and between later attempts to reach a daemon that is gone. */
const retryPauses = [500, 1000, 2000, 5000];

/**
 * Remotes, statistics and events of one realm. Dispatches `remotes`, `statistics`, `events` and
 * `link` when they change; a `happened` for each event that is new.
 */
export class Realm extends EventTarget {
  /** By name, sorted; null before the daemon answered. @type {Map<string, object> | null} */
  remotes = null;
  statistics = null;
  /** Oldest first, counters since the daemon's start. */
  samples = [];
  /** Newest first. */
  events = [];
  /** `waiting`, `live`, or `lost` since `lostAt`. */
  link = 'waiting';

  #run = null;
  /** The newest event that happened before the daemon was listened to. */
  #last = 0;
  #source = null;
  #failures = 0;
  #fetching = new Set();

  /** Begins, and goes on whatever becomes of the daemon. */
  start() {
    this.#listen();
    setInterval(() => this.#sample(), samplePause * 1000);
    // A page that nobody sees leaves its connection to others: a browser opens six to one host.
    document.addEventListener('visibilitychange', () => {
      this.#source?.close();
      this.#source = null;
      if (document.hidden) this.#set('waiting');
      else this.#listen();
    });
  }

  /** Takes in a remote as the daemon told it just now. */
  put(remote) {
    const isNew = !this.remotes.has(remote.name);
    this.remotes.set(remote.name, remote);
    if (isNew) this.remotes = sorted([...this.remotes.values()]);
    this.#tell('remotes');
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #set(link) {
    if (this.link === link) return;
    this.link = link;
    this.#tell('link');
  }

  #listen() {
    if (document.hidden || this.#source) return;
    const source = new EventSource('events');
    this.#source = source;
    source.addEventListener('hello', ({ data }) => {
      const { run, last } = JSON.parse(data);
      // What happened while nobody listened may be more than the daemon kept.
      if (this.#run !== null && run !== this.#run) this.events = [];
      this.#run = run;
      this.#last = last;
      this.#failures = 0;
      this.#set('live');
      this.#refresh();
    });
    source.addEventListener('message', ({ data }) => this.#happened(JSON.parse(data)));
    source.addEventListener('error', () => {
      source.close();
      if (this.#source !== source) return;
      this.#source = null;
      this.#set('lost');
      const pause = retryPauses[Math.min(this.#failures, retryPauses.length - 1)];
      this.#failures += 1;
      setTimeout(() => this.#listen(), pause);
    });
  }

  async #refresh() {
    try {
      const [{ remotes }, { samples }] = await Promise.all([read('remotes'), read('history')]);
      this.remotes = sorted(remotes);
      this.samples = merged(samples, this.samples);
      this.#tell('remotes');
      await this.#sample();
    } catch {
      // The next hello brings it.
    }
  }

  async #sample() {
    if (document.hidden || this.link !== 'live') return;
    try {
      const statistics = await read('statistics');
      this.statistics = statistics;
      const { store, memory, origin, machine } = statistics;
      this.samples.push({ at: Math.floor(Date.now() / 1000), store, memory, origin,
        deduplicatedBytes: machine?.deduplicatedBytes ?? 0 });
      if (this.samples.length > samplesMax) this.samples.shift();
      this.#tell('statistics');
    } catch {
      // The stream says what became of the daemon.
    }
  }

  #happened(event) {
    if (this.events.some(({ ordinal }) => ordinal === event.ordinal)) return;
    this.events.unshift(event);
    if (this.events.length > eventsMax) this.events.pop();
    this.#tell('events');
    if (event.ordinal <= this.#last) return;
    this.#tell('happened', event);
    this.#reread(event.remote);
  }

  /** Asks for one remote again; of several events at once the last answer counts. */
  async #reread(name) {
    if (!this.remotes || this.#fetching.has(name)) return;
    this.#fetching.add(name);
    // What happens together is asked for once.
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    this.#fetching.delete(name);
    try {
      this.put(await read('remotes', name));
    } catch (error) {
      if (error.code !== 'notFound' && error.code !== 'unknownRemote') return;
      if (this.remotes.delete(name)) this.#tell('remotes');
    }
  }
}

const sorted = (remotes) => new Map(remotes.sort((a, b) => byName(a.name, b.name))
  .map((remote) => [remote.name, remote]));

/** The daemon's samples, and the page's own since its last one. */
function merged(kept, own) {
  const last = kept.at(-1)?.at ?? 0;
  return [...kept, ...own.filter(({ at }) => at > last)].slice(-samplesMax);
}
