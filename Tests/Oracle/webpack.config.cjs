'use strict';

// A build whose consumers are every combination of options, with doors in its runtime: which scope,
// package and range a consumer asks for, and under which name a version is registered, is read from
// `globalThis.larderOracle` at each call instead of being fixed by the build. The code that decides
// stays as webpack emits it.
//
// LARDER_ORACLE names the folder for sources and output.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.env.LARDER_ORACLE;
const choices = ['range', 'singleton', 'strictVersion', 'eager', 'import'];
const doors = {
  '"larder-scope"': 'oracle.scopeName',
  '"larder-key"': 'oracle.key',
  '[4,1,2,3]': 'oracle.range',
  '"larder-name"': 'oracle.uniqueName',
  // The function that registers is local to the initialisation of a scope.
  'switch(name) {': 'oracle.register = register;\nswitch(name) {',
};

const consumes = {};
for (let number = 0; number < 2 ** choices.length; number++) {
  const has = (choice) => (number & (1 << choices.indexOf(choice))) > 0;
  consumes[`package-${number}`] = {
    shareKey: 'larder-key',
    shareScope: 'larder-scope',
    requiredVersion: has('range') && '1.2.3',
    singleton: has('singleton'),
    strictVersion: has('strictVersion'),
    eager: has('eager'),
    import: has('import') && './copy.js',
  };
}

const requests = Object.keys(consumes).map((request) => `import '${request}';\n`);
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(folder, 'consumers.js'), requests.join(''));
fs.writeFileSync(path.join(folder, 'copy.js'), 'export default "copy";\n');
fs.writeFileSync(path.join(folder, 'main.js'), 'export default () => import("./consumers.js");\n');

class Doors {
  apply(compiler) {
    const { RuntimeGlobals, sharing } = compiler.webpack;
    new sharing.ConsumeSharedPlugin({ consumes }).apply(compiler);
    compiler.hooks.compilation.tap('Doors', (compilation) => {
      compilation.hooks.runtimeModule.tap('Doors', (module) => {
        if (!/^(ConsumeShared|Share)RuntimeModule$/.test(module.constructor.name)) return;
        const generate = module.generate.bind(module);
        module.generate = () => {
          let code = `var oracle = globalThis.larderOracle;\n${generate()}`;
          for (const [text, door] of Object.entries(doors)) code = code.replaceAll(text, door);
          if (!code.includes('moduleToHandlerMapping')) return code;
          return `${code}\noracle.require = ${RuntimeGlobals.require};
            oracle.handlers = moduleToHandlerMapping;
            oracle.consumers = ${JSON.stringify(this.consumers(compilation))};`;
        };
      });
    });
  }

  /** Which handler has which options. */
  consumers({ chunkGraph, modules }) {
    return [...modules].filter(({ type }) => type === 'consume-shared-module').map((module) => {
      const { requiredVersion, singleton, strictVersion, eager, import: own } = module.options;
      const options = [Boolean(requiredVersion), singleton, strictVersion, eager, Boolean(own)];
      return { id: chunkGraph.getModuleId(module), options };
    });
  }
}

module.exports = {
  mode: 'none',
  target: 'node',
  context: folder,
  entry: './main.js',
  output: {
    path: path.join(folder, 'dist'), filename: 'main.js', library: { type: 'commonjs2' },
    uniqueName: 'larder-name',
  },
  plugins: [new Doors()],
};
