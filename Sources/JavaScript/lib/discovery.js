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
  const machine = '/run/larder/larder.sock';
  const user = userSocket(environment);
  return user ? [user, machine] : [machine];
}

/** In the session's runtime directory, or beside the user's store in a session that has none. */
function userSocket({ XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: data, HOME: home }) {
  if (runtime) return path.join(runtime, 'larder/larder.sock');
  if (data) return path.join(data, 'larder/run/larder.sock');
  return home ? path.join(home, '.local/share/larder/run/larder.sock') : null;
}
