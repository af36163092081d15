export { createHost } from './lib/host.js';
export { LarderError } from './lib/errors.js';
