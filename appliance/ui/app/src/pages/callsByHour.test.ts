import { expect, test } from 'vitest';
import { callsByHour } from './callsByHour';

const at = (day: number, hour: number) => ({
  started: new Date(2026, 0, day, hour, 30).toISOString(),
});

test('calls of the day are counted by the hour in which they began', () => {
  const hours = callsByHour([at(5, 9), at(5, 9), at(5, 23), at(4, 9)], new Date(2026, 0, 5, 12));
  expect([hours[9], hours[23], hours.length]).toEqual([2, 1, 24]);
});
