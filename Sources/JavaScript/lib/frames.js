// Frames of the native protocol, version 1: a header of 16 bytes, then the body. No I/O here.
import { LarderError } from './errors.js';

/** Verbs that hosts and build tools use, by their number on the wire. */
export const verbs = Object.freeze({
  HELLO: 1, HAS: 4, GET: 5, PUT: 6, PUBLISH: 8, REMOTE: 9, INIT: 10, OVERRIDE: 11, PLAN: 12,
  REPORT: 13, OPEN: 14, WATCH: 19,
});
export const flags = Object.freeze({ REPLY: 1, MORE: 2, ERROR: 4, DATA: 8 });

export const headerBytes = 16;
/** 4 MiB, the protocol's own limit for a body. */
export const frameBodyMax = 4_194_304;
export const digestBytes = 32;

/**
 * A request id is a u64 on the wire; here it is a number below 2^53.
 * @param {number} kind @param {number} id @param {Buffer} body @param {number} [flag]
 */
export function encodeFrame(kind, id, body, flag = 0) {
  if (body.length > frameBodyMax) {
    throw new LarderError('tooLarge',
      `a request of ${body.length} bytes is above frameBodyMax (${frameBodyMax})`,
      { remedy: 'ask for fewer modules at once' });
  }
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt8(kind, 4);
  frame.writeUInt8(flag, 5);
  frame.writeUInt16LE(0, 6);
  frame.writeBigUInt64LE(BigInt(id), 8);
  body.copy(frame, headerBytes);
  return frame;
}

export const encodeJSON = (value) => Buffer.from(JSON.stringify(value), 'utf8');

/** The body of a GET for whole blobs, as bytes. @param {string[]} digests hexadecimal */
export function encodeGet(digests) {
  const body = Buffer.alloc(8 + digests.length * 48);
  digests.forEach((digest, index) => {
    const start = 8 + index * 48;
    body.write(digest, start, digestBytes, 'hex');
    body.writeBigUInt64LE(0n, start + 32);
    body.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, start + 40);
  });
  return body;
}

/** Cuts a stream into frames; keeps at most one frame and what came behind it. */
export class FrameDecoder {
  #parts = [];
  #size = 0;

  /**
   * @param {Buffer} bytes
   * @returns {{kind: number, flags: number, id: number, body: Buffer}[]} bodies are copies or
   *   slices of `bytes`
   * @throws {LarderError} `malformedFrame`, `frameTooLarge`: the stream cannot be read further
   */
  push(bytes) {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    const frames = [];
    for (;;) {
      if (this.#size < headerBytes) return frames;
      const header = this.#front(headerBytes);
      const length = header.readUInt32LE(0);
      const flag = header.readUInt8(5);
      if (length > frameBodyMax) {
        throw new LarderError('frameTooLarge', `the daemon announced a frame of ${length} bytes`);
      }
      if (!(flag & flags.REPLY) || flag > 0x0f || header.readUInt16LE(6) !== 0) {
        throw new LarderError('malformedFrame', 'the daemon sent a frame that is no reply');
      }
      if (this.#size < headerBytes + length) return frames;
      const whole = this.#front(headerBytes + length);
      this.#parts[0] = this.#parts[0].subarray(headerBytes + length);
      this.#size -= headerBytes + length;
      frames.push({
        kind: whole.readUInt8(4),
        flags: flag,
        id: Number(whole.readBigUInt64LE(8)),
        body: whole.subarray(headerBytes, headerBytes + length),
      });
    }
  }

  /** The first bytes in one piece. Joins parts only until these are there. */
  #front(count) {
    if (this.#parts[0].length < count) {
      this.#parts = [Buffer.concat(this.#parts, this.#size)];
    }
    return this.#parts[0].subarray(0, count);
  }
}

/** The body of a HAS. @param {string[]} digests hexadecimal */
export const encodeHas = (digests) => Buffer.from(digests.join(''), 'hex');

/**
 * The bodies of a PUT's frames: content that has to survive a power cut, and to have this digest.
 * @param {string} digest hexadecimal @param {Buffer} bytes
 * @returns {Buffer[]} the first with the head, further ones with content alone
 */
export function encodePut(digest, bytes) {
  const head = Buffer.alloc(48);
  head.writeUInt8(1, 0);
  head.writeUInt8(1, 1);
  head.writeBigUInt64LE(BigInt(bytes.length), 8);
  head.write(digest, 16, digestBytes, 'hex');
  const first = bytes.subarray(0, frameBodyMax - head.length);
  const bodies = [Buffer.concat([head, first])];
  for (let at = first.length; at < bytes.length; at += frameBodyMax) {
    bodies.push(bytes.subarray(at, at + frameBodyMax));
  }
  return bodies;
}

/**
 * The items of a GET's reply, from the bodies of its frames.
 * @param {Buffer[]} bodies @param {number} count
 * @returns {{status: number, bytes: Buffer}[]}
 */
export function decodeItems(bodies, count) {
  const items = Array.from({ length: count }, () => ({ status: 1, parts: [], size: 0 }));
  for (const body of bodies) {
    const item = body.length >= 16 ? items[body.readUInt32LE(0)] : undefined;
    if (!item) throw new LarderError('malformedFrame', 'the daemon sent an item nobody asked for');
    item.status = body.readUInt32LE(4);
    item.size = Number(body.readBigUInt64LE(8));
    item.parts.push(body.subarray(16));
  }
  return items.map(({ status, parts, size }) => {
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    if (status === 0 && bytes.length !== size) {
      throw new LarderError('truncated', `the daemon sent ${bytes.length} bytes of ${size}`);
    }
    return { status, bytes };
  });
}

/**
 * The parts of an OPEN's reply: JSON length, JSON, blobs back to back.
 * @param {Buffer[]} bodies
 * @returns {{head: {plan: object | null, files: object[]}, blobs: Map<string, Buffer>}} blobs by
 *   hexadecimal digest, slices of one buffer
 */
export function decodeOpen(bodies) {
  const all = bodies.length === 1 ? bodies[0] : Buffer.concat(bodies);
  const length = all.length >= 4 ? all.readUInt32LE(0) : Infinity;
  if (4 + length > all.length) throw new LarderError('truncated', 'the reply to OPEN ends early');
  const head = parseJSON(all.subarray(4, 4 + length));
  const blobs = new Map();
  let at = 4 + length;
  for (const { digest, size } of head.blobs ?? []) {
    if (at + size > all.length) {
      throw new LarderError('truncated', `the reply to OPEN ends within blob ${digest}`);
    }
    blobs.set(digest, all.subarray(at, at + size));
    at += size;
  }
  return { head, blobs };
}

/** @param {Buffer} body */
export function parseJSON(body) {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new LarderError('malformedFrame', 'the daemon sent a body that is not JSON', { cause });
  }
}
