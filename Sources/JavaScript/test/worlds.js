// What the tests run hosts against: a few containers and the plans that are right for them.
import { smallContainer, textModule } from './small-container.js';

const entry = (container) =>
  ({ container, path: 'remoteEntry.js', kind: 'entry', phase: 'required' });
const chunk = (container, name, phase = 'required') =>
  ({ container, path: `${name}.js`, kind: 'chunk', phase });

/** The members of a plan that follow from its containers. */
export const planOf = (containers, chunks, rest = {}) => ({
  containers: containers.map(([name]) =>
    ({ name, uniqueName: name, release: '1', target: 'async-node', entry: 'remoteEntry.js' })),
  entries: containers.map(([container, askedBy]) => ({ container, askedBy })),
  files: [...containers.map(([name]) => entry(name)), ...chunks.map((one) => chunk(...one))],
  ...rest,
});

/** Three levels: nav -> catalog -> cart, where each exposes one module in one chunk. */
export const threeLevels = () => {
  const level = (name, next) => smallContainer(name, {
    exposes: { './View': { chunk: 'view', id: 'view' } },
    remotes: next ? { view: [{ id: 'next', external: next, expose: './View' }] } : {},
    chunks: { view: { view: textModule(name, next ? ['next'] : []) } },
  });
  return {
    remotes: {
      nav: { files: { ...level('nav', 'catalog'), 'nav.css': 'a { color: red }' } },
      catalog: { files: level('catalog', 'cart') },
      cart: { files: level('cart') },
    },
    plan: () => planOf([['nav', 'host'], ['catalog', 'nav'], ['cart', 'catalog']],
      [['nav', 'view'], ['catalog', 'view'], ['cart', 'view']],
      { executionOrder: ['cart:./View', 'catalog:./View', 'nav:./View'] }),
  };
};

/** One remote with two exposes; the first needs `lib`, the second `other`; both are its own too. */
export const sharing = () => ({
  remotes: {
    shop: {
      files: smallContainer('shop', {
        exposes: { './List': { chunk: 'list', id: 'list' }, './Pay': { chunk: 'pay', id: 'pay' } },
        provides: [{ key: 'lib', version: '1.1.0', chunk: 'lib', id: 'lib' },
          { key: 'other', version: '2.0.0', chunk: 'other', id: 'other' }],
        consumes: { list: [{ id: 'shared-lib', key: 'lib' }],
          pay: [{ id: 'shared-other', key: 'other' }] },
        chunks: {
          list: { list: `${textModule('shop:list', ['shared-lib'])}
            exports.lazy = () => load('lazy').then(() => require('lazy').text());` },
          pay: { pay: textModule('shop:pay', ['shared-other']) },
          lib: { lib: textModule('shop:lib') },
          other: { other: textModule('shop:other') },
          lazy: { lazy: textModule('shop:lazy') },
        },
      }),
    },
  },
  plan: () => planOf([['shop', 'host']],
    [['shop', 'list'], ['shop', 'lib'], ['shop', 'lazy', 'reachable']], {
      shared: [{ consumer: 'shop', key: 'lib', outcome: 'shared', version: '1.1.0', from: 'shop',
        phase: 'required' }],
      executionOrder: ['shop:lib@1.1.0', 'shop:./List'],
    }),
});
