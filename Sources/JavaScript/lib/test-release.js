// Containers of webpack 5's test releases have `override` in place of `init`: they take packages by
// name, one of each, with no scopes and no versions.

/** Of several versions the greatest by its numbers: nothing that such a container says tells more. */
const greatest = (versions) =>
  Object.keys(versions).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);

/**
 * The container with an `init` that overrides what it would bring along; any other value as it is.
 * @param {any} container
 */
export function withInit(container) {
  const { get, init, override } = container ?? {};
  if (typeof get !== 'function' || typeof init === 'function' || typeof override !== 'function') {
    return container;
  }
  return {
    get: (...words) => container.get(...words),
    init: (scope) => container.override(Object.fromEntries(Object.entries(scope)
      .map(([key, versions]) => [key, () => versions[greatest(versions)].get()]))),
  };
}
