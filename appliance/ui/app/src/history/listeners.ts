/** Supervisors who followed a call, told or not, from what its record keeps of them. */

import type { Call } from '@agent/ui';

/** One page of a supervisor. */
export type Listener = Readonly<{ person: string; name: string; hears: boolean }>;

/** After they came, went, or turned the sound on or off. */
export function afterwards(
  before: readonly Listener[],
  { person, name, does }: Readonly<Record<string, unknown>>,
): readonly Listener[] {
  if (typeof person !== 'string' || typeof name !== 'string') return before;
  if (does === 'follow') return [...before, { person, name, hears: false }];
  const place = before.findIndex(
    (one) => one.person === person && (does === 'leave' || one.hears === (does === 'hear_no_more')),
  );
  const known = before[place];
  if (known === undefined) return before;
  return does === 'leave'
    ? before.toSpliced(place, 1)
    : before.with(place, { ...known, hears: does === 'hear' });
}

/** As the agent's screen says it, where it may. */
export function supervisionBy(listeners: readonly Listener[]): Call['supervision'] {
  return {
    following: listeners.length,
    hearing: listeners.filter(({ hears }) => hears).length,
    names: [...new Set(listeners.map(({ name }) => name))],
  };
}
