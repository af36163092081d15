/** What `new LarderPlugin(options)` takes; everything may be left out. */
export interface LarderPluginOptions {
  /** The remote's name at the daemon. Default: that of ModuleFederationPlugin. */
  name?: string;
  /** Whether finished builds are published to the daemon. Default true. */
  publish?: boolean;
  /** Whether `larder lock` writes `larder-lock.json` into the output folder. Default true. */
  lockfile?: boolean;
  /** Whether remotes become lists of locations, Larder first. Default true. */
  remotes?: boolean;
  /** Where pages find the daemon; without one the remotes of builds for pages stay as they are. */
  gateway?: string;
  /** The command line. Default: `LARDER_PROGRAM`, else `larder` on the PATH. */
  program?: string;
  /** The daemon's socket; false: none. Default: see `LARDER_SOCKET`, `LARDER`. */
  socket?: string | false;
  /** Milliseconds that a reply of the daemon may take. Default 120,000. */
  timeoutMs?: number;
}

/** A plugin for webpack 5, beside ModuleFederationPlugin. */
export class LarderPlugin {
  constructor(options?: LarderPluginOptions);
  apply(compiler: object): void;
}
