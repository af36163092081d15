// A tiny PNG of one colour, so that the fixtures carry bytes that are no text.
import { deflateSync } from 'node:zlib';

const crc32 = (bytes) => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
};

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
};

/**
 * The bytes of a PNG of 4 by 4 pixels.
 * @param {string} colour as in CSS, `#rrggbb`
 * @returns {Buffer}
 */
export const png = (colour) => {
  const pixel = Buffer.from(colour.slice(1), 'hex');
  const header = Buffer.alloc(13);
  header.writeUInt32BE(4, 0);
  header.writeUInt32BE(4, 4);
  // Eight bits per sample, red green blue; compression, filter and interlace stay 0.
  header.set([8, 2], 8);
  const row = Buffer.concat([Buffer.from([0]), pixel, pixel, pixel, pixel]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat([row, row, row, row]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
