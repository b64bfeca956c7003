/** Which time is looked at, and the one before that it is compared to. */

export const PRESETS = [
  'today',
  'yesterday',
  'week',
  'four_weeks',
  'month',
  'last_month',
  'own',
] as const;

export type Preset = (typeof PRESETS)[number];

export type Period = Readonly<{ from: Date; to: Date }>;

export type Grain = 'quarter_hour' | 'hour' | 'day';

/** As the address of the page says it; days are local, `to` included: 2025-03-01. */
export type Chosen = Readonly<{ preset: Preset; from: string; to: string }>;

const DAY_MS = 86_400_000;

/** More days than this, and the box has no parts to show: it counts a thousand at most. */
const MOST_DAYS = 1000;

/** Null for days that are none, or that are still to come. Nothing after `now` is asked for:
 * it would be compared to a time that is over. */
export function periodOf(chosen: Chosen, now: Date): Period | null {
  const found = whole(chosen, now);
  if (found === null) return null;
  const to = found.to < now ? found.to : now;
  return found.from < to ? { from: found.from, to } : null;
}

/** As long, and right before; of months the month before, up to the same day. */
export function before({ preset }: Chosen, { from, to }: Period): Period {
  if (preset === 'month' || preset === 'last_month') {
    const earlier = new Date(from.getFullYear(), from.getMonth() - 1, 1);
    const until = new Date(to);
    until.setMonth(to.getMonth() - 1);
    return { from: earlier, to: until < from && preset === 'month' ? until : from };
  }
  const days = Math.ceil((to.getTime() - from.getTime()) / DAY_MS);
  return { from: daysLater(from, -days), to: daysLater(to, -days) };
}

/** What a chart of it is made of; null where it would have too many parts. */
export function grainOf({ from, to }: Period): Grain | null {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days <= 2.1) return 'hour';
  return days <= MOST_DAYS ? 'day' : null;
}

function whole({ preset, from, to }: Chosen, now: Date): Period | null {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const tomorrow = daysLater(today, 1);
  const month = new Date(now.getFullYear(), now.getMonth(), 1);
  switch (preset) {
    case 'today':
      return { from: today, to: tomorrow };
    case 'yesterday':
      return { from: daysLater(today, -1), to: today };
    case 'week':
      return { from: daysLater(today, -6), to: tomorrow };
    case 'four_weeks':
      return { from: daysLater(today, -27), to: tomorrow };
    case 'month':
      return { from: month, to: tomorrow };
    case 'last_month':
      return { from: new Date(now.getFullYear(), now.getMonth() - 1, 1), to: month };
    case 'own':
      return own(from, to);
  }
}

function own(from: string, to: string): Period | null {
  const [first, last] = [dayOf(from), dayOf(to)];
  return first === null || last === null ? null : { from: first, to: daysLater(last, 1) };
}

/** By the calendar: a day of 23 or 25 hours is a day. */
function daysLater(moment: Date, days: number): Date {
  const later = new Date(moment);
  later.setDate(later.getDate() + days);
  return later;
}

function dayOf(name: string): Date | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(name)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 1, date = 1] = parts;
  const day = new Date(year, month - 1, date);
  return year < 1000 || day.getDate() !== date ? null : day;
}
