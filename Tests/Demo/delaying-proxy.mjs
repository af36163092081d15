// A TCP proxy on loopback that stands for a distance: what either side sends arrives half a round
// trip later, and a connection is there after a whole one.
import net from 'node:net';

/**
 * @param {number} port where it leads to
 * @param {number} milliseconds a round trip
 * @returns {Promise<{port: number, counts: {bytes: number}, stop: () => Promise<void>}>} counts: what
 *   came back so far
 */
export async function delayingProxy(port, milliseconds) {
  const sockets = new Set();
  const counts = { bytes: 0 };
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    const opened = performance.now() + milliseconds;
    pipeLater(near, far, milliseconds / 2, opened);
    pipeLater(far, near, milliseconds / 2, 0);
    far.on('data', ({ length }) => { counts.bytes += length; });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The other side is told by the end that follows.
      socket.on('error', () => {});
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: server.address().port,
    counts,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** Nothing passes before `notBefore`, and nothing overtakes. */
function pipeLater(from, to, delay, notBefore) {
  let last = 0;
  const later = (act) => {
    last = Math.max(performance.now() + delay, notBefore, last);
    const wait = last - performance.now();
    if (wait <= 0) act();
    else setTimeout(act, wait);
  };
  from.on('data', (bytes) => later(() => to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
