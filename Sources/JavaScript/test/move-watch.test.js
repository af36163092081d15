import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import test from 'node:test';
import { startRig } from '../rig/rig.js';
import { threeLevels } from '../rig/worlds.js';

/** A host that runs release 1 of nav, and notes moves. */
async function watching(t) {
  const rig = await startRig(t, threeLevels());
  rig.daemon.channels.nav = '1';
  const host = rig.host({ remotes: ['nav'] });
  await host.load('nav/View');
  const moves = new EventEmitter();
  const seen = [];
  return { ...rig, host, seen, next: () => once(moves, 'move'),
    note: (move) => { seen.push(move); moves.emit('move'); } };
}
const move = (remote, previous, release) => ({ remote, release, previous });

test('a move away from what the host runs is told, also one before it watched', async (t) => {
  const { daemon, host, seen, note, next } = await watching(t);
  daemon.move({ nav: '2' });
  host.watch('nav', note);
  await next();
  daemon.move({ nav: null });
  await next();
  assert.deepEqual(seen, [move('nav', '1', '2'), move('nav', '2', null)]);
});

test('moves are told to all that watch, until they end', async (t) => {
  const { daemon, host, seen, note, next } = await watching(t);
  const ended = [];
  const end = host.watch('nav', (one) => ended.push(one));
  host.watch('nav', note);
  daemon.move({ nav: '2' });
  await next();
  end();
  daemon.move({ nav: '3' });
  await next();
  assert.deepEqual(ended, [move('nav', '1', '2')]);
  assert.equal(seen.length, 2);
});

test('a move while the connection was down is told when it is there again', async (t) => {
  const { daemon, host, seen, note, next } = await watching(t);
  host.watch('nav', note);
  daemon.move({ nav: '2' });
  await next();
  daemon.drop();
  daemon.move({ nav: '3' });
  await next();
  assert.deepEqual(seen.at(-1), move('nav', '2', '3'));
});

test('a daemon that refuses to be watched is told of, and not asked again', async (t) => {
  const { daemon, host, note, warnings } = await watching(t);
  daemon.refuse.WATCH = { code: 'notPermitted', message: 'not for you' };
  const refused = once(process, 'larder-test-warning');
  const push = warnings.push.bind(warnings);
  warnings.push = (one) => { push(one); process.emit('larder-test-warning'); };
  host.watch('nav', note);
  await refused;
  assert.deepEqual(warnings.map(({ code }) => code), ['watchRefused']);
  assert.equal(daemon.verbs.filter((verb) => verb === 'WATCH').length, 1);
});

test('a closed host watches no more', async (t) => {
  const { daemon, host, seen, note, next } = await watching(t);
  host.watch('nav', note);
  daemon.move({ nav: '2' });
  await next();
  await host.close();
  daemon.move({ nav: '3' });
  assert.equal(seen.length, 1);
  assert.equal(host.watch('nav', note)(), undefined);
});
