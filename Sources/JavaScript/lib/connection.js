// One connection to a daemon: requests go out pipelined, replies come back in any order. It holds
// the process open only while a request waits for its reply.
import net from 'node:net';
import { LarderError } from './errors.js';
import { encodeFrame, flags, FrameDecoder, parseJSON } from './frames.js';

/** What the protocol lets a client have open; more wait here. */
const requestsInFlightMax = 64;
/** A reply is held whole: 1 GiB, the largest blob that a daemon takes. */
const replyBytesMax = 1_073_741_824;

export class Connection {
  #socket;
  #decoder = new FrameDecoder();
  #open = new Map();
  #waiting = [];
  #nextID = 1;
  #failure;
  #counts;
  #timeoutMs;

  /**
   * @param {string} path
   * @param {{sent: number, received: number, bytesSent: number, bytesReceived: number}} counts
   *   frames and bytes are added here
   * @param {number | null} timeoutMs how long a reply may take; null: as long as it takes, while
   *   the process may end
   * @returns {Promise<Connection>} rejects with the operating system's error
   */
  static connect(path, counts, timeoutMs) {
    return new Promise((resolve, reject) => {
      const socket = net.createConnection({ path });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, counts, timeoutMs));
      });
    });
  }

  constructor(socket, counts, timeoutMs) {
    this.#socket = socket;
    this.#counts = counts;
    this.#timeoutMs = timeoutMs;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (cause) => this.#fail(cause));
    socket.on('close', () => this.#fail());
    socket.unref();
  }

  get alive() {
    return this.#failure === undefined;
  }

  /**
   * Requests made in the same turn of the event loop leave in one write.
   * @param {number} kind @param {Buffer} body
   * @param {Buffer[]} [rest] bodies of further frames: content
   * @returns {Promise<Buffer[]>} the bodies of the reply's frames. Rejects with the daemon's error,
   *   or `connectionLost`
   */
  request(kind, body, rest = []) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const request = { kind, body, rest, resolve, reject, bodies: [], size: 0 };
      if (this.#open.size >= requestsInFlightMax) this.#waiting.push(request);
      else this.#send(request);
    });
  }

  /** What still waits fails with `closed`. */
  close() {
    this.#fail(undefined, new LarderError('closed', 'the host was closed'));
  }

  #send(request) {
    const id = this.#nextID;
    const { kind, body, rest } = request;
    const more = (index) => (index < rest.length ? flags.MORE : 0);
    let frames;
    try {
      frames = [encodeFrame(kind, id, body, more(0)), ...rest.map((part, index) =>
        encodeFrame(kind, id, part, flags.DATA | more(index + 1)))];
    } catch (error) {
      request.reject(error);
      return;
    }
    this.#nextID += 1;
    this.#open.set(id, request);
    if (this.#timeoutMs !== null) {
      request.timer = setTimeout(() => this.#fail(undefined, new LarderError('originTimeout',
        `the daemon gave no reply within ${this.#timeoutMs} ms`)), this.#timeoutMs);
      request.timer.unref();
      this.#socket.ref();
    }
    if (!this.#socket.writableCorked) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    for (const frame of frames) {
      this.#socket.write(frame);
      this.#counts.sent += 1;
      this.#counts.bytesSent += frame.length;
    }
  }

  #receive(bytes) {
    this.#counts.bytesReceived += bytes.length;
    try {
      for (const frame of this.#decoder.push(bytes)) this.#accept(frame);
    } catch (error) {
      this.#fail(undefined, error);
    }
  }

  #accept(frame) {
    this.#counts.received += 1;
    const request = this.#open.get(frame.id);
    if (!request || request.kind !== frame.kind) {
      // A refusal of the connection itself answers no request of ours.
      if (frame.flags & flags.ERROR) throw refusal(frame.body);
      throw new LarderError('malformedFrame', 'the daemon answered a request nobody made');
    }
    request.size += frame.body.length;
    if (request.size > replyBytesMax) {
      throw new LarderError('tooLarge', `a reply is above replyBytesMax (${replyBytesMax})`);
    }
    request.bodies.push(frame.body);
    if (frame.flags & flags.MORE && !(frame.flags & flags.ERROR)) return;
    this.#finish(frame.id, request);
    if (frame.flags & flags.ERROR) request.reject(refusal(frame.body));
    else request.resolve(request.bodies);
  }

  #finish(id, request) {
    clearTimeout(request.timer);
    this.#open.delete(id);
    const next = this.#waiting.shift();
    if (next) this.#send(next);
    if (this.#open.size === 0) this.#socket.unref();
  }

  #fail(cause, error) {
    if (this.#failure) return;
    this.#failure = error
      ?? new LarderError('connectionLost', 'the connection to the daemon was lost', { cause });
    this.#socket.destroy();
    const requests = [...this.#open.values(), ...this.#waiting];
    this.#open.clear();
    this.#waiting = [];
    for (const request of requests) {
      clearTimeout(request.timer);
      request.reject(this.#failure);
    }
  }
}

function refusal(body) {
  const { code, message, remedy, subject } = parseJSON(body);
  return new LarderError(String(code), String(message), { remedy, remote: subject });
}
