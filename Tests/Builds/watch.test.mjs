// A host that is told of a move, and one that takes its place.
import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import test from 'node:test';
import { createHost } from '../../Sources/JavaScript/index.js';
import { Daemon } from '../Graphs/daemon.mjs';
import { configuration, Project } from './project.mjs';

const config = configuration([{ target: 'async-node', larder: { publish: false },
  federation: { name: 'nav', exposes: { './Header': './header.js' },
    library: { type: 'commonjs-module' } } }]);

test('a host is told when a channel moves; a fresh one runs the new release', async (t) => {
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  const project = await Project.create(t);
  await project.write('nav/webpack.config.js', config);
  const deploy = async (text) => {
    await project.write('nav/header.js', `export const text = ${JSON.stringify(text)};
      export const later = () => import("./later.js").then((module) => module.later);`);
    await project.write('nav/later.js', `export const later = ${JSON.stringify(`later ${text}`)};`);
    await project.build('nav', '5.97');
    return (await daemon.larder('publish', 'nav', project.file('nav/dist/async-node'))).release;
  };
  const open = () => createHost({ name: 'shell', remotes: ['nav'], socket: daemon.socket });
  const moves = new EventEmitter();

  const first = await deploy('one');
  const old = open();
  const header = await old.load('nav/Header');
  const end = old.watch('nav', (move) => moves.emit('move', move));
  // The daemon tells of a move before whoever published has ended.
  const moved = once(moves, 'move');
  const second = await deploy('two');
  const [move] = await moved;
  assert.deepEqual(move, { remote: 'nav', release: second, previous: first });

  const fresh = open();
  assert.equal((await fresh.load('nav/Header')).text, 'two');
  // What still runs goes on with its own release, chunks that it has not loaded yet included.
  assert.equal(header.text, 'one');
  assert.equal(await header.later(), 'later one');
  await old.close();

  // A host that watches before it loads hears of what comes after.
  fresh.watch('nav', (seen) => moves.emit('move', seen));
  end();
  const movedAgain = once(moves, 'move');
  const third = await deploy('three');
  const [next] = await movedAgain;
  assert.deepEqual(next, { remote: 'nav', release: third, previous: second });
  await fresh.close();
});

test('a watch outlives the daemon, and holds no process open', async (t) => {
  const project = await Project.create(t);
  const daemon = await Daemon.start();
  t.after(() => daemon.stop());
  await project.write('watch.mjs', `import { createHost } from 'larder';
    createHost({ name: 'shell' }).watch('nav', () => {});
    setTimeout(() => console.log('done'), 50);`);
  assert.equal((await project.start('watch.mjs', daemon)).stdout, 'done\n');
});
