// A build small enough to publish many times: the shape of webpack's stats.json for one container
// with one exposed module, and files whose content tells their version.

const entry = 'container entry (default) [["./Module",{"import":["./src/Module.js"]}]]';

/** @param {string} version goes into every file, so that no two versions share a blob */
export function smallBuild(version) {
  const files = Object.fromEntries(['remoteEntry.js', 'module.js', 'style.css'].map(
    (name) => [name, Buffer.from(`/* ${name} of ${version} */ module.exports = {};\n`)]));
  const group = { name: 'app', chunks: [1], assets: [{ name: 'remoteEntry.js' }] };
  const stats = {
    version: '5.97.1',
    hash: version,
    publicPath: '',
    assets: Object.entries(files).map(([name, { length }]) => ({ name, size: length, info: {} })),
    chunks: [
      { ...chunk(1), names: ['app'], files: ['remoteEntry.js'], entry: true, initial: true,
        children: [2] },
      { ...chunk(2), files: ['module.js', 'style.css'], parents: [1], origins: [
        { module: entry, moduleIdentifier: entry, moduleName: 'container entry',
          loc: './Module' }] },
    ],
    modules: [
      { id: 'entry', chunks: [1], identifier: entry, name: 'container entry',
        moduleType: 'javascript/dynamic', reasons: [] },
      { id: null, chunks: [1], identifier: 'webpack/runtime/readFile chunk loading',
        name: 'webpack/runtime/readFile chunk loading', moduleType: 'runtime', reasons: [] },
      { id: 'module', chunks: [2], identifier: '/src/Module.js', name: './src/Module.js',
        moduleType: 'javascript/auto', reasons: [
          { type: 'container exposed', loc: './Module', moduleIdentifier: entry,
            moduleName: 'container entry', userRequest: './src/Module.js' }] },
    ],
    entrypoints: { app: group },
    namedChunkGroups: { app: group },
    errors: [],
    warnings: [],
  };
  return { files, stats: Buffer.from(JSON.stringify(stats)) };
}

const chunk = (id) => ({ id, names: [], files: [], auxiliaryFiles: [], entry: false, initial: false,
  runtime: ['app'], parents: [], children: [], siblings: [], origins: [] });
