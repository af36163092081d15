'use strict';

const { statistics } = require('../../Sources/JavaScript/lib/plugin/statistics.cjs');

/** Writes `stats.json` into the output folder of the compilation that it is a plugin of. */
class StatsFile {
  /** @param {object} [options] fields for `stats.toJson`; what an importer reads if absent */
  constructor(options = statistics) {
    this.options = options;
  }

  apply(compiler) {
    compiler.hooks.done.tapPromise('StatsFile', (stats) => {
      const text = JSON.stringify(stats.toJson(this.options));
      return require('node:fs/promises').writeFile(`${compiler.outputPath}/stats.json`, text);
    });
  }
}

/** The ModuleFederationPlugin of whichever webpack runs the build, wherever it was installed. */
class Federation {
  constructor(options) {
    this.options = options;
  }

  apply(compiler) {
    new compiler.webpack.container.ModuleFederationPlugin(this.options).apply(compiler);
  }
}

/** Adds a page that does nothing but start main.js. */
class Page {
  apply(compiler) {
    const { RawSource } = compiler.webpack.sources;
    compiler.hooks.thisCompilation.tap('Page', (compilation) => {
      const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name: 'Page', stage }, () => {
        const text = '<!doctype html><meta charset="utf-8"><script defer src="main.js"></script>';
        compilation.emitAsset('index.html', new RawSource(`${text}\n`));
      });
    });
  }
}

module.exports = { Federation, Page, StatsFile };
