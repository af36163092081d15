// What views have in common: they draw into one element, and hear of their realm while they are open.

export class View {
  #open = new AbortController();

  /** @param {HTMLElement} root empty @param {import('../realm.js').Realm} realm */
  constructor(root, realm) {
    this.root = root;
    this.realm = realm;
  }

  /** Listens until the view is closed. */
  on(type, listener) {
    this.realm.addEventListener(type, listener, { signal: this.#open.signal });
  }

  /** Whether somebody looks at it still. */
  get isOpen() {
    return !this.#open.signal.aborted;
  }

  /** Shows what the words behind the view's name in the URL say. */
  go() {}

  close() {
    this.#open.abort();
  }
}
