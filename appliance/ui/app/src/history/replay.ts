/** A recorded call as a film: what the screen showed at any moment of it. */

import {
  advance,
  became,
  type Call,
  checked,
  type Fate,
  judged,
  newCall,
  type Person,
  type Role,
  type SessionDetail,
  type Verdict,
} from '@agent/ui';
import { afterwards, type Listener, supervisionBy } from './listeners';

/** What there is to see at a moment: the agent's screen, and how the agent was. */
export type Scene = Readonly<{ call: Call; agent: Person; listeners: readonly Listener[] }>;

/** A stretch of the call in which somebody spoke, or nothing was heard or read. */
export type Stretch = Readonly<{ kind: 'held' | 'paused' | 'lost'; from: number; to: number }>;

type Step = Readonly<{ atMs: number; next: (scene: Scene) => Scene }>;

/** States kept, so that a jump back need not begin at the beginning. */
const KEY_EVERY = 100;

/**
 * The same call gives the same frames: nothing here knows of a clock. Times are call time;
 * an event never comes before the one that was recorded before it.
 */
export class Film {
  readonly durationMs: number;
  readonly #steps: readonly Step[];
  readonly #keys: Scene[];

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
    this.#keys = [opening(detail.session.call_id)];
  }

  /** The screen at this moment of the call. */
  at(ms: number): Scene {
    const count = this.#countUntil(ms);
    const key = Math.min(Math.floor(count / KEY_EVERY), this.#keys.length - 1);
    let scene = this.#keys[key] as Scene;
    for (let n = key * KEY_EVERY; n < count; n++) {
      scene = this.#steps[n]?.next(scene) ?? scene;
      if ((n + 1) % KEY_EVERY === 0) this.#keys[(n + 1) / KEY_EVERY] ??= scene;
    }
    return scene;
  }

  /** How much of each of so many equal parts this person spoke, 0..1. */
  voice(role: Role, parts: number, lengthMs = this.durationMs): number[] {
    const spoken = new Array<number>(parts).fill(0);
    const length = (lengthMs + 1) / parts;
    for (const line of this.#end.lines) {
      if (line.kind !== 'speech' || line.speaker !== role) continue;
      const last = Math.min(parts - 1, Math.floor(line.endMs / length));
      for (let part = Math.max(0, Math.floor(line.atMs / length)); part <= last; part++) {
        const from = Math.max(line.atMs, part * length);
        const to = Math.min(line.endMs, (part + 1) * length);
        spoken[part] = Math.min(1, (spoken[part] ?? 0) + Math.max(0, to - from) / length);
      }
    }
    return spoken;
  }

  /** When somebody was on hold, and what was not read or never came. */
  stretches(): Stretch[] {
    const gaps = this.#end.lines.filter((line) => line.kind === 'gap');
    return [
      ...gaps.map(({ reason, atMs, endMs }) => ({
        kind: reason === 'lost' ? ('lost' as const) : ('paused' as const),
        from: atMs,
        to: endMs,
      })),
      ...this.#holds(),
    ];
  }

  #holds(): Stretch[] {
    const holds: Stretch[] = [];
    let since: number | null = null;
    for (const atMs of [...this.#steps.map((step) => step.atMs), Number.POSITIVE_INFINITY]) {
      const { call, agent } = this.at(atMs);
      const held = (call.partner.holding || agent.holding) && atMs <= this.durationMs;
      if (held) since ??= atMs;
      else if (since !== null) {
        holds.push({ kind: 'held', from: since, to: Math.min(atMs, this.durationMs) });
        since = null;
      }
    }
    return holds;
  }

  get #end(): Call {
    return this.at(Number.POSITIVE_INFINITY).call;
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

function opening(callId: string): Scene {
  const agent = newCall(callId, 'customer').partner;
  return { call: newCall(callId, 'agent'), agent, listeners: [] };
}

type Payload = Readonly<Record<string, unknown>>;

/** What only the record keeps, and what it changes on the screen. */
const FACTS: Readonly<Record<string, (scene: Scene, fact: Payload) => Scene>> = {
  feedback: (scene, { id, verdict }) => ({
    ...scene,
    call: judged(scene.call, String(id), verdict as Verdict),
  }),
  advice_became: (scene, { id, fate }) => ({
    ...scene,
    call: became(scene.call, String(id), fate as Fate),
  }),
  overheard: (scene, fact) => {
    const listeners = afterwards(scene.listeners, fact);
    const call = { ...scene.call, supervision: supervisionBy(listeners) };
    return { ...scene, listeners, call };
  },
};

function stepOf(kind: string, payload: Payload): Step['next'] | null {
  const fact = FACTS[kind];
  if (fact !== undefined) return (scene) => fact(scene, payload);
  const message = checked(payload);
  if (message === null) return null;
  return ({ call, agent, listeners }) => {
    // The customer's screen knows the agent as the agent's knows the customer.
    const theirs = { ...newCall(call.id, 'customer'), partner: agent };
    return {
      call: advance(call, message),
      agent: message.type === 'partner' ? advance(theirs, message).partner : agent,
      listeners,
    };
  };
}
