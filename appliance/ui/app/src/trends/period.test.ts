import { expect, test } from 'vitest';
import { before, type Chosen, grainOf, periodOf } from './period';

const NOW = new Date(2026, 2, 18, 14, 30);

const chosen = (preset: Chosen['preset'], from = '', to = ''): Chosen => ({ preset, from, to });

function looked(what: Chosen, now = NOW) {
  const period = periodOf(what, now);
  if (period === null) throw new Error('no period');
  return { period, before: before(what, period) };
}

test('today until now is compared to yesterday until the same time', () => {
  const { period, before: earlier } = looked(chosen('today'));
  expect(period).toEqual({ from: new Date(2026, 2, 18), to: NOW });
  expect(earlier).toEqual({ from: new Date(2026, 2, 17), to: new Date(2026, 2, 17, 14, 30) });
});

test('seven days are compared to the seven before', () => {
  const { period, before: earlier } = looked(chosen('week'));
  expect(period).toEqual({ from: new Date(2026, 2, 12), to: NOW });
  expect(earlier).toEqual({ from: new Date(2026, 2, 5), to: new Date(2026, 2, 11, 14, 30) });
});

test('a month is compared to the month before, up to the same day', () => {
  const { before: earlier } = looked(chosen('month'));
  expect(earlier).toEqual({ from: new Date(2026, 1, 1), to: new Date(2026, 1, 18, 14, 30) });
  // There is no 30th of February.
  const end = looked(chosen('month'), new Date(2026, 2, 30, 12));
  expect(end.before).toEqual({ from: new Date(2026, 1, 1), to: new Date(2026, 2, 1) });
  const last = looked(chosen('last_month'));
  expect(last.before).toEqual({ from: new Date(2026, 0, 1), to: new Date(2026, 1, 1) });
});

test('own days include the last, and none that is still to come', () => {
  const { period } = looked(chosen('own', '2026-03-02', '2026-03-05'));
  expect(period).toEqual({ from: new Date(2026, 2, 2), to: new Date(2026, 2, 6) });
  expect(periodOf(chosen('own', '2026-03-20', '2026-03-25'), NOW)).toBeNull();
});

test.each(['', 'soon', '2026-02-30', '0026-01-01'])('%j is no day', (day) => {
  expect(periodOf(chosen('own', day, '2026-03-01'), NOW)).toBeNull();
});

test('a day is shown by the hour, a month by the day, and ten years not at all', () => {
  expect(grainOf(looked(chosen('today')).period)).toBe('hour');
  expect(grainOf(looked(chosen('month')).period)).toBe('day');
  expect(grainOf(looked(chosen('own', '2016-01-01', '2026-01-01')).period)).toBeNull();
});
