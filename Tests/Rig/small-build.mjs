// A build small enough to publish many times: the shape of webpack's stats.json for one container with
// one exposed module, and files whose content tells their version.

/** @param {string} version goes into every file, so that no two versions share a blob */
export function smallBuild(version) {
  const files = Object.fromEntries(['remoteEntry.js', 'module.js', 'style.css'].map(
    (name) => [name, Buffer.from(`/* ${name} of ${version} */ module.exports = {};\n`)]));
  const chunk = (id, own, more) => ({ id, names: [], files: [own], auxiliaryFiles: [], entry: false,
    initial: false, runtime: ['app'], parents: [], children: [], siblings: [], origins: [], ...more });
  const entry = 'container entry (default) [["./Module",{"import":["./src/Module.js"]}]]';
  const module = { chunks: [2], id: 'module', identifier: '/src/Module.js', moduleType: 'javascript/auto',
    name: './src/Module.js', reasons: [{ type: 'container exposed', loc: './Module',
      moduleIdentifier: entry, moduleName: 'container entry', userRequest: './src/Module.js' }] };
  const stats = {
    version: '5.97.1', hash: version, publicPath: '',
    assets: Object.entries(files).map(([name, bytes]) => ({ name, size: bytes.length, info: {} })),
    chunks: [
      chunk(1, 'remoteEntry.js', { names: ['app'], entry: true, initial: true, children: [2] }),
      chunk(2, 'module.js', { files: ['module.js', 'style.css'], parents: [1], origins: [
        { module: entry, moduleIdentifier: entry, moduleName: 'container entry', loc: './Module' }] }),
    ],
    modules: [
      { chunks: [1], id: 'entry', identifier: entry, moduleType: 'javascript/dynamic',
        name: 'container entry', reasons: [] },
      { chunks: [1], id: null, identifier: 'webpack/runtime/readFile chunk loading', moduleType: 'runtime',
        name: 'webpack/runtime/readFile chunk loading', reasons: [] },
      module,
    ],
    entrypoints: { app: { name: 'app', chunks: [1], assets: [{ name: 'remoteEntry.js' }] } },
    namedChunkGroups: { app: { name: 'app', chunks: [1], assets: [{ name: 'remoteEntry.js' }] } },
    errors: [], warnings: [],
  };
  return { files, stats: Buffer.from(JSON.stringify(stats)) };
}
