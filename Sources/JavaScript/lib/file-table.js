// What a host knows of the files of its releases, and the bytes that it holds of them. A container
// keeps the release that it was first seen with: later plans never mix files of another into it.

export class FileTable {
  #containers = new Map();
  #blobs = new Map();

  /** Whether a container is known at all. */
  has(name) {
    return this.#containers.has(name);
  }

  /** Facts of a container: {release, target, entry, uniqueName}; undefined if unknown. */
  facts(name) {
    return this.#containers.get(name)?.facts;
  }

  /** Releases by container, of those where it is known. @returns {Record<string, string>} */
  releases() {
    return Object.fromEntries([...this.#containers]
      .filter(([, { facts }]) => facts.release)
      .map(([name, { facts }]) => [name, facts.release]));
  }

  /** Digests of all bytes that are held. @returns {string[]} */
  held() {
    return [...this.#blobs.keys()];
  }

  /**
   * Takes in the containers and files of a plan.
   * @param {{containers?: object[], files?: object[]}} plan
   * @returns {string[]} containers that the plan has in another release than this host runs; their
   *   files are left out
   */
  learn(plan) {
    const changed = new Set();
    for (const { name, ...facts } of plan.containers ?? []) {
      const known = this.#containers.get(name);
      if (!known) this.#containers.set(name, { facts, files: new Map() });
      else if (!known.facts.release) Object.assign(known.facts, facts);
      else if (facts.release && facts.release !== known.facts.release) changed.add(name);
    }
    this.addFiles((plan.files ?? []).filter(({ container }) => !changed.has(container)));
    return [...changed];
  }

  /** @param {{container: string, path: string, digest: string | null, size: number}[]} files */
  addFiles(files) {
    for (const { container, path, ...file } of files) {
      if (!this.#containers.has(container)) {
        this.#containers.set(container, { facts: {}, files: new Map() });
      }
      const known = this.#containers.get(container).files;
      known.set(path, { ...known.get(path), ...file });
    }
  }

  /** @param {Map<string, Buffer>} blobs by digest */
  addBlobs(blobs) {
    for (const [digest, bytes] of blobs) this.#blobs.set(digest, bytes);
  }

  /** Puts the bytes of a file that has no digest of its own: an origin's. */
  put(container, path, bytes) {
    const digest = `${container} ${path}`;
    this.addFiles([{ container, path, digest, size: bytes.length }]);
    this.#blobs.set(digest, bytes);
  }

  /** The digest of a file, if it is known. @returns {string | undefined} */
  digest(container, path) {
    return this.#containers.get(container)?.files.get(path)?.digest ?? undefined;
  }

  /** The bytes of a file, if they are here. @returns {Buffer | undefined} */
  bytes(container, path) {
    return this.#blobs.get(this.digest(container, path));
  }

  /** Digests of a container's files that are not here yet. @returns {string[]} */
  lacking(container, kinds) {
    const files = this.#containers.get(container)?.files ?? new Map();
    return [...files.values()]
      .filter(({ kind, digest }) => kinds.includes(kind) && digest && !this.#blobs.has(digest))
      .map(({ digest }) => digest);
  }

  /** The entry of a container, if its bytes are here. */
  entry(container) {
    const path = this.facts(container)?.entry;
    const bytes = path && this.bytes(container, path);
    return bytes && { path, bytes };
  }
}
