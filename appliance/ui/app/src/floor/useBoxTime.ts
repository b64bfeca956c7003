/** The time of the box, and how old what it has told is. */

import type { FloorState } from '@agent/ui';
import { localeOf } from '@agent/ui';
import { usePreferences } from '../session/preferences';
import { useNow } from '../shell/useNow';

/** The box says something every ten seconds: after this one of them is missing. */
const OLD_MS = 15_000;

export type Age = Readonly<{
  old: boolean;
  /** When it was so, as people write it. */
  since: string;
}>;

/** Ms since 1970, by the clock of the box; drawn anew each second. */
export function useBoxTime(floor: FloorState): number {
  useNow();
  return performance.now() + floor.boxClock;
}

export function useAge(floor: FloorState, now: number): Age {
  const { language } = usePreferences();
  const { at, connection } = floor;
  if (at === null) return { old: false, since: '' };
  const since = new Date(at).toLocaleTimeString(localeOf(language), { timeStyle: 'medium' });
  return { old: connection !== 'open' || now - at > OLD_MS, since };
}
