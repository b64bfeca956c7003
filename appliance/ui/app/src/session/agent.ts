/** The agent of this browser: on shift or not, in a call, or writing up the last one. */

import { callFromRecord } from '@agent/ui';
import { useSyncExternalStore } from 'react';
import { api } from './api';
import { forget, keep, preferences, recalled } from './preferences';
import { SeatHolder } from './seat';
import { audio } from './sound';

/** A call that has ended and is not written up yet. */
export type Unfinished = Readonly<{ callId: string; customer: string; interrupted: boolean }>;

export type Shift = Readonly<{
  state: 'off' | 'available' | 'break';
  unfinished: Unfinished | null;
}>;

const KEY = 'appliance.shift';
const OFF: Shift = { state: 'off', unfinished: null };

export class Agent {
  readonly seat = new SeatHolder('agent', async (callId) =>
    callFromRecord(await api.session(callId, false), 'agent'),
  );
  #shift = (recalled(KEY) as Shift | null) ?? OFF;
  #ending: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.seat.subscribe(() => this.#watch());
  }

  readonly snapshot = (): Shift => this.#shift;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async begin(withSound: boolean): Promise<void> {
    if (withSound) await audio.start();
    // Without a microphone the shift does not begin by itself: the page says what to do.
    if (!withSound || audio.snapshot().state === 'on') this.#set({ ...OFF, state: 'available' });
  }

  /** After a reload in mid shift. */
  async restore(): Promise<void> {
    if (this.#shift.state === 'off') return;
    await Promise.all([this.seat.restore(), audio.start()]);
  }

  setState(state: Shift['state']): void {
    this.#set({ ...this.#shift, state });
    if (state === 'off') {
      audio.stop();
      forget(KEY);
    }
  }

  async answer(callId: string, reason: string): Promise<void> {
    const { name } = preferences();
    await api.match(callId, { role: 'agent', name });
    await this.seat.take(callId, name, reason);
  }

  /** The last call is written up, or was not worth it. */
  finish(): void {
    this.seat.leave();
    this.#set({ ...this.#shift, unfinished: null });
  }

  #watch(): void {
    this.#ending?.();
    const { live } = this.seat.snapshot();
    // Here and not on the page: an agent may look something up elsewhere during a call.
    audio.join(live);
    this.#ending =
      live?.subscribe(() => {
        const { call, connection } = live.snapshot();
        if (connection !== 'closed' && connection !== 'refused') return;
        const interrupted = connection === 'refused';
        const unfinished = { callId: call.id, customer: call.partner.name, interrupted };
        this.#set({ ...this.#shift, unfinished });
      }) ?? null;
  }

  #set(shift: Shift): void {
    this.#shift = shift;
    keep(KEY, shift);
    for (const tell of this.#listeners) tell();
  }
}

export const agent = new Agent();

export function useShift(): Shift {
  return useSyncExternalStore(agent.subscribe, agent.snapshot);
}
