import type { Figure } from '@agent/ui';
import { expect, test } from 'vitest';
import { changeOf, worded } from './worded';

test.each([
  [1204, 'count', '1,204'],
  [77.78, 'percent', '77.8%'],
  [272, 's', '4:32'],
  [12.34, 's', '12.3 s'],
  [854, 'ms', '0.85 s'],
  [1.25, 'per_call', '1.3'],
  [132.4, 'per_minute', '132/min'],
  [78.2, 'score', '78'],
] as const)('%d in %s is %s', (value, unit, told) => {
  expect(worded(value, unit, 'en-GB')).toBe(told);
});

const figure = (value: number | null): Figure => ({ value, n: 10, provisional: false });

test('less time is better where lower is, and told in percent of what was', () => {
  const change = changeOf(figure(90), figure(120), { unit: 's', better: 'lower' });
  expect(change).toEqual({ way: -1, good: true, by: -25, points: false });
});

test('percentages change by points', () => {
  const change = changeOf(figure(70), figure(80), { unit: 'percent', better: 'higher' });
  expect(change).toEqual({ way: -1, good: false, by: -10, points: true });
});

test('of what is not known, or was nothing, no change is told', () => {
  const seconds = { unit: 's', better: 'lower' } as const;
  expect(changeOf(figure(null), figure(1), seconds)).toBeNull();
  expect(changeOf(figure(1), undefined, seconds)).toBeNull();
  expect(changeOf(figure(1), figure(0), { unit: 'count', better: '' })).toBeNull();
});

test('nobody is praised for more calls, nor for nothing', () => {
  expect(changeOf(figure(3), figure(2), { unit: 'count', better: '' })?.good).toBeNull();
  expect(changeOf(figure(2), figure(2), { unit: 's', better: 'lower' })?.good).toBeNull();
});
