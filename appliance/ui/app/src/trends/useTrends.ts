/** What the page of trends asks the box. */

import type { Figure, Metrics } from '@agent/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api } from '../session/api';
import type { Point } from './Chart';
import { before, type Chosen, type Grain, type Period, PRESETS, periodOf } from './period';

export type Scope = Readonly<{ by: 'site' | 'agent' | 'queue'; id: string; name: string }>;

export type Looked = Chosen &
  Readonly<{ scope: Scope; compare: 'agent' | 'queue'; measure: string }>;

/** What a figure counts, and what it is called. */
type Behind = Readonly<{ sessions: Readonly<Record<string, string>>; title: string }>;

const FIRST = 'calls';

export const SITE: Scope = { by: 'site', id: '', name: '' };

/** Look at something else; in the words of the address, but for the scope. */
export type Look = (
  change: Readonly<Partial<Record<'period' | 'from' | 'to' | 'measure' | 'compare', string>>> &
    Readonly<{ scope?: Scope }>,
) => void;

/** What is looked at, as the address says it, so that it can be sent and gone back to. */
export function useLooked(): readonly [Looked, Look] {
  const [address, setAddress] = useSearchParams();
  const of = (name: string) => address.get(name) ?? '';
  const by = (['agent', 'queue'] as const).find((one) => address.has(one)) ?? 'site';
  const looked: Looked = {
    preset: PRESETS.find((one) => one === of('period')) ?? 'week',
    from: of('from'),
    to: of('to'),
    scope: by === 'site' ? SITE : { by, id: of(by), name: of('name') },
    compare: of('compare') === 'agent' ? 'agent' : 'queue',
    measure: of('measure') || FIRST,
  };
  const look: Look = (change) => setAddress(addressAfter(address, change), { replace: true });
  return [looked, look];
}

function addressAfter(address: URLSearchParams, { scope, ...change }: Parameters<Look>[0]) {
  const next = new URLSearchParams(address);
  for (const [name, value] of Object.entries(change)) next.set(name, value);
  if (scope === undefined) return next;
  for (const name of ['agent', 'queue', 'name']) next.delete(name);
  if (scope.by === 'site') return next;
  next.set(scope.by, scope.id);
  next.set('name', scope.name);
  return next;
}

/** Of minutes: asked for each second, nothing would ever be answered from memory. */
export function usePeriods(chosen: Chosen, now: number): readonly [Period, Period] | null {
  const minute = new Date(Math.floor(now / 60_000) * 60_000);
  const period = periodOf(chosen, minute);
  return period === null ? null : [period, before(chosen, period)];
}

type Ask = Readonly<{
  period: Period | null;
  scope?: Scope;
  by?: 'agent' | 'queue';
  grain?: Grain | null;
  measure?: string;
}>;

export function questionOf({ period, scope, by, grain, measure }: Ask): URLSearchParams {
  const query = new URLSearchParams();
  if (period !== null) {
    query.set('from', period.from.toISOString());
    query.set('to', period.to.toISOString());
  }
  if (by !== undefined) query.set('by', by);
  if (scope !== undefined && scope.by !== 'site') query.set(scope.by, scope.id);
  if (grain) query.set('grain', grain);
  if (measure !== undefined) query.set('measure', measure);
  return query;
}

export function useFigures(ask: Ask) {
  const query = questionOf(ask).toString();
  return useQuery({
    queryKey: ['metrics', query],
    queryFn: () => api.metrics(query),
    enabled: ask.period !== null,
    // What was there stands until the next answer: figures that blink are not read.
    placeholderData: keepPreviousData,
  });
}

/** The whole of what was asked for: one group, or none where nothing was counted. */
export function figuresOf(metrics: Metrics | undefined): Readonly<Record<string, Figure>> {
  return metrics?.groups[0]?.figures ?? {};
}

export function pointsOf(
  now: Metrics | undefined,
  earlier: Metrics | undefined,
  measure: string,
): readonly Point[] {
  const [series, past] = [now, earlier].map((one) => one?.groups[0]?.series[measure] ?? []);
  return (now?.starts ?? []).map((start, n) => ({
    start,
    now: series?.[n]?.value ?? null,
    before: past?.[n]?.value ?? null,
    n: series?.[n]?.n ?? 0,
  }));
}

/** The address of the calls behind a figure: those that it counts, and no others. */
export function historyOf({ by, id, name }: Scope, what: Behind, { from, to }: Period): string {
  const whose = { site: {}, agent: { account: id }, queue: { queue: id } }[by];
  const query = new URLSearchParams({
    ...whose,
    ...what.sessions,
    since: from.toISOString(),
    until: to.toISOString(),
    figure: name === '' ? what.title : `${what.title}, ${name}`,
  });
  return `/calls/history?${query}`;
}
