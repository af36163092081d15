// Keeps a host's plans beside what happens in it, and reports each difference once.
import { Expectations } from './comparison.js';
import { LarderError } from './errors.js';

const requestKey = ({ remote, expose }) => JSON.stringify([remote, expose]);

export class PlanWatch {
  #journal;
  #report;
  #strict;
  #expectations = new Expectations();
  #reported = new Set();
  #loaded = new Set();
  #pending = new Set();
  /** All differences so far: {kind, container, planned, seen}. */
  differences = [];

  /**
   * @param {import('./journal.js').Journal} journal
   * @param {(differences: object[], requests?: object[]) => Promise<void>} report tells the
   *   daemon, and what had loaded when they were seen
   * @param {boolean} strict whether a difference is an error
   */
  constructor(journal, report, strict) {
    this.#journal = journal;
    this.#report = report;
    this.#strict = strict;
  }

  learn(plan) {
    if (plan) this.#expectations.learn(plan);
  }

  /**
   * When what was asked for together has loaded, or some of it failed.
   * @param {object | null} plan covers all that the session was ever asked for
   * @param {{remote: string, expose: string}[]} loaded what has loaded now
   * @throws {LarderError} `planMismatch` if this host is strict
   */
  afterLoad(plan, loaded) {
    if (!plan) return;
    for (const request of loaded) this.#loaded.add(requestKey(request));
    const found = this.#expectations.unplanned(this.#journal);
    // What was only planned, or failed, took only a part of what the plan has.
    const complete = plan.requests.every((request) => this.#loaded.has(requestKey(request)))
      && !(plan.errors ?? []).some(({ phase }) => phase !== 'reachable');
    if (complete) found.push(...this.#expectations.unfulfilled(plan, this.#journal));
    this.#note(found, loaded);
  }

  /**
   * Runs a factory of a plan and looks at what ran within it.
   * @param {object | null} plan @param {string} subject the container that it is of
   * @param {{remote: string, expose: string}[]} [requests] what it is of, if not of the host
   * @throws whatever it throws; `planMismatch` if this host is strict
   */
  execute(plan, subject, requests, factory) {
    const before = [...this.#journal.executed];
    const result = factory();
    if (plan) {
      const ran = this.#journal.executed.slice(before.length);
      this.#note(this.#expectations.order(plan, before, ran, subject), requests);
    }
    return result;
  }

  /** When the daemon has taken or refused what was reported. */
  async settled() {
    await Promise.all(this.#pending);
  }

  #note(found, requests) {
    const fresh = found.filter((one) => !this.#reported.has(JSON.stringify(one)));
    if (fresh.length === 0) return;
    for (const one of fresh) this.#reported.add(JSON.stringify(one));
    this.differences.push(...fresh);
    // A report that does not arrive takes nothing from the host: the differences stay here as well.
    const report = this.#report(fresh, requests).catch(() => {});
    this.#pending.add(report);
    report.then(() => this.#pending.delete(report));
    if (!this.#strict) return;
    const list = fresh.map(({ kind, container, planned, seen }) =>
      `${kind} of ${container}: planned ${planned}, seen ${seen}`);
    throw new LarderError('planMismatch', `execution departs from the plan: ${list.join('; ')}`);
  }
}
