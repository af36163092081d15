// What the containers of a page see of its share scope. Without a policy that is the scope itself,
// since containers reach each other without this library, and take one scope object only. Where a
// plan tells that the realm withholds packages, each container has a view of its own, whoever
// initialises it.
import { Journal } from '../journal.js';
import { ScopeViews } from '../scope-views.js';

export class PageViews {
  #views;
  #owners = new Map();

  /** Takes in a plan; before the containers that it has are loaded. */
  learn(plan) {
    if (!plan?.withheld) return;
    this.#views ??= new ScopeViews(new Journal());
    this.#views.learn(plan);
  }

  raw(scope) {
    return this.#views?.raw(scope) ?? scope;
  }

  settle(scope) {
    this.#views?.settle(scope);
  }

  /** @param {object} scope @param {{name: string, spoil?: () => void}} owner see `ScopeViews` */
  open(scope, owner) {
    if (!this.#views) return scope;
    if (!owner.spoil) return this.#views.open(scope, owner);
    // The page and other containers may both initialise it, with one and the same object.
    if (!this.#owners.has(owner.name)) this.#owners.set(owner.name, owner);
    return this.#views.open(scope, this.#owners.get(owner.name));
  }

  /**
   * A container as others are to find it in the page: initialised with its own view.
   * @param {string} name @param {{get: Function, init: Function}} container
   */
  guard(name, container) {
    if (!this.#views) return container;
    // Started anew, it takes a scope anew.
    const owner = { name, spoil() {} };
    this.#owners.set(name, owner);
    return {
      get: (...words) => container.get(...words),
      init: (scope, ...words) => container.init(this.open(scope, owner), ...words),
    };
  }
}
