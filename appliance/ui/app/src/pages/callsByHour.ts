/** Calls that began in each hour of a day, in the browser's time zone. */

import type { SessionRow } from '@agent/ui';

export function callsByHour(
  rows: readonly Pick<SessionRow, 'started'>[],
  day: Date,
): readonly number[] {
  const hours = new Array<number>(24).fill(0);
  for (const { started } of rows) {
    const began = new Date(started);
    if (began.toDateString() !== day.toDateString()) continue;
    hours[began.getHours()] = (hours[began.getHours()] ?? 0) + 1;
  }
  return hours;
}
