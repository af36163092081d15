'use strict';

// A build for Node that runs by itself asks for its remotes by `require`. Before anything else its
// entries tell Larder's host which names those are.

/**
 * @param {object} compiler @param {string} host the build's own name
 * @param {Record<string, string | null>} names with the URLs of their origins
 */
function prelude(compiler, host, names) {
  const { ConcatSource } = compiler.webpack.sources;
  const text = `${code(host, names)}\n`;
  compiler.hooks.compilation.tap('LarderPlugin', (compilation) => {
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONS;
    compilation.hooks.processAssets.tap({ name: 'LarderPlugin', stage }, () => {
      for (const file of firstFiles(compilation, host)) {
        compilation.updateAsset(file, (old) => new ConcatSource(text, old));
      }
    });
  });
}

/** Where execution begins: of each entry but the container, which others run. */
function firstFiles(compilation, container) {
  const files = [...compilation.entrypoints.values()]
    .filter(({ name }) => name !== container)
    .flatMap((entrypoint) => [...entrypoint.getEntrypointChunk().files])
    .filter((file) => /\.c?js(\?|$)/.test(file));
  return new Set(files);
}

const code = (host, remotes) => `try{require("larder/register")(${
  JSON.stringify({ host, remotes })},__dirname)}catch(e){if(e.code!=="MODULE_NOT_FOUND")throw e;`
  + 'process.emitWarning("the package larder is not there: remotes are asked for elsewhere")}';

module.exports = { prelude };
