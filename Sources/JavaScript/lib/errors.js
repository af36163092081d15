// The one error type that this library throws for what goes wrong outside of the modules it runs.
// An exception that a module itself throws reaches the caller as it is.

// Code -> what to do about it, where that does not depend on the case. Codes of the protocol come
// with a remedy from the daemon.
const remedies = {
  connectionLost: 'see whether the daemon is running: larder status',
  daemonUnavailable: 'start the daemon with `larder up`, or name its socket in LARDER_SOCKET',
  unknownRemote: 'register it with `larder remote add NAME URL`, or give its URL in `remotes`',
  unknownExpose: 'see the exposed modules with `larder remote show NAME`',
  noOrigin: 'start the daemon with `larder up`, or give the remote\'s URL in `remotes`',
  unsupportedContainer: 'build it for target `async-node` or `node` with '
    + 'library: { type: "commonjs-module" }',
  notDelivered: 'build the remote for target `async-node`, or pass target: "node" to createHost',
  sharedUnavailable: 'provide the package in `shared`, or let the remote bring its own',
  noEagerProvider: 'provide the package with eager: true, or import it asynchronously',
  unresolvedRequest: 'install the package beside the host, or register a remote of that name',
  scopeConflict: 'initialise a container with one share scope only',
  planMismatch: 'see host.differences for what was planned and what happened',
  releaseChanged: 'start another host, which runs the new release',
  closed: 'create another host',
};

/** What could not be done, on which remote and module, and what to do about it. */
export class LarderError extends Error {
  /**
   * @param {string} code one of the protocol's codes, or one of this library's
   * @param {string} message
   * @param {{remedy?: string, remote?: string, expose?: string, cause?: unknown}} [details]
   */
  constructor(code, message, { remedy, remote, expose, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LarderError';
    this.code = code;
    this.remedy = remedy ?? remedies[code];
    this.remote = remote;
    this.expose = expose;
  }
}

// What a plan calls an error, where a code has another name.
const planned = { missingRemote: 'unknownRemote', unsupportedRemoteType: 'unsupportedContainer' };

/** An error of a plan as one to throw. @param {object} error */
export function fromPlan({ kind, message, remedy, container, expose }) {
  return new LarderError(planned[kind] ?? kind, message,
    { remedy, remote: container, expose: expose ?? undefined });
}

// The runtime inside a container throws plain errors; its texts tell them apart.
const patterns = [
  [/^Module ".*" does not exist in container\./, 'unknownExpose'],
  [/^Shared module .* doesn't exist in shared scope /, 'sharedUnavailable'],
  [/^(No satisfying|Unsatisfied) version .* of shared /, 'sharedUnavailable'],
  [/already been initialized with a different share scope/, 'scopeConflict'],
];

/**
 * What a failed load is reported as: an error of ours as it is (once per caller, as the runtimes
 * append to messages), an error of the runtime with its code, an exception of a module unchanged.
 * @param {unknown} error @param {{remote?: string, expose?: string}} place
 */
export function fromFailure(error, { remote, expose }) {
  if (error instanceof LarderError) {
    return new LarderError(error.code, error.message,
      { remedy: error.remedy, remote: error.remote ?? remote, expose: error.expose ?? expose,
        cause: error });
  }
  const text = error instanceof Error ? error.message : '';
  const found = patterns.find(([pattern]) => pattern.test(text));
  return found ? new LarderError(found[1], text, { remote, expose, cause: error }) : error;
}
