// A container's entry run in Node: its code with a `require` of its own.
import { LarderError } from './errors.js';
import { withInit } from './test-release.js';
import { createContainerRequire } from './virtual-require.js';

/**
 * @param {string} name of the container @param {{path: string, bytes: Buffer}} entry
 * @param {object} world see `Container`, and `hostRequire`
 * @returns {{get: Function, init: Function}}
 */
export function runEntry(name, { path, bytes }, world) {
  const text = bytes.toString('utf8');
  const unsupported = (cause) => new LarderError('unsupportedContainer',
    `remote ${name} is a container of library type ${libraryType(text)}, `
      + 'which runs in no Node host',
    { remote: name, cause });
  let exports;
  try {
    exports = withInit(createContainerRequire(name, path, world)(`./${path.split('/').pop()}`));
  } catch (error) {
    const foreign = error instanceof SyntaxError || error instanceof ReferenceError;
    throw foreign ? unsupported(error) : error;
  }
  if (typeof exports?.get !== 'function' || typeof exports?.init !== 'function') {
    throw unsupported();
  }
  return exports;
}

// What an entry that is no CommonJS module looks like, for the error's text.
const shapes = [
  [/^\s*System\.register\(/, 'system'],
  [/\bexport\s*\{/, 'module'],
  [/^\s*define\(/, 'amd'],
  [/^\s*window(\.|\[)/m, 'window'],
  [/^\s*self(\.|\[)/m, 'self'],
  [/^\s*(global|globalThis)(\.|\[)/m, 'global'],
  [/^\s*(var|let|const) [\w$]+\s*[;=]/, 'var'],
];

function libraryType(text) {
  const code = text.replace(/^(?:\s|\/\*[^]*?\*\/|\/\/.*)+/, '');
  return shapes.find(([pattern]) => pattern.test(code))?.[1] ?? 'unknown';
}
