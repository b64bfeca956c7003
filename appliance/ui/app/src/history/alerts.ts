/** The alerts of calls, by what raised them. */

import type { SessionRow } from '@agent/ui';

/** Of a rule, or, with an empty name, of the mood. */
export type Alerted = Readonly<{ rule: string; times: number }>;

/** What raised alerts in this call, and how often, the mood first. */
export function alertsOf({ alerts }: Pick<SessionRow, 'alerts'>): readonly Alerted[] {
  const times = new Map<string, number>();
  for (const { rule } of alerts) times.set(rule, (times.get(rule) ?? 0) + 1);
  return [...times]
    .map(([rule, count]) => ({ rule, times: count }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

/** The rules that raised alerts in any of these. */
export function rulesOf(rows: readonly Pick<SessionRow, 'alerts'>[]): readonly string[] {
  const rules = rows.flatMap(({ alerts }) => alerts.map(({ rule }) => rule));
  return [...new Set(rules)].filter(Boolean).sort();
}
