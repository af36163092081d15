'use strict';

// Debian's enhanced-resolve reads two variables that only Debian's own Node carries. The frozen
// process.config is replaced, so that its webpack runs under any Node.
const { config } = process;
Object.defineProperty(process, 'config', {
  configurable: true,
  enumerable: true,
  value: {
    ...config,
    variables: { node_prefix: '/usr', node_relative_path: 'share/nodejs', ...config.variables },
  },
});
