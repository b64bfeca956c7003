/** A recorded call as a film: what the screen showed at any moment of it. */

import {
  advance,
  type Call,
  checked,
  judged,
  newCall,
  type SessionDetail,
  type Verdict,
} from '@agent/ui';

type Step = Readonly<{ atMs: number; next: (call: Call) => Call }>;

/** States kept, so that a jump back need not begin at the beginning. */
const KEY_EVERY = 100;

/**
 * The same call gives the same frames: nothing here knows of a clock. Times are call time;
 * an event never comes before the one that was recorded before it.
 */
export class Film {
  readonly durationMs: number;
  readonly #steps: readonly Step[];
  readonly #keys: Call[];

  constructor(detail: SessionDetail) {
    const steps: Step[] = [];
    let atMs = 0;
    for (const event of detail.events) {
      atMs = Math.max(atMs, event.at_ms);
      const next = stepOf(event.kind, event.payload);
      if (next !== null) steps.push({ atMs, next });
    }
    this.#steps = steps;
    this.durationMs = atMs;
    this.#keys = [newCall(detail.session.call_id, 'agent')];
  }

  /** The screen at this moment of the call. */
  at(ms: number): Call {
    const count = this.#countUntil(ms);
    const key = Math.min(Math.floor(count / KEY_EVERY), this.#keys.length - 1);
    let call = this.#keys[key] as Call;
    for (let n = key * KEY_EVERY; n < count; n++) {
      call = this.#steps[n]?.next(call) ?? call;
      if ((n + 1) % KEY_EVERY === 0) this.#keys[(n + 1) / KEY_EVERY] ??= call;
    }
    return call;
  }

  /** How much happens in each of so many equal parts, 0..1, for the bar under the film. */
  busy(parts: number): number[] {
    const counts = new Array<number>(parts).fill(0);
    for (const { atMs } of this.#steps) {
      const part = Math.min(parts - 1, Math.floor((atMs / (this.durationMs + 1)) * parts));
      counts[part] = (counts[part] ?? 0) + 1;
    }
    const most = Math.max(1, ...counts);
    return counts.map((count) => count / most);
  }

  #countUntil(ms: number): number {
    let [low, high] = [0, this.#steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle]?.atMs ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function stepOf(kind: string, payload: Readonly<Record<string, unknown>>): Step['next'] | null {
  if (kind === 'feedback') {
    const { id, verdict } = payload;
    return typeof id === 'string' ? (call) => judged(call, id, verdict as Verdict) : null;
  }
  const message = checked(payload);
  return message === null ? null : (call) => advance(call, message);
}
