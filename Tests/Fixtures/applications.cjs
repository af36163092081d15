'use strict';

const { Federation, Page, StatsFile } = require('./plugins.cjs');

// One webpack configuration per project and target. File names carry no hash: the demo ships a
// second version under the names of the first.
const configuration = (project, target) => {
  const web = target === 'web';
  const library = web ? { type: 'var', name: project.name } : { type: 'commonjs-module' };
  // In a page a remote is found by where it lies; in Node by the name that a host registers.
  const remotes = Object.fromEntries(project.remotes.map((name) =>
    [name, web ? `${name}@/${name}/web/remoteEntry.js` : name]));
  return {
    name: `${project.name} ${target}`,
    context: project.context,
    entry: { main: web ? './src/page.js' : './src/index.js' },
    mode: 'production',
    target: web ? 'web' : 'async-node',
    devtool: false,
    output: {
      path: `${project.dist}/${target}`,
      publicPath: web ? 'auto' : '',
      uniqueName: project.name,
      filename: '[name].js',
      chunkFilename: '[name].js',
      assetModuleFilename: 'assets/[name][ext]',
      clean: true,
      ...(web ? {} : { library: { type: 'commonjs-module' } }),
    },
    resolve: { modules: ['node_modules'] },
    module: { rules: [{ test: /\.(css|png|svg)$/, type: 'asset/resource' }] },
    performance: false,
    stats: 'errors-warnings',
    plugins: [
      new Federation({
        name: project.name,
        filename: 'remoteEntry.js',
        library,
        remoteType: web ? 'script' : 'commonjs-module',
        exposes: project.exposes,
        remotes,
        shared: project.shared,
      }),
      ...(web ? [new Page()] : []),
      new StatsFile(),
    ],
  };
};

/**
 * The configurations that build generated projects.
 * @param {Array<object>} projects as generate.mjs writes them
 * @returns {Array<object>}
 */
exports.applications = (projects) =>
  projects.flatMap((project) => project.targets.map((target) => configuration(project, target)));
