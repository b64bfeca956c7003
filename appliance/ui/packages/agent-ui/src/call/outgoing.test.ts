import { expect, test } from 'vitest';
import { quiet } from '../testing/world';
import { FRAME_MS } from '../wire/frame';
import { MAX_KEPT, Outgoing } from './outgoing';

function spoken(frames: number): Outgoing {
  const outgoing = new Outgoing();
  for (let n = 0; n < frames; n++) outgoing.push(quiet(), n * FRAME_MS);
  return outgoing;
}

const taken = (outgoing: Outgoing): number[] => {
  const seqs: number[] = [];
  for (let frame = outgoing.take(); frame !== null; frame = outgoing.take()) seqs.push(frame.seq);
  return seqs;
};

test('frames go out once, in order', () => {
  const outgoing = spoken(3);
  expect(taken(outgoing)).toEqual([0, 1, 2]);
  expect(taken(outgoing)).toEqual([]);
});

test('what was not acknowledged goes out again on a new socket', () => {
  const outgoing = spoken(5);
  taken(outgoing);
  outgoing.acknowledge(1);
  outgoing.resendFrom(3);
  expect(taken(outgoing)).toEqual([3, 4]);
});

test('an acknowledgement of what was never sent does no harm', () => {
  const outgoing = spoken(2);
  outgoing.acknowledge(99);
  outgoing.acknowledge(-5);
  outgoing.push(quiet(), 2 * FRAME_MS);
  expect(taken(outgoing)).toEqual([2]);
});

test('a hole in the sound leaves a number out, so that the box knows of it', () => {
  const outgoing = spoken(2);
  outgoing.push(quiet(), 5000);
  outgoing.push(quiet(), 5000 + FRAME_MS);
  expect(taken(outgoing)).toEqual([0, 1, 3, 4]);
  outgoing.resendFrom(3);
  expect(taken(outgoing)).toEqual([3, 4]);
});

test('a page that was reloaded goes on after what the one before had left', () => {
  const before = spoken(4);
  before.acknowledge(1);
  const after = new Outgoing();
  after.restore(before.kept);
  after.resendFrom(2);
  after.push(quiet(), 3000);
  expect(taken(after)).toEqual([2, 3, 5]);
});

test('an hour without the box does not fill the memory', () => {
  const outgoing = spoken(MAX_KEPT + 50);
  expect(outgoing.kept).toHaveLength(MAX_KEPT);
  expect(outgoing.take()?.seq).toBe(50);
});
