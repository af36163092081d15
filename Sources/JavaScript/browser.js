export { createHost } from './lib/browser/host.js';
export { LarderError } from './lib/errors.js';
