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

/**
 * One remote with two exposes: `./List` needs `lib`, `./Pay` needs `other`. The remote has both
 * packages itself; `own` names the version of `lib` that the host has, if it has one.
 */
export const sharing = (own) => {
  const provider = own ? { version: own, from: 'host' } : { version: '1.1.0', from: 'shop' };
  const lib = own ? `host:lib@${own}` : 'shop:lib@1.1.0';
  const chosen = (consumer) => ({ consumer, key: 'lib', outcome: 'shared', ...provider });
  const parts = {
    './List': { chunks: own ? ['list'] : ['list', 'lib'], shared: [chosen('shop')],
      order: [lib, 'shop:./List'] },
    './Pay': { chunks: ['pay', 'other'], shared: [{ consumer: 'shop', key: 'other',
      outcome: 'shared', version: '2.0.0', from: 'shop' }],
    order: ['shop:other@2.0.0', 'shop:./Pay'] },
  };
  return {
    remotes: {
      shop: {
        files: smallContainer('shop', {
          exposes: { './List': { chunk: 'list', id: 'list' },
            './Pay': { chunk: 'pay', id: 'pay' } },
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
    plan: (requests, consumes) => {
      const asked = requests.map(({ expose }) => parts[expose]);
      const forHost = consumes.length > 0 && !own ? [['shop', 'lib']] : [];
      return planOf([['shop', 'host']], [...forHost,
        ...asked.flatMap(({ chunks }) => chunks.map((name) => ['shop', name])),
        ['shop', 'lazy', 'reachable']], {
        shared: [...consumes.map(() => chosen('host')), ...asked.flatMap(({ shared }) => shared)],
        executionOrder: [...consumes.map(() => lib), ...asked.flatMap(({ order }) => order)],
      });
    },
  };
};
