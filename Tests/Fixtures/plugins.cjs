'use strict';

// What a stats.json for `larder remote add` has to hold. Plain `webpack --json` prints the same
// fields; they are named here so that a `stats` entry in the configuration cannot thin them out.
const fields = {
  all: false,
  assets: true,
  cachedAssets: true,
  cachedModules: true,
  chunkGroups: true,
  chunkModules: false,
  chunkOrigins: true,
  chunkRelations: true,
  chunks: true,
  dependentModules: true,
  entrypoints: true,
  errors: true,
  hash: true,
  ids: true,
  modules: true,
  modulesSpace: Infinity,
  nestedModules: true,
  nestedModulesSpace: Infinity,
  orphanModules: true,
  outputPath: false,
  publicPath: true,
  reasons: true,
  reasonsSpace: Infinity,
  relatedAssets: true,
  runtimeModules: true,
  version: true,
  warnings: true,
};

/** Writes `stats.json` into the output folder of the compilation that it is a plugin of. */
class StatsFile {
  /** @param {object} [options] fields for `stats.toJson`; all that an importer reads if absent */
  constructor(options = fields) {
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

module.exports = { Federation, StatsFile, fields };
