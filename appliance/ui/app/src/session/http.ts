/** One question to the box over HTTP. Refusals carry what was found and what to do. */

import type { ErrorSent } from '@agent/ui';

const TIMEOUT_MS = 6_000;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly fix: string,
    /** When to come again, where the box says so. */
    readonly retryS = 0,
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

export type Question = Readonly<{
  path: string;
  /** Of a change; without one it is a look. */
  body?: unknown;
  /** What a change carries to show that a page of ours asks for it. */
  csrf?: string;
  /** Statuses that are no refusal here. */
  allowed?: readonly number[];
  timeoutMs?: number;
}>;

/** Throws Refusal or Unreachable. */
export async function send<T>(question: Question): Promise<T> {
  const { path, allowed = [], timeoutMs = TIMEOUT_MS } = question;
  let answer: Response;
  try {
    answer = await fetch(path, { ...written(question), signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    throw new Unreachable(path);
  }
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok || allowed.includes(answer.status)) return said as T;
  const { problem, fix } = (said ?? {}) as { problem?: unknown; fix?: unknown };
  throw new Refusal(
    answer.status,
    String(problem ?? answer.statusText),
    String(fix ?? ''),
    Number(answer.headers.get('retry-after') ?? 0),
  );
}

function written({ body, csrf }: Question): RequestInit {
  if (body === undefined) return {};
  const headers: Record<string, string> = csrf ? { 'X-CSRF-Token': csrf } : {};
  return { method: 'POST', body: JSON.stringify(body), headers };
}
