/** What is looked for in the history, as the address of the page says it. */

import type { SessionRow } from '@agent/ui';

export const STATES = ['active', 'ended', 'interrupted', 'waiting'] as const;
export const MOODS = ['negative', 'neutral', 'positive'] as const;

/** Any alert, that of the mood, that of some rule, or of the rule of this name. */
const ALERT = /^(any|mood|rule|rule:.{1,200})$/;

/** What a figure may say that it counts. */
const COUNTED = /^[a-z_]{1,40}$/;

/** Empty is whatever. Days are local, `to` included: 2025-03-01. */
export type Asked = Readonly<{
  q: string;
  agent: string;
  customer: string;
  queue: string;
  outcome: string;
  mood: (typeof MOODS)[number] | '';
  alert: string;
  state: SessionRow['status'] | '';
  from: string;
  to: string;
  /** The calls behind a figure: what it counts, of which account, between which moments. */
  counted: string;
  account: string;
  since: string;
  until: string;
  /** What it is called, for people. */
  figure: string;
}>;

const NAMES = [
  'q',
  'agent',
  'customer',
  'queue',
  'outcome',
  'mood',
  'alert',
  'state',
  'from',
  'to',
  'counted',
  'account',
  'since',
  'until',
  'figure',
] as const;

/** What a figure has brought: it goes as a whole. */
export const OF_FIGURE = { counted: '', account: '', since: '', until: '', figure: '' } as const;

/** Whatever stands in the address: a link may be old, or written by hand. */
export function askedBy(address: URLSearchParams): Asked {
  const values = Object.fromEntries(NAMES.map((name) => [name, address.get(name) ?? '']));
  const asked = values as Record<keyof Asked, string>;
  return {
    ...asked,
    mood: MOODS.find((mood) => mood === asked.mood) ?? '',
    alert: ALERT.test(asked.alert) ? asked.alert : '',
    state: STATES.find((state) => state === asked.state) ?? '',
    from: dayStart(asked.from) === null ? '' : asked.from,
    to: dayStart(asked.to) === null ? '' : asked.to,
    ...(isOfFigure(asked) ? {} : OF_FIGURE),
  };
}

function isOfFigure({ counted, since, until }: Record<keyof Asked, string>): boolean {
  return COUNTED.test(counted) && [since, until].every((time) => !Number.isNaN(Date.parse(time)));
}

/** The part of an address that says this; only what is asked for is in it. */
export function addressOf(asked: Asked): URLSearchParams {
  return new URLSearchParams(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])));
}

/** The same as the box wants it: moments instead of days. */
export function queryOf(asked: Asked): URLSearchParams {
  const query = addressOf(asked);
  for (const name of ['from', 'to', 'since', 'until', 'figure']) query.delete(name);
  const [from, to] =
    asked.counted === ''
      ? [dayStart(asked.from), dayStart(asked.to, 1)]
      : [new Date(asked.since), new Date(asked.until)];
  if (from !== null) query.set('from', from.toISOString());
  if (to !== null) query.set('to', to.toISOString());
  return query;
}

function dayStart(day: string, later = 0): Date | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 1, date = 1] = parts;
  const start = new Date(year, month - 1, date + later);
  return year < 1000 || Number.isNaN(start.getTime()) ? null : start;
}
