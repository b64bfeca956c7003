import { expect, test } from 'vitest';
import { encodeFrame, parseFrame } from './frame';

test('a frame has the bytes that the box expects', () => {
  const bytes = new Uint8Array(encodeFrame({ seq: 258, tMs: 20, pcm: Int16Array.of(1, -2) }));
  expect([...bytes]).toEqual([2, 1, 0, 0, 20, 0, 0, 0, 1, 0, 0xfe, 0xff]);
});

test('a frame that was encoded is parsed to itself', () => {
  const frame = { seq: 2 ** 32 - 2, tMs: 2 ** 32 - 1, pcm: Int16Array.of(-32768, 32767, 0) };
  expect(parseFrame(encodeFrame(frame))).toEqual(frame);
});

test.each([0, 7, 8, 9, 11])('%i bytes are no frame', (bytes) => {
  expect(parseFrame(new ArrayBuffer(bytes))).toBeNull();
});
