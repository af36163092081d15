'use strict';

const { Federation, StatsFile } = require('./plugins.cjs');

/** Terser with a second pass, which writes functions out in place; webpack's own terser. */
class TwoPasses {
  apply(compiler) {
    const Terser = require('terser-webpack-plugin');
    new Terser({ extractComments: false, terserOptions: { compress: { passes: 2 } } })
      .apply(compiler);
  }
}

const shared = {
  plain: {},
  loose: { strictVersion: false },
  single: { singleton: true },
  strict: { strictVersion: true },
  exact: { singleton: true, strictVersion: true },
  ranged: { requiredVersion: '>=1.0.0 <2.0.0 || ^3.0.0-beta.2' },
  own: { requiredVersion: false },
  bare: { requiredVersion: false },
  other: { shareScope: 'second' },
  'host-only': { import: false },
};

const exposes = {
  './Button': './src/Button.js',
  './Panel': './src/Panel.js',
  './deep/Plain': { import: './src/Plain.js', name: 'plain-chunk' },
  './Both': ['./src/Side.js', './src/Plain.js'],
};
const remotes = { shop: 'shop@https://shop.example/remoteEntry.js' };
const nodeRemotes = { shop: 'shop' };
const one = { exposes: { './Plain': './src/Plain.js' }, remotes: undefined, shared: undefined };
const single = { exposes: { './E': './src/Eager.js' }, remotes: undefined };

const node = (target) => ({
  target,
  output: { library: { type: 'commonjs-module' }, publicPath: '' },
  federation: { library: { type: 'commonjs-module' }, remoteType: 'commonjs-module',
    remotes: nodeRemotes },
});
const small = (plugin) => ({ optimization: { minimizer: [plugin] } });
const library = (type, more = {}) => ({ federation: { ...one, library: { type, name: 'kind', ...more } } });
const remote = (type, location) => ({ federation: { remoteType: type, remotes: { shop: location } } });

// What differs from a production build for browsers; `development` by its name.
const differences = {
  'web': {},
  'web-development': {},
  'web-eval-development': { devtool: 'eval' },
  'web-two-passes': small(new TwoPasses()),
  'web-es5': { target: ['web', 'es5'] },
  'web-es5-development': { target: ['web', 'es5'] },
  'async-node': node('async-node'),
  'async-node-development': node('async-node'),
  'async-node-eval-development': { ...node('async-node'), devtool: 'eval' },
  'async-node-two-passes': { ...node('async-node'), ...small(new TwoPasses()) },
  'node': node('node'),
  'node-development': node('node'),
  'node-two-passes': { ...node('node'), ...small(new TwoPasses()) },
  'webworker': { target: 'webworker', federation: remote('self', 'shop').federation },
  'runtime-chunk': { optimization: { runtimeChunk: 'single' } },
  'runtime-chunk-development': { optimization: { runtimeChunk: true } },
  'ids-natural': { optimization: { chunkIds: 'natural', moduleIds: 'natural' } },
  'ids-size': { optimization: { chunkIds: 'size', moduleIds: 'size' } },
  'ids-named': { optimization: { chunkIds: 'named', moduleIds: 'named' } },
  'ids-hashed': { optimization: { moduleIds: 'hashed' } },
  'names-contenthash': { output: { chunkFilename: 'chunks/[name].[contenthash:8].js' } },
  'names-chunkhash': { output: { chunkFilename: '[id]-[chunkhash].js' } },
  'names-fullhash': { output: { chunkFilename: '[fullhash:6]/[id].js' } },
  'names-function': { output: {
    chunkFilename: ({ chunk }) => chunk.name ? 'named/[name].js' : 'other/[id].[contenthash:4].js' } },
  'vendors': { optimization: { splitChunks: { chunks: 'all', minSize: 0, maxSize: 200 } } },
  'styles': { experiments: { css: true },
    federation: { exposes: { ...exposes, './Styled': './src/Styled.js' } } },
  'styles-hashed': { experiments: { css: true },
    output: { cssChunkFilename: 'css/[name].[contenthash:6].css' },
    federation: { exposes: { ...exposes, './Styled': './src/Styled.js' } } },
  'worker': { federation: { exposes: { './Worker': './src/Worker.js' } } },
  'wasm': { federation: { exposes: { './Wasm': './src/Wasm.js' } } },
  'alone': { federation: one },
  'alone-two-passes': { federation: one, ...small(new TwoPasses()) },
  'shares-only': { federation: { remotes: undefined,
    exposes: { './Panel': './src/Panel.js', './E': './src/Eager.js' } } },
  'share-single-two-passes': { federation: { ...single, shared: { eager: {} } },
    ...small(new TwoPasses()) },
  'share-eager': { federation: { ...single, shared: { eager: { eager: true, singleton: true } } } },
  'share-eager-two-passes': { federation: { ...single, shared: { eager: { eager: true } } },
    ...small(new TwoPasses()) },
  'share-version': { federation: { ...single, shared: { eager: { version: false,
    singleton: true, requiredVersion: false } } } },
  'scope-own': { federation: { shareScope: 'own' } },
  'name-scoped': { output: { uniqueName: '@example/kinds-of' } },
  'path-literal': { output: { publicPath: 'https://cdn.example/kinds/' } },
  'path-folder': { federation: { filename: 'static/js/remoteEntry.js' } },
  'chunk-global': { output: { chunkLoadingGlobal: 'myChunks' } },
  'module-web': { experiments: { outputModule: true }, output: { module: true },
    federation: { library: { type: 'module' }, remoteType: 'module',
      remotes: { shop: 'https://shop.example/remoteEntry.js' } } },
  'module-development': { experiments: { outputModule: true }, output: { module: true },
    federation: { library: { type: 'module' }, remoteType: 'module',
      remotes: { shop: 'https://shop.example/remoteEntry.js' } } },
  'library-window': library('window'),
  'library-self': library('self'),
  'library-global': library('global'),
  'library-assign': library('assign'),
  'library-commonjs': library('commonjs'),
  'library-amd': library('amd'),
  'library-umd': library('umd'),
  'library-system': library('system'),
  'remote-var': remote('var', 'shop'),
  'remote-window': remote('window', 'shop'),
  'remote-promise': remote('script', 'promise new Promise((found) => found(globalThis.shop))'),
  'remote-list': remote('script', ['shop@https://a.example/e.js', 'shop@https://b.example/e.js']),
  'remote-list-development': remote('script', ['shop@https://a.example/e.js', 'shop@https://b.example/e.js']),
};

/**
 * One configuration for each kind.
 * @param {string} folder that kinds.mjs wrote
 * @returns {Array<object>}
 */
exports.kinds = (folder) => Object.entries(differences).map(([name, difference]) => {
  const { federation, output, optimization, ...rest } = difference;
  const development = name.endsWith('-development');
  return {
    name,
    context: folder,
    mode: development ? 'development' : 'production',
    target: 'web',
    devtool: false,
    entry: {},
    ...rest,
    output: {
      path: `${folder}/dist/${name}`,
      publicPath: 'auto',
      uniqueName: 'kinds',
      assetModuleFilename: 'assets/[name][ext]',
      ...output,
    },
    optimization: { ...optimization },
    resolve: { modules: ['node_modules'] },
    module: { rules: [{ test: /\.svg$/, type: 'asset/resource' }] },
    performance: false,
    stats: 'errors-warnings',
    plugins: [
      new Federation({
        name: 'kind', filename: 'remoteEntry.js', exposes, remotes, remoteType: 'script', shared,
        ...federation,
      }),
      new StatsFile(),
    ],
  };
});
