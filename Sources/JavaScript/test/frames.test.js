import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeItems, decodeOpen, encodeFrame, encodeGet, FrameDecoder, frameBodyMax, verbs }
  from '../lib/frames.js';

const reply = (body, { kind = verbs.OPEN, flag = 1, id = 7, length = body.length } = {}) => {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(length, 0);
  header.writeUInt8(kind, 4);
  header.writeUInt8(flag, 5);
  header.writeBigUInt64LE(BigInt(id), 8);
  return Buffer.concat([header, body]);
};

test('a request has the bytes that the protocol names', () => {
  assert.equal(encodeFrame(verbs.HELLO, 0x0102, Buffer.from('{}')).toString('hex'),
    '02000000' + '01' + '00' + '0000' + '0201000000000000' + '7b7d');
});

test('a GET asks for whole blobs', () => {
  const digest = 'ab'.repeat(32);
  assert.equal(encodeGet([digest]).toString('hex'),
    `${'00'.repeat(8)}${digest}${'00'.repeat(8)}${'ff'.repeat(8)}`);
});

test('a body may be as long as the limit and no longer', () => {
  assert.equal(encodeFrame(verbs.PLAN, 1, Buffer.alloc(frameBodyMax)).length, frameBodyMax + 16);
  assert.throws(() => encodeFrame(verbs.PLAN, 1, Buffer.alloc(frameBodyMax + 1)),
    { code: 'tooLarge' });
  assert.deepEqual(new FrameDecoder().push(reply(Buffer.alloc(0), { length: frameBodyMax })), []);
  assert.throws(() => new FrameDecoder().push(reply(Buffer.alloc(0), { length: frameBodyMax + 1 })),
    { code: 'frameTooLarge' });
});

test('frames come out whole, however the stream is cut', () => {
  const stream = Buffer.concat([reply(Buffer.from('one')), reply(Buffer.alloc(0), { id: 8 }),
    reply(Buffer.from('three'), { id: 9 })]);
  for (let size = 1; size <= stream.length; size += 1) {
    const decoder = new FrameDecoder();
    const frames = [];
    for (let at = 0; at < stream.length; at += size) {
      frames.push(...decoder.push(stream.subarray(at, at + size)));
    }
    assert.deepEqual(frames.map(({ id, body }) => [id, body.toString()]),
      [[7, 'one'], [8, ''], [9, 'three']], `pieces of ${size}`);
  }
});

for (const [what, frame] of [
  ['without REPLY', reply(Buffer.alloc(0), { flag: 0 })],
  ['with an unknown flag', reply(Buffer.alloc(0), { flag: 0x11 })],
]) {
  test(`a frame ${what} is refused`, () => {
    assert.throws(() => new FrameDecoder().push(frame), { code: 'malformedFrame' });
  });
}

const item = (index, status, size, text) => {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(index, 0);
  head.writeUInt32LE(status, 4);
  head.writeBigUInt64LE(BigInt(size), 8);
  return Buffer.concat([head, Buffer.from(text)]);
};

test('items are put together from their frames', () => {
  const items = decodeItems([item(0, 0, 4, 'ab'), item(0, 0, 4, 'cd'), item(1, 1, 0, '')], 2);
  assert.deepEqual(items.map(({ status, bytes }) => [status, bytes.toString()]),
    [[0, 'abcd'], [1, '']]);
});

test('an item that ends early, or that nobody asked for, is refused', () => {
  assert.throws(() => decodeItems([item(0, 0, 5, 'abcd')], 1), { code: 'truncated' });
  assert.throws(() => decodeItems([item(1, 0, 1, 'a')], 1), { code: 'malformedFrame' });
});

test('a reply to OPEN that ends within a blob is refused', () => {
  const head = Buffer.from(JSON.stringify({ plan: null, blobs: [{ digest: 'd', size: 3 }] }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const whole = Buffer.concat([length, head, Buffer.from('abc')]);
  assert.equal(decodeOpen([whole]).blobs.get('d').toString(), 'abc');
  for (let end = 0; end < whole.length; end += 1) {
    assert.throws(() => decodeOpen([whole.subarray(0, end)]), { code: 'truncated' });
  }
});
