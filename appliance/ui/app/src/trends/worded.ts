/** Figures in words: a value with its unit, and how it has changed. */

import type { Figure, MeasureInfo } from '@agent/ui';
import { clock } from '@agent/ui';

type Unit = MeasureInfo['unit'];

/** 77.8 %, 4:32, 0.85 s, 1,204. */
export function worded(value: number, unit: Unit, locale: string): string {
  const digits = (most: number, least = 0) => ({
    maximumFractionDigits: most,
    minimumFractionDigits: least,
  });
  switch (unit) {
    case 'count':
    case 'score':
      return value.toLocaleString(locale, digits(0));
    case 'percent':
      return (value / 100).toLocaleString(locale, { style: 'percent', ...digits(1) });
    case 'per_minute':
      return `${value.toLocaleString(locale, digits(0))}/min`;
    case 'per_call':
      return value.toLocaleString(locale, digits(1, 1));
    case 's':
      return value < 60 ? `${value.toLocaleString(locale, digits(1, 1))} s` : clock(value * 1000);
    case 'ms':
      return `${(value / 1000).toLocaleString(locale, digits(2, 2))} s`;
  }
}

export type Change = Readonly<{
  /** 1 up, -1 down, 0 the same. */
  way: -1 | 0 | 1;
  /** Whether that is good; null where nobody could say. */
  good: boolean | null;
  /** In percent of what was, or in points where it is in percent or points itself. */
  by: number;
  points: boolean;
}>;

/** Null where one of the two is not known, or nothing can be set against it. */
export function changeOf(
  now: Figure | undefined,
  before: Figure | undefined,
  { unit, better }: Pick<MeasureInfo, 'unit' | 'better'>,
): Change | null {
  const [value, earlier] = [now?.value ?? null, before?.value ?? null];
  const points = unit === 'percent' || unit === 'score';
  if (value === null || earlier === null || (!points && earlier === 0)) return null;
  const by = points ? value - earlier : (100 * (value - earlier)) / earlier;
  const way = wayOf(by);
  return { way, good: isGood(way, better), by, points };
}

function isGood(way: Change['way'], better: MeasureInfo['better']): boolean | null {
  return better === '' || way === 0 ? null : (better === 'higher') === way > 0;
}

/** What would be shown as 0.0 is no change. */
function wayOf(by: number): Change['way'] {
  if (Math.abs(by) < 0.05) return 0;
  return by > 0 ? 1 : -1;
}
