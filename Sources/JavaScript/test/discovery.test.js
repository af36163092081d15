import assert from 'node:assert/strict';
import test from 'node:test';
import { socketPaths } from '../lib/discovery.js';

const machine = '/run/larder/larder.sock';
for (const [what, given, environment, expected] of [
  ['the setting first', '/a', { LARDER_SOCKET: '/b', LARDER: 'off' }, ['/a']],
  ['no daemon if the host wants none', false, { LARDER_SOCKET: '/b' }, []],
  ['no daemon if it is switched off', undefined, { LARDER: 'off', LARDER_SOCKET: '/b' }, []],
  ['LARDER_SOCKET alone', undefined, { LARDER_SOCKET: '/b', XDG_RUNTIME_DIR: '/run/u' }, ['/b']],
  ['the user, then the machine', undefined, { XDG_RUNTIME_DIR: '/run/u' },
    ['/run/u/larder/larder.sock', machine]],
  ['the place beside the store', undefined, { HOME: '/h' },
    ['/h/.local/share/larder/run/larder.sock', machine]],
  ['the place beside the data', undefined, { XDG_DATA_HOME: '/d', HOME: '/h' },
    ['/d/larder/run/larder.sock', machine]],
  ['the machine', undefined, {}, [machine]],
]) {
  test(`a host looks for ${what}`, () => {
    assert.deepEqual(socketPaths(given, environment), expected);
  });
}
