import { expect, test } from 'vitest';
import { FrameClock } from './frame-clock';

test('frames that come in bursts are 20 ms apart all the same', () => {
  const clock = new FrameClock();
  const times = [0, 60, 60, 61, 140, 140, 141].map((arrived) => clock.next(arrived));
  expect(times).toEqual([0, 20, 40, 60, 80, 100, 120]);
});

test('a page that was busy for half a second has lost nothing', () => {
  const clock = new FrameClock();
  let last = 0;
  for (let n = 0; n < 200; n++) last = clock.next(n < 60 || n > 85 ? n * 20 : 85 * 20);
  expect(last).toBe(199 * 20);
});

test('a hole in the sound is a hole in the times, within two seconds', () => {
  const clock = new FrameClock();
  let last = 0;
  for (let n = 0; n < 200; n++) last = clock.next(n < 60 ? n * 20 : n * 20 + 3000);
  expect(last).toBe(199 * 20 + 3000);
});

test('a sound card that is slow by a ten-thousandth makes no hole in two hours', () => {
  const clock = new FrameClock();
  const frames = 360_000;
  let last = 0;
  for (let n = 0; n < frames; n++) last = clock.next(n * 20 * 1.0001);
  expect(last).toBe((frames - 1) * 20);
});
