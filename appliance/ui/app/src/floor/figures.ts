/** What the floor comes to right now, in numbers. What cannot be known is null, not zero. */

import type { AgentOnDuty, CallAlert, CallGoingOn, Wall } from '@agent/ui';

/** As the box names them, those first who can take the next call. */
export const AGENT_STATES = ['available', 'on_call', 'wrap_up', 'away'] as const;

/** What the texts of a shift call them. */
export const STATE_NAMES = {
  available: 'available',
  on_call: 'onCall',
  wrap_up: 'wrapUp',
  away: 'away',
} as const;

export const MOODS = ['negative', 'neutral', 'positive'] as const;

export type RaisedAlert = CallAlert & Readonly<{ call: CallGoingOn }>;

export type Figures = Readonly<{
  active: number;
  /** Calls that run and are not transcribed. */
  unread: number;
  waiting: number;
  /** When the one came who has waited longest, ms since 1970; null: nobody waits. */
  waitingSince: number | null;
  /** In the order of their states, the longest first; null where calls run whose agents
   * do not use these pages: nobody could say what they do. */
  agents: readonly AgentOnDuty[] | null;
  /** Of the calls whose customer's mood was read; null where none was. */
  moods: Readonly<Record<(typeof MOODS)[number], number> & { of: number }> | null;
  /** How late the latest text is; null where there is none yet. */
  lagMs: number | null;
  advice: Exclude<Wall['suggestions'], 'off'> | null;
  /** The worst first. */
  alerts: readonly RaisedAlert[];
}>;

export function figuresOf(calls: readonly CallGoingOn[], wall: Wall | null): Figures {
  const active = calls.filter(({ state }) => state === 'active');
  const waiting = calls.filter(({ state }) => state === 'waiting');
  const since = waiting.map((call) => Date.parse(call.since));
  return {
    active: active.length,
    unread: active.filter(({ unread }) => unread).length,
    waiting: waiting.length,
    waitingSince: since.length > 0 ? Math.min(...since) : null,
    agents: wall === null ? null : agentsOf(wall, active.length),
    moods: moodsOf(active),
    // None is on time to the millisecond.
    lagMs: Math.max(wall?.lag_ms ?? 0, ...active.map((call) => call.lag_ms)) || null,
    advice: wall === null || wall.suggestions === 'off' ? null : wall.suggestions,
    alerts: alertsOf(calls),
  };
}

function agentsOf({ agents }: Wall, active: number): readonly AgentOnDuty[] | null {
  if (agents.length === 0 && active > 0) return null;
  const place = (one: AgentOnDuty) => AGENT_STATES.indexOf(one.state);
  return [...agents].sort(
    (a, b) => place(a) - place(b) || Date.parse(a.since) - Date.parse(b.since),
  );
}

function moodsOf(calls: readonly CallGoingOn[]): Figures['moods'] {
  const read = calls.map(({ mood }) => mood).filter((mood) => mood !== null);
  if (read.length === 0) return null;
  const count = (wanted: string) => read.filter((mood) => mood === wanted).length;
  return {
    negative: count('negative'),
    neutral: count('neutral'),
    positive: count('positive'),
    of: read.length,
  };
}

const SEVERITIES = ['critical', 'warning', 'info'] as const;

function alertsOf(calls: readonly CallGoingOn[]): readonly RaisedAlert[] {
  return calls
    .flatMap((call) => call.alerts.map((alert) => ({ ...alert, call })))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
