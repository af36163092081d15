/** A factory gives a module's exports; calling it is what executes the module, the first time. */
export type Factory<T = unknown> = () => T;

/** A package that a host provides; exactly one of `get`, `import` and `module` says how. */
export interface SharedPackage {
  /** As in its package.json. Without one it is "0", lower than any other. */
  version?: string;
  /** As in a share scope of webpack: loads the package and gives its factory. */
  get?: () => Factory | Promise<Factory>;
  /** Gives the exports, or a promise of them. Packages in CommonJS: `() => require('react')`. */
  import?: () => unknown;
  /** The exports themselves. */
  module?: unknown;
  /** Whether it is there at once: `get` and `import` then return no promise. Default false. */
  eager?: boolean;
  /** Defaults for the host's own `loadShared` of this package. */
  requiredVersion?: string | false;
  singleton?: boolean;
  strictVersion?: boolean;
  /** Name of the share scope. Default "default". */
  scope?: string;
}

/** Packages by key; a list for several versions of one. */
export type SharedPackages = Record<string, SharedPackage | SharedPackage[]>;

/** Where a build lies: the URL of its folder, or of its entry if that ends in `.js`. */
export type RemoteLocation = string | { url: string; entry?: string } | null;

/** What hosts in Node and in pages have in common. */
export interface CommonHostOptions<Location = RemoteLocation> {
  /** Of this host, in plans and messages. */
  name: string;
  /** As `output.uniqueName` of a build; decides between equal versions. Default: `name`. */
  uniqueName?: string;
  /**
   * Names of the remotes that the host refers to. Their containers are initialised together before
   * the first module loads, as by webpack. URLs are for work without a daemon.
   */
  remotes?: string[] | Record<string, Location>;
  /** URLs of remotes that others refer to, for work without a daemon. */
  origins?: Record<string, Location>;
  shared?: SharedPackages;
  /** By whose rules `loadShared` selects; containers always use their own. Default "webpack". */
  ruleSet?: 'webpack' | 'webpack-5.75';
  /** Milliseconds that a reply of the daemon, or a file of an origin, may take. Default 120,000. */
  timeoutMs?: number;
  /** Told each thing once. Default: one line on standard error, or on the console. */
  onWarning?: (warning: Warning) => void;
}

export interface HostOptions extends CommonHostOptions {
  /**
   * Of the remotes' builds. With "node", whose chunks are required synchronously, everything that a
   * module may import later arrives with it. Default "async-node".
   */
  target?: 'async-node' | 'node';
  /** The daemon's socket; false: work without a daemon. Default: see `LARDER_SOCKET`, `LARDER`. */
  socket?: string | false;
  /** File or folder from which a container's other `require`s resolve. Default: the main script. */
  from?: string;
  /** Whether what `larder override` wrote down for this user counts. Default true. */
  overrides?: boolean;
  /** Whether a difference between plan and execution is an error. Default false. */
  strict?: boolean;
}

export interface Warning {
  code: 'fallback' | 'initialisationFailed' | 'override' | 'overrideGone' | 'releaseChanged'
    | 'sharedVersion' | 'watchRefused';
  message: string;
}

export interface SharedRequest {
  /** A range as webpack reads it. Without one any version will do. */
  requiredVersion?: string | false;
  /** One version for all: the highest, or the first that was loaded. */
  singleton?: boolean;
  /** Whether a version that does not fit is refused. Default: if there is a fallback to take. */
  strictVersion?: boolean;
  /** Whether only packages count that are there at once. */
  eager?: boolean;
  /** Name in the scope, where it is not `key`. */
  shareKey?: string;
  scope?: string;
  /** What to take if the scope has none; false: nothing. Default: the host's own package. */
  import?: (() => unknown) | false;
}

export interface LoadOptions<T = unknown> {
  /** Gives what takes the place of a module that cannot be loaded, or a promise of it. */
  fallback?: (error: unknown) => T | Promise<T>;
}

/** A channel that points at another release than before; null where it points at none. */
export interface Move {
  remote: string;
  release: string | null;
  previous: string | null;
}

/** `nav/Header`, or its parts; an expose may be given with or without `./`. */
export type ModuleRequest = string | { remote: string; expose: string };

/** Where execution departed from its plan; null where one of the two had nothing. */
export interface Difference {
  kind: 'entry' | 'file' | 'shared' | 'order';
  container: string;
  planned: string | null;
  seen: string | null;
}

/** What happened in a host, in order. */
export interface Observations {
  entries: { container: string; askedBy: string }[];
  files: { container: string; path: string }[];
  shared: { consumer: string; key: string; version: string; from: string }[];
  /** `container:expose` and `from:key@version`, each when it had run. */
  executed: string[];
}

export interface Statistics {
  mode: 'unopened' | 'daemon' | 'gateway' | 'origin';
  socket?: string;
  frames: { sent: number; received: number };
  bytes: { sent: number; received: number };
  reconnections: number;
  /** Requests and bytes that this host itself fetched from origins. */
  origin: { requests: number; bytes: number };
  /** What the daemon fetched from origins because of this host's loads. */
  daemon: { requests: number; bytes: number };
  entries: number;
  files: number;
  differences: number;
}

/** A container with the contract of webpack's own. */
export interface Container {
  /** When the code of its entry has run; nothing of it is initialised. */
  ready(): Promise<void>;
  /** The exact name first, then with `./`. */
  get(expose: string, getScope?: object[]): Promise<Factory>;
  /** Without a scope: the host's. A container takes one scope only. */
  init(shareScope?: object, initScope?: object[]): Promise<unknown>;
  /** As `Host.override`. */
  override(shared: SharedPackages): Promise<void>;
}

/** Before the factory resolves, or behind an `import()` inside. */
export type Phase = 'required' | 'reachable';

/** The daemon's load plan; docs/protocol.md describes its members. */
export interface Plan {
  protocol: 1;
  requests: { remote: string; expose: string }[];
  containers: { name: string; release: string | null; uniqueName: string; ruleSet: string;
    target: string; entry: string;
    /** Where an overridden one is loaded from, by this host. */
    live?: string }[];
  entries: { container: string; askedBy: string }[];
  initialisation: { container: string; scope: string; repeated: boolean }[];
  files: { container: string; path: string; kind: 'entry' | 'chunk' | 'style' | 'asset';
    phase: Phase; digest?: string | null; size: number }[];
  shared: { consumer: string; module?: string; key: string; requiredVersion?: string;
    outcome: 'shared' | 'fallback' | 'error'; version?: string; from?: string; rule: string;
    reason: string; phase: Phase; [member: string]: unknown }[];
  executionOrder: string[];
  cycles: string[][];
  warnings: { container: string; message: string }[];
  errors: { kind: string; container: string; expose?: string | null; phase?: Phase;
    message: string; remedy?: string }[];
  /** Where they were asked for: the host first, then exposed modules and shared packages. */
  modules?: { container: string; expose?: string; key?: string; version?: string;
    /** Places in `files`. */
    files: number[] }[];
  /** Who needs whom, by places in `modules`; `share` is a place in `shared`. */
  imports?: { from: number; to: number; share?: number; phase: Phase }[];
  cost?: { originRequests: number; networkBytes: number };
  [member: string]: unknown;
}

/**
 * A process that runs modules of remotes. It opens its connection when it first needs one, and that
 * connection keeps no process alive while nothing is asked for. A load that failed may be tried
 * again; each module runs once otherwise. It keeps the release of a remote that it first used.
 */
export interface Host<Bytes = Buffer> {
  readonly name: string;
  readonly differences: readonly Difference[];
  readonly observed: Observations;
  /** Loads a module and what it needs, and executes nothing. */
  get<T = any>(remote: string, expose: string, options?: LoadOptions<T>): Promise<Factory<T>>;
  /** Loads a module and executes it. An exception of the module itself calls no fallback. */
  load<T = any>(request: ModuleRequest, options?: LoadOptions<T>): Promise<T>;
  /** The exports of a shared package, from the host or from a remote. */
  loadShared<T = any>(key: string, options?: SharedRequest): Promise<T>;
  /** As `loadShared`, without executing the package. */
  getShared<T = any>(key: string, options?: SharedRequest): Promise<Factory<T>>;
  /** Adds packages to the scopes, under webpack's rule for equal versions. */
  override(shared: SharedPackages): Promise<void>;
  container(name: string): Container;
  /** What loading the modules would take; loads nothing. Needs the daemon. */
  plan(requests: ModuleRequest | ModuleRequest[]): Promise<Plan>;
  /** A file of the release that this host runs: a style, an image. Copy the buffer to change it. */
  asset(remote: string, path: string): Promise<Bytes>;
  /**
   * Tells of each move of a remote's channel, `current` by default, away from the release that this
   * host runs, or from the one there was when it began to watch. The host itself keeps its release:
   * create another one, and close this. Needs the daemon; holds no process open.
   * @returns ends it
   */
  watch(remote: string, listener: (move: Move) => void, options?: { channel?: string }): () => void;
  statistics(): Statistics;
  /** Ends the connection; what still loads fails with `closed`. */
  close(): Promise<void>;
}

/** @throws {LarderError} `badRequest` for options that make no host */
export function createHost(options: HostOptions): Host;

/**
 * What went wrong outside of the modules; an exception of a module itself stays what it is. Codes
 * are those of docs/protocol.md, and of the host: `connectionLost`, `daemonUnavailable`, `closed`,
 * `noOrigin`, `unsupportedContainer`, `notDelivered`, `sharedUnavailable`, `noEagerProvider`,
 * `unresolvedRequest`, `scopeConflict`, `releaseChanged`, `planMismatch`.
 */
export class LarderError extends Error {
  constructor(code: string, message: string,
    details?: { remedy?: string; remote?: string; expose?: string; cause?: unknown });
  readonly code: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly remote?: string;
  readonly expose?: string;
}
