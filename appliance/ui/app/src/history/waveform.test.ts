import { expect, test } from 'vitest';
import { waveform } from './waveform';

test('each part has the largest of its peaks', () => {
  const bars = waveform([255, 0, 64, 0], { peakMs: 100, lengthMs: 400, parts: 2 });
  expect(bars).toEqual([1, Math.sqrt(64 / 255)]);
});

test('a peak that is longer than a part fills all of its parts', () => {
  expect(waveform([255, 0], { peakMs: 100, lengthMs: 200, parts: 4 })).toEqual([1, 1, 0, 0]);
});

test('a call that goes on after its sound is silent there', () => {
  expect(waveform([255], { peakMs: 100, lengthMs: 200, parts: 2 })).toEqual([1, 0]);
});

test('a call without sound has flat bars', () => {
  expect(waveform([], { peakMs: 50, lengthMs: 0, parts: 3 })).toEqual([0, 0, 0]);
});
