import type { CommonHostOptions, Host, LarderError } from './index.js';

export type { Container, Difference, Factory, Host, LoadOptions, ModuleRequest, Move, Observations,
  Plan, SharedPackage, SharedPackages, SharedRequest, Statistics, Warning } from './index.js';
export { LarderError };

/**
 * Where a build lies: the URL of its folder, or of its entry if that ends in `.js` or `.mjs`, against
 * that of the page.
 */
export type RemoteLocation = string | null | {
  url: string;
  entry?: string;
  /** The name of its library, where that is not the remote's: a property of `window`. */
  global?: string | readonly string[];
  /** Default: "script", or "module" for an entry that ends in `.mjs`. */
  type?: 'script' | 'module';
};

export interface HostOptions extends CommonHostOptions<RemoteLocation> {
  /** Of the remotes' builds. Default "web". */
  target?: 'web' | 'module';
  /** Where the daemon answers pages: `/plan/NAME/EXPOSE` and `/remotes/NAME@RELEASE/PATH`. */
  gateway?: string;
  /** For scripts, where the page's content security policy asks for one. */
  nonce?: string;
  /** As the builds' `output.crossOriginLoading`. Default: none. */
  crossOrigin?: 'anonymous' | 'use-credentials';
}

/**
 * A host in a page. It compares with no plan: `differences` stays empty.
 * @throws {LarderError} `badRequest` for options that make no host
 */
export function createHost(options: HostOptions): Host<Uint8Array>;
