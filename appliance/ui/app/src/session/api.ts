/** The box over HTTP. Refusals carry what was found and what to do. */

import type {
  CallStatus,
  CustomerDetail,
  ErrorSent,
  Health,
  Hits,
  Invited,
  Queue,
  Seat,
  SessionDetail,
  SessionPage,
  Stats,
  Wish,
  WrapUpWish,
} from '@agent/ui';

const TIMEOUT_MS = 6_000;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly fix: string,
  ) {
    super(problem);
  }

  /** Of what the box refused over a socket. */
  static of({ problem, fix }: ErrorSent): Refusal {
    return new Refusal(400, problem, fix);
  }
}

/** The box could not be asked at all. */
export class Unreachable extends Error {}

async function ask<T>(path: string, body?: unknown, allowed: readonly number[] = []): Promise<T> {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  let answer: Response;
  try {
    answer = await fetch(path, { ...post, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Unreachable(path);
  }
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok || allowed.includes(answer.status)) return said as T;
  const { problem, fix } = (said ?? {}) as { problem?: unknown; fix?: unknown };
  throw new Refusal(answer.status, String(problem ?? answer.statusText), String(fix ?? ''));
}

const id = encodeURIComponent;

export const api = {
  start: (wish: Wish) => ask<Seat>('/api/calls/start', wish),
  accept: (code: string) => ask<Invited>('/auth/invite', { code }),
  match: (callId: string, wish: Wish) => ask<Seat>(`/api/calls/match/${id(callId)}`, wish),
  end: (callId: string) => ask<CallStatus>(`/api/calls/end/${id(callId)}`, {}),
  status: (callId: string) => ask<CallStatus>(`/api/calls/status/${id(callId)}`),
  waiting: () => ask<Queue>('/api/calls/waiting'),
  stats: () => ask<Stats>('/api/calls/stats'),
  // 503 says that something is wrong, and what.
  health: () => ask<Health>('/healthz', undefined, [503]),
  sessions: (limit: number) => ask<SessionPage>(`/api/sessions?limit=${limit}`),
  find: (query: string, limit: number, before: string) => {
    const page = { limit: String(limit), ...(before && { before }) };
    return ask<SessionPage>(`/api/sessions?${new URLSearchParams(page)}&${query}`);
  },
  session: (callId: string, partials: boolean) =>
    ask<SessionDetail>(`/api/sessions/${id(callId)}?partials=${partials ? 1 : 0}`),
  customers: (query: string) => ask<Hits>(`/api/customers/search?query=${id(query)}&limit=8`),
  customer: (customerId: string) => ask<CustomerDetail>(`/api/customers/${id(customerId)}`),
  wrapUp: (callId: string, wish: WrapUpWish) => ask(`/api/sessions/${id(callId)}/wrap-up`, wish),
};
