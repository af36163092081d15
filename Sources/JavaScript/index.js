export { createHost } from './lib/node.js';
export { LarderError } from './lib/errors.js';
