import { expect, test } from 'vitest';
import { FrameClock } from './frame-clock';

test('frames that come in bursts are 20 ms apart all the same', () => {
  const clock = new FrameClock();
  const times = [0, 60, 60, 61, 140, 140, 141].map((arrived) => clock.next(arrived));
  expect(times).toEqual([0, 20, 40, 60, 80, 100, 120]);
});

test('a hole in the sound is a hole in the times', () => {
  const clock = new FrameClock();
  clock.next(0);
  expect(clock.next(3020)).toBe(3020);
  expect(clock.next(3040)).toBe(3040);
});

test('a sound card that is slow by a ten-thousandth makes no hole in two hours', () => {
  const clock = new FrameClock();
  const frames = 360_000;
  let last = 0;
  for (let n = 0; n < frames; n++) last = clock.next(n * 20 * 1.0001);
  expect(last).toBe((frames - 1) * 20);
});
