// Where a daemon may listen. The environment is read here and nowhere else.
import path from 'node:path';

/**
 * @param {string | false | undefined} given the host's own setting; false means: no daemon
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string[]} sockets to try, in order; empty if no daemon is wanted
 */
export function socketPaths(given, environment) {
  if (given === false || given === 'off') return [];
  if (given) return [given];
  if (environment.LARDER === 'off') return [];
  if (environment.LARDER_SOCKET) return [environment.LARDER_SOCKET];
  const user = environment.XDG_RUNTIME_DIR;
  const machine = '/run/larder/larder.sock';
  return user ? [path.join(user, 'larder/larder.sock'), machine] : [machine];
}
