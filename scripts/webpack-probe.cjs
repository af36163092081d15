'use strict';

// A configuration that builds nothing: it prints the version of the webpack that reads it. The
// command line's own --version says different things in different releases.
module.exports = {
  mode: 'none',
  entry: {},
  plugins: [{
    apply(compiler) {
      process.stdout.write(`larder-probe ${compiler.webpack?.version ?? 'older than 5'}\n`);
      process.exit(0);
    },
  }],
};
