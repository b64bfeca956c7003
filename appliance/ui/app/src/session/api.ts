/** The box over HTTP. Refusals carry what was found and what to do. */

import type {
  ArticleDetail,
  ArticleList,
  ArticlesChanged,
  ArticleWish,
  AuditPage,
  CallHolds,
  CallStatus,
  CustomerDetail,
  DraftState,
  Erased,
  EraseWish,
  Examination,
  Health,
  Hits,
  Holds,
  HoldWish,
  Inspection,
  Invited,
  Metrics,
  NewToken,
  OneTime,
  PeopleList,
  PersonWish,
  Queue,
  Ran,
  RecordingDetail,
  Seat,
  SessionDetail,
  SessionPage,
  Stats,
  TokenList,
  TokenWish,
  TriedHits,
  Wish,
  WrapUpWish,
} from '@agent/ui';
import { session } from './door';
import { type Question, Refusal, send } from './http';

export { Refusal, Unreachable } from './http';

/** A log of ten million rows takes four minutes. */
const VERIFYING_MS = 600_000;

type More = Pick<Question, 'allowed' | 'timeoutMs'>;

/**
 * Whoever is not signed in any more is asked to, and then the answer comes after all: what
 * somebody has typed and sent is not lost. On a page without a sign-in it is a refusal.
 */
async function ask<T>(path: string, body?: unknown, more: More = {}): Promise<T> {
  const { csrf } = session;
  try {
    return await send<T>({ path, body, csrf, ...more });
  } catch (error) {
    if (!(error instanceof Refusal && session.isWatched)) throw error;
    if (error.status === 401) await new Promise<void>(session.whenSignedIn);
    else if (!(await isStale(error, body, csrf))) throw error;
    return send<T>({ path, body, csrf: session.csrf, ...more });
  }
}

/** Somebody has signed in anew in another tab, and this page has the token of before. */
async function isStale(error: Refusal, body: unknown, csrf: string): Promise<boolean> {
  return error.status === 403 && body !== undefined && session.hasNewToken(csrf);
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
  health: () => ask<Health>('/healthz', undefined, { allowed: [503] }),
  metrics: (query: string) => ask<Metrics>(`/api/metrics?${query}`),
  sessions: (limit: number) => ask<SessionPage>(`/api/sessions?limit=${limit}`),
  find: (query: string, limit: number, before: string) => {
    const page = { limit: String(limit), ...(before && { before }) };
    return ask<SessionPage>(`/api/sessions?${new URLSearchParams(page)}&${query}`);
  },
  session: (callId: string, partials: boolean) =>
    ask<SessionDetail>(`/api/sessions/${id(callId)}?partials=${partials ? 1 : 0}`),
  recording: (callId: string) => ask<RecordingDetail>(`/api/sessions/${id(callId)}/recording`),
  customers: (query: string) => ask<Hits>(`/api/customers/search?query=${id(query)}&limit=8`),
  customer: (customerId: string) => ask<CustomerDetail>(`/api/customers/${id(customerId)}`),
  people: () => ask<PeopleList>('/api/people'),
  addPerson: (wish: PersonWish) => ask<OneTime>('/api/people', wish),
  setRoles: (personId: string, roles: PersonWish['roles']) =>
    ask<PeopleList>(`/api/people/${id(personId)}/roles`, { roles }),
  changePerson: (personId: string, change: 'disable' | 'enable' | 'sign-out') =>
    ask<PeopleList>(`/api/people/${id(personId)}/${change}`, {}),
  resetPassword: (personId: string) => ask<OneTime>(`/api/people/${id(personId)}/reset`, {}),
  tokens: () => ask<TokenList>('/api/tokens'),
  addToken: (wish: TokenWish) => ask<NewToken>('/api/tokens', wish),
  revokeToken: (name: string) => ask<TokenList>('/api/tokens/revoke', { name }),
  holds: () => ask<Holds>('/api/holds'),
  holdsOf: (callId: string) => ask<CallHolds>(`/api/sessions/${id(callId)}/holds`),
  placeHold: (wish: HoldWish) => ask<Holds>('/api/holds', wish),
  releaseHold: (holdId: string) => ask<Holds>(`/api/holds/${id(holdId)}/release`, {}),
  retention: () => ask<Ran>('/api/retention'),
  erase: (wish: EraseWish) =>
    ask<Erased>('/api/retention/erase', wish, { timeoutMs: VERIFYING_MS }),
  audit: (query: string) => ask<AuditPage>(`/api/audit?${query}`),
  verifyAudit: () => ask<Inspection>('/api/audit/verify', {}, { timeoutMs: VERIFYING_MS }),
  examination: () => ask<Examination>('/api/doctor'),
  examine: () => ask<Examination>('/api/doctor', {}),
  draft: (callId: string) => ask<DraftState>(`/api/sessions/${id(callId)}/draft`),
  redraft: (callId: string) => ask<DraftState>(`/api/sessions/${id(callId)}/draft`, {}),
  articles: () => ask<ArticleList>('/api/knowledge'),
  article: (articleId: string) => ask<ArticleDetail>(`/api/knowledge/${id(articleId)}`),
  tryArticles: (query: string) => ask<TriedHits>(`/api/knowledge/search?query=${id(query)}`),
  putArticle: (wish: ArticleWish) => ask<ArticlesChanged>('/api/knowledge', wish),
  removeArticle: (articleId: string, force: boolean) =>
    ask<ArticlesChanged>(`/api/knowledge/${id(articleId)}/remove`, { force }),
  wrapUp: (callId: string, wish: WrapUpWish) => ask(`/api/sessions/${id(callId)}/wrap-up`, wish),
};
